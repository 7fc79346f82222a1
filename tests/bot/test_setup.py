"""Setting a committee up as an admin does it in Slack."""

from __future__ import annotations

from typing import Any

import pytest

from db.models import Committee, Role
from playground.person import Person
from playground.views import View
from tests.world import World
from workflows import committees


def opened(world: World, who: str = "Ada", channel: str | None = "CIDEAS") -> View:
    person = world.person(who)
    person.command("/committee", "setup", channel)
    assert person.view is not None, world.slack.wire.deliveries()[-1].response
    return person.view


def answer(world: World, who: str, text: str, channel: str | None = "CIDEAS") -> str:
    """What the command answers in words."""
    person = world.person(who)
    before = len(person.ephemerals())
    person.command("/committee", text, channel)
    return "\n".join(message.text for message in person.ephemerals()[before:])


def only(world: World) -> Committee:
    with world.session() as session:
        (found,) = committees.in_workspace(session)
        return found


def seats(world: World) -> dict[str, str]:
    with world.session() as session:
        (found,) = committees.in_workspace(session)
        return {str(seat.person.slack_id): seat.role.value for seat in committees.members(session, found)}


def field_errors(person: Person) -> dict[str, str]:
    assert person.view is not None, "the form was closed"
    return person.view.errors


def test_saving_the_form_as_it_is_gives_a_working_committee(world: World) -> None:
    ada = world.person("Ada")
    ada.submit(opened(world))
    assert ada.view is None
    world.settle()
    made = only(world)
    assert made.name == "Innovation committee"
    assert {made.intake_channel, made.committee_channel, made.digest_channel} == {"CIDEAS"}
    assert (made.tz, made.digest_weekday, made.digest_hour, made.answer_days) == ("Europe/Berlin", 5, 15, 10)
    assert seats(world) == {"UADMIN": "chair"}
    welcome = world.dms("Ada")[-1].text
    assert "*Innovation committee* is set up." in welcome
    assert "Fri 20 Nov 2026, 15:00 CET" in welcome
    assert world.problems() == []


def test_everything_on_the_form_is_taken(world: World) -> None:
    group = world.slack.add_group("innovators", ["UMEM2", "UMEM3"], name="Innovators")
    ada, form = world.person("Ada"), opened(world)
    ada.select(form, "preset", "consent")
    ada.select(form, "framework", "weighted")
    ada.fill(
        form,
        {
            "name": "Care & <Repair>",
            "committee_channel": "CCOMM",
            "digest_channel": "CDIGEST",
            "chair": "UCHAIR",
            "deputy": ["UDEP"],
            "members": ["UMEM1", "UCHAIR"],
            "usergroup": group,
            "tz": "Asia/Kolkata",
            "week_days": ["1", "2", "3", "4", "7"],
            "holidays_country": "IN-KA",
            "digest_weekday": "4",
            "digest_hour": "9",
            "secret": ["secret"],
            "answer_days": "5",
            "review_days": "4",
            "review_hour": "12",
            "reminder_hour": "8",
            "criteria": "Customer value: 60%\nCost 40% (lower is better)",
        },
    )
    ada.submit(form)
    world.settle()
    made = only(world)
    assert made.name == "Care & <Repair>"
    assert (made.intake_channel, made.committee_channel, made.digest_channel) == ("CIDEAS", "CCOMM", "CDIGEST")
    assert (made.tz, made.week_days, made.holidays_country) == ("Asia/Kolkata", "12347", "IN-KA")
    assert (made.digest_weekday, made.digest_hour, made.answer_days) == (4, 9, 5)
    assert (made.review_days, made.review_hour, made.reminder_hour) == (4, 12, 8)
    assert (made.charter_preset, made.charter["method"], made.secret) == ("consent", "consent", True)
    assert [it["weight"] for it in made.framework["criteria"]] == ["60%", "40%"]
    expected = dict.fromkeys(("UMEM1", "UMEM2", "UMEM3"), "member")
    assert seats(world) == {"UCHAIR": "chair", "UDEP": "deputy", **expected}
    assert "Care &amp; &lt;Repair&gt;" in world.dms("Ada")[-1].text
    assert world.problems() == []


def test_the_rule_in_words_changes_as_one_chooses_and_nothing_typed_is_lost(world: World) -> None:
    ada, form = world.person("Ada"), opened(world)
    assert "more than half of the votes for or against" in form.words
    ada.fill(form, {"name": "Typed before", "deputy": ["UDEP"], "tz": "America/New_York"})
    ada.select(form, "preset", "unanimous")
    now = ada.view
    assert now is not None
    assert "all of the votes for or against" in now.words
    assert "more than half of the votes for or against" not in now.words
    ada.select(now, "framework", "ice")
    assert "hardly noticed" in now.words
    ada.submit(now)
    made = only(world)
    assert (made.name, made.tz, made.charter_preset) == ("Typed before", "America/New_York", "unanimous")
    assert made.framework == {"key": "ice"}
    assert seats(world)["UDEP"] == "deputy"


@pytest.mark.parametrize(
    ("filled", "field", "sentence"),
    [
        ({"chair": "UROBOT"}, "chair", "Robbie is an app"),
        ({"chair": "UGONE"}, "chair", "Gone is no longer active"),
        ({"chair": "UGUEST"}, "chair", "Gus is a guest"),
        ({"chair": "UOTHER"}, "chair", "another organisation"),
        ({"deputy": ["UADMIN"]}, "deputy", "choose somebody else"),
        ({"members": ["UROBOT"]}, "members", "Robbie is an app"),
        ({"committee_channel": "CSECRET"}, "committee_channel", "/invite @Touchstone"),
        ({"digest_channel": "CARCHIVED"}, "digest_channel", "archived"),
        ({"committee_channel": "CSHARED"}, "committee_channel", "another organisation"),
        ({"name": "   "}, "name", "Give the committee a name"),
    ],
)
def test_problems_stand_at_their_field_and_nothing_typed_is_lost(
    world: World, filled: dict[str, Any], field: str, sentence: str
) -> None:
    world.slack.add_channel("archived", ["UADMIN"], id="CARCHIVED", archived=True)
    world.slack.add_channel("shared", ["UADMIN"], id="CSHARED", shared_with=["T0OTHER"])
    ada, form = world.person("Ada"), opened(world)
    ada.fill(form, {"name": "Kept", **filled})
    ada.submit(form)
    assert list(field_errors(ada)) == [field]
    assert sentence in field_errors(ada)[field]
    good = {"name": "Kept", "chair": "UADMIN", "deputy": [], "members": ["UMEM1"], **dict.fromkeys(CHANNELS, "CIDEAS")}
    ada.fill(form, {name: good[name] for name in filled})
    ada.submit(form)
    assert only(world).name == "Kept"


CHANNELS = ("intake_channel", "committee_channel", "digest_channel")


def test_the_bot_joins_public_channels_by_itself(world: World) -> None:
    outside = world.slack.add_channel("outside", ["UADMIN"], id="COUTSIDE", bot=False)
    ada, form = world.person("Ada"), opened(world, channel="COUTSIDE")
    ada.submit(form)
    assert world.slack.bot.user_id in outside.members
    assert only(world).intake_channel == "COUTSIDE"


def test_saving_twice_makes_one_committee(world: World) -> None:
    ada, form = world.person("Ada"), opened(world)
    world.slack.interactions.submit(ada.user, form)
    ada.submit(form)
    assert only(world).name == "Innovation committee"


def test_a_chair_who_is_no_admin_changes_their_own_committee(world: World) -> None:
    world.committee()
    clara = world.person("Clara")
    form = opened(world, "Clara", "CRANDOM")
    assert form.title == "Change the committee"
    clara.fill(form, {"name": "Renamed", "chair": "UMEM1", "members": ["UCHAIR", "UMEM1"]})
    clara.submit(form)
    assert clara.view is None
    assert only(world).name == "Renamed"
    assert seats(world) == {"UMEM1": "chair", "UDEP": "deputy", "UCHAIR": "member"}


def test_the_form_of_a_committee_shows_it_as_it_is(world: World) -> None:
    world.committee(preset="two_thirds", holidays_country="DE", secret=True, week_days="1234")
    ada, form = world.person("Ada"), opened(world, channel="CCOMM")
    before = only(world)
    ada.submit(form)
    after = only(world)
    assert ada.view is None
    for column in Committee.__table__.columns:
        assert getattr(after, column.name) == getattr(before, column.name), column.name
    assert seats(world)["UDEP"] == Role.DEPUTY


@pytest.mark.parametrize("who", ["Alice", "Mia", "Gus"])
def test_who_may_not_set_up_hears_who_may(world: World, who: str) -> None:
    assert "Only a workspace admin can set up a committee" in answer(world, who, "setup", "CRANDOM")
    world.committee()
    assert "Only a workspace admin, the chair or the deputy can set up" in answer(world, who, "setup", "CIDEAS")
    assert world.person(who).view is None


def test_a_chair_of_several_is_asked_which(world: World) -> None:
    world.committee()
    world.slack.add_channel("more", ["UCHAIR"], id="CMORE")
    world.committee(name="Second", **dict.fromkeys(CHANNELS, "CMORE"))
    clara = world.person("Clara")
    assert "Which committee" in answer(world, "Clara", "setup", "CRANDOM")
    clara.click(clara.ephemerals()[-1], "Second")
    assert clara.view is not None
    assert clara.view.values["name"]["name"]["value"] == "Second"


def test_a_channel_of_another_committee_is_refused_at_its_field(world: World) -> None:
    world.committee(name="\u2067Innovation\u2069")
    ada, form = world.person("Ada"), opened(world, channel="CRANDOM")
    ada.fill(form, {"name": "Second", "digest_channel": "CDIGEST"})
    ada.submit(form)
    assert "The committee “Innovation” uses that channel already" in field_errors(ada)["digest_channel"]


def test_a_form_forged_by_somebody_else_has_no_effect(world: World) -> None:
    outside = world.slack.add_channel("outside", ["UADMIN"], id="COUTSIDE", bot=False)
    ada, form = world.person("Ada"), opened(world, channel="COUTSIDE")
    world.slack.interactions.submit(world.person("Alice").user, form)
    assert world.slack.bot.user_id not in outside.members
    with world.session() as session:
        assert committees.in_workspace(session) == []
    ada.submit(form)
    assert only(world).created_by_id is not None


def test_time_zones_and_countries_are_searched(world: World) -> None:
    ada, form = world.person("Ada"), opened(world)
    assert [it["value"] for it in ada.search(form, "tz", "new york")] == ["America/New_York"]
    assert [it["text"]["text"] for it in ada.search(form, "holidays_country", "germ")][:3] == [
        "No public holidays",
        "Germany",
        "Germany, Augsburg",
    ]
    assert [it["value"] for it in ada.search(form, "holidays_country", "germany be")] == ["none", "DE-BE"]
