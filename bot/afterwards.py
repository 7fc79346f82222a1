"""What is done after Slack has its answer: a courtesy to whoever pressed, which nobody's three seconds wait for.

Nothing here needs to survive: what must, is owed in the database (`workflows.notices`).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context

from bot import log

AT_ONCE = 2
LOG = log.get(__name__)


class Afterwards:
    """Does things in threads of its own once it is started, and at once until then."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None

    def start(self) -> None:
        """From now on, things are done afterwards."""
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="afterwards")

    def stop(self) -> None:
        """Begin nothing more."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def do(self, work: Callable[[], object]) -> None:
        """Do this afterwards; what comes to nothing costs a line in the log."""
        if self._pool is None:
            work()
            return
        try:
            self._pool.submit(copy_context().run, work).add_done_callback(_check)
        except RuntimeError:  # it has been stopped
            LOG.info("afterwards.stopped")


def _check(done: Future[object]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        LOG.error("afterwards.failed", exc_info=error)
