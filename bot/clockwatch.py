"""A clock that is put back would leave the scheduler asleep until the old time comes again: this wakes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.base import BaseScheduler  # type: ignore[import-untyped]  # it ships no types

from bot import log

JUMP = timedelta(seconds=30)
"""What a clock is set right by without anybody noticing."""

LOG = log.get(__name__)


class ClockWatch:
    """Compares the wall clock with one that only goes on. `look` is to be called every few seconds."""

    def __init__(
        self, scheduler: BaseScheduler, wall: Callable[[], datetime], steady_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._scheduler = scheduler
        self._wall = wall
        self._steady_s = steady_s
        self._zero = self._began()

    def look(self) -> bool:
        """Ask every question anew if the clock has jumped; whether it has."""
        jumped = self._began() - self._zero
        if abs(jumped) < JUMP:
            return False
        LOG.warning("clock.jumped", by_s=round(jumped.total_seconds()))
        self._zero += jumped
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=self._wall())
        return True

    def _began(self) -> datetime:
        """When the steady clock stood at zero, by the wall clock."""
        return self._wall() - timedelta(seconds=self._steady_s())
