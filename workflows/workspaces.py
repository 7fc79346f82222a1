"""Workspaces as places to serve: when serving one ends, and when it goes on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from workflows import people


def stop(session: Session, workspace_id: str, why: str, *, now: datetime) -> bool:
    """Send nothing there any more, and begin to count the time for which its data are kept; False if that was so."""
    row = people.workspace(session, workspace_id, now=now)
    if row.stopped_at is not None:
        return False
    row.stopped_at, row.stopped_why = now, why
    return True


def resume(
    session: Session,
    workspace_id: str,
    *,
    now: datetime,
    name: str | None = None,
    enterprise_id: str | None = None,
    bot_user_id: str | None = None,
) -> None:
    """Serve a workspace, for the first time or again: what was owed to it goes out."""
    row = people.workspace(session, workspace_id, now=now)
    row.name = name or row.name
    row.enterprise_id = enterprise_id or row.enterprise_id
    row.bot_user_id = bot_user_id or row.bot_user_id
    row.stopped_at = row.stopped_why = None
