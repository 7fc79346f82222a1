"""What is owed arrives once, whatever happens between sending and marking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery.claims import LEASE
from db.models import NoticeState, Person
from tests.bot.delivery.scene import SECOND, notice, other_sender, owe, posted, texts
from tests.world import TEAM, World


def test_what_is_owed_is_sent_once_with_its_id_in_the_metadata(world: World) -> None:
    owed = owe(world, "a")
    world.settle()
    world.settle()
    assert texts(world) == ["a"]
    assert posted(world, owed).metadata == {"event_type": "touchstone_notice", "event_payload": {"notice": owed}}
    assert notice(world, owed).state is NoticeState.SENT
    sent = world.slack.wire.calls("chat.postMessage")[0].request
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)


def test_nothing_is_sent_before_it_is_due(world: World) -> None:
    owe(world, "a", due_at=world.now + timedelta(hours=1))
    world.settle()
    assert texts(world) == []
    world.advance(hours=1)
    assert texts(world) == ["a"]


def test_what_has_lost_its_reason_is_dropped(world: World) -> None:
    owed = owe(world, "a", detail={"text": ""})
    world.settle()
    assert texts(world) == []
    assert notice(world, owed).state is NoticeState.DROPPED


def test_two_replicas_do_not_send_the_same(world: World) -> None:
    owe(world, "a")
    first, second = world.bot.sender.claim(), other_sender(world).claim()
    assert first is not None
    assert second is None


def test_a_claim_whose_sender_died_is_taken_over_when_its_lease_ends(world: World) -> None:
    owe(world, "a")
    assert other_sender(world).claim() is not None
    world.settle()
    assert texts(world) == []
    world.advance(LEASE + SECOND)
    assert texts(world) == ["a"]


@pytest.mark.parametrize("where", [{"channel": "CRANDOM"}, {"person": "UAGENT"}, {"thread": True}], ids=str)
def test_a_crash_between_sending_and_marking_is_repaired_without_sending_twice(
    world: World, where: dict[str, Any]
) -> None:
    if where.pop("thread", False):
        root = owe(world, "root")
        world.settle()
        where = {"after": notice(world, root), "in_thread": True}
    if "person" in where:
        world.bot.house.directory.know(TEAM, ["UAGENT"], world.now)
        with world.session() as session:
            where = {"person": session.scalars(sa.select(Person).where(Person.slack_id == "UAGENT")).one()}
    world.clock.advance(SECOND)
    owed = owe(world, "a", **where)
    dying = other_sender(world)
    claim = dying.claim()
    assert claim is not None
    parcel = dying.prepare(claim)
    assert parcel is not None
    dying.find_or_send(parcel)  # and here the process is killed
    world.advance(LEASE + SECOND)
    row = notice(world, owed)
    assert row.state is NoticeState.SENT
    assert [message.text for message in world.slack.messages.channel(row.posted_channel or "")].count("a") == 1


@pytest.mark.parametrize("after_effect", [True, False], ids=["arrived", "lost"])
@pytest.mark.parametrize("fault", ["time_out", "server_error"])
def test_an_unanswered_send_arrives_once(world: World, fault: str, after_effect: bool) -> None:
    owe(world, "a")
    getattr(world.slack.faults, fault)("chat.postMessage", after_effect=after_effect)
    world.settle()
    world.advance(seconds=5)
    assert texts(world) == ["a"]


def test_while_nobody_can_tell_whether_it_arrived_it_is_not_sent_again(world: World) -> None:
    owe(world, "a")
    world.slack.faults.time_out("chat.postMessage", after_effect=True)
    world.slack.faults.server_error("conversations.history", times=3)
    world.settle()
    for _ in range(6):
        world.advance(seconds=20)
    assert texts(world) == ["a"]
    assert len(world.slack.wire.calls("chat.postMessage")) == 1
