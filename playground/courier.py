"""Work that happens by itself: events caused by the app's own calls, retries and scheduled messages."""

import heapq
import itertools
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime

from playground.clock import Clock

TICK_SECONDS = 0.05
Job = Callable[[], None]


class Courier:
    """Runs jobs one after the other on its own thread, and timed jobs when the workspace's clock says so.

    When the clock is moved by hand, what falls due runs in the mover's thread, so it is done when the move is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs: deque[Job] = deque()
        self._timed: list[tuple[datetime, int, Job]] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._at_work = 0
        self._closed = False
        self._thread: threading.Thread | None = None
        clock.on_move(self.run_due)

    def put(self, job: Job) -> None:
        """Do `job` soon."""
        with self._wake:
            self._jobs.append(job)
            self._start()
            self._wake.notify_all()

    def at(self, due: datetime, job: Job) -> None:
        """Do `job` when the workspace's clock reaches `due`."""
        with self._wake:
            heapq.heappush(self._timed, (due, next(self._numbers), job))
            if self._clock.running:
                self._start()
            self._wake.notify_all()

    def run_due(self) -> None:
        """Do now whatever is due by the clock."""
        while (job := self._next_due()) is not None:
            self._do(job)

    def settle(self, seconds: float = 5.0) -> None:
        """Wait until all that was put, and what has fallen due, has been done. Raises `TimeoutError`."""
        with self._wake:
            if not self._wake.wait_for(lambda: not self._jobs and not self._at_work, seconds):
                raise TimeoutError(f"Events were still being delivered after {seconds} s.")

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._jobs.clear()
            self._wake.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(TICK_SECONDS * 10)

    def _start(self) -> None:
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="slack-courier", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._closed:
            job = self._take()
            if job is not None:
                self._do(job)
            if self._clock.running:
                self.run_due()

    def _do(self, job: Job) -> None:
        try:
            job()
        finally:
            with self._wake:
                self._at_work -= 1
                self._wake.notify_all()

    def _take(self) -> Job | None:
        with self._wake:
            if not self._jobs and not self._closed:
                self._wake.wait(TICK_SECONDS if self._timed and self._clock.running else None)
            if not self._jobs:
                return None
            self._at_work += 1
            return self._jobs.popleft()

    def _next_due(self) -> Job | None:
        with self._wake:
            if self._timed and self._timed[0][0] <= self._clock.now():
                self._at_work += 1
                return heapq.heappop(self._timed)[2]
            return None
