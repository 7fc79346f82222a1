"""A question to the author: by direct message, answered there, and back into the committee's thread."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from db.models import Choice, Committee
from playground.messages import Message
from playground.person import Person
from tests.world import TEAM, World
from workflows import ballots, ideas, people, questions


@pytest.fixture
def committee(world: World) -> Committee:
    made = world.committee()
    world.idea(made)
    world.settle()
    return made


def root(world: World) -> Message:
    return world.message_of("idea.committee_card:1:CCOMM")


def ask(world: World, text: str = "How many calls a day?", who: str = "Mia") -> None:
    person = world.person(who)
    person.click(root(world), "Ask the author")
    assert person.view is not None
    person.fill(person.view, {"text": text})
    person.submit()
    world.advance(seconds=5)


def answer(world: World, text: str = "About *40*") -> Person:
    alice = world.person("Alice")
    alice.click(world.dms("Alice")[-1], "Answer")
    assert alice.view is not None
    alice.fill(alice.view, {"text": text})
    alice.submit()
    world.advance(seconds=5)
    return alice


def test_a_question_goes_to_the_author_and_its_answer_back_into_the_thread(world: World, committee: Committee) -> None:
    ask(world)
    said = world.dms("Alice")[-1]
    assert "Mia has a question about your idea" in said.text
    assert "How many calls a day?" in said.text
    assert "Alice answers a question about it" in world.message_of("idea.card:1").words
    alice = answer(world)
    assert alice.view is None
    mia = world.person("Mia")
    asked, answered = mia.thread(root(world))
    assert "Mia asked Alice" in asked.text
    assert mia.mention in answered.text
    assert "About *40*" in answered.words
    assert "Your answer" in world.dms("Alice")[-1].words
    assert alice.buttons(world.dms("Alice")[-1]) == []
    assert "Clara answers by" in world.message_of("idea.card:1").words
    assert world.problems() == []


def test_the_promise_waits_for_the_author(world: World, committee: Committee) -> None:
    ask(world)
    world.advance(days=7)
    answer(world)
    assert "Wed 9 Dec 2026, 17:00 CET" in world.message_of("idea.card:1").text


def test_a_question_can_be_asked_from_more(world: World, committee: Committee) -> None:
    clara = world.person("Clara")
    clara.click(world.message_of("idea.card:1"), "More")
    assert clara.view is not None
    clara.click(clara.view, "Ask")
    clara.fill(clara.view, {"text": "Why?"})
    clara.submit()
    world.settle()
    assert clara.view is None
    assert "Why?" in world.dms("Alice")[-1].words


def test_a_withdrawn_idea_needs_no_answer_any_more(world: World, committee: Committee) -> None:
    ask(world)
    with world.session() as session:
        alice = people.seen(session, TEAM, "UAGENT", now=world.now)
        ideas.withdraw(session, alice, ideas.by_number(session, 1), now=world.now)
    world.advance(seconds=5)
    said = world.dms("Alice")[-1]
    assert "No answer is needed any more" in said.words
    assert world.person("Alice").buttons(said) == []


def test_a_second_answer_is_refused_with_a_sentence(world: World, committee: Committee) -> None:
    ask(world)
    alice = world.person("Alice")
    alice.click(world.dms("Alice")[-1], "Answer")
    with world.session() as session:
        author = people.seen(session, TEAM, "UAGENT", now=world.now)
        question = questions.get(session, 1)
        questions.answer(session, author, question, "From my phone", now=world.now)
    assert alice.view is not None
    alice.fill(alice.view, {"text": "From my desk"})
    alice.submit()
    assert "You have answered this already" in alice.view.words


def test_somebody_who_is_no_member_hears_who_may_ask(world: World, committee: Committee) -> None:
    bob = world.person("Bob")
    bob.click(root(world), "Ask the author")
    assert bob.view is None
    assert "Only a member of the committee" in bob.ephemerals("CCOMM")[-1].text


def test_what_people_ask_pings_nobody(world: World, committee: Committee) -> None:
    ask(world, "<!channel> <https://evil.example|x>")
    for said in (world.dms("Alice")[-1], world.person("Mia").thread(root(world))[0]):
        assert "<!channel>" not in said.text
        assert "<https://evil" not in said.text
    assert world.problems() == []


def test_a_vote_that_says_no_ends_the_question_too(world: World, committee: Committee) -> None:
    ask(world)
    with world.session() as session:
        chair = people.seen(session, TEAM, "UCHAIR", now=world.now)
        idea = ideas.by_number(session, 1)
        ballot = ballots.open_review(session, chair, idea, now=world.now)
        for slack_id in ("UCHAIR", "UDEP", "UMEM1", "UMEM2", "UMEM3"):
            voter = people.seen(session, TEAM, slack_id, now=world.now)
            ballots.vote(session, voter, ballot.id, Choice.DECLINE, "Not now", now=world.now)
        closes_at = ballot.closes_at
    world.at(closes_at)
    said = next(one for one in world.dms("Alice") if "has a question" in one.text)
    assert "No answer is needed any more" in said.words


def test_a_question_left_open_comes_back_in_the_morning_and_is_answered_there(
    world: World, committee: Committee
) -> None:
    ask(world)
    asked = len(world.dms("Alice"))
    world.at(datetime(2026, 11, 20, 14, 3, tzinfo=UTC))
    [reminder] = world.dms("Alice")[asked:]
    assert reminder.text.startswith("Good morning. A reminder:\nMia asked about your idea *#1 A button for refunds*")
    answer(world)
    assert "Thank you for your answer" in reminder.text
    assert world.person("Alice").buttons(reminder) == []
    assert world.problems() == []


def test_whoever_asked_hears_that_there_is_no_answer(world: World, committee: Committee) -> None:
    ask(world)
    world.at(datetime(2026, 11, 26, 14, 0, tzinfo=UTC))
    said = world.dms("Mia")[-1].text
    assert said.startswith("Alice has not answered your question about *#1")
    assert "waits no longer" in said
    assert "Thu 10 Dec 2026" in said
    assert "your answer is still welcome" in next(it.text for it in world.dms("Alice") if "has a question" in it.text)
    assert "Clara answers by" in world.message_of("idea.card:1").words
    assert world.problems() == []
