"""Gestures: one transaction, one actor, one effect for one delivery, and people as Slack knows them today."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.house import AT_HAND, Gesture, Repeated, Request, Unheard
from db.models import Draft, Person, Receipt, Workspace
from tests.bot.wsgi import event, post, signed
from tests.world import TEAM, World
from workflows.errors import NotAllowed, WorkflowError


def action(user: str = "UAGENT", trigger: str = "1.2.3", **more: Any) -> dict[str, Any]:
    """A button pressed in a message."""
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "touchstone"},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": trigger,
        "actions": [{"action_id": "a", "action_ts": "1700000000.000100", "type": "button"}],
        **more,
    }


def note(gesture: Gesture, form: str) -> None:
    """Some effect."""
    row = Draft(person_id=gesture.actor.id, form=form, content={}, saved_at=gesture.now)
    gesture.session.add(row)


def effects(world: World) -> list[str]:
    with world.session() as session:
        return list(session.scalars(sa.select(Draft.form).order_by(Draft.id)))


def test_the_actor_is_known_as_slack_knows_them(world: World) -> None:
    with world.bot.house.gesture(action("UADMIN")) as gesture:
        assert (gesture.actor.name, gesture.actor.tz, gesture.actor.is_admin) == ("Ada", "Europe/Berlin", True)
        assert gesture.actor.locale == "en-GB"
        assert gesture.now == world.now


def test_a_delivery_has_its_effect_once(world: World) -> None:
    with world.bot.house.gesture(action()) as gesture:
        note(gesture, "first")
    with pytest.raises(Repeated), world.bot.house.gesture(action()) as gesture:
        note(gesture, "second")
    assert effects(world) == ["first"]


def test_a_gesture_that_failed_may_be_delivered_again(world: World) -> None:
    def fail() -> None:
        with world.bot.house.gesture(action()) as gesture:
            note(gesture, "lost")
            raise WorkflowError("No.")

    with pytest.raises(WorkflowError):
        fail()
    with world.bot.house.gesture(action()) as gesture:
        note(gesture, "kept")
    assert effects(world) == ["kept"]


def test_one_request_may_open_two_gestures(world: World) -> None:
    body = action()
    AT_HAND.set(Request(body))
    for form in ("one", "two"):
        with world.bot.house.gesture(body) as gesture:
            note(gesture, form)
    assert effects(world) == ["one", "two"]


def test_two_deliveries_at_the_same_moment_have_one_effect(world: World) -> None:
    house, together, repeated = world.bot.house, threading.Barrier(4), []
    house.directory.know(TEAM, ["UAGENT"], world.now)

    def deliver() -> None:
        together.wait()
        try:
            with house.gesture(action()) as gesture:
                note(gesture, "effect")
        except Repeated:
            repeated.append(True)

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert effects(world) == ["effect"]
    assert len(repeated) == 3


def test_a_resubmitted_form_has_the_same_key(world: World) -> None:
    view = {"id": "V1", "callback_id": "idea.form", "type": "modal"}
    keys = []
    for trigger in ("1.1.1", "2.2.2"):
        body = {**action(trigger=trigger), "type": "view_submission", "view": view}
        with world.bot.house.gesture(body) as gesture:
            keys.append(gesture.key)
    assert keys[0] == keys[1]


def test_two_presses_of_one_button_have_two_keys(world: World) -> None:
    keys = []
    for trigger, ts in (("1.1.1", "1.0"), ("2.2.2", "2.0")):
        pressed = [{"action_id": "a", "action_ts": ts, "type": "button"}]
        with world.bot.house.gesture(action(trigger=trigger, actions=pressed)) as gesture:
            keys.append(gesture.key)
    assert keys[0] != keys[1]


@pytest.mark.parametrize(("who", "refusal"), [("UGONE", "deactivated"), ("UOTHER", "this workspace")])
def test_people_who_left_or_belong_elsewhere_are_refused_at_the_door(world: World, who: str, refusal: str) -> None:
    with pytest.raises(NotAllowed, match=refusal), world.bot.house.gesture(action(who)):
        pass


def test_whoever_the_payload_says_is_from_elsewhere_is_refused(world: World) -> None:
    body = action(user="UAGENT")
    body["user"]["team_id"] = "T0OTHER"
    with pytest.raises(NotAllowed), world.bot.house.gesture(body):
        pass


def test_colleagues_from_another_workspace_of_the_organisation_are_not_strangers(world: World) -> None:
    body = action(enterprise={"id": "E1", "name": "Org"})
    body["user"]["team_id"] = "T0SISTER"
    with world.bot.house.gesture(body) as gesture:
        assert not gesture.actor.is_stranger


def test_bots_are_not_heard(world: World) -> None:
    with pytest.raises(Unheard), world.bot.house.gesture(action("UROBOT")):
        pass


def test_guests_come_in_and_are_known_as_guests(world: World) -> None:
    with world.bot.house.gesture(action("UGUEST")) as gesture:
        assert gesture.actor.is_guest


def test_somebody_known_is_not_asked_about_for_a_day(world: World) -> None:
    for trigger in ("1.1.1", "1.1.2"):
        with world.bot.house.gesture(action(trigger=trigger)):
            pass
    assert len(world.slack.wire.calls("users.info")) == 1
    world.clock.advance(timedelta(hours=25))
    with world.bot.house.gesture(action(trigger="1.1.3")):
        pass
    assert len(world.slack.wire.calls("users.info")) == 2


def test_an_admin_slack_cannot_vouch_for_today_is_none(world: World) -> None:
    with world.bot.house.gesture(action("UADMIN", "1.1.1")) as gesture:
        assert gesture.actor.is_admin
    world.clock.advance(timedelta(hours=25))
    world.slack.faults.server_error("users.info")
    with world.bot.house.gesture(action("UADMIN", "1.1.2")) as gesture:
        assert not gesture.actor.is_admin
    with world.bot.house.gesture(action("UADMIN", "1.1.3")) as gesture:
        assert gesture.actor.is_admin


def test_what_slack_tells_of_a_change_is_taken_over_at_once(world: World) -> None:
    with world.bot.house.gesture(action("UAGENT")):
        pass
    world.slack.change_user("UAGENT", tz="Asia/Tokyo")
    world.slack.settle()
    with world.session() as session:
        assert session.scalars(sa.select(Person.tz).where(Person.slack_id == "UAGENT")).one() == "Asia/Tokyo"


def test_people_not_heard_of_are_asked_about_in_the_background(world: World) -> None:
    world.committee()
    world.slack.people.users["UMEM1"].deleted = True
    world.advance(days=7, hours=1)
    with world.session() as session:
        assert not session.scalars(sa.select(Person.active).where(Person.slack_id == "UMEM1")).one()


def test_an_event_is_dealt_with_once_however_often_it_comes(world: World) -> None:
    body = event("tokens_revoked", TEAM, "Ev9", tokens={"bot": ["UBOT"]})
    for _ in range(2):
        headers = signed(world.slack.app.signing_secret, body)
        assert post(world.bot.wsgi(), body, headers).status in (200, 401)
    with world.session() as session:
        workspace = session.get_one(Workspace, TEAM)
        assert workspace.stopped_why == "tokens_revoked"
        keys = session.scalars(sa.select(Receipt.key).where(Receipt.key.like("event:%"))).all()
    assert keys == [f"event:{TEAM}:Ev9"]


def test_receipts_are_kept_for_as_long_as_slack_may_repeat_itself(world: World) -> None:
    with world.bot.house.gesture(action()):
        pass
    world.advance(hours=48)
    with pytest.raises(Repeated), world.bot.house.gesture(action()):
        pass
    world.advance(hours=48)
    with world.session() as session:
        assert session.scalars(sa.select(Receipt.key).where(Receipt.key.like("trigger:%"))).all() == []
