"""What Slack refuses: tried again, parked, told to admins."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.views.message import Message
from db.models import Notice, NoticeState, Person, Workspace
from tests.bot.delivery.scene import notice, owe, rendering, texts
from tests.world import TEAM, World
from workflows import notices, people


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
