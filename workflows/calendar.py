"""Working days, mornings and deadlines, pure: what "three working days at 17:00" means in somebody's week and zone.

Days are local `date`s, moments aware UTC `datetime`s; a naive one is a programming error and refused with ValueError.
Zones come as IANA names or `ZoneInfo`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, takewhile
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
from holidays.utils import list_supported_countries

from workflows.errors import WorkflowError

MORNING = 9
"""The hour at which reminders come, in the recipient's own zone."""
NOON = 12

Zone = str | ZoneInfo
Recipient = Literal["owner", "sponsor", "chair"]

_DAY = timedelta(days=1)
_WEEKDAYS = frozenset(range(1, 8))
_BEFORE = (7, 2)
_LATE_STEP = 2
_ESCALATIONS: tuple[tuple[Recipient, int], ...] = (("sponsor", 3), ("chair", 7))


@dataclass(frozen=True)
class Week:
    """Which days are worked: ISO weekdays (Monday is 1) less a country's public holidays.

    Raises WorkflowError for a week nobody works, or holidays nobody knows.
    """

    days: frozenset[int]
    country: str | None = None
    subdivision: str | None = None

    def __post_init__(self) -> None:
        if not self.days:
            raise WorkflowError("A week needs at least one working day.", "week_days")
        if not self.days <= _WEEKDAYS:
            raise WorkflowError("Weekdays are numbers from 1 (Monday) to 7 (Sunday).", "week_days")
        _check_holidays(self.country, self.subdivision)

    def works_on(self, day: date) -> bool:
        """Whether this day is a working day."""
        if day.isoweekday() not in self.days:
            return False
        return self.country is None or day not in _holidays(self.country, self.subdivision, day.year)


def _check_holidays(country: str | None, subdivision: str | None) -> None:
    field = "holidays_country"
    if country is None:
        if subdivision is not None:
            raise WorkflowError("Regional holidays need their country, too.", field)
        return
    known = list_supported_countries()
    if country not in known:
        raise WorkflowError(f"Public holidays of “{country}” are not known. Use a code such as DE, US or IN.", field)
    if subdivision is not None and subdivision not in known[country]:
        raise WorkflowError(f"“{subdivision}” is not a region of {country} with holidays of its own.", field)


@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


def add_working_days(day: date, n: int, week: Week) -> date:
    """The n-th working day after `day`, or before it if n is negative; `day` itself, worked or not, if n is 0."""
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= week.works_on(day)
    return day


def working_days_between(a: date, b: date, week: Week) -> int:
    """How many working days lie from `a` to `b`, the start not counted, the end counted; negative backwards.

    So `working_days_between(day, add_working_days(day, n, week), week) == n`.
    """
    step = 1 if b >= a else -1
    days = (a + timedelta(days=step * distance) for distance in range(1, abs((b - a).days) + 1))
    return step * sum(week.works_on(day) for day in days)


def next_working_day(day: date, week: Week, inclusive: bool = False) -> date:
    """The first working day after `day`; `day` itself if `inclusive` and it is one."""
    return day if inclusive and week.works_on(day) else add_working_days(day, 1, week)


def at(day: date, hour: int, minute: int, tz: Zone) -> datetime:
    """That local time as a moment. A time the clocks skip moves forward; of a time they repeat, the first."""
    return datetime.combine(day, time(hour, minute), zone(tz)).astimezone(UTC)


def morning(day: date, tz: Zone, hour: int = MORNING) -> datetime:
    """The hour of that day at which reminders come."""
    return at(day, hour, 0, tz)


def local_day(now: datetime, tz: Zone) -> date:
    """The day it is there."""
    return _aware(now).astimezone(zone(tz)).date()


def deadline(now: datetime, *, tz: Zone, week: Week, days: int = 3, hour: int = 17) -> datetime:
    """That hour on the n-th working day after today, `days` at least 1."""
    if days < 1:
        raise WorkflowError("A deadline needs at least one working day.", "closes_at")
    return at(add_working_days(local_day(now, tz), days, week), hour, 0, tz)


def iso_week(day: date) -> str:
    """The ISO week as text, `2026-W01`; its year is the week's, not the day's."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def halfway(opened: datetime, closes: datetime) -> datetime:
    """The moment in the middle."""
    start, end = (_aware(moment).astimezone(UTC) for moment in (opened, closes))
    return start + (end - start) / 2


def last_working_morning(closes_at: datetime, tz: Zone, week: Week, hour: int = MORNING) -> datetime:
    """The last morning of a working day there before the close."""
    day = local_day(closes_at, tz)
    if week.works_on(day) and morning(day, tz, hour) < closes_at:
        return morning(day, tz, hour)
    return morning(add_working_days(day, -1, week), tz, hour)


def zone(tz: Zone) -> ZoneInfo:
    """The zone of that name. Raises WorkflowError for a name nobody knows."""
    if isinstance(tz, ZoneInfo):
        return tz
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError):  # unknown, not a name, or a folder of names
        raise WorkflowError(f"“{tz}” is not a time zone. Use a name such as Europe/Berlin.", "tz") from None


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment


@dataclass(frozen=True)
class Rung:
    """One reminder of the ladder around a due date; `name` is unique on it, `day` is a working day."""

    name: str
    day: date
    recipient: Recipient


def rungs(due_on: date, week: Week, until: date) -> list[Rung]:
    """The ladder up to and including `until`, in order of days.

    The owner hears 7 and 2 working days before, on the day, and every second working day late; the sponsor once,
    3 working days late, and the chair once, 7 late. What is due on a free day is due on the next working day.
    """
    due = next_working_day(due_on, week, inclusive=True)
    early = [Rung(f"before-{n}", add_working_days(due, -n, week), "owner") for n in _BEFORE]
    raised = [Rung(f"{who}-{n}", add_working_days(due, n, week), who) for who, n in _ESCALATIONS]
    late = takewhile(lambda rung: rung.day <= until, _late(due, week))
    ladder = [*early, Rung("due", due, "owner"), *late, *raised]
    return sorted((rung for rung in ladder if rung.day <= until), key=lambda rung: rung.day)


def _late(due: date, week: Week) -> Iterator[Rung]:
    day = due
    for n in count(_LATE_STEP, _LATE_STEP):
        day = add_working_days(day, _LATE_STEP, week)
        yield Rung(f"late-{n}", day, "owner")
