"""What happens to an idea without moving it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from db.models import Idea, IdeaState, Person
from workflows import events, lifecycle, notices


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
    events.record(
        session, kind, now, committee_id=idea.committee_id, idea_id=idea.id, actor=actor, detail=detail,
        to_state=to_state,
    )  # fmt: skip
    session.flush()
    notices.refresh(session, idea.id, lifecycle.CARDS)
