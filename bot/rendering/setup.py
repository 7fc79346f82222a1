"""What those who set committees up are told: that it works, and when a channel does not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.views import setup
from bot.views.message import Message
from db.models import Channel, Committee, Notice
from workflows import committees


@renders("setup.welcome")
def welcome(session: Session, notice: Notice, now: datetime) -> Message | None:
    committee = session.get(Committee, notice.about_id)
    if committee is None or committee.dissolved_at is not None:
        return None
    return setup.welcome(committees.status(session, committee, now))


@renders("setup.trouble")
def trouble(session: Session, notice: Notice, now: datetime) -> Message | None:
    channel = session.get(Channel, notice.about_id)
    if channel is None or channel.trouble is None:
        return None
    return setup.trouble(channel, session.get_one(Committee, channel.committee_id))
