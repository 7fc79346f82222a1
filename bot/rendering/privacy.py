"""What the notices about wanting to be forgotten say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.views import privacy as views
from bot.views.message import Message
from db.models import Notice, Person
from workflows import privacy


@renders(privacy.ASKED)
def asked(session: Session, notice: Notice, now: datetime) -> Message:
    """An admin is asked; once somebody has answered, the same message says how."""
    request = notice.about_id or 0
    person, said = privacy.who(session, request), privacy.answer(session, request)
    if said is None:
        return views.request(person, request)
    by = session.get(Person, said.actor_id)
    if said.kind == privacy.REFUSED:
        return views.declined(person, by)
    return views.agreed(by, done=person.erased_at is not None)


@renders(privacy.FAREWELL)
def farewell(session: Session, notice: Notice, now: datetime) -> Message:
    """The person is told before they are forgotten."""
    return views.farewell(_who_answered(session, notice))


@renders(privacy.REFUSED)
def refused(session: Session, notice: Notice, now: datetime) -> Message:
    """The person is told whom to talk to."""
    return views.refused(_who_answered(session, notice))


def _who_answered(session: Session, notice: Notice) -> Person:
    said = privacy.answer(session, notice.about_id or 0)
    if said is None:
        raise LookupError(f"request {notice.about_id} was answered by nobody")
    return session.get_one(Person, said.actor_id)
