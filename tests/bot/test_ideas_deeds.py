"""What people do to an idea by its buttons: support it, edit, withdraw, decline, bring it back."""

from __future__ import annotations

import pytest

from db.models import Committee, IdeaState
from tests.bot.test_ideas import card, committee_card, idea, put_in
from tests.world import TEAM, World
from workflows import ideas, people


@pytest.fixture
def committee(world: World) -> Committee:
    return world.committee()


def more(world: World, who: str) -> list[str]:
    """What More offers to somebody."""
    person = world.person(who)
    person.click(card(world), "More")
    assert person.view is not None
    offered = person.buttons(person.view)
    person.close_view()
    return offered


def test_support_is_seen_on_both_cards_and_can_be_taken_back(world: World, committee: Committee) -> None:
    put_in(world)
    for who in ("Bob", "Mia"):
        world.person(who).click(card(world), "Support")
    world.advance(seconds=10)
    for shown in (card(world), committee_card(world)):
        assert "2 supporters: Bob and Mia" in shown.words
        assert "2 supporters: Bob and Mia" in shown.text
    world.person("Bob").click(card(world), "Support")
    world.advance(seconds=10)
    assert "1 supporter: Mia" in card(world).words
    assert "no longer support" in world.person("Bob").ephemerals("CIDEAS")[-1].text


def test_a_name_that_slack_would_not_tell_at_once_is_shown_when_it_does(world: World, committee: Committee) -> None:
    put_in(world)
    world.slack.faults.server_error("users.info", user="UAGENT2")
    world.person("Bob").click(card(world), "Support")
    world.settle()
    assert "1 supporter: somebody" in card(world).text
    world.advance(minutes=11)
    assert "1 supporter: Bob" in card(world).text


def test_a_double_click_on_support_counts_once(world: World, committee: Committee) -> None:
    put_in(world)
    bob = world.person("Bob")
    bob.click(card(world), "Support")
    bob.click(card(world), "Support")
    assert idea(world).support_count == 1


def test_authors_hear_that_their_support_is_taken_as_read(world: World, committee: Committee) -> None:
    alice = put_in(world)
    alice.click(card(world), "Support")
    assert "your own idea" in alice.ephemerals("CIDEAS")[-1].text


def test_a_guest_may_put_in_and_support(world: World, committee: Committee) -> None:
    put_in(world, "Gus")
    put_in(world, "Alice")
    world.person("Gus").click(world.message_of("idea.card:2"), "Support")
    assert (idea(world).author.name, idea(world, 2).support_count) == ("Gus", 1)


def test_more_offers_what_this_person_may_do(world: World, committee: Committee) -> None:
    put_in(world)
    chairs = ["Show", "Ask", "Open a vote", "Decline"]
    assert {who: more(world, who) for who in ("Alice", "Clara", "Dev", "Mia", "Bob", "Gus")} == {
        "Alice": ["Show", "Edit", "Withdraw"],
        "Clara": chairs,
        "Dev": chairs,
        "Mia": ["Show", "Ask"],
        "Bob": ["Show"],
        "Gus": ["Show"],
    }


def test_the_author_edits_and_the_card_follows(world: World, committee: Committee) -> None:
    alice = put_in(world)
    alice.click(card(world), "More")
    assert alice.view is not None
    alice.click(alice.view, "Edit")
    alice.fill(alice.view, {"title": "Refunds in one click"})
    alice.submit()
    world.advance(seconds=5)
    assert alice.view is None
    assert "#1 Refunds in one click" in card(world).words


def test_the_chair_declines_and_the_author_hears_why(world: World, committee: Committee) -> None:
    put_in(world)
    clara = world.person("Clara")
    clara.click(committee_card(world), "More")
    assert clara.view is not None
    clara.click(clara.view, "Decline")
    clara.fill(clara.view, {"why": "The shop system is *replaced* in spring"})
    clara.submit()
    world.advance(seconds=5)
    said = world.dms("Alice")[-1]
    assert "The shop system is *replaced* in spring" in said.words
    assert "Clara has looked at your idea" in said.text
    for shown in (card(world), committee_card(world)):
        assert "Declined" in shown.text
        assert "Why not:* The shop system is *replaced* in spring" in shown.words
    assert more(world, "Alice") == ["Show"]
    assert more(world, "Clara") == ["Show", "Bring it back"]


def test_a_declined_idea_is_brought_back_with_a_new_promise(world: World, committee: Committee) -> None:
    test_the_chair_declines_and_the_author_hears_why(world, committee)
    clara = world.person("Clara")
    clara.click(card(world), "More")
    assert clara.view is not None
    clara.click(clara.view, "Bring it back")
    world.advance(seconds=5)
    assert "is back with the committee" in clara.view.words
    assert "is back with *Innovation*" in world.dms("Alice")[-1].text
    assert idea(world).state is IdeaState.SUBMITTED


def test_the_author_withdraws(world: World, committee: Committee) -> None:
    alice = put_in(world)
    alice.click(card(world), "More")
    assert alice.view is not None
    alice.click(alice.view, "Withdraw")
    alice.submit()
    world.advance(seconds=5)
    assert "Withdrawn by the author" in card(world).text
    assert world.person("Mia").buttons(card(world)) == ["More"]


def test_a_form_left_open_meets_an_idea_that_has_moved_on(world: World, committee: Committee) -> None:
    alice = put_in(world)
    alice.click(card(world), "More")
    assert alice.view is not None
    alice.click(alice.view, "Edit")
    with world.session() as session:
        chair = people.seen(session, TEAM, "UCHAIR", now=world.now)
        ideas.decline(session, chair, ideas.by_number(session, 1), "No", now=world.now)
    alice.fill(alice.view, {"title": "Better words"})
    alice.submit()
    assert "has been declined, so its words stay as they are" in alice.view.words
