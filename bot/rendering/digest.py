"""What the digest's notices say: as it was gathered for the channel, as it is now for the chair."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.views import digest
from bot.views.message import Message
from bot.views.text import person_name
from db.models import Digest, Notice
from workflows import digests
from workflows.week import OpenBallot, Week


@renders("digest.weekly")
def weekly(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The digest as it was gathered at its hour, also if it is sent later."""
    row = session.get(Digest, notice.about_id)
    return digest.message(Week.model_validate(row.content)) if row else None


@renders("digest.awaited")
def awaited(session: Session, notice: Notice, now: datetime) -> Message | None:
    """Who is still awaited; nothing once everybody has voted."""
    row = session.get(Digest, notice.about_id)
    week = Week.model_validate(row.content) if row else None
    voting = [ballot for ballot in (week.ballots if week else ()) if ballot.awaits is None]
    found = [(ballot, _names(session, ballot)) for ballot in voting]
    still = [(ballot, names) for ballot, names in found if names]
    return digest.awaited(still, week.tz) if week and still else None


def _names(session: Session, ballot: OpenBallot) -> list[str]:
    return [person_name(person) for person in digests.awaited(session, ballot.ballot)]
