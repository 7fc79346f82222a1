"""What a morning's message says: of work and votes, as they stand when it is sent, and when it is edited."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.rendering.ballots import sheet
from bot.rendering.work import card_of
from bot.views import ballots as ballot_views
from bot.views import questions as question_views
from bot.views import reminders as views
from bot.views.message import Message
from bot.views.reminders import Item, Line
from bot.views.text import idea_ref
from db.models import BallotState, Elector, Idea, Notice, NoticeState, Person, Reminder
from workflows import ballots, calendar, interventions, mornings, questions, reminders


@renders(mornings.MORNING)
def morning(session: Session, notice: Notice, now: datetime) -> Message | None:
    """Everything of that morning whose reason still stands; nothing if none does.

    Once it is in Slack, what is settled stays and says how it went.
    """
    reader = session.get_one(Person, notice.person_id)
    today, told = _today(notice, reader, now), notice.state is not NoticeState.OWED
    found = [_item(session, rung, today, now) for rung in reminders.of_morning(session, notice)]
    items = [item for item in found if item is not None and (told or item.row)]
    local = (notice.sent_at or now).astimezone(calendar.zone(reader.tz))
    return views.morning(items, early=local.hour < calendar.NOON) if items else None


def _item(session: Session, rung: Reminder, today: date, now: datetime) -> Item | None:
    if rung.kind == reminders.BALLOT:
        return _vote(session, rung, now)
    if rung.kind == reminders.QUESTION:
        return _question(session, rung)
    found = reminders.subject(session, rung)
    if found is None:
        return None
    work, milestone = found
    line = Line(work, milestone, work.owner_id == rung.person_id)
    return views.asked(line, today) if reminders.stands(rung, work, milestone) else views.settled(line)


def _question(session: Session, rung: Reminder) -> Item:
    """Asks the author for an answer; once there is one, or nobody needs it, it says so."""
    question = questions.get(session, rung.about_id)
    idea = session.get_one(Idea, question.idea_id)
    by = question.asked_at.date()
    if question.answered_at is not None:
        return Item(f"Thank you for your answer about *{idea_ref(idea, 60)}*.", by)
    if idea.state in questions.ENDED:
        return Item(f"Nobody needs an answer about *{idea_ref(idea, 60)}* any more.", by)
    return Item(question_views.missing(question, idea), by, [question_views.answer_button(question)])


def _vote(session: Session, rung: Reminder, now: datetime) -> Item:
    """Asks an elector who has not voted; once they have, or nothing is asked any more, it says so."""
    elector = session.get_one(Elector, rung.about_id)
    ballot = ballots.by_id(session, elector.ballot_id)
    it = sheet(session, ballot, now)
    by = calendar.local_day(ballot.closes_at, it.tz)
    if ballots.awaits(session, ballot, elector):
        in_time = now < ballot.closes_at  # or nobody has closed it yet
        return Item(ballot_views.missing(it), by, ballot_views.vote_buttons(ballot, it.idea) if in_time else ())
    vote = ballots.vote_of(session, ballot, session.get_one(Person, elector.person_id))
    if vote is None or elector.recused or ballot.state is not BallotState.OPEN:
        return Item(ballot_views.settled(it).text, by)
    return Item(ballot_views.thanks(it.idea, ballot.closes_at, it.tz, vote.choice).text, by)


@renders("reminders.snoozed")
def snoozed(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The reminder somebody asked for, unless it is done or promised anew."""
    it = card_of(session, notice.about_id)
    if it is None or it.work.state not in interventions.WITH_OWNER:
        return None
    if it.work.revision != (notice.detail or {}).get("revision"):
        return None
    line = Line(it.work, None, it.work.owner_id == notice.person_id)
    return views.snoozed(line, _today(notice, session.get_one(Person, notice.person_id), now))


def _today(notice: Notice, reader: Person, now: datetime) -> date:
    """The day it is for the reader, or was when they were told."""
    return calendar.local_day(notice.sent_at or now, reader.tz)
