"""Opening a ballot: the rules and the electorate are frozen, the card is owed to the idea's thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Committee, Elector, Idea, Person, Role
from workflows import calendar, committees, events, homes, ideas, lifecycle, notices
from workflows.ballots import reading
from workflows.ballots.reading import Place
from workflows.errors import Gone, WorkflowError
from workflows.permissions import Action, require

FIELD = "closes_at"
LONGEST = timedelta(days=365)
WROTE_IT = "wrote this idea"
RANK = {Role.CHAIR: 0, Role.DEPUTY: 1, Role.MEMBER: 2}


@dataclass(frozen=True)
class Terms:
    """What the committee's own rules suggest for a ballot opened now."""

    closes_at: datetime
    secret: bool
    committee: Committee


def terms(session: Session, actor: Person, idea: Idea, now: datetime) -> Terms:
    """What the form for opening a review starts from. Raises what `open_review` would raise."""
    require(session, Action.OPEN_REVIEW, actor, idea=idea)
    if idea.state not in lifecycle.RULES["open_review"].sources:
        raise Gone(f"#{idea.number} {lifecycle.STANDS[idea.state]}, so no vote can be opened on it.")
    found = _terms(session, idea, now)
    committees.check_discretion(session, found.committee)
    return found


def _terms(session: Session, idea: Idea, now: datetime) -> Terms:
    committee = session.get_one(Committee, idea.committee_id)
    closes_at = calendar.deadline(
        now, tz=committee.tz, week=committees.week(committee), days=committee.review_days, hour=committee.review_hour
    )
    return Terms(closes_at, committee.secret, committee)


def open_review(
    session: Session,
    actor: Person,
    idea: Idea,
    *,
    now: datetime,
    closes_at: datetime | None = None,
    secret: bool | None = None,
) -> Ballot:
    """Open the vote on an idea; a repeated opening on the same terms finds the ballot that stands.

    Raises `NotAllowed`; `Gone` if the idea is not open for a vote; `WorkflowError` on a deadline that cannot be or
    when nobody could vote.
    """
    session.get_one(Idea, idea.id, with_for_update={"key_share": True}, populate_existing=True)
    require(session, Action.OPEN_REVIEW, actor, idea=idea)
    normal = _terms(session, idea, now)
    closes_at, secret = closes_at or normal.closes_at, normal.secret if secret is None else secret
    standing = reading.of_idea(session, idea)
    if standing and (standing.opened_by_id, standing.closes_at, standing.secret) == (actor.id, closes_at, secret):
        return standing
    terms(session, actor, idea, now)
    _check_deadline(closes_at, now)
    ballot = Ballot(charter=normal.committee.charter, secret=secret, opened_by_id=actor.id, closes_at=closes_at)
    electorate = _electorate(session, normal.committee, idea, reading.rules(ballot).proxies > 0)
    ballot.seats = max(normal.committee.seats or 0, len(electorate))
    lifecycle.move(session, idea, "open_review", actor=actor, now=now)
    return post(session, idea, ballot, electorate, now)


def _check_deadline(closes_at: datetime, now: datetime) -> None:
    if closes_at <= now:
        raise WorkflowError("That moment has passed. Choose a later day or time.", FIELD)
    if closes_at > now + LONGEST:
        raise WorkflowError("That is more than a year away. Choose an earlier day.", FIELD)


def _electorate(session: Session, committee: Committee, idea: Idea, with_proxies: bool) -> list[Elector]:
    seated = committees.members(session, committee)
    seated.sort(key=lambda it: (RANK[it.role], it.since, it.id))
    inside = {it.person_id for it in seated} if with_proxies else set()
    if not {it.person_id for it in seated} - {idea.author_id}:
        raise WorkflowError(
            "Nobody could vote: authors do not vote on their own ideas, and nobody else sits on the committee. "
            "Add members with `/committee setup`."
        )
    return [
        Elector(
            person_id=it.person_id,
            role=it.role,
            functions=it.functions,
            proxy_id=it.proxy_id if it.proxy_id in inside else None,
            recused=it.person_id == idea.author_id,
            recused_why=WROTE_IT if it.person_id == idea.author_id else None,
        )
        for it in seated
    ]


def post(session: Session, idea: Idea, ballot: Ballot, electorate: list[Elector], now: datetime) -> Ballot:
    """Write a new ballot with its electorate down and owe its card; the caller holds the idea's row lock."""
    last = session.scalar(sa.select(sa.func.max(Ballot.round)).where(Ballot.idea_id == idea.id))
    ballot.idea_id, ballot.committee_id, ballot.idea = idea.id, idea.committee_id, idea
    ballot.round, ballot.opened_at, ballot.extended = (last or 0) + 1, now, 0
    session.add(ballot)
    session.flush()
    for position, it in enumerate(electorate):
        it.ballot_id, it.position = ballot.id, position
        session.add(it)
    session.flush()
    _note_recusals(session, ballot, electorate, now)
    notices.owe(
        session,
        "ballot.card",
        f"ballot.card:{ballot.id}",
        about_id=ballot.id,
        channel=session.get_one(Committee, ballot.committee_id).committee_channel,
        after=ideas.thread_root(session, idea),
        in_thread=True,
        card=True,
        now=now,
    )
    homes.touch(session, [it.person_id for it in electorate], now)
    return ballot


def why_recused(it: Elector | Place) -> str:
    """Tells a recused member in a sentence that they do not vote, and why if there is a reason."""
    if it.recused_why == WROTE_IT:
        return "You wrote this idea, so you are recused from this vote."
    why = f" The reason given: {it.recused_why}" if it.recused_why else ""
    return f"You are recused from this vote, so it goes ahead without you.{why}"


def _note_recusals(session: Session, ballot: Ballot, electorate: Iterable[Elector], now: datetime) -> None:
    for it in electorate:
        if it.recused:
            log(session, ballot, "ballot.recuse", now, why=it.recused_why, person=it.person_id)


def log(
    session: Session,
    ballot: Ballot,
    kind: str,
    now: datetime,
    *,
    actor: Person | None = None,
    why: str | None = None,
    **detail: object,
) -> None:
    """Write down that something happened to a ballot. Never what anybody chose."""
    events.record(
        session, kind, now, committee_id=ballot.committee_id, idea_id=ballot.idea_id, actor=actor, why=why,
        detail={"ballot": ballot.id, **detail},
    )  # fmt: skip
