"""The workspace's clock. It can be moved, so days pass in a test or a demonstration without waiting."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Time in the workspace, always aware UTC.

    A running clock goes on by itself from `start` (default: now). A still clock (`running=False`) moves
    only when told, so a test on a slow machine sees no deadline pass.
    """

    def __init__(self, start: datetime | None = None, *, running: bool = True) -> None:
        self.running = running
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []
        self._anchor = datetime.now(UTC)
        self._start = _aware(start or self._anchor)

    def now(self) -> datetime:
        with self._lock:
            return self._start + self._elapsed()

    def advance(self, by: timedelta) -> datetime:
        """Move forward by `by`; whatever falls due on the way happens before this returns."""
        if by < timedelta(0):
            raise ValueError("The clock only moves forward; use set() to put it back.")
        with self._lock:
            self._start += by
        self._moved()
        return self.now()

    def set(self, to: datetime) -> datetime:
        """Put the clock to `to`, forward or back."""
        with self._lock:
            self._start = _aware(to) - self._elapsed()
        self._moved()
        return self.now()

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` each time the clock is moved by hand."""
        self._listeners.append(listener)

    def _elapsed(self) -> timedelta:
        return datetime.now(UTC) - self._anchor if self.running else timedelta(0)

    def _moved(self) -> None:
        for listener in list(self._listeners):
            listener()


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("The clock needs a time with a time zone, such as datetime.now(UTC).")
    return moment.astimezone(UTC)
