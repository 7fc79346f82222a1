"""Delivery: what is owed arrives once, in order, at Slack's pace, whatever Slack does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.delivery.claims import LEASE
from bot.delivery.loop import Delivery
from bot.delivery.sender import Sender
from bot.rendering import RENDERINGS, Rendering
from bot.views.blocks import section
from bot.views.message import Message
from db.models import Notice, NoticeState, Person, Workspace
from playground.messages import Message as Posted
from tests.world import TEAM, World
from workflows import notices, people

SECOND = timedelta(seconds=1)


@contextmanager
def rendering(kind: str, function: Rendering) -> Iterator[None]:
    RENDERINGS[kind] = function
    try:
        yield
    finally:
        del RENDERINGS[kind]


def say(session: Session, notice: Notice, now: datetime) -> Message | None:
    """What the tests' notices say: their text, or nothing once it is withdrawn."""
    text = (notice.detail or {}).get("text", notice.key)
    return Message(text, [section(text)]) if text else None


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    with rendering("test.note", say):
        yield


def owe(world: World, key: str, **more: Any) -> int:
    """Owe a note; in #random unless said otherwise."""
    wanted = {"channel": "CRANDOM"} if not {"person", "channel"} & set(more) else {}
    with world.session() as session:
        people.workspace(session, TEAM, now=world.now)
        notice = notices.owe(session, "test.note", key, now=world.now, **wanted, **more)
        assert notice is not None
        return notice.id


def notice(world: World, notice_id: int) -> Notice:
    with world.session() as session:
        return session.get_one(Notice, notice_id)


def change(world: World, notice_id: int, text: str | None) -> None:
    with world.session() as session:
        row = session.get_one(Notice, notice_id)
        row.detail, row.wanted = {"text": text}, row.wanted + 1


def texts(world: World, channel: str = "CRANDOM") -> list[str]:
    return [message.text for message in world.slack.messages.channel(channel)]


def posted(world: World, notice_id: int) -> Posted:
    row = notice(world, notice_id)
    return world.slack.messages.get(row.posted_channel or "", row.posted_ts or "")


def other_sender(world: World) -> Sender:
    """The sender of another replica."""
    return Sender(world.bot.house.sessions, world.bot.installations.client, world.clock.now)


# Once


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


# Order and pace


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


# Cards


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


# Troubles


@pytest.mark.parametrize(
    ("error", "remedy"),
    [("is_archived", "nother"), ("not_in_channel", "/invite"), ("channel_not_found", "/invite"), ("no_text", "report")],
)
def test_what_slack_refuses_for_good_is_parked_and_told_to_admins_once(world: World, error: str, remedy: str) -> None:
    world.bot.house.directory.know(TEAM, ["UADMIN", "UAGENT"], world.now)
    world.slack.faults.refuse("chat.postMessage", error, times=2, channel="CRANDOM")
    owed = [owe(world, key) for key in "ab"]
    world.settle()
    assert {notice(world, one).state for one in owed} == {NoticeState.PARKED}
    assert len(world.dms("Ada")) == 1
    assert remedy in world.dms("Ada")[0].text
    assert world.dms("Alice") == []


def test_an_admin_has_it_tried_again(world: World) -> None:
    world.bot.house.directory.know(TEAM, ["UADMIN"], world.now)
    world.slack.remove_bot("CRANDOM")
    owe(world, "a")
    world.settle()
    told = world.dms("Ada")[-1]
    world.person("Ada").invite("CRANDOM", world.slack.bot.user_id)
    world.person("Ada").click(told, "Try again")
    world.settle()
    assert "a" in texts(world)


def test_transient_trouble_passes_by_itself(world: World) -> None:
    world.slack.faults.refuse("chat.postMessage", "internal_error", times=3)
    owe(world, "a")
    for _ in range(6):
        world.advance(seconds=10)
    assert texts(world) == ["a"]


def test_an_unknown_error_is_tried_a_while_and_then_parked(world: World) -> None:
    world.slack.faults.refuse("chat.postMessage", "wonderful_new_error", times=99)
    owed = owe(world, "a")
    for _ in range(8):
        world.advance(minutes=6)
    assert notice(world, owed).state is NoticeState.PARKED
    assert len(world.slack.wire.calls("chat.postMessage")) == 8


def test_a_revoked_token_stops_the_workspace_and_loses_nothing(world: World) -> None:
    world.slack.faults.refuse("chat.postMessage", "token_revoked")
    owed = owe(world, "a")
    world.settle()
    world.advance(minutes=10)
    assert len(world.slack.wire.calls("chat.postMessage")) == 1
    with world.session() as session:
        workspace = session.get_one(Workspace, TEAM)
        assert workspace.stopped_why == "token_revoked"
        workspace.stopped_at = workspace.stopped_why = None
    world.settle()
    assert notice(world, owed).state is NoticeState.SENT


def test_one_bad_notice_does_not_hold_up_the_others(world: World) -> None:
    def burst(session: Session, notice: Notice, now: datetime) -> Message | None:
        raise ZeroDivisionError

    with rendering("test.bad", burst):
        with world.session() as session:
            people.workspace(session, TEAM, now=world.now)
            bad = notices.owe(session, "test.bad", "bad", channel="CRANDOM", now=world.now)
        owe(world, "good")
        world.settle()
        assert texts(world) == ["good"]
        for _ in range(8):
            world.advance(minutes=6)
        assert bad is not None
        assert (notice(world, bad.id).state, notice(world, bad.id).error) == (NoticeState.PARKED, "not_rendered")


def test_somebody_who_left_is_not_written_to(world: World) -> None:
    world.bot.house.directory.know(TEAM, ["UGONE"], world.now)
    with world.session() as session:
        gone = session.scalars(sa.select(Person).where(Person.slack_id == "UGONE")).one()
    owed = owe(world, "a", person=gone)
    world.settle()
    assert notice(world, owed).state is NoticeState.DROPPED
    assert world.slack.wire.calls("chat.postMessage") == []


# The loop


@pytest.fixture
def running(world: World) -> Iterator[Delivery]:
    delivery = Delivery(world.bot.sender, 3)
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
