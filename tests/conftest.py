"""What every test may ask for: a new, empty, migrated database on each engine.

`database_url` is for tests that start processes, `engine` and `sessions` for all others; a test that asks for any of
them runs on SQLite and on PostgreSQL. `empty_url` is a database without tables. What is tested through Slack
(`tests/bot`) runs on one of the two, half of it on each, by the name of the test: below it lie workflows and tables,
which are tested on both. TOUCHSTONE_NIGHTLY=1 runs all on both.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import shutil
import zlib
from collections.abc import Iterator

import anyio
import pytest
import sqlalchemy as sa
from hypothesis import settings

from db.engine import Sessions
from tests import databases
from tests.nightly import NIGHTLY
from tests.towns import empty_towns, towns  # noqa: F401  # fixtures
from tests.world import World
from tests.worlds import Worlds

anyio.open_file  # noqa: B018  # loads its file module here: pytest rewriting it in a server thread trips CPython 3.11

ENGINES = ("sqlite", "postgresql")
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

settings.load_profile("house")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not NIGHTLY:
        config.hook.pytest_deselected(items=[one for one in items if _is_on_the_other_engine(one)])
        items[:] = [one for one in items if not _is_on_the_other_engine(one)]
    for one in items:
        if story := one.get_closest_marker("after"):  # one worker lives it and tells all tests that come after it
            one.add_marker(pytest.mark.xdist_group(f"{story.args[0].__name__}-{_engine(one)}"))


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # what is loaded by now stays; looking through it again and again took a tenth of the time


def _engine(item: pytest.Item) -> str | None:
    drawn = getattr(item, "callspec", None)
    return drawn.params.get("backend") if drawn else None


def _is_on_the_other_engine(item: pytest.Item) -> bool:
    if not item.nodeid.startswith("tests/bot/"):
        return False
    chosen = ENGINES[zlib.crc32(item.name.partition("[")[0].encode()) % 2]
    return _engine(item) not in {None, chosen}


@pytest.fixture(autouse=True)
def _log_of_its_own() -> Iterator[None]:
    """What a command that a test runs has set up for its log ends with the test, as does the stream it writes to."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    if left := [one for one in root.handlers if type(one) is logging.StreamHandler and one not in before]:
        root.handlers[:] = [one for one in root.handlers if one not in left]
        root.setLevel(level)


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
def backend(request: pytest.FixtureRequest) -> databases.Databases:
    name = "postgres_databases" if request.param == "postgresql" else "sqlite_databases"
    found: databases.Databases = request.getfixturevalue(name)
    return found


@pytest.fixture
def database_url(backend: databases.Databases) -> Iterator[str]:
    """The URL of a new, empty, migrated database."""
    with backend.new() as url:
        yield url


@pytest.fixture
def empty_url(backend: databases.Databases) -> Iterator[str]:
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
def world(
    request: pytest.FixtureRequest, backend: databases.Databases, moving_engines: dict[str, databases.MovingEngine]
) -> Iterator[World]:
    """A world on each database engine; after a story, if the test is marked so."""
    worlds = Worlds(backend, moving_engines)
    marked = request.node.get_closest_marker("after")
    with worlds.after(*marked.args) if marked else worlds.new() as opened:
        yield opened


@pytest.fixture
def sessions(engine: sa.Engine) -> Sessions:
    return Sessions(engine)
