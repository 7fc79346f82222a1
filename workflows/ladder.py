"""The ladder of one promise: who is told at which rung, and when. Pure.

A rung (`calendar.rungs`) is told at the committee's reminder hour of the recipient's own zone, on a working day of the
committee's week. After a pause only the latest rung for each person is told.
"""

from __future__ import annotations

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

    def due(self, now: datetime) -> list[tuple[Recipient, Rung]]:
        """The latest rung of each recipient that has come, if now is a time of day to be told."""
        latest: dict[int, tuple[Recipient, Rung, datetime]] = {}
        for recipient, rung, moment in _mornings(self, now):
            known = latest.get(recipient.person_id)
            if moment <= now and (known is None or moment > known[2]):
                latest[recipient.person_id] = recipient, rung, moment
        return [(who, rung) for who, rung, _ in latest.values() if awake(who.tz, self.week, self.hour, now)]

    def wake_at(self, now: datetime) -> datetime | None:
        """The next moment at which `due` may say something new."""
        coming = [moment for _, _, moment in _mornings(self, now) if moment > now]
        asleep = [
            who
            for who, _, moment in _mornings(self, now)
            if moment <= now and not awake(who.tz, self.week, self.hour, now)
        ]
        coming += [self._next_morning(who, now) for who in asleep]
        return min(coming, default=None)

    def _next_morning(self, who: Recipient, now: datetime) -> datetime:
        today = calendar.local_day(now, who.tz)
        for day in (today, today + timedelta(days=1)):
            moment = calendar.morning(calendar.next_working_day(day, self.week, inclusive=True), who.tz, self.hour)
            if moment > now:
                return moment
        raise AssertionError("tomorrow's morning is always to come")


@lru_cache(maxsize=64)  # asked three times in a row
def _mornings(ladder: Ladder, now: datetime) -> tuple[tuple[Recipient, Rung, datetime], ...]:
    """Every rung for each recipient, with the moment at which it comes."""
    until = max(ladder.due_on, now.date()) + AHEAD
    told = [(who, it) for who in ladder.recipients for it in _rungs(ladder.due_on, ladder.week, until)]
    moments = [(who, it, calendar.morning(it.day, who.tz, ladder.hour)) for who, it in told if it.recipient == who.part]
    return tuple(found for found in moments if found[2] > ladder.since)


@lru_cache(maxsize=256)  # many promises end on the same day
def _rungs(due_on: date, week: Week, until: date) -> tuple[Rung, ...]:
    return tuple(calendar.rungs(due_on, week, until))
