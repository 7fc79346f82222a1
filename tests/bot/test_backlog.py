"""The ranked backlog in Slack: what it says to whom, its pages and its buttons."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.models import Committee, Idea
from playground.messages import Message
from tests.world import World
from workflows import people, prioritization
from workflows.frameworks import framework_from


def backlog(world: World, who: str, channel: str | None = "CCOMM", text: str = "backlog") -> Message:
    person = world.person(who)
    person.command("/committee", text, channel)
    return person.ephemerals()[-1]


def score(world: World, idea: Idea, *who: str, low: bool = False) -> None:
    with world.session() as session:
        home = session.get_one(Committee, idea.committee_id)
        criteria = framework_from(home.framework).criteria
        values = {one.key: (one.choices[0] if low else one.choices[-1]) for one in criteria}
        for slack_id in who:
            person = people.seen(session, home.workspace_id, slack_id, now=world.now)
            prioritization.score(session, person, idea, values, now=world.now)


@pytest.fixture
def committee(world: World) -> Committee:
    return world.committee(framework="ice")


def test_it_ranks_and_gives_the_reasons_to_who_has_scored(world: World, committee: Committee) -> None:
    low, high, _ = (world.idea(committee, title=title) for title in ("Low", "High", "Nobody <!channel> knows"))
    score(world, low, "UMEM1", "UMEM2", low=True)
    score(world, high, "UMEM1")
    said = backlog(world, "Mia").text
    assert "*Backlog of Innovation (3)*" in said
    assert "*1. #2 High*: no supporters – ICE: impact 10 × confidence 10 × ease 10 = 1000; medians, 1 of 5" in said
    assert "*2. #1 Low*" in said
    assert "*#3 Nobody &lt;!channel&gt; knows*: Not scored yet" in said
    assert said.index("#2") < said.index("#1 ") < said.index("#3")
    assert world.problems() == []


@pytest.mark.parametrize("who", ["Max", "Alice"])
def test_who_has_not_scored_sees_the_place_and_the_count_and_no_value(
    world: World, committee: Committee, who: str
) -> None:
    score(world, world.idea(committee), "UMEM1", "UCHAIR")
    shown = backlog(world, who, "CIDEAS")
    assert "*1. #1 A button for refunds*: 2 of 5 scored, provisional" in shown.text
    assert "1000" not in shown.text + str(shown.blocks)
    assert ("Score it to see how the others did." in shown.text) == (who == "Max")
    assert ("Score" in world.person(who).buttons(shown)) == (who == "Max")


def test_its_buttons_score_and_for_the_chair_open_a_vote(world: World, committee: Committee) -> None:
    idea = world.idea(committee)
    world.settle()
    shown, clara = backlog(world, "Clara"), world.person("Clara")
    assert clara.buttons(shown) == ["Score", "Open a vote", "Show"]
    clara.click(shown, "Score")
    assert clara.view is not None
    clara.fill(clara.view, {"impact": "5", "confidence": "5", "ease": "5"})
    clara.submit()
    clara.close_view()
    again = backlog(world, "Clara")
    assert clara.buttons(again) == ["Change my score", "Open a vote", "Show"]
    assert "= 125;" in again.text
    clara.click(again, "Show")
    assert idea.title in clara.ephemerals()[-1].text
    assert "Open a vote" not in world.person("Mia").buttons(backlog(world, "Mia"))


def test_its_pages_are_turned_in_place(world: World, committee: Committee) -> None:
    for n in range(prioritization.PAGE + 1):
        world.idea(committee, title=f"Idea {n}")
    mia = world.person("Mia")
    first = backlog(world, "Mia")
    assert "page 1 of 2" in first.text
    mia.click(first, "Next")
    second = mia.ephemerals()[-1]
    assert "page 2 of 2" in second.text
    assert "#9 Idea 8" in second.text
    mia.click(second, "Previous")
    assert "page 1 of 2" in mia.ephemerals()[-1].text
    assert len(mia.ephemerals()) == 1
    assert "page 2 of 2" in backlog(world, "Mia", text="backlog 2").text
    assert world.problems() == []


def test_an_empty_backlog_says_how_to_fill_it(world: World, committee: Committee) -> None:
    assert backlog(world, "Mia").text == "No idea is open in *Innovation* just now. `/idea` puts one in."


def test_where_no_committee_is_meant_it_says_where_to_ask(world: World) -> None:
    assert "I cannot tell which committee you mean" in backlog(world, "Mia").text


def test_a_guest_is_told_who_may_see_it(world: World, committee: Committee) -> None:
    assert "can see how the committee stands" in backlog(world, "Gus", "CIDEAS").text


def test_ranks_follow_a_new_framework_within_seconds(world: World, committee: Committee) -> None:
    idea = world.idea(committee)
    score(world, idea, "UMEM1")
    with world.session() as session:
        session.get_one(Committee, committee.id).framework = {"key": "value_effort"}
    assert "*#1 A button for refunds*: Not scored yet" in backlog(world, "Mia").text
    world.settle()
    with world.session() as session:
        assert session.get_one(Idea, idea.id).rank_value is None
        session.get_one(Committee, committee.id).framework = {"key": "ice"}
    world.settle()
    with world.session() as session:
        assert session.get_one(Idea, idea.id).rank_value == Decimal(1000)
