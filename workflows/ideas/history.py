"""What happens to an idea without moving it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from db.models import Event, Idea, IdeaState, Person
from workflows import lifecycle, notices


def happened(
    session: Session,
    idea: Idea,
    kind: str,
    actor: Person | None,
    now: datetime,
    *,
    to_state: IdeaState | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write down what happened to an idea without moving it, and mark its cards stale."""
    session.add(
        Event(
            kind=kind,
            committee_id=idea.committee_id,
            idea_id=idea.id,
            actor_id=actor.id if actor else None,
            to_state=to_state,
            detail=detail,
            at=now,
        )
    )
    session.flush()
    notices.refresh(session, idea.id, lifecycle.CARDS)
