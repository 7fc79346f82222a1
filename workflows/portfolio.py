"""Lists of work: what came out of ideas, as somebody may see it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import Idea, Intervention, Person
from db.models import InterventionState as S
from workflows import catalogue
from workflows.interventions import OPEN, WITH_OWNER

LIMIT = 40


def open_work(session: Session, viewer: Person) -> Sequence[Intervention]:
    """Open work on ideas that the viewer may see, soonest due first."""
    return _works(session, catalogue.visible(viewer, None), Intervention.state.in_(OPEN))


def owned_by(session: Session, person: Person, limit: int = LIMIT) -> Sequence[Intervention]:
    """Work this person is asked to do or does, soonest due first."""
    return _works(session, Intervention.owner_id == person.id, Intervention.state.in_(WITH_OWNER), limit=limit)


def to_settle_by(session: Session, person: Person, limit: int = LIMIT) -> Sequence[Intervention]:
    """Work that waits for this person as its sponsor: a claim, another date, or a new owner."""
    waits = Intervention.state.in_((S.CLAIMED, S.COUNTERED, S.HANDED_BACK))
    own_claim = sa.and_(Intervention.state == S.CLAIMED, Intervention.claimed_by_id == person.id)
    return _works(session, Intervention.sponsor_id == person.id, waits, ~own_claim, limit=limit)


def _works(session: Session, *where: sa.ColumnElement[bool], limit: int = LIMIT) -> Sequence[Intervention]:
    query = (
        sa.select(Intervention)
        .join(Idea, Idea.id == Intervention.idea_id)
        .where(*where)
        .options(joinedload(Intervention.idea, innerjoin=True), joinedload(Intervention.owner, innerjoin=True))
        .order_by(Intervention.due_on, Intervention.id)
    )
    return session.scalars(query.limit(limit)).all()
