"""A promised answer that does not come: the chair is told once, the author honestly, and the card says so."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.world import World

DUE = datetime(2026, 12, 2, 16, 0, tzinfo=UTC)


def test_the_chair_and_the_author_hear_once_that_an_answer_is_late(world: World) -> None:
    world.idea(world.committee())
    world.settle()
    before = {who: len(world.dms(who)) for who in ("Clara", "Alice", "Mia")}
    world.at(DUE)
    world.advance(days=3)
    told = {who: [one.text for one in world.dms(who)[count:]] for who, count in before.items()}
    assert [text for text in told["Clara"] if "Alice was promised an answer" in text] == told["Clara"][:1]
    assert [text for text in told["Alice"] if "We promised you an answer" in text] == told["Alice"][:1]
    assert told["Mia"] == []
    assert "an answer was promised by" in world.message_of("idea.card:1").text
    assert "is late. Clara has it" in world.message_of("idea.card:1").words
    assert world.problems() == []


def test_a_chair_who_put_it_in_is_not_told_that_they_were_told(world: World) -> None:
    world.idea(world.committee(), "UCHAIR")
    world.at(DUE)
    assert "You were promised an answer" in world.dms("Clara")[-1].text
    assert "told so" not in world.dms("Clara")[-1].text


def test_a_late_answer_can_be_given_from_the_message_that_says_so(world: World) -> None:
    world.idea(world.committee())
    world.at(DUE)
    clara = world.person("Clara")
    clara.click(world.dms("Clara")[-1], "More")
    assert clara.view is not None
    clara.click(clara.view, "Decline")
    clara.fill(clara.view, {"why": "The shop system is replaced in spring"})
    clara.submit()
    world.advance(seconds=5)
    assert "The shop system is replaced" in world.dms("Alice")[-1].text
    assert "is late" not in world.message_of("idea.card:1").words


def test_nobody_is_told_when_the_answer_came_before_the_message(world: World) -> None:
    committee = world.committee()
    world.idea(committee)
    world.settle()
    said = len(world.dms("Clara"))
    clara = world.person("Clara")
    clara.click(world.message_of("idea.card:1"), "More")
    assert clara.view is not None
    clara.click(clara.view, "Decline")
    clara.fill(clara.view, {"why": "No"})
    clara.submit()
    world.at(DUE)
    assert len(world.dms("Clara")) == said
