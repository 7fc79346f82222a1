"""Writing down what happened: who, when, to what, and why. Rows are added here and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from db.models import Event, IdeaState, Person


def record(
    session: Session,
    kind: str,
    now: datetime,
    *,
    committee_id: int,
    idea_id: int | None = None,
    actor: Person | None = None,
    why: str | None = None,
    detail: dict[str, Any] | None = None,
    from_state: IdeaState | None = None,
    to_state: IdeaState | None = None,
) -> None:
    """Write down that something happened; `actor` is None where the charter or the clock did it."""
    session.add(
        Event(
            kind=kind,
            committee_id=committee_id,
            idea_id=idea_id,
            actor_id=actor.id if actor else None,
            why=why,
            detail=detail,
            from_state=from_state,
            to_state=to_state,
            at=now,
        )
    )
