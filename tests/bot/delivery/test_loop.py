"""The loop: woken by commits, polling for the rest, stopping without loss."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.delivery.loop import Delivery
from bot.outage import Outage
from db.models import Notice
from tests.bot.delivery.scene import owe
from tests.world import World


@pytest.fixture
def running(world: World) -> Iterator[Delivery]:
    delivery = Delivery(world.bot.sender, 3, Outage())
    world.bot.house.sessions.on_commit = delivery.nudge
    delivery.start()
    yield delivery
    delivery.stop()


def wait_for(world: World, count: int, seconds: float) -> float:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if len(world.slack.wire.calls("chat.postMessage")) >= count:
            return time.monotonic() - began
        time.sleep(0.005)
    raise AssertionError(f"not sent within {seconds} s")


def test_a_commit_wakes_the_sender(world: World, running: Delivery) -> None:
    time.sleep(0.3)
    owe(world, "a")
    assert wait_for(world, 1, 2.0) < 1.0


def test_what_another_replica_owes_is_found_by_polling(world: World, running: Delivery) -> None:
    world.bot.house.sessions.on_commit = None
    owe(world, "a")
    assert wait_for(world, 1, 5.0) < 3.0


def test_stopping_lets_what_is_on_its_way_arrive(world: World, running: Delivery) -> None:
    world.slack.faults.time_out("chat.postMessage", seconds=0.3, after_effect=True)
    owe(world, "a")
    wait_for(world, 1, 5.0)
    running.stop()
    with world.session() as session:
        assert session.scalars(sa.select(Notice.leased_by)).all() == [None]
    assert not running.beats
