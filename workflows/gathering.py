"""The questions a digest asks of the database, each answered through an index whatever the size of the record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from db.models import (
    Ballot,
    BallotState,
    Committee,
    Decision,
    Elector,
    Health,
    Idea,
    IdeaState,
    Intervention,
    InterventionState,
    Vote,
)
from workflows import calendar, ranking
from workflows.week import Awaits, Decided, NewIdea, OpenBallot, Ranked, Tally, Week, Work, WorkLine

SHOWN = 5
"""How many of a kind a digest names; the counts are of all."""


def gather(session: Session, committee: Committee, since: datetime, until: datetime) -> Week:
    """What there is to say of a committee between two moments; open things as they stand at `until`."""
    today = calendar.local_day(until, committee.tz)
    return Week(
        committee=committee.name,
        since=since,
        until=until,
        tz=committee.tz,
        new_ideas=_count(
            session, Idea.id, Idea.committee_id == committee.id, *_within(Idea.submitted_at, since, until)
        ),
        new=_new_ideas(session, committee, since, until),
        top=_top(session, committee),
        ballots=_open_ballots(session, committee),
        decided=[
            *_decided(session, committee, since, until),
            *_left_undecided(session, committee, since, until),
        ],
        work=_work(session, committee, today),
        late=_late(session, committee, today),
        celebrated=_celebrated(session, committee, since, until),
    )


def _within(
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], since: datetime, until: datetime
) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= since, column < until


def _came_in(committee: Committee, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Idea.committee_id == committee.id, *_within(Idea.submitted_at, since, until)


def _count(session: Session, column: InstrumentedAttribute[int], *where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count(column)).where(*where)) or 0


def _new_ideas(session: Session, committee: Committee, since: datetime, until: datetime) -> list[NewIdea]:
    query = (
        sa.select(Idea)
        .where(*_came_in(committee, since, until))
        .options(joinedload(Idea.author, innerjoin=True))
        .order_by(Idea.submitted_at.desc(), Idea.id.desc())
        .limit(SHOWN)
    )
    return [
        NewIdea(number=idea.number, title=idea.title, author=idea.author.slack_id, supporters=idea.support_count)
        for idea in session.scalars(query)
    ]


def _top(session: Session, committee: Committee) -> list[Ranked]:
    query = (
        sa.select(Idea)
        .where(Idea.committee_id == committee.id, Idea.state == IdeaState.SUBMITTED, Idea.rank_value.is_not(None))
        .where(Idea.ranked_under == ranking.mark_of(committee))
        # As `prioritization.in_order`, in the words of the index: a backlog of any size is not sorted for its top.
        .order_by(Idea.rank_value.desc(), Idea.support_count.desc(), Idea.submitted_at, Idea.id)
        .limit(SHOWN)
    )
    return [
        Ranked(number=idea.number, title=idea.title, supporters=idea.support_count, scored_by=idea.scored_by)
        for idea in session.scalars(query)
    ]


def _open_ballots(session: Session, committee: Committee) -> list[OpenBallot]:
    query = (
        sa.select(Ballot)
        .where(Ballot.committee_id == committee.id, Ballot.closed_at.is_(None))  # not closed, by its index
        .options(joinedload(Ballot.idea, innerjoin=True))
        .order_by(Ballot.closes_at, Ballot.id)
    )
    return [_open_ballot(session, ballot) for ballot in session.scalars(query)]


def _open_ballot(session: Session, ballot: Ballot) -> OpenBallot:
    electors = _count(session, Elector.id, Elector.ballot_id == ballot.id, Elector.recused.is_(False))
    voted = sa.select(sa.func.count(Vote.id)).join(
        Elector, sa.and_(Elector.ballot_id == Vote.ballot_id, Elector.person_id == Vote.person_id)
    )
    have = session.scalar(voted.where(Vote.ballot_id == ballot.id, Elector.recused.is_(False))) or 0
    idea = ballot.idea
    return OpenBallot(
        ballot=ballot.id,
        number=idea.number,
        title=idea.title,
        closes_at=ballot.closes_at,
        voted=have,
        of=electors,
        awaits=_awaits(ballot),
    )


def _awaits(ballot: Ballot) -> Awaits | None:
    if ballot.state is not BallotState.AWAITING:
        return None
    return Awaits.CASTING_VOTE if (ballot.verdict or {}).get("outcome") == "tied" else Awaits.WORD


def _decided(session: Session, committee: Committee, since: datetime, until: datetime) -> list[Decided]:
    query = (
        sa.select(Decision, Idea)
        .join(Idea, Idea.id == Decision.idea_id)
        .where(Decision.committee_id == committee.id, *_within(Decision.decided_at, since, until))
        .options(joinedload(Decision.ballot))
        .order_by(Decision.decided_at, Decision.id)
    )
    return [
        Decided(
            number=idea.number,
            title=idea.title,
            outcome=decision.outcome,
            tally=_tally(decision.ballot),
            by_chair=decision.ballot_id is None,
        )
        for decision, idea in session.execute(query)
    ]


UNDECIDED = ("lapsed", "adjourned")


def _left_undecided(session: Session, committee: Committee, since: datetime, until: datetime) -> list[Decided]:
    """Votes that ended without a decision: the committee hears of them, too."""
    query = (
        sa.select(Ballot)
        .where(Ballot.committee_id == committee.id, *_within(Ballot.closed_at, since, until))
        .where(Ballot.outcome.in_(UNDECIDED))
        .options(joinedload(Ballot.idea, innerjoin=True))
        .order_by(Ballot.closed_at, Ballot.id)
    )
    return [
        Decided(
            number=ballot.idea.number,
            title=ballot.idea.title,
            outcome=ballot.outcome or "",
            tally=_tally(ballot),
            by_chair=False,
        )
        for ballot in session.scalars(query)
    ]


def _tally(ballot: Ballot | None) -> Tally | None:
    if ballot is None or ballot.verdict is None:
        return None
    return Tally.model_validate(ballot.verdict["counts"])


OPEN_WORK = (InterventionState.ACCEPTED, InterventionState.OFFERED, InterventionState.COUNTERED)
"""Work somebody is asked to do or does; a claim of being done is no longer late."""


def _work(session: Session, committee: Committee, today: date) -> Work:
    late = sa.or_(Intervention.due_on < today, Intervention.health == Health.LATE)
    ownerless = Intervention.state == InterventionState.HANDED_BACK
    standing = sa.case(
        (ownerless, "without_owner"),
        (late, "late"),
        (Intervention.health == Health.AT_RISK, "at_risk"),
        else_="on_track",
    )
    query = sa.select(standing.label("standing"), sa.func.count().label("number")).where(
        Intervention.committee_id == committee.id, sa.or_(ownerless, Intervention.state.in_(OPEN_WORK))
    )
    counts = {row.standing: row.number for row in session.execute(query.group_by("standing"))}
    return Work(**counts)


def _late(session: Session, committee: Committee, today: date) -> list[WorkLine]:
    late = sa.or_(Intervention.due_on < today, Intervention.health == Health.LATE)
    return _works(
        session,
        sa.and_(Intervention.committee_id == committee.id, Intervention.state.in_(OPEN_WORK), late),
        Intervention.due_on,
    )[:SHOWN]


def _celebrated(session: Session, committee: Committee, since: datetime, until: datetime) -> list[WorkLine]:
    within = sa.and_(
        Intervention.committee_id == committee.id,
        Intervention.state == InterventionState.DONE,
        Intervention.confirmed_at >= since,
        Intervention.confirmed_at < until,
    )
    return _works(session, within, Intervention.confirmed_at)


def _works(session: Session, where: sa.ColumnElement[bool], order: InstrumentedAttribute[Any]) -> list[WorkLine]:
    query = (
        sa.select(Intervention)
        .where(where)
        .options(joinedload(Intervention.idea, innerjoin=True), joinedload(Intervention.owner, innerjoin=True))
        .order_by(order, Intervention.id)
        .limit(50)
    )
    return [
        WorkLine(number=w.idea.number, title=w.title, owner=w.owner.slack_id, due_on=w.due_on, promise=w.promise)
        for w in session.scalars(query)
    ]
