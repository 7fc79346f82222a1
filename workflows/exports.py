"""What a committee has decided, as records to take away: ideas with every vote on them, and the work that came of it.

A secret ballot gives its counts and its reasons without names, as it does everywhere; an open vote gives nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session, joinedload

from db.models import Ballot, BallotState, Channel, Committee, Decision, Idea, Intervention, Person
from workflows import ballots
from workflows.week import Tally

BATCH = 200


class Record(BaseModel):
    """A row of an export. People are named as Slack names them; somebody erased has no name."""

    model_config = ConfigDict(frozen=True)


class VoteRecord(Record):
    """A vote that stood at the close; without a name in a secret ballot."""

    person: str | None
    choice: str
    reason: str | None


class BallotRecord(Record):
    """A closed vote, its counts, and what was said in it."""

    round: int
    secret: bool
    opened_at: datetime
    closed_at: datetime | None
    extended: int
    outcome: str | None
    tally: Tally | None
    votes: list[VoteRecord]


class DecisionRecord(Record):
    """What was decided; `by` names a chair who decided without a vote, or broke a tie."""

    outcome: str
    decided_at: datetime
    by: str | None
    reason: str
    conditions: list[str]


class IdeaRecord(Record):
    """An idea, where it stands, and how it was decided."""

    number: int
    title: str
    problem: str
    proposal: str
    effect: str
    author: str | None
    submitted_at: datetime
    state: str
    state_since: datetime
    supporters: int
    scored_by: int
    value: Decimal | None
    decision: DecisionRecord | None
    ballots: list[BallotRecord]


class WorkRecord(Record):
    """A piece of work that came of an idea."""

    idea: int
    idea_title: str
    title: str
    kind: str
    owner: str | None
    sponsor: str | None
    due_on: date
    state: str
    health: str | None
    kpi: str | None
    promise: str | None
    offered_at: datetime
    accepted_at: datetime | None
    claimed_at: datetime | None
    claim: str | None
    confirmed_at: datetime | None


def ideas_of(session: Session, committee: Committee) -> Iterator[IdeaRecord]:
    """Every idea of a committee, in the order of their numbers."""
    mine = sa.select(Idea).where(Idea.committee_id == committee.id).options(joinedload(Idea.author, innerjoin=True))
    last = 0
    while batch := session.scalars(mine.where(Idea.number > last).order_by(Idea.number).limit(BATCH)).all():
        last = batch[-1].number
        decided, voted = _decisions(session, batch), _ballots(session, batch)
        for idea in batch:
            yield _idea(session, idea, decided.get(idea.id), voted.get(idea.id, []))
            session.expunge(idea)


def work_of(session: Session, committee: Committee) -> Iterator[WorkRecord]:
    """Every piece of work of a committee, in the order it was given."""
    mine = (
        sa.select(Intervention)
        .where(Intervention.committee_id == committee.id)
        .options(
            joinedload(Intervention.idea, innerjoin=True),
            joinedload(Intervention.owner, innerjoin=True),
            joinedload(Intervention.sponsor, innerjoin=True),
        )
        .order_by(Intervention.id)
    )
    return (_work(work) for work in session.scalars(mine.execution_options(yield_per=BATCH)))


def is_private(session: Session, committee: Committee) -> bool:
    """Whether a channel of the committee is private, so that not everybody may read what is exported."""
    private = sa.select(Channel.id).where(Channel.committee_id == committee.id, Channel.is_private)
    return session.scalar(private.limit(1)) is not None


def _decisions(session: Session, batch: Sequence[Idea]) -> dict[int, tuple[Decision, Person | None]]:
    standing = (
        sa.select(Decision, Person)
        .outerjoin(Person, Person.id == Decision.decided_by_id)
        .where(Decision.id.in_([idea.decision_id for idea in batch if idea.decision_id]))
    )
    return {decision.idea_id: (decision, by) for decision, by in session.execute(standing)}


def _ballots(session: Session, batch: Sequence[Idea]) -> dict[int, list[Ballot]]:
    closed = sa.select(Ballot).where(
        Ballot.idea_id.in_([idea.id for idea in batch]), Ballot.state == BallotState.CLOSED
    )
    found: dict[int, list[Ballot]] = {}
    for ballot in session.scalars(closed.order_by(Ballot.idea_id, Ballot.round)):
        found.setdefault(ballot.idea_id, []).append(ballot)
    return found


def _idea(
    session: Session, idea: Idea, decided: tuple[Decision, Person | None] | None, voted: list[Ballot]
) -> IdeaRecord:
    return IdeaRecord(
        number=idea.number,
        title=idea.title,
        problem=idea.problem,
        proposal=idea.proposal,
        effect=idea.effect,
        author=_name(idea.author),
        submitted_at=idea.submitted_at,
        state=idea.state.value,
        state_since=idea.state_since,
        supporters=idea.support_count,
        scored_by=idea.scored_by,
        value=idea.rank_value,
        decision=_decision(*decided) if decided else None,
        ballots=[_ballot(session, ballot) for ballot in voted],
    )


def _decision(decision: Decision, by: Person | None) -> DecisionRecord:
    return DecisionRecord(
        outcome=decision.outcome.value,
        decided_at=decision.decided_at,
        by=_name(by),
        reason=decision.reason,
        conditions=decision.conditions,
    )


def _ballot(session: Session, ballot: Ballot) -> BallotRecord:
    return BallotRecord(
        round=ballot.round,
        secret=ballot.secret,
        opened_at=ballot.opened_at,
        closed_at=ballot.closed_at,
        extended=ballot.extended,
        outcome=ballot.outcome,
        tally=Tally.model_validate(ballot.verdict["counts"]) if ballot.verdict else None,
        votes=[
            VoteRecord(person=_name(it.person), choice=it.choice.value, reason=it.reason)
            for it in ballots.said(session, ballot)
        ],
    )


def _work(work: Intervention) -> WorkRecord:
    return WorkRecord(
        idea=work.idea.number,
        idea_title=work.idea.title,
        title=work.title,
        kind=work.kind.value,
        owner=_name(work.owner),
        sponsor=_name(work.sponsor),
        due_on=work.due_on,
        state=work.state.value,
        health=work.health.value if work.health else None,
        kpi=work.kpi,
        promise=work.promise,
        offered_at=work.created_at,
        accepted_at=work.accepted_at,
        claimed_at=work.claimed_at,
        claim=work.claim_line,
        confirmed_at=work.confirmed_at,
    )


def _name(person: Person | None) -> str | None:
    return (person.name or None) if person is not None else None
