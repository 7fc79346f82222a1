"""Decisions: what a ballot decided, and what still waits for the word of whoever presides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import Ballot, BallotState, Committee, Decision, DecisionOutcome, Elector, Member, Person, Role
from workflows import committees


def record(
    session: Session,
    ballot: Ballot,
    outcome: DecisionOutcome,
    reason: str,
    conditions: Sequence[str],
    now: datetime,
    *,
    by: Person | None = None,
) -> Decision:
    """Write down what a ballot decided; `by` is whoever presided, where the votes alone did not decide."""
    decision = Decision(
        idea_id=ballot.idea_id,
        committee_id=ballot.committee_id,
        ballot_id=ballot.id,
        outcome=outcome,
        reason=reason,
        conditions=list(conditions),
        decided_by_id=by.id if by else None,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    return decision


def waits_for(session: Session, ballot: Ballot, person: Person) -> bool:
    """Whether this ballot waits for this person: by name, or because they hold an office its presider has left.

    Nobody recused has the word.
    """
    recused = sa.select(Elector.person_id).where(Elector.ballot_id == ballot.id, Elector.recused)
    if ballot.state is not BallotState.AWAITING or person.id in set(session.scalars(recused)):
        return False
    seated = committees.members(session, session.get_one(Committee, ballot.committee_id))
    in_office = {it.person_id for it in seated if it.role is not Role.MEMBER}
    return person.id in in_office and (ballot.waits_for_id == person.id or ballot.waits_for_id not in in_office)


def open_waiting_for(session: Session, person: Person) -> list[Ballot]:
    """The ballots that wait for this person's word, with their ideas, the longest waiting first."""
    presides = sa.select(Member.committee_id).where(
        Member.person_id == person.id, Member.until.is_(None), Member.role != Role.MEMBER
    )
    waiting = sa.select(Ballot).where(Ballot.state == BallotState.AWAITING, Ballot.committee_id.in_(presides))
    found = session.scalars(waiting.options(joinedload(Ballot.idea, innerjoin=True)).order_by(Ballot.closes_at)).all()
    return [ballot for ballot in found if waits_for(session, ballot, person)]
