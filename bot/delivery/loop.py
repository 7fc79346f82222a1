"""The loop: hands notices to a small pool of senders as they fall due, woken by commits, polling for the rest."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot import log
from bot.delivery.claims import Claim
from bot.delivery.sender import Sender
from bot.outage import Outage

POLL_S = 1.0
"""How soon what another replica owes is noticed, if that replica does not send it itself."""

BUSY_POLL_S = 0.1
BUSY_FOR_S = 5.0
"""After a delivery more is likely to follow: edits held back, channels paced."""

BREATH_S = 0.03
"""Between two looks: what many people do at once is looked at together."""

STOP_S = 8.0
BEAT = timedelta(seconds=30)
LOG = log.get(__name__)


class Delivery:
    """Runs a sender on threads of its own until stopped."""

    def __init__(self, sender: Sender, workers: int, outage: Outage) -> None:
        self.sender = sender
        self._outage = outage
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._slots = threading.Semaphore(workers)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="deliver")
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._last_beat = time.monotonic()
        self._last_claim = 0.0

    def nudge(self) -> None:
        """Something is owed: look at once."""
        self._wake.set()

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Claim no more, let those on their way arrive."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        self._pool.shutdown(wait=True, cancel_futures=False)

    @property
    def beats(self) -> bool:
        """Whether the loop is alive."""
        return self._thread.is_alive() and time.monotonic() - self._last_beat < BEAT.total_seconds()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._last_beat = time.monotonic()
            self._wake.clear()
            try:
                self._hand_out()
            except SQLAlchemyError as error:
                self._tell(error)
            self._stopping.wait(BREATH_S)
            busy = time.monotonic() - self._last_claim < BUSY_FOR_S
            self._wake.wait(BUSY_POLL_S if busy else POLL_S)

    def _hand_out(self) -> None:
        while not self._stopping.is_set() and self._slots.acquire(timeout=POLL_S):
            claim = self._claim()
            if claim is None:
                return
            self._last_claim = self._last_beat = time.monotonic()
            self._pool.submit(self._deliver, claim)

    def _claim(self) -> Claim | None:
        claim = None
        try:
            claim = self.sender.claim()
            self._outage.over()
        finally:
            if claim is None:
                self._slots.release()
        return claim

    def _deliver(self, claim: Claim) -> None:
        try:
            self.sender.deliver(claim)
        except SQLAlchemyError as error:
            self._tell(error)  # the lease ends by itself
        finally:
            self._slots.release()
            self._wake.set()

    def _tell(self, error: SQLAlchemyError) -> None:
        if not self._outage.tell(error):
            LOG.error("delivery.database", exc_info=error)
