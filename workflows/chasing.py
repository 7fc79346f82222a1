"""Questions that wait for their author: who is reminded when, and when the committee goes on without an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Idea, Person, Question
from workflows import calendar, committees, homes, ideas, mornings, notices, promises, questions, reminders
from workflows.ladder import awake
from workflows.mornings import Line

REMINDED = (2, 4)
"""The working days after a question on which its author is reminded of it."""
PATIENCE = 6
"""The working day after a question on which the promise goes on without an answer."""
FORGOTTEN = timedelta(days=60)
GAVE_UP = "idea.unanswered"


def unanswered(session: Session, now: datetime) -> Sequence[int]:
    """The questions of this workspace that wait for an answer; those nobody waits for any more are left out."""
    waits = sa.or_(Idea.clock_stopped_at.is_not(None), Question.asked_at > now - FORGOTTEN)
    waiting = sa.select(Question.id).join(Idea, Idea.id == Question.idea_id)
    waiting = waiting.where(Question.answered_at.is_(None), Idea.state.not_in(questions.ENDED), waits)
    return session.scalars(waiting.order_by(Question.id)).all()


def chase(session: Session, question_id: int, now: datetime) -> bool:
    """Remind the author of a question, or go on without them, if it is time; whether anything was owed.

    Raises `Gone` if the question is no longer there.
    """
    question = questions.get(session, question_id)
    idea = ideas.get(session, question.idea_id, lock=True)
    session.refresh(question, ["answered_at"])
    if question.answered_at is not None or idea.state in questions.ENDED:
        return False
    author, committee = session.get_one(Person, idea.author_id), session.get_one(Committee, idea.committee_id)
    if not author.active or _morning(question, PATIENCE, author, committee) <= now:
        return _give_up(session, question, idea, committee, now)
    due = [n for n in REMINDED if _morning(question, n, author, committee) <= now]
    if not due or not awake(author.tz, committees.week(committee), committee.reminder_hour, now):
        return False
    return _remind(session, question, due[-1], author, committee, now)


def _morning(question: Question, days: int, author: Person, committee: Committee) -> datetime:
    """The reminder hour, where the author is, of the n-th working day after the question."""
    asked = calendar.local_day(question.asked_at, author.tz)
    day = calendar.add_working_days(asked, days, committees.week(committee))
    return calendar.morning(day, author.tz, committee.reminder_hour)


def _remind(
    session: Session, question: Question, days: int, author: Person, committee: Committee, now: datetime
) -> bool:
    morning, begins = calendar.local_day(now, author.tz), _morning(question, days, author, committee)
    line = Line(author.id, morning, begins, reminders.QUESTION, question.id, f"wait-{days}")
    return bool(mornings.attach(session, [line], now))


def _give_up(session: Session, question: Question, idea: Idea, committee: Committee, now: datetime) -> bool:
    """Tell whoever asked, once; the promise goes on unless a later question still waits."""
    asker = question.asked_by_id
    key = f"{GAVE_UP}:{question.id}"
    if notices.owe(session, GAVE_UP, key, about_id=question.id, person=asker, now=now) is None:
        return False
    author = session.get_one(Person, idea.author_id)
    young = [it for it in questions.of_idea(session, idea) if _morning(it, PATIENCE, author, committee) > now]
    if not author.active or not young:
        promises.start_clock(idea, committee, now)
    ideas.happened(session, idea, GAVE_UP, None, now, detail={"question": question.id})
    notices.refresh(session, question.id, (questions.CARD,))
    homes.touch(session, [idea.author_id, asker], now)
    return True
