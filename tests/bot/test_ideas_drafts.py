"""Nothing typed is lost: refused forms, forms that could not be opened, and drafts offered next time."""

from __future__ import annotations

import pytest

from db.models import Committee
from playground.person import Person
from playground.views import View
from tests.world import World
from workflows import drafts, ideas, people


def typed(view: View | None) -> dict[str, str | None]:
    assert view is not None
    return {name: view.values[name][name]["value"] for name in ("title", "problem", "proposal", "effect")}


def refused(world: World, **told: str) -> Person:
    """Alice submits a form that is refused, and closes it."""
    alice = world.person("Alice")
    alice.command("/idea", channel="CIDEAS")
    assert alice.view is not None
    alice.fill(alice.view, {"title": "\u200b", **told})
    alice.submit()
    alice.close_view()
    return alice


def count(world: World) -> int:
    with world.session() as session:
        alice = people.of(session, "UAGENT")
        assert alice is not None
        return sum(drafts.peek(session, alice, name) is not None for name in ("idea", "idea.set_aside"))


@pytest.fixture
def committee(world: World) -> Committee:
    return world.committee()


def test_a_refused_form_is_offered_next_time(world: World, committee: Committee) -> None:
    alice = refused(world, problem="Refunds take three calls", effect="Peace")
    world.advance(hours=20)
    alice.command("/idea", channel="CIDEAS")
    assert typed(alice.view)["problem"] == "Refunds take three calls"
    assert alice.view is not None
    assert "it was not put in yet" in alice.view.words
    alice.fill(alice.view, {"title": "Refund button"})
    alice.submit()
    assert count(world) == 0
    alice.command("/idea", channel="CIDEAS")
    assert typed(alice.view)["problem"] is None


def test_one_can_start_fresh(world: World, committee: Committee) -> None:
    alice = refused(world, problem="Refunds take three calls")
    alice.command("/idea", channel="CIDEAS")
    assert alice.view is not None
    alice.click(alice.view, "Start fresh")
    assert set(typed(alice.view).values()) == {None}
    assert "It goes to *Innovation*" in alice.view.words
    assert count(world) == 0
    alice.fill(alice.view, {"title": "Another", "problem": "Thing"})
    alice.submit()
    assert alice.view is None


def test_new_words_do_not_push_an_older_draft_away(world: World, committee: Committee) -> None:
    alice = refused(world, problem="Refunds take three calls")
    alice.command("/idea", "Longer opening hours", channel="CIDEAS")
    assert typed(alice.view)["title"] == "Longer opening hours"
    assert alice.view is not None
    assert "You have another idea" in alice.view.words
    alice.click(alice.view, "Use that one")
    assert typed(alice.view)["problem"] == "Refunds take three calls"


def test_a_form_that_came_too_late_opens_with_its_words_by_a_button(world: World, committee: Committee) -> None:
    alice = world.person("Alice")
    world.slack.faults.refuse("views.open", "expired_trigger_id")
    alice.command("/idea", "Longer opening hours", channel="CIDEAS")
    assert alice.view is None
    said = alice.ephemerals("CIDEAS")[-1]
    assert "Your words are safe" in said.text
    alice.click(said, "Open the form")
    assert typed(alice.view)["title"] == "Longer opening hours"
    assert alice.view is not None
    assert "It goes to *Innovation*" in alice.view.words


def test_words_that_came_too_late_do_not_overwrite_an_older_draft(world: World, committee: Committee) -> None:
    alice = refused(world, problem="Refunds take three calls")
    world.slack.faults.refuse("views.open", "expired_trigger_id")
    alice.command("/idea", "Longer opening hours", channel="CIDEAS")
    alice.click(alice.ephemerals("CIDEAS")[-1], "Open the form")
    assert typed(alice.view)["title"] == "Longer opening hours"
    alice.close_view()
    alice.command("/idea", channel="CIDEAS")
    assert typed(alice.view)["problem"] == "Refunds take three calls"


def test_a_shortcut_that_came_too_late_is_answered_by_direct_message(world: World, committee: Committee) -> None:
    alice = world.person("Alice")
    world.slack.faults.refuse("views.open", "expired_trigger_id")
    alice.shortcut("idea.new")
    alice.click(world.dms("Alice")[-1], "Open the form")
    assert alice.view is not None


def test_a_message_that_came_too_late_keeps_its_author_and_link(world: World, committee: Committee) -> None:
    said = world.person("Bob").say("CRANDOM", "Refunds take three calls")
    alice = world.person("Alice")
    world.slack.faults.refuse("views.open", "expired_trigger_id")
    alice.message_shortcut(said, "idea.from_message")
    alice.click(alice.ephemerals("CRANDOM")[-1], "Open the form")
    assert typed(alice.view)["problem"] == "Refunds take three calls"
    assert alice.view is not None
    alice.fill(alice.view, {"title": "\u200b"})
    alice.submit()
    alice.fill(alice.view, {"title": "Refund button"})
    alice.submit()
    with world.session() as session:
        made = ideas.by_number(session, 1)
        assert made.source_author_id is not None
        assert made.source_text == "Refunds take three calls"


def test_a_reason_refused_in_one_form_is_there_when_it_is_opened_again(world: World, committee: Committee) -> None:
    world.idea(committee)
    world.settle()
    card, alice = world.message_of("idea.card:1"), world.person("Alice")
    alice.click(card, "More")
    assert alice.view is not None
    alice.click(alice.view, "Edit")
    alice.fill(alice.view, {"title": "\u200b", "effect": "Peace"})
    alice.submit()
    alice.close_view(everything=True)
    alice.click(card, "More")
    alice.click(alice.view, "Edit")
    assert typed(alice.view)["effect"] == "Peace"
