"""What those who set committees up are told: that it works, and when a channel does not."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.views import committee as committee_views
from bot.views import setup
from bot.views.message import Message
from db.models import Channel, Committee, Event, Notice
from workflows import committees
from workflows.committees import looking, offices


@renders("setup.welcome")
def welcome(session: Session, notice: Notice, now: datetime) -> Message | None:
    committee = session.get(Committee, notice.about_id)
    if committee is None or committee.dissolved_at is not None:
        return None
    return setup.welcome(committees.status(session, committee, now))


@renders(offices.KIND)
def office(session: Session, notice: Notice, now: datetime) -> Message | None:
    """What somebody's new office means; nothing if they hold it no more."""
    committee, held = session.get(Committee, notice.about_id), (notice.detail or {})["office"]
    if committee is None or committee.dissolved_at is not None:
        return None
    still = offices.holds(session, committee, held, notice.person_id)
    return committee_views.office(committee, held) if still else None


@renders("setup.trouble")
def trouble(session: Session, notice: Notice, now: datetime) -> Message | None:
    channel = session.get(Channel, notice.about_id)
    if channel is None or channel.trouble is None:
        return None
    return setup.trouble(channel, session.get_one(Committee, channel.committee_id))


@renders(looking.CONVERTED)
def converted(session: Session, notice: Notice, now: datetime) -> Message | None:
    channel = session.get(Channel, notice.about_id)
    if channel is None:
        return None
    committee = session.get_one(Committee, channel.committee_id)
    return setup.converted(channel, committee, private=(notice.detail or {})["to"] == "private")


@renders(committees.CLOSED)
def closed(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The channel hears that its committee has ended, by the name it had."""
    told = sa.select(Event.detail).where(Event.kind == committees.CLOSED, Event.committee_id == notice.about_id)
    detail = session.scalar(told)
    return committee_views.closed(detail["name"]) if detail else None
