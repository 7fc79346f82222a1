"""Setting a committee up, and changing it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.models import Committee, Event, Member, Notice
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import committees
from workflows.charter import PRESETS
from workflows.committees import Place, choices
from workflows.errors import NotAllowed, WorkflowError

LATER = NOW + timedelta(days=3)


def names(session: Any, committee: Committee) -> list[str]:
    return [f"{seat.person.name} {seat.role}" for seat in committees.members(session, committee)]


def test_an_admin_sets_a_committee_up_and_is_welcomed_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        ada = builders.admin(session)
        drawn = builders.blueprint(session, name="  Service  ", chair=ada.slack_id, members=[ada.slack_id])
        made = committees.set_up(session, ada, drawn, now=NOW)
        again = committees.set_up(session, ada, drawn, now=NOW)
        assert made is again
        assert made.name == "Service"
        assert names(session, made) == ["Ada chair"]
        assert committees.of_channel(session, drawn.intake_channel) is made
        assert session.scalars(sa.select(Notice.kind)).all() == ["setup.welcome"]


def test_one_channel_may_serve_all_three_uses(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        here = dict.fromkeys(("intake_channel", "committee_channel", "digest_channel"), "CONE")
        made = builders.committee(session, **here)
        assert [row.slack_id for row in committees.of_committee(session, made)] == ["CONE"]


def test_only_an_admin_founds_and_the_chair_changes_their_own_committee(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session)
        other = builders.committee(session)
        chair = builders.chair(session, made)
        drawn = builders.blueprint(session, name="Renamed", chair=chair.slack_id)
        committees.set_up(session, chair, drawn, now=LATER, committee=made)
        assert made.name == "Renamed"
        for refused in (None, other):
            with pytest.raises(NotAllowed, match="a workspace admin, the chair or the deputy can set up"):
                committees.set_up(session, chair, builders.blueprint(session), now=LATER, committee=refused)
        member = builders.plain_members(session, other)[0]
        with pytest.raises(NotAllowed):
            committees.set_up(session, member, builders.blueprint(session), now=LATER, committee=other)


@pytest.mark.parametrize(
    ("wanted", "field", "sentence"),
    [
        ({"name": "   "}, "name", "Give the committee a name."),
        ({"name": "x" * 61}, "name", "Keep the name to 60 characters; it has 61."),
        ({"intake_channel": ""}, "intake_channel", "Choose a channel."),
        ({"digest_channel": ""}, "digest_channel", "Choose a channel."),
        ({"chair": ""}, "chair", "Choose who chairs"),
        ({"deputy": "CHAIR"}, "deputy", "choose somebody else"),
        ({"tz": "Mars/Olympus"}, "tz", "Mars/Olympus”? is not a time zone"),
        ({"tz": "Europe"}, "tz", "is not a time zone"),
        ({"week_days": ""}, "week_days", "at least one working day"),
        ({"holidays_country": "XX"}, "holidays_country", "are not known"),
        ({"digest_weekday": 8}, "digest_weekday", "Choose a day"),
        ({"digest_hour": 24}, "digest_hour", "Choose an hour"),
        ({"answer_days": 0}, "answer_days", "in 1 to 60 working days"),
        ({"review_days": 61}, "review_days", "1 to 60 working days"),
        ({"review_hour": -1}, "review_hour", "at which votes close"),
        ({"reminder_hour": 23}, "reminder_hour", "an hour of the working day"),
        ({"holidays_country": "DE-TX"}, "holidays_country", "is not a region of DE"),
        ({"preset": "dictatorship"}, "preset", "one of the rules on offer"),
        ({"members": [f"U{n}" for n in range(101)]}, "members", "at most 100"),
    ],
)
def test_what_cannot_be_built_is_refused_at_its_field(
    sessions: Sessions, wanted: dict[str, Any], field: str, sentence: str
) -> None:
    with sessions.begin(WORKSPACE) as session:
        chair = builders.person(session, slack_id="CHAIR")
        drawn = builders.blueprint(session, **{"chair": chair.slack_id, **wanted})
        with pytest.raises(WorkflowError, match=sentence) as refused:
            committees.set_up(session, builders.admin(session), drawn, now=NOW)
        assert refused.value.field == field
        assert session.scalar(sa.select(sa.func.count(Committee.id))) == 0


@pytest.mark.parametrize(
    ("known", "field", "sentence"),
    [
        ({"is_bot": True}, "chair", "Bo is an app"),
        ({"is_bot": True}, "members", "Bo is an app"),
        ({"active": False}, "chair", "Bo is no longer active"),
        ({"active": False}, "deputy", "Bo is no longer active"),
        ({"is_guest": True}, "chair", "a guest cannot be chair"),
        ({"is_guest": True}, "deputy", "a guest cannot be deputy"),
        ({"is_stranger": True}, "members", "another organisation"),
    ],
)
def test_who_cannot_sit_is_refused_at_the_field(
    sessions: Sessions, known: dict[str, bool], field: str, sentence: str
) -> None:
    with sessions.begin(WORKSPACE) as session:
        bo = builders.person(session, "Bo", **known)
        drawn = builders.blueprint(session, **{field: [bo.slack_id] if field == "members" else bo.slack_id})
        with pytest.raises(WorkflowError, match=sentence) as refused:
            committees.set_up(session, builders.admin(session), drawn, now=NOW)
        assert refused.value.field == field


def test_a_guest_may_be_a_plain_member(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        guest = builders.person(session, "Gus", is_guest=True)
        drawn = builders.blueprint(session, members=[guest.slack_id])
        made = committees.set_up(session, builders.admin(session), drawn, now=NOW)
        assert names(session, made) == ["Clara chair", "Gus member"]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({"is_archived": True}, "archived"),
        ({"is_shared": True}, "another organisation"),
        ({"is_private": True, "bot_inside": False}, "/invite @Touchstone"),
    ],
)
def test_a_channel_the_bot_cannot_work_in_is_refused(sessions: Sessions, found: dict[str, bool], sentence: str) -> None:
    with sessions.begin(WORKSPACE) as session:
        places = {"CBAD": Place(slack_id="CBAD", **found)}
        drawn = builders.blueprint(session, committee_channel="CBAD", places=places)
        with pytest.raises(WorkflowError, match=sentence) as refused:
            committees.set_up(session, builders.admin(session), drawn, now=NOW)
        assert refused.value.field == "committee_channel"


def test_a_taken_channel_names_its_committee_only_to_those_who_may_know_it(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        ada = builders.admin(session)
        secret = {"CSECRET": Place(slack_id="CSECRET", is_private=True)}
        builders.committee(session, name="Open", intake_channel="COPEN")
        builders.committee(session, name="Hidden", intake_channel="CSECRET", places=secret)
        for channel, names_it in (("COPEN", True), ("CSECRET", False)):
            with pytest.raises(WorkflowError, match="belongs to one committee") as refused:
                committees.set_up(session, ada, builders.blueprint(session, intake_channel=channel), now=NOW)
            assert refused.value.field == "intake_channel"
            assert ("Open" in refused.value.message) == names_it
            assert "Hidden" not in refused.value.message


def test_two_committees_cannot_share_a_name(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, name="Service")
        with pytest.raises(WorkflowError, match="taken") as refused:
            builders.committee(session, name="service")
        assert refused.value.field == "name"
        chair = builders.chair(session, made)
        kept = builders.blueprint(session, name="SERVICE", chair=chair.slack_id)
        assert committees.set_up(session, chair, kept, now=LATER, committee=made).name == "SERVICE"


def test_a_change_swaps_offices_and_tells_those_who_did_not_make_it_keeps_history_and_frees_channels(
    sessions: Sessions,
) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, members=2, intake_channel="COLD")
        chair, deputy = builders.chair(session, made), builders.deputy(session, made)
        stays, goes = builders.plain_members(session, made)
        drawn = builders.blueprint(
            session, chair=deputy.slack_id, deputy=chair.slack_id, members=[stays.slack_id], intake_channel="CNEW"
        )
        for _ in range(2):
            committees.set_up(session, chair, drawn, now=LATER, committee=made)
        assert names(session, made) == ["Dev chair", "Clara deputy", "Member 1 member"]
        offices = sa.select(Notice).where(Notice.kind == "committee.office").order_by(Notice.id)
        told = [(it.person_id, (it.detail or {})["office"]) for it in session.scalars(offices)]
        assert told == [(chair.id, "chair"), (deputy.id, "deputy"), (deputy.id, "chair")]
        left = session.scalars(sa.select(Member).where(Member.person_id == goes.id)).one()
        assert (left.since, left.until) == (NOW, LATER)
        assert committees.of_channel(session, "COLD") is None
        assert committees.of_channel(session, "CNEW") is made
        changed = session.scalars(sa.select(Event).where(Event.kind == "committee.changed")).one()
        assert changed.detail is not None
        assert "intake_channel" in changed.detail["changed"]


def test_a_refined_charter_survives_a_change_that_keeps_the_preset(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session)
        made.charter = {**made.charter, "objections": 2}
        chair = builders.chair(session, made)
        for preset, objections in (("simple_majority", 2), ("two_thirds", None)):
            drawn = builders.blueprint(session, chair=chair.slack_id, preset=preset)
            committees.set_up(session, chair, drawn, now=LATER, committee=made)
            assert made.charter["objections"] == objections


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "Write your criteria"),
        ("Value", "“Value” has no weight"),
        ("Value: 60%\nCost: 30%", "add up to 90%"),
        ("Value: 1\nvalue: 2", "same name"),
    ],
)
def test_criteria_that_make_no_framework_are_refused(sessions: Sessions, written: str, sentence: str) -> None:
    with sessions.begin(WORKSPACE) as session:
        with pytest.raises(WorkflowError, match=sentence) as refused:
            builders.committee(session, framework="weighted", criteria=written)
        assert refused.value.field == "criteria"


def test_criteria_of_ones_own_come_back_as_they_were_written(sessions: Sessions) -> None:
    written = "Customer value: 50%\nReach in 2026: 25%\nCost: 25% (lower is better)"
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, framework="weighted", criteria=written)
        assert committees.blueprint_of(session, made).criteria == written
        made.framework = {**made.framework, "name": "Our yardstick"}
        drawn = committees.blueprint_of(session, made)
        committees.set_up(session, builders.chair(session, made), drawn, now=LATER, committee=made)
        assert made.framework["name"] == "Our yardstick"


def test_another_workspace_sees_none_of_it(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.committee(session, intake_channel="CIN", name="Service")
    with sessions.begin("T0OTHER") as session:
        assert committees.in_workspace(session) == []
        assert committees.of_channel(session, "CIN") is None
        builders.committee(session, intake_channel="CIN", name="Service")


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_gives_a_committee_with_a_rule_in_words(sessions: Sessions, preset: str) -> None:
    with sessions.begin(WORKSPACE) as session:
        assert committees.rule(builders.committee(session, preset=preset)).startswith("Passes ")


@pytest.mark.parametrize(
    ("query", "first"),
    [("berl", "Europe/Berlin"), ("europe/ber", "Europe/Berlin"), ("new york", "America/New_York"), ("utc", "UTC")],
)
def test_a_time_zone_is_found_by_the_beginning_of_its_words(query: str, first: str) -> None:
    assert choices.zones_like(query)[0] == first


@pytest.mark.parametrize(
    ("query", "first"), [("germ", "DE"), ("de", "DE"), ("united ki", "GB"), ("in", "IN"), ("zzz", None)]
)
def test_a_country_is_found_by_name_or_code(query: str, first: str | None) -> None:
    assert (first in choices.countries_like(query)) if first else not choices.countries_like(query)


def test_a_menu_never_offers_more_than_it_can_hold() -> None:
    assert len(choices.zones_like("")) == len(choices.countries_like("")) == choices.SHOWN
