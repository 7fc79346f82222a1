"""Closing a committee for good: only with nothing open, and everything it decided stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Committee, Person
from workflows import calendar, events, homes, notices
from workflows.committees import seats
from workflows.committees.status import status
from workflows.errors import WorkflowError
from workflows.permissions import Action, require

CLOSED = "committee.closed"


def close(session: Session, actor: Person, committee: Committee, *, now: datetime) -> None:
    """Close a committee: its seats end, its channels and its name are free. Twice is once.

    Raises `NotAllowed`, or `WorkflowError` while anything is open: nobody who waits for it is left waiting.
    """
    require(session, Action.CLOSE, actor, committee=committee)
    session.refresh(committee, with_for_update={"key_share": True})
    if committee.dissolved_at is not None:
        return
    if status(session, committee, now).busy:
        raise WorkflowError("This committee has something open. Type `/committee close` in its channel to see what.")
    seated = seats.taken(session, committee)
    for seat in seated:
        seat.until = now
    channel = committee.committee_channel
    notices.owe(session, CLOSED, f"{CLOSED}:{committee.id}", about_id=committee.id, channel=channel, now=now)
    events.record(session, CLOSED, now, committee_id=committee.id, actor=actor, detail={"name": committee.name})
    day = calendar.local_day(now, committee.tz)
    committee.name = f"{committee.name} (no. {committee.id}, closed {day})"
    committee.dissolved_at, committee.usergroup_id = now, None
    session.flush()
    homes.touch(session, [actor.id, *(seat.person_id for seat in seated)], now)
