"""`kill -9` at every step of a delivery: each message is seen once, each edit ends at the latest state. And at the
commit of a gesture, which has its effect once.

The bot uploads no files, so there are four ways out: posts (in a channel, in a thread), direct messages, edits, Homes.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from bot.delivery.claims import LEASE
from bot.rendering import RENDERINGS
from db.models import Idea, Notice, NoticeState, Person, VoteRecord
from playground.errors import NoAnswer
from tests.bot.ballot_world import idea_at
from tests.bot.delivery.scene import SECOND, change, notice, owe, posted, say
from tests.survival import doomed
from tests.world import TEAM, World, settings_for

STEPS = ("claiming", "claimed", "preparing", "prepared", "sent", "marking", "marked")
WAITING = "waiting for Slack's answer"
KILLED = -signal.SIGKILL


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    RENDERINGS["test.note"] = say
    yield
    del RENDERINGS["test.note"]


def person(world: World, slack_id: str) -> Person:
    world.bot.house.directory.know(TEAM, [slack_id], world.now)
    with world.session() as session:
        return session.scalars(sa.select(Person).where(Person.slack_id == slack_id)).one()


def kill_at(world: World, step: str, method: str) -> None:
    """A replica begins to deliver and is killed at this step; the others go on when its lease has ended."""
    world.clock.advance(SECOND)
    if step == WAITING:
        world.slack.faults.time_out(method, seconds=1.0, after_effect=True)
    before = len(world.slack.wire.calls(method))
    url = world.bot.engine.url.render_as_string(hide_password=False)
    process = doomed.sender(settings_for(world.slack), url, world.now, step)
    if step == WAITING:
        world.slack.wait_for(lambda: len(world.slack.wire.calls(method)) > before, doomed.PATIENCE_S)
        os.kill(process.pid or 0, signal.SIGKILL)
    assert doomed.ended(process) == KILLED, step
    recover(world)


def recover(world: World) -> None:
    """The lease of the dead ends, and another replica delivers."""
    world.clock.advance(LEASE + SECOND)
    world.bot.sender.drain()


def in_a_channel(world: World, key: str) -> int:
    return owe(world, key)


def in_a_thread(world: World, key: str) -> int:
    with world.session() as session:
        root = session.scalar(sa.select(Notice.id).where(Notice.key == "root"))
    if root is None:
        root = owe(world, "root")
        world.settle()
    return owe(world, key, after=notice(world, root), in_thread=True)


def in_a_direct_message(world: World, key: str) -> int:
    return owe(world, key, person=person(world, "UAGENT"))


@pytest.mark.parametrize("say_it", [in_a_channel, in_a_thread, in_a_direct_message])
def test_a_message_is_seen_once_wherever_its_sender_is_killed(
    world: World, say_it: Callable[[World, str], int]
) -> None:
    for step in (*STEPS, WAITING):
        owed = say_it(world, f"killed at {step}")
        kill_at(world, step, "chat.postMessage")
        row = notice(world, owed)
        assert row.state is NoticeState.SENT, step
        there = world.slack.messages.channel(row.posted_channel or "")
        assert [message.text for message in there].count(f"killed at {step}") == 1, step


def test_an_edit_ends_at_the_latest_state_wherever_its_sender_is_killed(world: World) -> None:
    card = owe(world, "card", card=True)
    world.settle()
    for step in (*STEPS, WAITING):
        change(world, card, f"killed at {step}")
        kill_at(world, step, "chat.update")
        assert posted(world, card).text == f"killed at {step}"
        row = notice(world, card)
        assert (row.shown, row.lease_until) == (row.wanted, None)
    assert len(world.slack.messages.channel("CRANDOM")) == 1


def test_a_change_made_while_an_edit_was_killed_is_shown(world: World) -> None:
    card = owe(world, "card", card=True)
    world.settle()
    for step in ("prepared", "sent", "marking"):
        change(world, card, "older")
        world.clock.advance(SECOND)
        url = world.bot.engine.url.render_as_string(hide_password=False)
        assert doomed.ended(doomed.sender(settings_for(world.slack), url, world.now, step)) == KILLED
        change(world, card, f"newer than {step}")
        recover(world)
        assert posted(world, card).text == f"newer than {step}"


def test_a_home_ends_at_the_latest_state_wherever_its_sender_is_killed(world: World) -> None:
    alice = world.person("Alice")
    alice.open_home()
    world.settle()
    for step in (*STEPS, WAITING):
        world.clock.advance(SECOND)
        alice.open_home()
        kill_at(world, step, "views.publish")
        with world.session() as session:
            home = session.scalars(sa.select(Notice).where(Notice.kind == "home")).one()
            assert (home.state, home.shown, home.lease_until) == (NoticeState.SENT, home.wanted, None), step


@pytest.mark.parametrize("moment", ["before_commit", "after_commit"])
def test_a_gesture_whose_replica_is_killed_at_its_commit_has_its_effect_once_when_repeated(
    world: World, moment: str
) -> None:
    vote = idea_at(world).open()
    url = world.bot.engine.url.render_as_string(hide_password=False)
    app = world.slack.app
    assert app.transport is not None
    app.transport = replicas = doomed.Doomed(settings_for(world.slack), url, lambda: world.now, app.transport)
    alice, mia, max_ = (world.person(name) for name in ("Alice", "Mia", "Max"))

    alice.command("/idea", "Shorter queues", channel="CIDEAS")
    alice.fill(alice.view, {"problem": "People wait"})
    replicas.condemn(moment)
    with pytest.raises(NoAnswer):
        alice.submit()
    alice.submit()  # Slack shows the form and an error, so she presses again

    replicas.condemn(moment)
    with pytest.raises(NoAnswer):
        mia.click(vote.card, "Approve")
    mia.click(vote.card, "Approve")

    replicas.condemn(moment)
    max_.say("CCOMM", f"<@{world.slack.bot.user_id}> approve", vote.card.thread_ts)
    time.sleep(1.01)  # so that Slack's next try has another signature
    world.slack.advance(minutes=2)
    world.settle()

    assert vote.standing() == {"Mia": ("approve", None), "Max": ("approve", None)}
    with world.session() as session:
        assert session.scalar(sa.select(sa.func.count(VoteRecord.id))) == 2
        put_in = session.scalars(sa.select(Idea.id).where(Idea.title == "Shorter queues")).one()
    assert world.message_of(f"idea.card:{put_in}")
    assert "2 for" in vote.card.text
    assert world.waiting() == []
