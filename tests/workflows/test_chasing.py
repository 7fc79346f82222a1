"""A question nobody answers: its author is reminded twice, then the committee goes on without an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Event, Notice, Person, Question, Reminder
from tests.builders import NOW, WORKSPACE
from tests.workflows.test_questions import scene
from workflows import chasing, questions

HOURS = (0, 8, 13, 14, 15, 20)
"""When the scheduler asks here, in UTC: at night, and before, at and after nine in New York."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


def chase(session: Session, now: datetime) -> int:
    return sum(chasing.chase(session, question_id, now) for question_id in chasing.unanswered(session, now))


def reminded(session: Session) -> list[tuple[str, datetime]]:
    return [(it.rung, it.owed_at) for it in session.scalars(sa.select(Reminder).order_by(Reminder.id))]


def told(session: Session) -> list[int | None]:
    return list(session.scalars(sa.select(Notice.person_id).where(Notice.kind == chasing.GAVE_UP)))


def asked(session: Session) -> tuple[Question, Person, Person]:
    """A question of a Wednesday to an author in New York; the author, and who asked."""
    idea, author, member = scene(session)
    author.tz = "America/New_York"
    return questions.ask(session, member, idea, "How many calls?", now=NOW), author, member


def test_the_author_is_reminded_on_working_mornings_and_then_the_promise_goes_on(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        question, _, member = asked(session)
        idea = questions.ideas.get(session, question.idea_id)
        due, now = idea.answer_due, NOW
        while now < at("2026-12-10T00:00"):
            if now.hour in HOURS:
                chase(session, now)
            now += timedelta(hours=1)
        assert reminded(session) == [("wait-2", at("2026-11-20T14:00")), ("wait-4", at("2026-11-24T14:00"))]
        assert told(session) == [member.id]
        assert idea.clock_stopped_at is None
        assert idea.answer_due == due + timedelta(days=8)  # six working days, from Wednesday to Thursday a week later
        assert session.scalars(sa.select(Event.kind).where(Event.kind == chasing.GAVE_UP)).all() == [chasing.GAVE_UP]


def test_an_answer_ends_it_and_is_welcome_late(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        question, author, _ = asked(session)
        questions.answer(session, author, question, "Forty", now=NOW + timedelta(hours=1))
        assert chasing.unanswered(session, NOW + timedelta(days=2)) == []
        late, author, _ = asked(session)
        assert chase(session, NOW + timedelta(days=9)) == 1
        idea = questions.ideas.get(session, late.idea_id)
        due = idea.answer_due
        questions.answer(session, author, late, "Forty", now=NOW + timedelta(days=10))
        assert idea.answer_due == due


def test_a_later_question_keeps_the_clock_still(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        first, _, member = asked(session)
        idea = questions.ideas.get(session, first.idea_id)
        questions.ask(session, member, idea, "For whom?", now=NOW + timedelta(days=5))
        assert chase(session, at("2026-11-26T14:00")) == 2  # the first is given up, the second reminded of
        assert idea.clock_stopped_at == NOW
        assert chase(session, at("2026-12-01T14:00")) == 1
        assert idea.clock_stopped_at is None


def test_nobody_waits_for_an_author_who_left(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        question, author, member = asked(session)
        author.active = False
        session.flush()
        assert chase(session, NOW + timedelta(hours=1)) == 1
        assert told(session) == [member.id]
        assert questions.ideas.get(session, question.idea_id).clock_stopped_at is None
