"""Questions: asked once, answered once, and the promise waits meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Idea, IdeaState, Notice, Person
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import ideas, notices, questions
from workflows.errors import Gone, NotAllowed, WorkflowError

LATER = NOW + timedelta(days=2)


def scene(session: Session) -> tuple[Idea, Person, Person]:
    """An idea, its author and a member."""
    committee, author = builders.committee(session), builders.person(session, "Alice")
    proposal = ideas.Proposal(title="Refund button", problem="Three calls")
    idea = ideas.submit(session, author, committee, proposal, now=NOW)
    return idea, author, builders.plain_members(session, committee)[0]


def owed(session: Session, question_id: int) -> list[tuple[str, bool]]:
    mine = sa.select(Notice).where(Notice.about_id == question_id, Notice.kind.in_(KINDS)).order_by(Notice.id)
    return [(notice.kind, notice.in_thread) for notice in session.scalars(mine)]


KINDS = ("idea.question", "idea.asked", "idea.answered_question")


def test_a_question_goes_to_the_author_and_into_the_thread(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, author, member = scene(session)
        question = questions.ask(session, member, idea, " How many calls? ", now=NOW, key="view:V1")
        assert (question.text, question.asked_by) == ("How many calls?", member)
        assert idea.clock_stopped_at == NOW
        assert owed(session, question.id) == [("idea.question", False), ("idea.asked", True)]
        assert [found.id for found, _ in questions.awaiting(session, author)] == [question.id]


def test_the_same_question_submitted_twice_is_one(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, member = scene(session)
        first = questions.ask(session, member, idea, "Why?", now=NOW, key="view:V1")
        assert questions.ask(session, member, idea, "Why?", now=LATER, key="view:V1") is first
        assert questions.of_idea(session, idea) == [first]


def test_the_clock_runs_again_when_the_last_question_is_answered(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, author, member = scene(session)
        due = idea.answer_due
        first = questions.ask(session, member, idea, "Why?", now=NOW)
        second = questions.ask(session, member, idea, "For whom?", now=NOW + timedelta(days=1))
        questions.answer(session, author, first, "Because", now=NOW + timedelta(days=1))
        assert (idea.clock_stopped_at, idea.answer_due) == (NOW, due)
        questions.answer(session, author, second, "Everybody", now=LATER)
        assert (idea.clock_stopped_at, idea.answer_due) == (None, due + timedelta(days=2))
        assert questions.awaiting(session, author) == []


def test_the_same_answer_twice_is_one_and_another_is_refused(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, author, member = scene(session)
        question = questions.ask(session, member, idea, "Why?", now=NOW)
        questions.answer(session, author, question, "Because", now=LATER)
        questions.answer(session, author, question, "Because", now=LATER)
        with pytest.raises(Gone, match="answered this already"):
            questions.answer(session, author, question, "Or not", now=LATER)
        assert (question.answer, question.answered_at) == ("Because", LATER)
        assert len(owed(session, question.id)) == 3


@pytest.mark.parametrize("end", ["withdraw", "decline"])
def test_a_withdrawn_or_declined_idea_ends_its_questions(sessions: Sessions, end: str) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, author, member = scene(session)
        question = questions.ask(session, member, idea, "Why?", now=NOW)
        dm = session.scalars(sa.select(Notice).where(Notice.kind == "idea.question")).one()
        if end == "withdraw":
            ideas.withdraw(session, author, idea, now=NOW)
        else:
            ideas.decline(session, builders.chair(session, idea.committee), idea, "No", now=NOW)
        notices.settle(session)
        session.refresh(dm)
        assert dm.wanted == 2
        assert idea.clock_stopped_at is None
        assert questions.awaiting(session, author) == []
        with pytest.raises(Gone, match="needs no answer"):
            questions.answer(session, author, question, "Because", now=LATER)


def test_nobody_asks_about_what_is_decided(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, author, member = scene(session)
        ideas.withdraw(session, author, idea, now=NOW)
        with pytest.raises(Gone, match="nothing left to ask"):
            questions.ask(session, member, idea, "Why?", now=NOW)


def test_an_author_who_left_cannot_be_asked(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, author, member = scene(session)
        author.active = False
        with pytest.raises(WorkflowError, match="no longer here") as refused:
            questions.ask(session, member, idea, "Why?", now=NOW)
        assert (refused.value.field, idea.clock_stopped_at) == ("text", None)


def test_a_member_does_not_ask_themselves(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        member = builders.plain_members(session, committee)[0]
        idea = builders.idea(session, committee, member)
        with pytest.raises(WorkflowError, match="your own idea"):
            questions.ask(session, member, idea, "Why?", now=NOW)


@pytest.mark.parametrize(("text", "sentence"), [(" \n", "Write your question"), ("x" * 3001, "keep it to 3,000")])
def test_a_question_that_cannot_be_taken_gets_a_sentence(sessions: Sessions, text: str, sentence: str) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, member = scene(session)
        with pytest.raises(WorkflowError, match=sentence) as refused:
            questions.ask(session, member, idea, text, now=NOW)
        assert refused.value.field == "text"


def test_only_the_author_answers(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, member = scene(session)
        question = questions.ask(session, member, idea, "Why?", now=NOW)
        with pytest.raises(NotAllowed, match="the author"):
            questions.answer(session, member, question, "Because", now=NOW)


def test_a_question_during_a_vote_stops_the_promise_but_not_the_vote(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, member = scene(session)
        idea.state = IdeaState.IN_REVIEW
        questions.ask(session, member, idea, "Why?", now=NOW)
        assert (idea.state, idea.clock_stopped_at) == (IdeaState.IN_REVIEW, NOW)
