"""One person's morning is one message: work that is due and votes that are missing, each with its buttons."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from db.models import InterventionKind
from tests.bot.ballot_world import Vote
from tests.bot.test_work import approve
from tests.world import World
from workflows import ideas, interventions, people
from workflows.plan import Plan

NINE = datetime.fromisoformat("2026-11-23T08:00:00Z")
"""The last working morning of a vote opened when the world begins, in Berlin."""
PLAN = Plan(title="Build the button", kind=InterventionKind.PRODUCT, due_on=date(2026, 11, 23))


def mornings(world: World, name: str, since: int) -> list[str]:
    return [one.text for one in world.dms(name)[since:]]


def test_work_and_votes_of_one_morning_are_one_message_that_keeps_up(world: World) -> None:
    committee = world.committee()
    approve(world, committee)
    with world.session() as session:
        idea = ideas.by_number(session, 1)
        clara, mia = people.of(session, "UCHAIR"), people.of(session, "UMEM1")
        assert clara is not None
        assert mia is not None
        work = interventions.assign(session, clara, idea, PLAN, mia, now=world.now)
        interventions.accept(session, mia, work, now=world.now)
    vote = Vote(world, world.idea(committee, title="Second idea"))
    world.settle()
    vote.open()
    world.at(NINE - timedelta(minutes=1))
    before = {name: len(world.dms(name)) for name in ("Mia", "Max", "Mona")}
    world.at(NINE)
    world.advance(minutes=2)
    [joint] = mornings(world, "Mia", before["Mia"])
    assert joint.startswith("Good morning. 2 things to look at today:")
    assert "Build the button* is due *today*" in joint
    assert "Your vote on *#2 Second idea* is still missing" in joint
    [alone] = mornings(world, "Max", before["Max"])
    assert alone.startswith("Good morning. A reminder:\nYour vote on")
    assert mornings(world, "Mona", before["Mona"]) == []  # it is eight in London
    said = world.dms("Mia")[-1]
    world.person("Mia").click(said, "Approve")
    world.settle()
    assert said.text.startswith("Good morning. A reminder:")
    assert "you approve" in said.text
    assert "is due *today*" in said.text
    assert [text for text in world.person("Mia").buttons(said) if text in ("Approve", "Done")] == ["Done"]
    world.advance(hours=1, minutes=2)
    assert len(mornings(world, "Mona", before["Mona"])) == 1
    assert mornings(world, "Mia", before["Mia"]) == [said.text]
    assert world.problems() == []
