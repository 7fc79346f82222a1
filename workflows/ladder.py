"""The ladder of one promise: who is told at which rung, and when. Pure.

A rung (`calendar.rungs`) is told at the committee's reminder hour of the recipient's own zone, on a working day of the
committee's week. After a pause only the latest rung for each person is told.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from workflows import calendar
from workflows.calendar import Rung, Week

EVENING = 18
"""A reminder that could not be told by this hour of the recipient's day waits for the next working morning."""
AHEAD = timedelta(days=21)
"""How far beyond its due date a ladder is looked up; the gap between two rungs is always shorter."""


def awake(tz: str, week: Week, hour: int, now: datetime) -> bool:
    """Whether `now` is a time of day to remind somebody in this zone, from that hour on until the evening."""
    local = now.astimezone(calendar.zone(tz))
    return week.works_on(local.date()) and hour <= local.hour < max(EVENING, hour + 1)


@dataclass(frozen=True)
class Recipient:
    """Somebody a ladder speaks to: `part` is theirs in it (owner, sponsor or chair)."""

    person_id: int
    tz: str
    part: str


@dataclass(frozen=True)
class Ladder:
    """The rungs of one promise, told to its recipients since it was last revised."""

    due_on: date
    since: datetime
    week: Week
    hour: int
    recipients: tuple[Recipient, ...]

    def look(self, now: datetime) -> tuple[list[tuple[Recipient, Rung]], datetime | None]:
        """The latest rung of each recipient that has come, if now is a time of day to be told; when to look again."""
        latest: dict[int, tuple[Recipient, Rung, datetime]] = {}
        again: list[datetime] = []
        for who in self.recipients:
            course = _course(self.due_on, self.week, self.hour, who.tz, who.part, now)
            again += course.coming
            if course.come is None or course.come[1] <= self.since:
                continue
            if course.asleep_until is not None:
                again.append(course.asleep_until)
            elif who.person_id not in latest or course.come[1] > latest[who.person_id][2]:
                latest[who.person_id] = who, *course.come
        return [(who, rung) for who, rung, _ in latest.values()], min(again, default=None)


@dataclass(frozen=True)
class _Course:
    """The rungs of one part of a ladder in one zone, seen from a moment; the same for everybody there.

    `come` is the latest rung that has come and when, `coming` when the next comes, if one does. `asleep_until` is the
    next morning, unless it is a time of day to be told.
    """

    come: tuple[Rung, datetime] | None
    coming: list[datetime]
    asleep_until: datetime | None


@lru_cache(maxsize=2048)  # many promises end on the same day
def _course(due_on: date, week: Week, hour: int, tz: str, part: str, now: datetime) -> _Course:
    until = max(due_on, now.date()) + AHEAD
    rungs = [it for it in _rungs(due_on, week, until) if it.recipient == part]
    moments = [calendar.morning(it.day, tz, hour) for it in rungs]
    past = bisect_right(moments, now)
    come = (rungs[past - 1], moments[past - 1]) if past else None
    return _Course(
        come, moments[past : past + 1], None if awake(tz, week, hour, now) else _next_morning(tz, week, hour, now)
    )


def _next_morning(tz: str, week: Week, hour: int, now: datetime) -> datetime:
    today = calendar.local_day(now, tz)
    for day in (today, today + timedelta(days=1)):
        moment = calendar.morning(calendar.next_working_day(day, week, inclusive=True), tz, hour)
        if moment > now:
            return moment
    raise AssertionError("tomorrow's morning is always to come")


@lru_cache(maxsize=256)  # many promises end on the same day
def _rungs(due_on: date, week: Week, until: date) -> tuple[Rung, ...]:
    return tuple(calendar.rungs(due_on, week, until))
