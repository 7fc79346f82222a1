"""Worlds that begin where a story has ended: it is lived once, kept, and every test starts from a copy of its own.

What Slack forgets when a page is loaded anew is not kept: open forms and messages for one person's eyes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa

from playground import snapshot
from tests.databases import Databases, MovingEngine
from tests.world import World, open_world

Story = Callable[[World], Any]


def after(story: Story) -> pytest.MarkDecorator:
    """Marks a test whose `world` begins where the story has ended; what the story gave back is `world.told`."""
    return pytest.mark.after.with_args(story)


@dataclass(frozen=True)
class Kept:
    """How a story left things: the database, Slack, and what the story gave back."""

    database: str
    slack: Path
    told: Any


class Worlds:
    """Worlds on one of the engines."""

    _kept: ClassVar[dict[tuple[Databases, Story], Kept]] = {}

    def __init__(self, backend: Databases, engines: dict[str, MovingEngine]) -> None:
        self._backend = backend
        self._engines = engines

    @contextmanager
    def new(self) -> Iterator[World]:
        """A world where nothing has happened yet."""
        with self._backend.new() as url, self._at(url).at(url) as engine, open_world(engine) as world:
            yield world

    @contextmanager
    def after(self, story: Story) -> Iterator[World]:
        """A world after `story(world)`; what the story gave back is `world.told` (rows read, nothing that moves)."""
        kept = self._kept.get((self._backend, story)) or self._live(story)
        database, slack = self._backend.new(like=kept.database), kept.slack
        with database as url, self._at(url).at(url) as engine, open_world(engine, kept=slack) as world:
            world.told = kept.told
            yield world

    def _live(self, story: Story) -> Kept:
        slack = Path(tempfile.mkstemp(prefix=f"{story.__name__}-", suffix=".json")[1])
        with self._backend.new() as url:
            with self._at(url).at(url) as engine, open_world(engine) as world:
                told = story(world)
                world.settle()
                snapshot.save(world.slack, slack)
            kept = self._kept[self._backend, story] = Kept(self._backend.keep(url), slack, told)
        return kept

    def _at(self, url: str) -> MovingEngine:
        return self._engines[sa.make_url(url).get_backend_name()]
