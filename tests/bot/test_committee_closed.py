"""Closing a committee: by an admin, with nothing open, and its channels are free for another."""

from __future__ import annotations

from db.models import Idea, IdeaState
from tests.world import World
from workflows import committees


def answer(world: World, who: str) -> str:
    person = world.person(who)
    person.command("/committee", "close", "CIDEAS")
    return person.ephemerals()[-1].text


def settled(world: World) -> None:
    """The only idea lapses."""
    with world.session() as session:
        session.get_one(Idea, 1).state = IdeaState.LAPSED


def test_a_committee_with_something_open_says_what_and_stays(world: World) -> None:
    world.idea(world.committee())
    world.settle()
    assert "cannot be closed yet. Open now: 1 idea to look at." in answer(world, "Ada")
    assert "Only a workspace admin can close a committee" in answer(world, "Clara")
    settled(world)
    assert "nothing is open" in answer(world, "Ada")
    prompt = world.person("Ada").ephemerals()[-1]
    with world.session() as session:
        session.get_one(Idea, 1).state = IdeaState.SUBMITTED
    world.person("Ada").click(prompt, "Close the committee")
    assert "has something open" in world.person("Ada").ephemerals()[-1].text
    with world.session() as session:
        assert len(committees.in_workspace(session)) == 1


def test_a_closed_committee_is_gone_from_slack_and_its_history_stays(world: World) -> None:
    closed = world.committee()
    world.idea(closed)
    settled(world)
    world.settle()
    answer(world, "Ada")
    world.person("Ada").click(world.person("Ada").ephemerals()[-1], "Close the committee")
    world.settle()
    said = world.message_of(f"committee.closed:{closed.id}")
    assert said.channel == "CCOMM"
    assert "has closed *Innovation*" in said.text
    world.person("Clara").click(world.message_of("idea.card:1"), "More")
    view = world.person("Clara").view
    assert view is not None
    assert "Open a vote" not in world.person("Clara").buttons(view)
    assert world.committee().id != closed.id
    with world.session() as session:
        assert [it.name for it in committees.in_workspace(session)] == ["Innovation"]
        assert session.get_one(Idea, 1).committee_id == closed.id
    assert world.problems() == []


def test_elsewhere_it_says_where_to_type_it(world: World) -> None:
    ada = world.person("Ada")
    ada.command("/committee", "close", "CRANDOM")
    assert "in a channel of the committee that is to end" in ada.ephemerals()[-1].text
