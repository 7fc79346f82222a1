"""The world of the tests itself: it comes up quickly and its bot answers."""

from __future__ import annotations

from tests.world import World


def test_a_command_is_answered_with_help(world: World) -> None:
    alice = world.person("Alice")
    alice.command("/idea", "help", channel="CIDEAS")
    assert "/idea help" in alice.ephemerals("CIDEAS")[-1].text


def test_owed_notices_reach_slack_by_settling(world: World) -> None:
    committee = world.committee()
    world.idea(committee)
    world.settle()
    assert world.waiting() == []
    assert world.problems() == []
