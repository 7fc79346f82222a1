"""The database away: said in one line when it goes, again each minute, and when it is back, whoever notices.

What was away for longer than a moment is kept until it has been told to the admins.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import log
from db.engine import why_away
from workflows.troubles import Absence

EVERY_S = 60.0
A_MOMENT_S = 5.0
LOG = log.get(__name__)


class Outage:
    """What loops and jobs know of the database's absence. Any thread may tell."""

    def __init__(self, steady_s: Callable[[], float] = time.monotonic) -> None:
        self._steady_s = steady_s
        self._untold: list[tuple[float, float]] = []
        self._since: float | None = None
        self._told = 0.0
        self._lock = threading.Lock()

    def tell(self, error: Exception) -> bool:
        """Whether this error means that the database is away; if so it has been said, not too often."""
        why, now = why_away(error), self._steady_s()
        if why is None:
            return False
        with self._lock:
            first, self._since = self._since is None, now if self._since is None else self._since
            due = first or now - self._told >= EVERY_S
            self._told = now if due else self._told
            away_s = round(now - self._since)
        if due:
            LOG.error("database.away", why=why, for_s=away_s)
        return True

    def over(self) -> None:
        """The database has answered."""
        with self._lock:
            since, self._since = self._since, None
        if since is None:
            return
        now = self._steady_s()
        LOG.warning("database.back", after_s=round(now - since))
        if now - since >= A_MOMENT_S:
            self._untold.append((since, now))

    def untold(self, now: datetime) -> Absence | None:
        """The first absence that admins have not been told of."""
        if not self._untold:
            return None
        began, ended = (now - timedelta(seconds=self._steady_s() - moment) for moment in self._untold[0])
        return Absence(began, ended)

    def told(self) -> None:
        """They have been told of the first."""
        del self._untold[0]
