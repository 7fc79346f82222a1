"""Questions to the author of an idea, and their answers; the service promise waits while one is open."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import Committee, Idea, IdeaState, Person, Question
from workflows import committees, homes, ideas, lifecycle, notices, promises, reminders, writing
from workflows.errors import Gone, WorkflowError
from workflows.permissions import Action, require

ENDED = frozenset({IdeaState.WITHDRAWN, IdeaState.DECLINED})
"""Where nobody needs an answer any more."""
CARD = "idea.question"


def get(session: Session, question_id: int) -> Question:
    """The question behind a button, with who asked it. Raises `Gone` if there is none (here)."""
    query = sa.select(Question).where(Question.id == question_id).options(joinedload(Question.asked_by, innerjoin=True))
    found = session.scalar(query)
    if found is None:
        raise Gone("This question is no longer here.")
    return found


def ask(session: Session, actor: Person, idea: Idea, text: str, *, now: datetime, key: str | None = None) -> Question:
    """Ask the author; the promise waits for the answer. A repeated `key` finds the question asked before."""
    ideas.get(session, idea.id, lock=True)
    again = key and session.scalar(sa.select(Question.id).where(Question.submission_key == key))
    if again:
        return get(session, again)
    check(session, actor, idea)
    asked = writing.required(text, "text", "Write your question, so that the author knows what to answer.")
    question = Question(idea_id=idea.id, asked_by_id=actor.id, text=asked, asked_at=now, submission_key=key)
    session.add(question)
    promises.stop_clock(idea, now)
    session.flush()
    about = f"{idea.id}:{question.id}"
    notices.owe(session, CARD, f"{CARD}:{about}", about_id=question.id, person=idea.author_id, card=True, now=now)
    _in_thread(session, "idea.asked", idea, question, now)
    ideas.happened(session, idea, "idea.asked", actor, now, detail={"question": question.id})
    homes.touch(session, [idea.author_id], now)
    return get(session, question.id)


def check(session: Session, actor: Person, idea: Idea) -> None:
    """Raise what `ask` would raise, before anything is typed."""
    require(session, Action.ASK, actor, idea=idea)
    if idea.state not in ideas.OPEN:
        raise Gone(f"Idea #{idea.number} {lifecycle.STANDS[idea.state]}, so there is nothing left to ask.")
    author = session.get_one(Person, idea.author_id)
    if author.id == actor.id:
        raise WorkflowError("This is your own idea: edit it instead, and everybody sees the answer.", "text")
    if not author.active or author.slack_id is None:
        raise WorkflowError("Its author is no longer here to answer. Ask in the thread instead.", "text")
    committees.check_discretion(session, session.get_one(Committee, idea.committee_id))


def answer(session: Session, actor: Person, question: Question, text: str, *, now: datetime) -> None:
    """The author answers; when no other question is open the promise goes on, moved by the days it waited.

    The same answer given twice is one. Raises `Gone` if there is another already, or nobody needs one any more.
    """
    idea = ideas.get(session, question.idea_id, lock=True)
    session.refresh(question, ["answer", "answered_at"])
    given = writing.required(text, "text", "Write your answer; one line will do.")
    if question.answer == given and idea.author_id == actor.id:
        return
    check_answer(session, actor, question, idea)
    question.answer, question.answered_at = given, now
    session.flush()
    if not of_idea(session, idea):
        promises.start_clock(idea, session.get_one(Committee, idea.committee_id), now)
    notices.refresh(session, question.id, (CARD,))
    reminders.show(session, reminders.QUESTION, [question.id])
    _in_thread(session, "idea.answered_question", idea, question, now)
    ideas.happened(session, idea, "idea.answered", actor, now, detail={"question": question.id})
    homes.touch(session, [idea.author_id, question.asked_by_id], now)


def check_answer(session: Session, actor: Person, question: Question, idea: Idea) -> None:
    """Raise what `answer` would raise, before anything is typed."""
    require(session, Action.ANSWER, actor, idea=idea)
    if question.answer is not None:
        raise Gone("You have answered this already. Say more in the thread, or edit your idea.")
    if idea.state in ENDED:
        raise Gone(f"Idea #{idea.number} {lifecycle.STANDS[idea.state]}, so this question needs no answer any more.")


def _in_thread(session: Session, kind: str, idea: Idea, question: Question, now: datetime) -> None:
    root = ideas.thread_root(session, idea, now=now)
    key = f"{kind}:{question.id}"
    notices.owe(session, kind, key, about_id=question.id, channel=root.channel, after=root, in_thread=True, now=now)


def of_idea(session: Session, idea: Idea) -> list[Question]:
    """The questions of an idea that wait for an answer, the oldest first."""
    waiting = sa.select(Question).where(Question.idea_id == idea.id, Question.answered_at.is_(None))
    return list(session.scalars(waiting.options(joinedload(Question.asked_by, innerjoin=True)).order_by(Question.id)))


def awaiting(session: Session, person: Person, limit: int = 20) -> list[tuple[Question, Idea]]:
    """The questions that wait for this person as the author, the oldest first, each with its idea."""
    waiting = (
        sa.select(Question, Idea)
        .join(Idea, Idea.id == Question.idea_id)
        .where(Idea.author_id == person.id, Question.answered_at.is_(None), Idea.state.not_in(ENDED))
        .options(joinedload(Question.asked_by, innerjoin=True))
        .order_by(Question.id)
        .limit(limit)
    )
    return [(question, idea) for question, idea in session.execute(waiting)]
