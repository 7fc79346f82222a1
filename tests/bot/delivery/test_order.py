"""Threads keep their order, channels their pace."""

from __future__ import annotations

from itertools import pairwise

from tests.bot.delivery.scene import change, notice, other_sender, owe, posted, texts
from tests.world import World


def test_a_thread_keeps_its_order_and_waits_for_its_beginning(world: World) -> None:
    root = owe(world, "root")
    parent = notice(world, root)
    replies = [owe(world, f"reply {n}", after=parent, in_thread=True) for n in range(3)]
    world.slack.faults.server_error("chat.postMessage", times=2)
    world.settle()
    world.advance(seconds=30)
    assert texts(world) == ["root", "reply 0", "reply 1", "reply 2"]
    assert {posted(world, reply).thread_ts for reply in replies} == {posted(world, root).ts}


def test_a_reply_to_a_reply_goes_to_the_thread_of_both(world: World) -> None:
    root = notice(world, owe(world, "root"))
    reply = notice(world, owe(world, "reply", after=root, in_thread=True))
    deep = owe(world, "deep", after=reply, in_thread=True)
    world.settle()
    assert posted(world, deep).thread_ts == posted(world, root.id).ts


def test_a_channel_gets_one_message_a_second_and_delays_no_other(world: World) -> None:
    for n in range(4):
        owe(world, f"busy {n}")
    owe(world, "elsewhere", channel="CIDEAS")
    assert world.bot.sender.drain() == 2
    assert (texts(world), texts(world, "CIDEAS")) == (["busy 0"], ["elsewhere"])
    world.settle()
    assert texts(world) == [f"busy {n}" for n in range(4)]
    stamps = [float(message.ts) for message in world.slack.messages.channel("CRANDOM")]
    assert min(later - earlier for earlier, later in pairwise(stamps)) >= 1


def test_two_replicas_keep_one_channels_pace_together(world: World) -> None:
    for n in range(2):
        owe(world, f"busy {n}")
    assert world.bot.sender.drain() == 1
    assert other_sender(world).drain() == 0


def test_retry_after_is_obeyed_for_the_method_and_only_that(world: World) -> None:
    card = owe(world, "card", card=True)
    world.settle()
    world.slack.faults.rate_limit("chat.postMessage", retry_after=30)
    owe(world, "b", channel="CIDEAS")
    owe(world, "c", channel="CCOMM")
    change(world, card, "changed")
    world.settle()
    assert texts(world) == ["changed"]
    assert len(world.slack.wire.calls("chat.postMessage")) == 2
    world.advance(seconds=20)
    assert len(world.slack.wire.calls("chat.postMessage")) == 2
    world.advance(seconds=11)
    assert (texts(world, "CIDEAS"), texts(world, "CCOMM")) == (["b"], ["c"])
