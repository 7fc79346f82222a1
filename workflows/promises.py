"""The service promise: every idea gets an answer by a promised day, and the clock waits while its author is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Idea, IdeaState, Person
from workflows import calendar, committees, homes, notices
from workflows.lifecycle import CARDS

AWAITING = (IdeaState.SUBMITTED, IdeaState.IN_REVIEW)


def promised(committee: Committee, now: datetime) -> datetime:
    """By when an idea that arrives now gets its answer."""
    return calendar.deadline(
        now,
        tz=committee.tz,
        week=committees.week(committee),
        days=committee.answer_days,
        hour=committee.review_hour,
    )


def renew(idea: Idea, committee: Committee, now: datetime) -> None:
    """Promise an answer anew, for an idea that came back."""
    idea.answer_due = promised(committee, now)
    idea.answered_at = idea.promise_missed_at = idea.clock_stopped_at = None


def stop_clock(idea: Idea, now: datetime) -> None:
    """The author is asked; the promise waits."""
    if idea.answered_at is None and idea.clock_stopped_at is None:
        idea.clock_stopped_at = now


def start_clock(idea: Idea, committee: Committee, now: datetime) -> None:
    """The author has answered: the promise moves by the working days that began meanwhile.

    A promise broken before the question stays where it was; one that would be past already moves on to the next
    working day.
    """
    stopped, idea.clock_stopped_at = idea.clock_stopped_at, None
    if stopped is None or stopped >= idea.answer_due:
        return
    week, tz = committees.week(committee), committee.tz
    waited = calendar.working_days_between(calendar.local_day(stopped, tz), calendar.local_day(now, tz), week)
    moved = _later(idea.answer_due, waited, week, tz)
    while moved <= now:
        moved = _later(moved, 1, week, tz)
    idea.answer_due = moved


def _later(due: datetime, days: int, week: calendar.Week, tz: str) -> datetime:
    local = due.astimezone(calendar.zone(tz))
    return calendar.at(calendar.add_working_days(local.date(), days, week), local.hour, local.minute, tz)


def missed(session: Session, now: datetime) -> Sequence[int]:
    """The ideas whose answer was promised by now and not given, and of which nobody was told yet."""
    return session.scalars(_late(now).with_only_columns(Idea.id).order_by(Idea.id)).all()


def tell(session: Session, idea_id: int, now: datetime) -> bool:
    """Tell the chair and the author, once, that an answer is late; whether this was the time."""
    mine = _late(now).where(Idea.id == idea_id).with_for_update(skip_locked=True, key_share=True)
    idea = session.scalar(mine)
    if idea is not None:
        _tell(session, idea, now)
    return idea is not None


def _late(now: datetime) -> sa.Select[Idea]:
    late = sa.select(Idea).where(Idea.answered_at.is_(None), Idea.clock_stopped_at.is_(None))
    return late.where(Idea.promise_missed_at.is_(None), Idea.answer_due <= now, Idea.state.in_(AWAITING))


def _tell(session: Session, idea: Idea, now: datetime) -> None:
    idea.promise_missed_at = now
    committee = session.get_one(Committee, idea.committee_id)
    chair = committees.presiding(session, committee)
    _owe(session, "idea.promise_missed", idea, committee, chair, now)
    author = session.get_one(Person, idea.author_id)
    if author != chair and author.active and author.slack_id:
        _owe(session, "idea.answer_late", idea, committee, author, now)
    session.flush()
    notices.refresh(session, idea.id, CARDS)
    homes.touch(session, [person.id for person in (chair, author) if person], now)


def _owe(session: Session, kind: str, idea: Idea, committee: Committee, person: Person | None, now: datetime) -> None:
    channel = None if person else committee.committee_channel  # nobody presides: the committee hears it
    key = f"{kind}:{idea.id}:{int(idea.answer_due.timestamp())}"
    notices.owe(session, kind, key, about_id=idea.id, person=person, channel=channel, now=now)
