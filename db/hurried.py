"""A connection to PostgreSQL that waits for the server no longer than whoever asks can.

Here and not in the server, by `lock_timeout` or `statement_timeout`: a server that stands still keeps no time, setting
them for each request would cost a round trip, and poolers in between do not pass on what is set at the start.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus

from db import patience

LOOK_SECONDS = 0.1
"""How often a wait looks whether it has lasted too long."""
CANCEL_SECONDS = 0.2
"""For how long to wait for the word that a statement is given up, and for its end."""


class Hurried(psycopg.Connection[Any]):
    """Gives a statement up, in the server too, once patience is at an end."""

    def wait(self, gen: PQGen[RV], interval: float = LOOK_SECONDS, timeout: float | None = None) -> RV:
        """Wait for the server. Raises `psycopg.OperationalError` after too long; the transaction is lost then."""
        if timeout is not None or not patience.is_working():
            return super().wait(gen, interval, timeout)
        with patience.counted():
            try:
                # A moment there always is: for the rollback of what was given up.
                return super().wait(gen, interval, max(patience.left(), CANCEL_SECONDS))
            except psycopg.OperationalError:
                if not self._is_at_it():
                    raise
            return self._give_up(gen)

    def _give_up(self, gen: PQGen[RV]) -> RV:
        with suppress(psycopg.OperationalError):
            self.cancel_safe(timeout=CANCEL_SECONDS)
        try:
            return super().wait(gen, LOOK_SECONDS, CANCEL_SECONDS)  # mostly raises `QueryCanceled`
        except psycopg.OperationalError:
            if not self._is_at_it():
                raise
        self.pgconn.finish()  # what came later would be taken for the answer to the next statement
        raise psycopg.OperationalError(patience.TOO_LATE)

    def _is_at_it(self) -> bool:
        return self.pgconn.transaction_status == TransactionStatus.ACTIVE
