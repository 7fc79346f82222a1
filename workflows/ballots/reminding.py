"""Asking those who have not voted, twice at most: half-way, and on the last working morning of their own zone.

Each is a rung of `workflows.reminders`: told once, in the same message as the other things of that person's morning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, BallotState, Elector
from workflows import calendar, committees, mornings, reminders
from workflows.ballots import reading
from workflows.ballots.closing import started
from workflows.ladder import EVENING
from workflows.mornings import Line


def to_remind(session: Session, now: datetime) -> Sequence[int]:
    """The ballots of this workspace that are open now, the next to close first."""
    running = sa.select(Ballot.id).where(Ballot.state == BallotState.OPEN, Ballot.closes_at > now)
    return session.scalars(running.order_by(Ballot.closes_at, Ballot.id)).all()


def remind(session: Session, ballot_id: int, now: datetime) -> int:
    """Owe the reminders of a ballot that have come due; how many. Each once, whoever asks and how often."""
    ballot = reading.by_id(session, ballot_id)
    committee = reading.committee_of(session, ballot)
    began, week = started(session, ballot), committees.week(committee)
    owed = 0
    # In the order of people, as all reminders: two replicas that write to the same people never wait for each other.
    for it in sorted(reading.silent(session, ballot), key=lambda it: it.person_id):
        ladder = rungs(began, ballot.closes_at, it.person.tz, week, committee.reminder_hour)
        due = [(name, at) for name, at in ladder if at <= now]
        if not _by_daylight(now, ballot.closes_at, it.person.tz, week, committee.reminder_hour):
            continue
        # After a long sleep only the last one: two at once would be a nuisance.
        owed += bool(due) and it.person.active and _attach(session, ballot, it, *due[-1], now=now)
    return owed


def rungs(
    began: datetime, closes_at: datetime, tz: str, week: calendar.Week, hour: int = calendar.MORNING
) -> Iterator[tuple[str, datetime]]:
    """When somebody in this zone is reminded, in order: not half-way and again on the same day, not by night."""
    half = _by_day(calendar.halfway(began, closes_at), began, tz, week, hour)
    last = calendar.last_working_morning(closes_at, tz, week, hour)
    if last <= began:
        yield "half", half
        return
    if calendar.local_day(half, tz) < calendar.local_day(last, tz):
        yield "half", half
    yield "last", last


def _by_day(moment: datetime, began: datetime, tz: str, week: calendar.Week, hour: int) -> datetime:
    """The morning of the day of that moment, or of the next working day if it falls into the night after one.

    A vote that began after that morning has only the moment itself.
    """
    day = calendar.local_day(moment, tz)
    if not week.works_on(day) or moment >= calendar.at(day, EVENING, 0, tz):
        return calendar.morning(calendar.next_working_day(day, week), tz, hour)
    morning = calendar.morning(day, tz, hour)
    return morning if morning > began else moment


def _by_daylight(now: datetime, closes_at: datetime, tz: str, week: calendar.Week, hour: int) -> bool:
    """Whether to tell somebody in this zone now: after an outage not by night, unless no morning is left for it."""
    day = calendar.local_day(now, tz)
    morning = calendar.morning(day, tz, hour)
    if not week.works_on(day) or now >= calendar.at(day, EVENING, 0, tz):
        morning = calendar.morning(calendar.next_working_day(day, week), tz, hour)
    return morning <= now or closes_at <= morning


def _attach(session: Session, ballot: Ballot, it: Elector, rung: str, at: datetime, *, now: datetime) -> bool:
    morning = calendar.local_day(now, it.person.tz)
    line = Line(it.person_id, morning, at, reminders.BALLOT, it.id, rung, revision=ballot.extended + 1)
    return bool(mornings.attach(session, [line], now))
