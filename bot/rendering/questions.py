"""What the notices about questions say."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from bot.rendering import renders
from bot.views import questions as views
from bot.views.message import Message
from db.models import Committee, Idea, Notice, Person, Question
from workflows import chasing
from workflows.questions import ENDED


def _found(session: Session, notice: Notice) -> tuple[Question, Idea] | None:
    query = sa.select(Question).where(Question.id == notice.about_id)
    question = session.scalar(query.options(joinedload(Question.asked_by, innerjoin=True)))
    return (question, session.get_one(Idea, question.idea_id)) if question else None


@renders("idea.question")
def question(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The author is asked; later the same message shows the answer, or that none is needed."""
    found = _found(session, notice)
    if found is None:
        return None
    return views.to_author(*found, ended=found[1].state in ENDED)


@renders("idea.asked")
def asked(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The thread hears the question."""
    found = _found(session, notice)
    return views.asked(*found, session.get_one(Person, found[1].author_id)) if found else None


@renders(chasing.GAVE_UP)
def unanswered(session: Session, notice: Notice, now: datetime) -> Message | None:
    """Whoever asked hears that the promise goes on; nothing if the answer came first."""
    found = _found(session, notice)
    if found is None or found[0].answer is not None or found[1].state in ENDED:
        return None
    idea = found[1]
    return views.unanswered(
        *found, session.get_one(Person, idea.author_id), session.get_one(Committee, idea.committee_id)
    )


@renders("idea.answered_question")
def answered(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The thread hears the answer."""
    found = _found(session, notice)
    if found is None or found[0].answer is None:
        return None
    idea = found[1]
    return views.answered(
        *found, session.get_one(Person, idea.author_id), session.get_one(Committee, idea.committee_id)
    )
