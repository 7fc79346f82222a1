"""One laboratory for all tests here that only look: each puts the database back as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from playground.delivery import Request
from tests import databases
from tests.security.crew import PRIVATE, PUBLIC, Crew, Things, fill, open_committee, quiet_committee
from tests.security.laboratory import Laboratory
from tests.world import open_world


@dataclass(frozen=True)
class Scene:
    """Two committees with something in every state, and one real press of a button to forge others from."""

    lab: Laboratory
    open_one: Things
    quiet: Things
    base: Request

    def things(self, crew: Crew) -> Things:
        """The things of this crew's committee."""
        return self.open_one if crew is PUBLIC else self.quiet


@pytest.fixture(scope="session")
def prepared(sqlite_databases: databases.SqliteDatabases) -> Iterator[Scene]:
    with sqlite_databases.new() as url, databases.open_engine(url) as engine, open_world(engine) as world:
        lab = Laboratory(world)
        open_one = open_committee(world)
        world.idea(open_one)
        world.settle()
        base = lab.catch(lambda: world.person("Clara").click(world.message_of("idea.card:1"), "More"))
        quiet = quiet_committee(world)
        yield Scene(lab, fill(world, open_one, PUBLIC), fill(world, quiet, PRIVATE), base)


@pytest.fixture
def scene(prepared: Scene) -> Iterator[Scene]:
    """The scene, put back afterwards."""
    before = prepared.lab.snapshot()
    yield prepared
    prepared.lab.restore(before)
    before.close()


@pytest.fixture(autouse=True)
def carried() -> Iterator[None]:
    """Bolt's own lines name ids as they came; pytest keeps them, and cannot hand on half a surrogate pair."""
    handlers = list(logging.getLogger().handlers)
    for handler in handlers:
        handler.addFilter(_writable)
    yield
    for handler in handlers:
        handler.removeFilter(_writable)


def _writable(record: logging.LogRecord) -> bool:
    record.msg, record.args = record.getMessage().encode("utf-8", errors="backslashreplace").decode(), ()
    return True
