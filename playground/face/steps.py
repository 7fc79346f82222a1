"""What whoever runs the playground may add to the page: a checklist for the first minute, jumps of the clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MORNING, AFTERNOON = 9, 15
FRIDAY = 4


@dataclass(frozen=True)
class Step:
    """One line of the checklist: what to do, how, and whether it has happened."""

    title: str
    hint: str
    done: bool


@dataclass(frozen=True)
class Jump:
    """A move of the clock. `to` gets the time in the acting person's zone and returns a later one."""

    title: str
    to: Callable[[datetime], datetime]


Guide = Callable[[], Sequence[Step]]


def no_guide() -> Sequence[Step]:
    """No checklist."""
    return ()


def next_morning(now: datetime) -> datetime:
    """A minute past nine, today if that is still to come."""
    return _next(now, MORNING, lambda day: True)


def three_days(now: datetime) -> datetime:
    return now + timedelta(days=3)


def friday(now: datetime) -> datetime:
    """A minute past three on the next Friday, when a weekly digest has just gone out."""
    return _next(now, AFTERNOON, lambda day: day.weekday() == FRIDAY)


def _next(now: datetime, hour: int, fits: Callable[[datetime], bool]) -> datetime:
    """The next day that fits, at this hour and a minute."""
    moment = now.replace(hour=hour, minute=1, second=0, microsecond=0)
    while moment <= now or not fits(moment):
        moment += timedelta(days=1)
    return moment


JUMPS = (Jump("Next morning", next_morning), Jump("+3 days", three_days), Jump("Friday digest", friday))
