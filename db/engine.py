"""The engine, and the one way to open a session."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from db import patience, tenancy
from db.patience import BUSY_SECONDS

NOT_OUR_FAULT = {"08", "53", "57", "58"}
"""PostgreSQL's classes of errors for a lost connection, full or overloaded, shut down, and trouble underneath."""

UNUSABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
WAITS = "waits"
"""Under this name a connection to SQLite knows for how many seconds it waits for another process."""

COUNTED = "counted"
"""Under this name a connection to SQLite knows when it last kept its statistics."""
STATISTICS_SECONDS = 3600

POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}
SQLITE = {"sqlite", "sqlite+pysqlite"}


def make_engine(url: str, *, pool_size: int = 10) -> sa.Engine:
    """An engine for SQLite (WAL, foreign keys, one writer at a time) or PostgreSQL (psycopg 3).

    Raises `ValueError`, with a sentence that does not repeat a password, for any other URL.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise ValueError("the database URL cannot be read: it looks like postgresql://user@host/name") from None
    if parsed.drivername in SQLITE:
        return _sqlite(parsed)
    if parsed.drivername in POSTGRESQL:
        return _postgresql(parsed.set(drivername="postgresql+psycopg"), pool_size)
    raise ValueError(f"the database URL begins with sqlite:/// or postgresql://, not with {parsed.drivername}://")


def why_away(error: BaseException) -> str | None:
    """In a few words why the database cannot be used at the moment; None for any other error."""
    if isinstance(error, sa.exc.TimeoutError):
        return "it did not answer in time"
    if not isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        return None
    lite, state = getattr(error.orig, "sqlite_errorcode", None), getattr(error.orig, "sqlstate", None)
    known = lite & 0xFF in UNUSABLE if lite is not None else state is None or state[:2] in NOT_OUR_FAULT
    return str(error.orig).partition("\n")[0] if known or error.connection_invalidated else None


def _sqlite(url: sa.URL) -> sa.Engine:
    # Every transaction writes, so threads wait for one connection: handing it over is half as quick again as letting
    # SQLite's busy handler sleep and retry (measured: 450 against 320 transactions a second, 32 threads).
    engine = sa.create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        poolclass=patience.Pool,
        pool_size=1,
        max_overflow=0,
    )
    event.listen(engine, "connect", _tune_sqlite)
    event.listen(engine, "begin", _begin_as_writer)
    event.listen(engine, "checkin", _keep_statistics)
    return engine


def _postgresql(url: sa.URL, pool_size: int) -> sa.Engine:
    from db.hurried import Hurried  # noqa: PLC0415  # whoever has SQLite need not load psycopg

    # A server that vanishes without a word, as with its machine, is given up after the second of these.
    alive = {"keepalives_idle": 3 * BUSY_SECONDS, "keepalives_interval": BUSY_SECONDS, "keepalives_count": 3}
    wanted = {"connect_timeout": BUSY_SECONDS, "tcp_user_timeout": BUSY_SECONDS * 1000, **alive}
    engine = sa.create_engine(
        url,
        connect_args={name: value for name, value in wanted.items() if name not in url.query},
        poolclass=patience.Pool,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
    )
    # Not by the event, which would keep those who listen later from being asked.
    engine.dialect.connect = cast(Any, Hurried.connect)  # type: ignore[method-assign]  # of this engine's own dialect object
    event.listen(engine, "do_connect", patience.hurry)
    return engine


def _tune_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy, not the driver, says when a transaction begins
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "analysis_limit=1000",  # rows of an index that are looked at for its statistics
    ):
        connection.execute(f"PRAGMA {pragma}")


def _keep_statistics(connection: Any, record: ConnectionPoolEntry) -> None:
    # What PostgreSQL does by itself. Knowing nothing, SQLite takes the index of workspaces for the best and reads
    # all rows there are: "who has to be reminded now?" was a look at all work ever begun.
    counted = record.info.setdefault(COUNTED, time.monotonic())
    if connection is None or time.monotonic() - counted < STATISTICS_SECONDS:
        return
    record.info[COUNTED] = time.monotonic()
    with suppress(sqlite3.OperationalError):  # somebody else writes, or the disk is full: another time, then
        connection.execute("PRAGMA optimize")


def _begin_as_writer(connection: sa.Connection) -> None:
    patiently = round(patience.left(), 1)
    if connection.info.get(WAITS, BUSY_SECONDS) != patiently:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patiently * 1000:.0f}")
        connection.info[WAITS] = patiently
    # A transaction that reads first and writes later would fail with SQLITE_BUSY when another wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class Sessions:
    """Opens sessions: a gesture is one transaction, committed at the end of the block, undone on any error.

    `on_commit` is called after a commit that left something owed to Slack: it wakes the sender.
    """

    def __init__(self, engine: sa.Engine, on_commit: Callable[[], None] | None = None) -> None:
        self.engine = engine
        self.on_commit = on_commit
        self._maker = sessionmaker(engine, expire_on_commit=False)
        tenancy.guard(self._maker)
        event.listen(self._maker, "after_commit", self._committed)

    def begin(self, workspace_id: str) -> AbstractContextManager[Session]:
        """A transaction inside one workspace."""
        return self._open(workspace_id)

    def everywhere(self) -> AbstractContextManager[Session]:
        """A transaction across all workspaces, for jobs that ask what is due."""
        return self._open(tenancy.EVERYWHERE)

    @contextmanager
    def _open(self, scope: object) -> Iterator[Session]:
        with patience.working(), self._maker(info={tenancy.KEY: scope}) as session, session.begin():
            with patience.waiting():
                session.connection()
            yield session

    def _committed(self, session: Session) -> None:
        if self.on_commit is not None and session.info.get("owes"):
            self.on_commit()
