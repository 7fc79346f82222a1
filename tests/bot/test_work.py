"""Work as people meet it in Slack: the offer, the thread's card, another date, updates, and `/cx`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from db.models import Committee, Decision, DecisionOutcome, Health, IdeaState, Intervention, Progress
from playground.errors import Impossible
from playground.messages import Message
from playground.person import Person
from tests.world import World
from workflows import ideas, interventions, notices, people

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def committee(world: World) -> Committee:
    return world.committee()


def approve(world: World, committee: Committee) -> None:
    """Idea 1, approved by the chair, who is asked for an owner."""
    made = world.idea(committee)
    with world.session() as session:
        idea = ideas.get(session, made.id, lock=True)
        chair = people.of(session, "UCHAIR")
        assert chair is not None
        decision = Decision(
            idea_id=idea.id, committee_id=committee.id, outcome=DecisionOutcome.APPROVED, reason="Yes.",
            decided_by_id=chair.id, decided_at=world.now, conditions=["Only at <!channel> gate 7"],
        )  # fmt: skip
        session.add(decision)
        session.flush()
        idea.state, idea.decision_id, idea.answered_at = IdeaState.APPROVED, decision.id, world.now
        notices.owe(session, "work.assign_prompt", "prompt", about_id=idea.id, person=chair, now=world.now)
    world.settle()


def offer(world: World, committee: Committee, **typed: str) -> Person:
    """Clara asks Olga; returns Olga."""
    approve(world, committee)
    clara = world.person("Clara")
    clara.click(world.message_of("prompt"), "Choose an owner")
    clara.fill(clara.view, {"owner": "UOWNER", "due_on": "2026-12-16", **typed})
    clara.submit()
    world.settle()
    return world.person("Olga")


def last(world: World, name: str) -> Message:
    return world.dms(name)[-1]


def work(world: World) -> Intervention:
    with world.session() as session:
        return session.scalars(sa.select(Intervention)).one()


def test_the_chair_is_asked_for_an_owner_with_the_conditions_and_nobody_is_pinged(
    world: World, committee: Committee
) -> None:
    approve(world, committee)
    asked = last(world, "Clara")
    assert "Who takes it on" in asked.text
    assert "&lt;!channel&gt; gate 7" in asked.text


def test_the_owner_accepts_with_one_button_and_everybody_sees_it(world: World, committee: Committee) -> None:
    olga = offer(world, committee)
    olga.click(last(world, "Olga"), "Accept")
    world.settle()
    assert work(world).state == "accepted"
    assert "You have this" in last(world, "Olga").text
    assert "on track" in world.message_of(f"work.card:{work(world).id}").text
    assert "Underway" in world.message_of("idea.card:1").text


def test_a_double_click_on_accept_is_one_yes(world: World, committee: Committee) -> None:
    olga = offer(world, committee)
    asked = last(world, "Olga")
    olga.click(asked, "Accept")
    olga.click(asked, "Accept")
    world.settle()
    assert work(world).state == "accepted"


def test_a_milestone_that_is_none_is_an_error_under_its_field_and_nothing_typed_is_lost(
    world: World, committee: Committee
) -> None:
    approve(world, committee)
    clara = world.person("Clara")
    clara.click(world.message_of("prompt"), "Choose an owner")
    clara.fill(clara.view, {"owner": "UOWNER", "due_on": "2026-12-16", "milestones": "soon Text agreed"})
    clara.submit()
    assert clara.view is not None
    assert "write the day first" in clara.view.errors["milestones"]


def test_a_day_that_has_passed_is_an_error_under_its_field(world: World, committee: Committee) -> None:
    approve(world, committee)
    clara = world.person("Clara")
    clara.click(world.message_of("prompt"), "Choose an owner")
    clara.fill(clara.view, {"owner": "UOWNER", "due_on": "2026-11-01"})
    clara.submit()
    assert "That day has passed" in clara.view.errors["due_on"]


def test_another_date_goes_to_the_sponsor_and_back(world: World, committee: Committee) -> None:
    olga, clara = offer(world, committee), world.person("Clara")
    olga.click(last(world, "Olga"), "Another date")
    olga.fill(olga.view, {"due_on": "2026-12-23"})
    olga.submit()
    world.settle()
    clara.click(last(world, "Clara"), "Agree to Wed 23 Dec 2026")
    world.settle()
    assert work(world).due_on.day == 23
    assert "due *Wed 23 Dec 2026*" in last(world, "Olga").text


def test_whoever_agrees_to_a_date_that_is_no_longer_proposed_agrees_to_no_other(
    world: World, committee: Committee
) -> None:
    olga, clara = offer(world, committee), world.person("Clara")
    olga.click(last(world, "Olga"), "Another date")
    olga.fill(olga.view, {"due_on": "2026-12-23"})
    olga.submit()
    world.settle()
    first_work = work(world).id
    with world.session() as session:  # by an older message of hers
        owner, it = people.of(session, "UOWNER"), interventions.find(session, first_work)
        assert owner is not None
        interventions.counter(session, owner, it, date(2026, 12, 30), now=world.now)
    world.settle()
    first, second = world.dms("Clara")[-2:]
    clara.click(first, "Agree to Wed 23 Dec 2026")
    assert "proposes another date by now" in clara.ephemerals()[-1].text
    assert work(world).state == "countered"
    clara.click(second, "Agree to Wed 30 Dec 2026")
    assert (work(world).state, work(world).due_on.day) == ("accepted", 30)


def test_handing_back_reaches_the_sponsor_who_asks_somebody_else(world: World, committee: Committee) -> None:
    olga, clara = offer(world, committee), world.person("Clara")
    olga.click(last(world, "Olga"), "Hand back")
    olga.fill(olga.view, {"why": "I am away until February"})
    olga.submit()
    world.settle()
    assert "away until February" in last(world, "Clara").text
    clara.click(last(world, "Clara"), "Choose another owner")
    clara.fill(clara.view, {"owner": "UMEM1"})
    clara.submit()
    world.settle()
    assert "asks you to take this on" in last(world, "Mia").text


def test_an_owner_who_leaves_is_noticed_at_once_and_somebody_else_is_chosen(world: World, committee: Committee) -> None:
    offer(world, committee).click(last(world, "Olga"), "Accept")
    world.settle()
    world.slack.change_user("UOWNER", deleted=True)
    world.settle()
    asked = last(world, "Clara")
    assert asked.text.startswith("Olga has left, so *")
    assert "needs a new owner: Olga has left" in world.message_of(f"work.card:{work(world).id}").text
    clara = world.person("Clara")
    clara.click(asked, "Choose another owner")
    clara.fill(clara.view, {"owner": "UMEM1"})
    clara.submit()
    world.settle()
    assert "asks you to take this on" in last(world, "Mia").text
    assert world.problems() == []


def test_an_update_is_one_tap_from_a_reminder(world: World, committee: Committee) -> None:
    olga = offer(world, committee)
    olga.click(last(world, "Olga"), "Accept")
    world.at(datetime(2026, 12, 14, 9, 5, tzinfo=BERLIN))
    morning = last(world, "Olga")
    assert morning.text.startswith("Good morning. A reminder:")
    olga.click(morning, "On track")
    olga.click(morning, "At risk")
    olga.fill(olga.view, {"line": "The printer is late"})
    olga.submit()
    world.settle()
    with world.session() as session:
        kept = session.scalars(sa.select(Progress).order_by(Progress.id)).all()
    assert [(one.health, one.line) for one in kept] == [(Health.ON_TRACK, ""), (Health.AT_RISK, "The printer is late")]
    assert "The printer is late" in world.message_of(f"work.card:{work(world).id}").text


def test_a_reminder_can_be_snoozed_once_and_comes_back(world: World, committee: Committee) -> None:
    olga = offer(world, committee)
    olga.click(last(world, "Olga"), "Accept")
    world.at(datetime(2026, 12, 14, 9, 5, tzinfo=BERLIN))
    olga.select(last(world, "Olga"), "work.snooze", "Tomorrow")
    assert "reminded once more" in olga.ephemerals()[-1].text
    world.at(datetime(2026, 12, 15, 9, 5, tzinfo=BERLIN))
    assert "You asked to be reminded" in last(world, "Olga").text


def test_done_needs_a_second_person_also_when_the_owner_clicks_confirm(world: World, committee: Committee) -> None:
    olga = offer(world, committee)
    olga.click(last(world, "Olga"), "Accept")
    world.settle()
    olga.click(last(world, "Olga"), "Done")
    olga.submit()
    world.settle()
    thread_card = world.message_of(f"work.card:{work(world).id}")
    olga.click(thread_card, "Confirm it is done")
    assert "somebody else has to confirm" in olga.ephemerals()[-1].text
    world.person("Mia").click(thread_card, "Confirm it is done")
    world.settle()
    assert work(world).state == "done"


def test_somebody_elses_offer_cannot_be_accepted_by_a_stranger_to_it(world: World, committee: Committee) -> None:
    offer(world, committee)
    asked = last(world, "Olga")
    with pytest.raises(Impossible):
        world.person("Bob").click(asked, "Accept")
    assert work(world).state == "offered"


def test_cx_lists_the_work_and_what_is_mine(world: World, committee: Committee) -> None:
    olga = offer(world, committee)
    olga.command("/cx", channel="CRANDOM")
    assert "A button for refunds" in olga.ephemerals("CRANDOM")[-1].text
    bob = world.person("Bob")
    bob.command("/cx", "mine", channel="CRANDOM")
    assert "nothing yet" in bob.ephemerals("CRANDOM")[-1].text
    bob.command("/cx", "help", channel="CRANDOM")
    assert "/cx mine" in bob.ephemerals("CRANDOM")[-1].text
