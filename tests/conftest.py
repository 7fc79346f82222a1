"""What every test may ask for: a new, empty, migrated database on each engine.

`database_url` is for tests that start processes, `engine` and `sessions` for all others; a test that asks for any of
them runs on SQLite and on PostgreSQL. `empty_url` is a database without tables.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator

import anyio
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from db.engine import Sessions
from tests import databases
from tests.towns import empty_towns, towns  # noqa: F401  # fixtures
from tests.world import world  # noqa: F401  # a fixture

anyio.open_file  # noqa: B018  # loads its file module here: pytest rewriting it in a server thread trips CPython 3.11

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
Databases = databases.PostgresDatabases | databases.SqliteDatabases

# A busy machine is slow without being wrong, so no example has a deadline.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[databases.SqliteDatabases]:
    made = databases.SqliteDatabases(databases.scratch())
    yield made
    shutil.rmtree(made.folder)
    with contextlib.suppress(OSError):  # another worker still has files there
        databases.scratch().rmdir()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[databases.PostgresDatabases]:
    with databases.postgres() as made:
        yield made
    with contextlib.suppress(OSError):
        databases.scratch().rmdir()


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> Databases:
    name = "postgres_databases" if request.param == "postgresql" else "sqlite_databases"
    found: Databases = request.getfixturevalue(name)
    return found


@pytest.fixture
def database_url(backend: Databases) -> Iterator[str]:
    """The URL of a new, empty, migrated database."""
    with backend.new() as url:
        yield url


@pytest.fixture
def empty_url(backend: Databases) -> Iterator[str]:
    """The URL of a new database without any table."""
    with backend.new(empty=True) as url:
        yield url


@pytest.fixture(scope="session")
def moving_engines() -> dict[str, databases.MovingEngine]:
    return {"sqlite": databases.MovingEngine(), "postgresql": databases.MovingEngine()}


@pytest.fixture
def engine(database_url: str, moving_engines: dict[str, databases.MovingEngine]) -> Iterator[sa.Engine]:
    """An engine on that database, as `db.engine` makes it."""
    with moving_engines[sa.make_url(database_url).get_backend_name()].at(database_url) as opened:
        yield opened


@pytest.fixture
def sessions(engine: sa.Engine) -> Sessions:
    return Sessions(engine)
