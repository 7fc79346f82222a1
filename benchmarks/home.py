"""Home: from opening it to its being published, for a chair with 10,000 ideas of her own that she has not scored."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import sqlalchemy as sa

from benchmarks.digest import IDEAS, SERIES
from benchmarks.ground import SAY, database
from benchmarks.report import table
from db.engine import make_engine
from db.models import Committee, Person
from tests.world import World, open_world
from workflows import ranking

COUNT, QUICK_COUNT = 10_000, 500
ROUNDS = 5


def run(*, quick: bool) -> None:
    """Both databases."""
    count = QUICK_COUNT if quick else COUNT
    rows = [[kind, *_published(kind, count)] for kind in ("sqlite", "postgresql")]
    table(f"Home with {count:,} ideas, median", ["", "published after (target: 1 s)", "blocks (target: 100)"], rows)


def _published(kind: str, count: int) -> tuple[str, str]:
    SAY.print(f"[dim]{kind}: {count:,} ideas …")
    with database(kind) as url:
        engine = make_engine(url)
        with open_world(engine) as world:
            _fill(world, kind, world.committee(), count)
            found = [_once(world) for _ in range(ROUNDS)]
            home = world.person("Clara").home
            if home is None or f"Your ideas ({count})" not in home.words:
                raise AssertionError("Home does not show the ideas")
        engine.dispose()
    return f"{statistics.median(found) * 1000:.0f} ms", str(len(home.blocks))


def _once(world: World) -> float:
    began = time.perf_counter()
    world.person("Clara").open_home()
    world.settle()
    return time.perf_counter() - began


def _fill(world: World, kind: str, committee: Committee, count: int) -> None:
    then = world.now - timedelta(days=2)
    with world.session() as session:
        chair = session.scalars(sa.select(Person).where(Person.slack_id == world.person("Clara").id)).one()
        values = {
            "team": committee.workspace_id, "committee": committee.id, "author": chair.id, "no": False, "count": count,
            "old": then.replace(tzinfo=None) if kind == "sqlite" else then, "mark": ranking.mark_of(committee),
        }  # fmt: skip
        text = IDEAS.replace("CASE n % 4 WHEN 0 THEN 'withdrawn' ELSE\n  'submitted' END", "'submitted'")
        session.connection().execute(sa.text(text.replace("INSERT INTO", f"{SERIES[kind]} INSERT INTO", 1)), values)
