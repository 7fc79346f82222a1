"""Cards stay and are edited in place."""

from __future__ import annotations

from bot.delivery.claims import LEASE
from db.models import NoticeState
from tests.bot.delivery.scene import SECOND, change, notice, other_sender, owe, posted, texts
from tests.world import TEAM, World


def test_a_card_is_edited_in_place_and_changes_are_told_together(world: World) -> None:
    card = owe(world, "card", card=True)
    world.settle()
    world.clock.advance(SECOND)
    for text in ("one", "two", "three"):
        change(world, card, text)
    world.settle()
    assert texts(world) == ["three"]
    assert len(world.slack.wire.calls("chat.update")) == 1


def test_a_card_is_edited_at_most_once_a_second(world: World) -> None:
    card = owe(world, "card", card=True)
    world.settle()
    world.clock.advance(SECOND)
    change(world, card, "one")
    assert world.bot.sender.drain() == 1
    change(world, card, "two")
    assert world.bot.sender.drain() == 0
    world.clock.advance(SECOND)
    assert world.bot.sender.drain() == 1
    assert texts(world) == ["two"]


def test_a_card_changed_while_it_was_sent_is_edited_afterwards(world: World) -> None:
    owed = owe(world, "card", card=True)
    sender = other_sender(world)
    claim = sender.claim()
    assert claim is not None
    parcel = sender.prepare(claim)
    assert parcel is not None
    where = sender.find_or_send(parcel)
    change(world, owed, "newer")
    sender.mark(parcel, *where)
    world.advance(seconds=LEASE.total_seconds() + 1)
    assert texts(world) == ["newer"]


def test_a_card_deleted_in_slack_is_not_forced_back_but_told_to_admins(world: World) -> None:
    world.bot.house.directory.know(TEAM, ["UADMIN"], world.now)
    card = owe(world, "card", card=True)
    world.settle()
    world.person("Ada").delete(posted(world, card))
    change(world, card, "changed")
    owe(world, "reply", after=notice(world, card), in_thread=True)
    world.settle()
    assert texts(world) == ["reply"]
    assert notice(world, card).state is NoticeState.PARKED
    told = world.dms("Ada")[-1]
    assert "deleted" in told.text
    world.person("Ada").click(told, "Try again")
    world.settle()
    assert sorted(texts(world)) == ["changed", "reply"]


def test_an_answer_to_a_deleted_message_is_said_in_the_channel(world: World) -> None:
    root = owe(world, "root", card=True)
    world.settle()
    world.person("Ada").delete(posted(world, root))
    world.slack.faults.refuse("chat.postMessage", "thread_not_found")
    owe(world, "reply", after=notice(world, root), in_thread=True)
    world.settle()
    world.advance(seconds=3)
    assert "reply" in texts(world)
