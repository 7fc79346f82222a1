"""What the tests of survival share: databases of one engine only, and how long a profile is to run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot import main, manifest
from db.engine import Sessions
from playground.testing import slack_workspace
from playground.workspace import Workspace
from tests import databases
from tests.world import TEAM, World, open_world, populate


@contextmanager
def production_world(of: databases.Databases) -> Iterator[World]:
    """A world on an engine as in production, which waits as long as it does there."""
    with of.new() as url:
        engine = main.make_engine(url)
        with open_world(engine) as opened:
            yield opened
        engine.dispose()


@pytest.fixture
def postgresql_url(postgres_databases: databases.PostgresDatabases) -> Iterator[str]:
    """A new database where only PostgreSQL will do: many writers at once, many processes."""
    with postgres_databases.new() as url:
        yield url


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Sessions]:
    with databases.open_engine(postgresql_url) as engine:
        yield Sessions(engine)


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with slack_workspace(manifest.build(), start=None, team_id=TEAM, patience=15) as workspace:
        populate(workspace)
        yield workspace
