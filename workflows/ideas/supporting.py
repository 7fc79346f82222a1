"""Support: who would like an idea to happen, counted exactly whoever clicks at the same moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Event, Idea, IdeaState, Person, Support
from db.once import insert_once
from workflows import lifecycle
from workflows.errors import Gone, WorkflowError
from workflows.ideas.finding import get
from workflows.ideas.history import happened
from workflows.permissions import Action, require

OPEN = frozenset({IdeaState.SUBMITTED, IdeaState.IN_REVIEW, IdeaState.LAPSED})
"""Not decided: may still be supported, and its author asked."""
DOUBLE_CLICK = timedelta(seconds=2)
CLOCKS_DIFFER = timedelta(minutes=1)
"""Between replicas, at most. A click further ahead is of a clock that has been put back since: no double click."""


def support(session: Session, actor: Person, idea: Idea, *, now: datetime) -> bool:
    """Support the idea, or take the support back; whether `actor` supports it now. A double click counts once."""
    get(session, idea.id, lock=True)
    require(session, Action.SUPPORT, actor)
    if idea.author_id == actor.id:
        raise WorkflowError("This is your own idea, so your support is taken as read. Ask a colleague for theirs.")
    if idea.state not in OPEN:
        raise Gone(f"Idea #{idea.number} {lifecycle.STANDS[idea.state]}, so it needs no more support.")
    clicked = _just_clicked(session, actor, idea, now)
    if clicked is not None:
        return clicked
    added = insert_once(session, Support, idea_id=idea.id, person_id=actor.id, at=now) is not None
    if not added:
        session.execute(sa.delete(Support).where(Support.idea_id == idea.id, Support.person_id == actor.id))
    idea.support_count += 1 if added else -1
    happened(session, idea, "idea.supported" if added else "idea.unsupported", actor, now)
    return added


def _just_clicked(session: Session, actor: Person, idea: Idea, now: datetime) -> bool | None:
    last = (
        sa.select(Event.kind)
        .where(Event.idea_id == idea.id, Event.actor_id == actor.id)
        .where(Event.at > now - DOUBLE_CLICK, Event.at < now + CLOCKS_DIFFER)
        .where(Event.kind.in_(("idea.supported", "idea.unsupported")))
        .order_by(Event.id.desc())
        .limit(1)
    )
    kind = session.scalar(last)
    return None if kind is None else kind == "idea.supported"


def supports(session: Session, person: Person, idea: Idea) -> bool:
    """Whether this person supports the idea."""
    mine = sa.select(Support.id).where(Support.idea_id == idea.id, Support.person_id == person.id)
    return session.scalar(mine) is not None


def supporters(session: Session, idea: Idea, limit: int) -> list[Person]:
    """The first to support it, in the order they did."""
    mine = sa.select(Person).join(Support, Support.person_id == Person.id).where(Support.idea_id == idea.id)
    return list(session.scalars(mine.order_by(Support.id).limit(limit)))
