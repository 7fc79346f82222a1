"""A PostgreSQL of its own for a test that really stops it: at once, as a crash does, and starts it again."""

from __future__ import annotations

import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types
import sqlalchemy as sa

from tests import databases

UNSAFE_ONLY_IF_THE_MACHINE_DIES = ("fsync", "full_page_writes")
PATIENCE_S = 30


class Stoppable:
    """The server; commits are on disk when they are acknowledged, as in production."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.databases = databases.PostgresDatabases(sa.make_url(server.get_uri(driver="psycopg")))
        hurry = [f"ALTER SYSTEM SET {name} = off" for name in UNSAFE_ONLY_IF_THE_MACHINE_DIES]
        self.databases.run(*hurry, "SELECT pg_reload_conf()")

    def stop(self) -> None:
        """`pg_ctl stop -m immediate`: every connection is cut, nothing is tidied up."""
        postmaster = psutil.Process(self._server.get_pid())
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(PATIENCE_S)

    def start(self) -> None:
        """Start it again where it was; it recovers first."""
        self._server.ensure_postgres_running()


@contextmanager
def stoppable() -> Iterator[Stoppable]:
    """A server with nothing in it but the template."""
    with databases.server_in(databases.scratch() / f"stoppable-{uuid.uuid4().hex[:8]}") as server:
        yield Stoppable(server)
