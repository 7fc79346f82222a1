"""Closing a ballot as its charter says: on time or early, extended, voted on again, or left to whoever presides."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import (
    Ballot,
    BallotState,
    Choice,
    Committee,
    DecisionOutcome,
    Elector,
    Event,
    Idea,
    Member,
    Person,
    Role,
)
from workflows import calendar, charter, committees, decisions, homes, ideas, lifecycle, notices, reminders
from workflows.ballots import opening, reading
from workflows.charter import Verdict

MOVES = {
    "approved": "approve",
    "declined": "vote_down",
    "blocked": "vote_down",
    "lapsed": "lapse",
    "adjourned": "adjourn",
}
DECIDES = {
    "approved": DecisionOutcome.APPROVED,
    "declined": DecisionOutcome.DECLINED,
    "blocked": DecisionOutcome.DECLINED,
}
SENT_BACK = {"lapse": "lapsed", "adjourn": "adjourned"}


def due(session: Session, now: datetime) -> list[int]:
    """The open ballots to be looked at now: past their deadline, or of a kind that may close early."""
    running = sa.select(Ballot.id, Ballot.closes_at, Ballot.secret, Ballot.charter)
    running = running.where(Ballot.state == BallotState.OPEN).order_by(Ballot.closes_at, Ballot.id)
    return [
        ballot_id
        for ballot_id, closes_at, secret, rules in session.execute(running)
        if closes_at <= now or (rules.get("close_early") and not secret)
    ]


def close_if_due(session: Session, ballot_id: int, now: datetime) -> bool:
    """Close this ballot if the law says so; whether it did.

    Any number of replicas may ask at once: a ballot that another one is closing is left to it.
    """
    mine = sa.select(Ballot).where(Ballot.id == ballot_id, Ballot.state == BallotState.OPEN)
    mine = mine.options(joinedload(Ballot.idea, innerjoin=True)).execution_options(populate_existing=True)
    ballot = session.scalar(mine.with_for_update(of=Ballot, skip_locked=True, key_share=True))
    if ballot is None:
        return False
    verdict = reading.verdict(session, ballot, now)
    if verdict.outcome == "open":
        return False
    follow(session, ballot, verdict, now)
    return True


def follow(session: Session, ballot: Ballot, verdict: Verdict, now: datetime) -> None:
    """Do what a verdict asks for. The caller holds the ballot's row lock."""
    match verdict.next:
        case None:
            conclude(session, ballot, verdict, verdict.outcome, now)
        case "extend":
            extend(session, ballot, now)
        case "revote":
            _vote_again(session, ballot, verdict, now)
        case "lapse" | "adjourn":
            conclude(session, ballot, verdict, SENT_BACK[verdict.next], now)
        case _:
            _wait(session, ballot, verdict, now)


def conclude(
    session: Session,
    ballot: Ballot,
    verdict: Verdict,
    outcome: str,
    now: datetime,
    *,
    by: Person | None = None,
    why: str | None = None,
) -> None:
    """Close the ballot for good, move its idea, and tell the thread, the author and whoever assigns the work.

    `by` and `why` are the word of whoever presided, where the votes alone did not decide.
    """
    reason = _reason(verdict, by, why)
    shut(session, ballot, verdict, outcome, reason, now)
    idea = session.get_one(Idea, ballot.idea_id, with_for_update={"key_share": True})
    decision = None
    if outcome in DECIDES:
        conditions = _conditions(session, ballot) if outcome == "approved" else []
        decision = decisions.record(session, ballot, DECIDES[outcome], reason, conditions, now, by=by)
    lifecycle.move(
        session,
        idea,
        MOVES[outcome],
        actor=by,
        now=now,
        why=reason,
        decision=decision,
        detail={"ballot": ballot.id},
    )
    _tell(session, ballot, idea, now)
    if decision is not None and outcome == "approved":
        _ask_for_owner(session, idea, decision.id, now)


def _reason(verdict: Verdict, by: Person | None, why: str | None) -> str:
    if by is None:
        return verdict.reason
    return f"{verdict.reason} {by.name or 'Whoever presides'} decided{f': {why}' if why else '.'}"


def _conditions(session: Session, ballot: Ballot) -> list[str]:
    found = reading.said(session, ballot)
    return [it.reason for it in found if it.choice is Choice.APPROVE_WITH_CONDITIONS and it.reason]


def shut(session: Session, ballot: Ballot, verdict: Verdict, outcome: str, reason: str, now: datetime) -> None:
    """Close the ballot itself, with this outcome. The caller holds its row lock."""
    ballot.state, ballot.outcome, ballot.closed_at, ballot.waits_for_id = BallotState.CLOSED, outcome, now, None
    ballot.verdict = {**verdict.as_dict(), "reason": reason}
    session.flush()
    show(session, ballot, now)


def show(session: Session, ballot: Ballot, now: datetime) -> None:
    """Whatever shows this ballot has changed: its cards and the idea's, its requests in DMs, its electors' Homes."""
    electorate = reading.electors(session, ballot)
    notices.refresh(session, ballot.idea_id, lifecycle.CARDS)  # they tell until when one may vote
    notices.refresh(session, ballot.id, ["ballot.card", "ballot.casting"])
    reminders.show(session, reminders.BALLOT, [it.id for it in electorate])
    homes.touch(session, [it.person_id for it in electorate], now)


def _tell(session: Session, ballot: Ballot, idea: Idea, now: datetime) -> None:
    say(session, ballot, idea, "ballot.verdict", f"ballot.verdict:{ballot.id}", now)
    author = session.get_one(Person, idea.author_id)
    if author.active and author.slack_id:
        key = f"decision.author:{ballot.id}"
        notices.owe(session, "decision.author", key, about_id=ballot.id, person=author, now=now)
    homes.touch(session, [author.id], now)


def say(session: Session, ballot: Ballot, idea: Idea, kind: str, key: str, now: datetime) -> None:
    """Owe something about the ballot to the idea's thread."""
    notices.owe(
        session,
        kind,
        key,
        about_id=ballot.id,
        channel=reading.committee_of(session, ballot).committee_channel,
        after=ideas.thread_root(session, idea),
        in_thread=True,
        now=now,
    )


def _ask_for_owner(session: Session, idea: Idea, decision_id: int, now: datetime) -> None:
    chair = committees.presiding(session, session.get_one(Committee, idea.committee_id))
    if chair is not None:
        key = f"work.assign_prompt:{idea.id}:{decision_id}"
        notices.owe(session, "work.assign_prompt", key, about_id=idea.id, person=chair, now=now)
        homes.touch(session, [chair.id], now)


def extend(session: Session, ballot: Ballot, now: datetime, *, by: Person | None = None) -> None:
    """Give an open or awaiting ballot as many working days again as it had; the votes given stay."""
    closes_at = _as_long_again(session, ballot, now)
    ballot.state, ballot.verdict, ballot.waits_for_id = BallotState.OPEN, None, None
    ballot.closes_at, ballot.extended = closes_at, ballot.extended + 1
    opening.log(session, ballot, "ballot.extend", now, actor=by, extended=ballot.extended)
    session.flush()
    say(session, ballot, ballot.idea, "ballot.extended", f"ballot.extended:{ballot.id}:{ballot.extended}", now)
    show(session, ballot, now)


def _as_long_again(session: Session, ballot: Ballot, now: datetime) -> datetime:
    committee = reading.committee_of(session, ballot)
    tz, week = calendar.zone(committee.tz), committees.week(committee)
    began, ends = (calendar.local_day(it, tz) for it in (started(session, ballot), ballot.closes_at))
    days = max(1, calendar.working_days_between(began, ends, week))
    clock = ballot.closes_at.astimezone(tz)
    return calendar.at(calendar.add_working_days(calendar.local_day(now, tz), days, week), clock.hour, clock.minute, tz)


def started(session: Session, ballot: Ballot) -> datetime:
    """When the present span of a ballot began: at its opening, or at its last extension."""
    if not ballot.extended:
        return ballot.opened_at
    extensions = sa.select(sa.func.max(Event.at)).where(Event.idea_id == ballot.idea_id, Event.kind == "ballot.extend")
    return session.scalar(extensions) or ballot.opened_at


def _vote_again(session: Session, ballot: Ballot, verdict: Verdict, now: datetime) -> None:
    """A tie under `revote`: the same people vote again, under the same rules and for as long."""
    shut(session, ballot, verdict, "tied", verdict.reason, now)
    idea = session.get_one(Idea, ballot.idea_id, with_for_update={"key_share": True})
    opening.log(session, ballot, "ballot.revote", now, why=verdict.reason)
    say(session, ballot, idea, "ballot.verdict", f"ballot.verdict:{ballot.id}", now)
    again = Ballot(
        charter=ballot.charter,
        seats=ballot.seats,
        secret=ballot.secret,
        opened_by_id=ballot.opened_by_id,
        closes_at=_as_long_again(session, ballot, now),
    )
    opening.post(session, idea, again, [_same(it) for it in reading.electors(session, ballot)], now)


def _same(it: Elector) -> Elector:
    return Elector(
        person_id=it.person_id,
        role=it.role,
        functions=it.functions,
        proxy_id=it.proxy_id,
        recused=it.recused,
        recused_why=it.recused_why,
    )


def _wait(session: Session, ballot: Ballot, verdict: Verdict, now: datetime) -> None:
    """Voting is over, and whoever presides has the word; nobody there to have it: back to the committee."""
    person_id = _presider(session, ballot, now)
    if person_id is None:
        conclude(session, ballot, verdict, "adjourned", now)
        return
    ballot.state, ballot.verdict = BallotState.AWAITING, verdict.as_dict()
    _ask_for_word(session, ballot, person_id, now)


def _ask_for_word(session: Session, ballot: Ballot, person_id: int, now: datetime) -> None:
    ballot.waits_for_id = person_id
    opening.log(session, ballot, "ballot.wait", now, person=person_id)
    session.flush()
    key = f"ballot.casting:{ballot.id}:{ballot.extended}:{person_id}"
    notices.owe(session, "ballot.casting", key, about_id=ballot.id, person=person_id, card=True, now=now)
    show(session, ballot, now)


def ask_anew(session: Session, committee: Committee, now: datetime) -> None:
    """Ballots that wait for somebody who holds no office any more wait for whoever presides now, if anybody does."""
    waiting = sa.select(Ballot.id).where(Ballot.committee_id == committee.id, Ballot.state == BallotState.AWAITING)
    for ballot_id in session.scalars(waiting.order_by(Ballot.id)).all():
        ballot = reading.by_id(session, ballot_id, lock=True)
        if ballot.state is not BallotState.AWAITING:
            continue
        in_office = {it.person_id for it in _offices(session, ballot)}
        person_id = _presider(session, ballot, now)
        if ballot.waits_for_id not in in_office and person_id in in_office:
            _ask_for_word(session, ballot, person_id, now)


def _presider(session: Session, ballot: Ballot, now: datetime) -> int | None:
    """Whoever presides by law if still in office, else who holds the office now, the recused left out."""
    by_law = charter.presiding(reading.case(session, ballot, now))
    recused = {it.person_id for it in reading.electors(session, ballot) if it.recused}
    in_office = [it.person_id for it in _offices(session, ballot) if it.person_id not in recused]
    lawful = int(by_law) if by_law else None
    return lawful if lawful in in_office or not in_office else in_office[0]


def _offices(session: Session, ballot: Ballot) -> list[Member]:
    seated = committees.members(session, reading.committee_of(session, ballot))
    return [it for it in seated if it.role is not Role.MEMBER]
