"""`@Touchstone approve because ...` in the thread, and what a mention gets anywhere else."""

from __future__ import annotations

import pytest

from playground.delivery import EVENTS, Request
from tests.bot.ballot_world import a_vote, idea_at, on_the_table
from tests.world import World
from tests.worlds import after


@after(a_vote)
def test_a_mention_in_the_thread_is_a_vote(world: World) -> None:
    vote = on_the_table(world)
    said = vote.mention("Mia", "approve because it saves an hour & a half, ask @Max")
    assert "you approve" in said.text
    assert said.thread_ts == vote.root.ts
    assert vote.standing() == {"Mia": ("approve", "it saves an hour & a half, ask @Max")}
    assert world.problems() == []


@after(a_vote)
def test_a_mention_delivered_again_does_not_undo_a_later_vote(world: World) -> None:
    vote = on_the_table(world)
    vote.mention("Mia", "approve")
    vote.press("Mia", "Decline", "on second thoughts, no")
    [heard] = world.slack.wire.deliveries("app_mention")
    world.slack.send(Request(EVENTS, heard.request, 1, "http_timeout"))
    world.settle()
    assert vote.standing() == {"Mia": ("decline", "on second thoughts, no")}


@after(a_vote)
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("decline", "Why not?"),
        ("object", "What do you object to?"),
        ("approve with conditions", "Which conditions?"),
        ("no idea what this is", "did not catch a vote"),
        ("", "did not catch a vote"),
    ],
)
def test_what_is_no_vote_yet_gets_a_hint_with_buttons_that_work(world: World, text: str, answer: str) -> None:
    vote = on_the_table(world)
    said = vote.mention("Mia", text)
    assert answer in said.text
    assert vote.standing() == {}
    world.person("Mia").click(said, "Abstain")
    world.settle()
    assert vote.standing() == {"Mia": ("abstain", None)}
    assert "you abstain" in world.person("Mia").ephemerals("committee")[-1].text
    assert world.problems() == []


def test_a_secret_vote_is_not_taken_in_public(world: World) -> None:
    vote = idea_at(world, secret=True).open()
    said = vote.mention("Mia", "approve")
    assert "everybody can read a message here" in said.text
    assert vote.standing() == {}
    world.person("Mia").click(said, "Approve")
    world.settle()
    assert vote.standing() == {"Mia": ("approve", None)}


@after(a_vote)
def test_a_mention_elsewhere_gets_help(world: World) -> None:
    vote = on_the_table(world)
    mia = world.person("Mia")
    mia.say("random", f"<@{world.slack.bot.user_id}> approve")
    assert "Here is what I can do" in mia.ephemerals("random")[-1].text
    card = world.message_of(f"idea.card:{vote.idea.id}")
    mia.say("ideas", f"<@{world.slack.bot.user_id}> approve", card)
    assert "runs in its committee's channel" in mia.ephemerals("ideas")[-1].text
    assert vote.standing() == {}


def test_a_mention_before_the_vote_says_where_the_idea_stands(world: World) -> None:
    vote = idea_at(world)
    assert "no open vote" in vote.mention("Mia", "approve").text


def test_whoever_may_not_vote_hears_why(world: World) -> None:
    vote = idea_at(world, author="UMEM1").open()
    assert "member of the committee" in vote.mention("Alice", "approve").text
    assert "wrote this idea" in vote.mention("Mia", "approve").text
    assert vote.standing() == {}
