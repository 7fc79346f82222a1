"""`/idea list`, `mine`, `top` and `show`: pages in place, and only what one may see."""

from __future__ import annotations

import pytest

from db.models import Committee
from playground.messages import Message
from playground.person import Person
from tests.world import TEAM, World
from workflows import ideas, people


@pytest.fixture
def committee(world: World) -> Committee:
    return world.committee()


def asked(world: World, who: str, text: str, channel: str = "CIDEAS") -> Message:
    """What somebody sees after `/idea <text>`."""
    person = world.person(who)
    before = len(person.ephemerals(channel))
    person.command("/idea", text, channel=channel)
    after = person.ephemerals(channel)
    assert len(after) == before + 1
    return after[-1]


def last(person: Person) -> Message:
    return person.ephemerals("CIDEAS")[-1]


def test_a_list_is_turned_page_by_page_in_its_own_place(world: World, committee: Committee) -> None:
    for n in range(1, 19):
        world.idea(committee, title=f"Idea number {n}")
    first = asked(world, "Bob", "list")
    assert "Open ideas (18)" in first.words
    assert "#18 Idea number 18" in first.text
    assert "#10 Idea" not in first.words
    bob = world.person("Bob")
    for expected in ("Page 2 of 3", "Page 3 of 3"):
        bob.click(last(bob), "Next")
        assert expected in last(bob).words
    assert "#1 Idea number 1" in last(bob).words
    bob.click(last(bob), "Previous")
    assert "Page 2 of 3" in last(bob).words
    assert len(bob.ephemerals("CIDEAS")) == 1
    for none in ("list -1", "mine 0", "top 1.5"):
        assert f"There is no page {none.split()[1]}: pages are counted 1, 2, 3." in asked(world, "Bob", none).text
        assert bob.view is None
    again = asked(world, "Bob", "list 2")
    assert "Page 2 of 3" in again.words
    assert "*Open ideas (18)*, page 2 of 3" in again.text
    assert world.problems() == []


def test_mine_shows_ones_own_ideas_wherever_they_stand(world: World, committee: Committee) -> None:
    world.idea(committee, "UAGENT2", title="Bob's")
    made = world.idea(committee, title="Alice's")
    with world.session() as session:
        alice = people.seen(session, TEAM, "UAGENT", now=world.now)
        ideas.withdraw(session, alice, ideas.get(session, made.id), now=world.now)
    said = asked(world, "Alice", "mine").words
    assert "#2 Alice's" in said
    assert "Withdrawn by the author" in said
    assert "Bob's" not in said
    assert "Alice's" not in asked(world, "Alice", "list").words


def test_top_is_ordered_by_support(world: World, committee: Committee) -> None:
    world.idea(committee, title="Loved")
    world.idea(committee, title="Not yet")
    world.settle()
    world.person("Bob").click(world.message_of("idea.card:1"), "Support")
    said = asked(world, "Bob", "top").text
    assert said.index("Loved") < said.index("Not yet")


@pytest.mark.parametrize(("what", "sentence"), [("list", "No idea is open"), ("mine", "You have not put in an idea")])
def test_an_empty_list_says_what_to_do(world: World, committee: Committee, what: str, sentence: str) -> None:
    assert sentence in asked(world, "Bob", what).text


def test_show_tells_all_of_it(world: World, committee: Committee) -> None:
    world.idea(committee, problem="long " * 500 + "end")
    world.settle()
    assert "end" not in world.message_of("idea.card:1").words
    for way in ("show 1", "show #1"):
        said = asked(world, "Bob", way)
        assert "long end" in said.words
    bob = world.person("Bob")
    assert bob.buttons(said) == ["Support", "Score", "More"]
    asked(world, "Bob", "list")
    bob.click(last(bob), "Show")
    assert "long end" in last(bob).words
    bob.click(world.message_of("idea.card:1"), "More")
    assert bob.view is not None
    bob.click(bob.view, "Show")
    assert "long end" in bob.view.words
    assert world.problems() == []


def test_show_of_no_idea_says_so(world: World, committee: Committee) -> None:
    assert "There is no idea #7 here" in asked(world, "Bob", "show 7").text


def test_what_lives_in_private_stays_there(world: World, committee: Committee) -> None:
    world.slack.add_channel("hush", ["UADMIN", "UCHAIR", "UAGENT2"], id="CHUSH", private=True)
    hush = world.committee(
        name="Hush", intake_channel="CHUSH", committee_channel="CHUSH", digest_channel="CHUSH", deputy=None, members=[],
        places={"CHUSH": {"slack_id": "CHUSH", "name": "hush", "is_private": True}},
    )  # fmt: skip
    world.idea(hush, "UAGENT2", title="Quiet one")
    for who, channel, seen in (
        ("Alice", "CIDEAS", False),
        ("Clara", "CIDEAS", True),
        ("Bob", "CIDEAS", True),
        ("Ada", "CRANDOM", False),
        ("Ada", "CHUSH", True),
    ):
        assert ("Quiet one" in asked(world, who, "list", channel).words) is seen
        assert ("There is no idea #1 here" in asked(world, who, "show 1", channel).words) is not seen


def test_a_guest_sees_own_ideas_and_those_of_the_channel_they_are_in(world: World, committee: Committee) -> None:
    world.idea(committee, title="Alice's")
    world.idea(committee, "UGUEST", title="Gus's own")
    elsewhere = asked(world, "Gus", "list", "CRANDOM").words
    assert "Gus's own" in elsewhere
    assert "Alice's" not in elsewhere
    assert "Alice's" in asked(world, "Gus", "list", "CIDEAS").words
