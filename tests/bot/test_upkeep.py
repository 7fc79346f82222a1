"""Committees kept in step with what happens to channels and user groups in Slack."""

from __future__ import annotations

from typing import Any

from playground.views import View
from tests.bot.test_setup import only, opened, seats
from tests.world import World
from workflows import committees


def test_a_user_group_is_kept_in_step_by_its_event_and_by_the_hour(world: World) -> None:
    group = world.slack.add_group("innovators", ["UMEM1"])
    ada, form = world.person("Ada"), opened(world)
    ada.fill(form, {"usergroup": group})
    ada.submit(form)
    assert set(seats(world)) == {"UADMIN", "UMEM1"}
    world.slack.set_group(group, ["UMEM2", "UMEM3"])
    assert set(seats(world)) == {"UADMIN", "UMEM2", "UMEM3"}
    made = only(world)
    with world.session() as session:
        assert {seat.person.name for seat in committees.members(session, made)} == {"Ada", "Max", "Mona"}
    world.slack.people.groups[group].users[:] = ["UMEM4"]  # an event that never came
    world.advance(hours=1)
    assert set(seats(world)) == {"UADMIN", "UMEM4"}
    ada.submit(_again(world, {"usergroup": "none"}))
    assert set(seats(world)) == {"UADMIN"}


def test_a_group_that_slack_does_not_list_just_now_is_not_lost(world: World) -> None:
    world.committee(usergroup="SQUIET", group=["UMEM4"])
    ada, form = world.person("Ada"), opened(world)
    assert "The user group followed now" in form.words
    ada.submit(form)
    assert ada.view is None
    assert only(world).usergroup_id == "SQUIET"
    assert "UMEM4" in seats(world)


def _again(world: World, filled: dict[str, Any]) -> View:
    form = opened(world)
    world.person("Ada").fill(form, filled)
    return form


def test_a_channel_in_trouble_is_told_to_those_who_can_help_and_clears_by_itself(world: World) -> None:
    world.committee()
    world.settle()
    world.slack.remove_bot("CCOMM")
    world.slack.archive("CDIGEST")
    world.settle()
    for name in ("Ada", "Clara"):
        told = "\n".join(message.text for message in world.dms(name)[-2:])
        assert "I was removed from <#CCOMM>" in told
        assert "<#CDIGEST> is archived" in told
    world.person("Clara").invite("CCOMM", world.slack.bot.user_id)
    with world.session() as session:
        (made,) = committees.in_workspace(session)
        assert [it.slack_id for it in committees.troubled(session, made)] == ["CDIGEST"]
    assert world.problems() == []


def test_a_channel_with_a_new_id_keeps_its_committee(world: World) -> None:
    world.committee()
    changed = {"old_channel_id": "CIDEAS", "new_channel_id": "CIDEAS2"}
    with world.slack.acting():
        world.slack.events.emit("channel_id_changed", changed)
        renamed = {"channel": {"id": "CIDEAS2", "name": "brainwaves", "created": 1}}
        world.slack.events.emit("channel_rename", renamed)
    made = only(world)
    assert made.intake_channel == "CIDEAS2"
    with world.session() as session:
        assert "brainwaves" in {it.name for it in committees.of_committee(session, made)}


def test_a_channel_shared_with_outsiders_is_trouble_until_all_of_them_have_left(world: World) -> None:
    made = world.committee()
    for kind, still, trouble in (
        ("channel_shared", None, "is_ext_shared"),
        ("channel_unshared", True, "is_ext_shared"),
        ("channel_unshared", False, None),
    ):
        with world.slack.acting():
            world.slack.events.emit(kind, {"channel": "CCOMM", **({} if still is None else {"is_ext_shared": still})})
        with world.session() as session:
            troubles = {it.slack_id: it.trouble for it in committees.of_committee(session, made)}
        assert troubles["CCOMM"] == trouble
    world.settle()
    assert world.problems() == []
