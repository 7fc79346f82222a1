"""Asking those who have not voted, twice at most: half-way, and on the last working morning of their own zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import Ballot, BallotState, Elector
from workflows import calendar, committees, notices
from workflows.ballots import reading
from workflows.ballots.closing import started

EVENING = 18


def remind_due(session: Session, now: datetime) -> int:
    """Owe the reminders that have come due in this workspace; how many. Each once, whoever asks and how often."""
    running = sa.select(Ballot).where(Ballot.state == BallotState.OPEN, Ballot.closes_at > now)
    running = running.options(joinedload(Ballot.idea, innerjoin=True)).order_by(Ballot.closes_at, Ballot.id)
    return sum(_remind(session, ballot, now) for ballot in session.scalars(running).all())


def _remind(session: Session, ballot: Ballot, now: datetime) -> int:
    week = committees.week(reading.committee_of(session, ballot))
    began = started(session, ballot)
    owed = 0
    for it in reading.silent(session, ballot):
        due = [name for name, at in rungs(began, ballot.closes_at, it.person.tz, week) if at <= now]
        # After a long sleep only the last one: two at once would be a nuisance.
        owed += bool(due) and it.person.active and _owe(session, ballot, it, due[-1], now)
    return owed


def rungs(began: datetime, closes_at: datetime, tz: str, week: calendar.Week) -> Iterator[tuple[str, datetime]]:
    """When somebody in this zone is reminded, in order: not half-way and again on the same day, not by night."""
    half = _by_day(calendar.halfway(began, closes_at), tz, week)
    last = calendar.last_working_morning(closes_at, tz, week)
    if last <= began:
        yield "half", half
        return
    if calendar.local_day(half, tz) < calendar.local_day(last, tz):
        yield "half", half
    yield "last", last


def _by_day(moment: datetime, tz: str, week: calendar.Week) -> datetime:
    day = calendar.local_day(moment, tz)
    if week.works_on(day) and calendar.morning(day, tz) <= moment < calendar.at(day, EVENING, 0, tz):
        return moment
    if week.works_on(day) and moment < calendar.morning(day, tz):
        return calendar.morning(day, tz)
    return calendar.morning(calendar.next_working_day(day, week), tz)


def _owe(session: Session, ballot: Ballot, it: Elector, rung: str, now: datetime) -> bool:
    key = f"ballot.reminder:{ballot.id}:{ballot.extended}:{rung}:{it.person_id}"
    owed = notices.owe(session, "ballot.reminder", key, about_id=it.id, person=it.person_id, card=True, now=now)
    return owed is not None
