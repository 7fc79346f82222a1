"""Renders what admins are told of messages that could not be delivered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.slack_errors import refusal
from bot.views import trouble
from bot.views.message import Message
from bot.views.text import mention
from db.models import Notice, NoticeState, Person
from workflows import troubles


@renders(troubles.KIND)
def parked(session: Session, notice: Notice, now: datetime) -> Message | None:
    """Gone as soon as the notice is not parked any more."""
    about = session.get(Notice, notice.about_id)
    if about is None or about.state is not NoticeState.PARKED:
        return None
    person = session.get(Person, about.person_id) if about.person_id else None
    place = f"<#{about.channel}>" if about.channel else mention(person.slack_id if person else None)
    waiting = len(troubles.alike(session, about))
    return trouble.parked(place, refusal(about.error or ""), waiting, about.id)


@renders(troubles.OUTAGE)
def outage(session: Session, notice: Notice, now: datetime) -> Message:
    """As things are now: what still waits is late by more."""
    absence, admin = troubles.absence(notice), session.get_one(Person, notice.person_id)
    return trouble.outage(absence, troubles.delay(session, absence, now), admin.tz)
