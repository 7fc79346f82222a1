"""Calls to Slack over the whole life of one idea with 12 supporters, 7 voters and work with three milestones."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.ground import database
from benchmarks.report import table
from db.engine import make_engine
from playground.person import Person
from tests.world import World, open_world

BERLIN = ZoneInfo("Europe/Berlin")
SUPPORTERS = 12
MEMBERS = ["UMEM1", "UMEM2", "UMEM3", "UMEM4", "UMEM5"]
STEPS = "2026-12-01 Text agreed\n2026-12-03 Printed\n2026-12-08 Put up"


def run(*, quick: bool) -> None:  # it is as quick as it can be
    """Live through it once, and count."""
    with database("sqlite") as url:
        engine = make_engine(url)
        with open_world(engine) as world:
            _live(world)
            counts = Counter(record.name for record in world.slack.wire.calls())
        engine.dispose()
    rows = [[name, str(count)] for name, count in counts.most_common()]
    table("Calls to Slack in the life of one idea", ["method", "calls"], [*rows, ["all", str(counts.total())]])


def _live(world: World) -> None:
    world.committee(members=MEMBERS)
    alice, clara, olga = (world.person(name) for name in ("Alice", "Clara", "Olga"))
    alice.command("/idea", "Shorter queues", channel="CIDEAS")
    _hand_in(alice, {"problem": "People wait"})
    world.settle()
    _support(world)
    clara.click(world.message_of("idea.committee_card:1:CCOMM"), "Open a vote")
    clara.submit()
    world.settle()
    for voter in ("UCHAIR", "UDEP", *MEMBERS):
        world.person(voter).click(world.message_of("ballot.card:1"), "Approve")
        world.advance(seconds=40)
    world.at(datetime(2026, 11, 23, 17, 1, tzinfo=BERLIN))
    clara.click(world.dms("Clara")[-1], "Choose an owner")
    _hand_in(clara, {"owner": "UOWNER", "due_on": "2026-12-09", "milestones": STEPS})
    world.settle()
    olga.click(world.dms("Olga")[-1], "Accept")
    for day in range(24, 31):
        world.at(datetime(2026, 11, day, 9, 5, tzinfo=BERLIN))
    for day in range(1, 10):
        world.at(datetime(2026, 12, day, 9, 5, tzinfo=BERLIN))
    olga.click(world.dms("Olga")[0], "Done")
    olga.submit()
    world.settle()
    clara.click(world.dms("Clara")[-1], "Confirm it is done")
    world.at(datetime(2026, 12, 11, 15, 5, tzinfo=BERLIN))


def _hand_in(person: Person, values: dict[str, Any]) -> None:
    form = person.view
    if form is None:
        raise AssertionError(f"{person.id} has no form open")
    person.fill(form, values)
    person.submit()


def _support(world: World) -> None:
    for number in range(SUPPORTERS):
        fan = world.slack.add_user(f"fan{number}", id=f"UFAN{number:02}")
        fan.join("CIDEAS")
        fan.click(world.message_of("idea.card:1"), "Support")
        world.advance(minutes=10)
