"""Homes: whose Home tab shows something that has changed.

Somebody who never opened Home has none, and costs nothing; one not looked at for a fortnight waits until its person
opens it again, which shows it afresh.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from db.models import NoticeState, Person
from workflows import notices

KIND = "home"
LOOKED_AT_FOR = timedelta(days=14)


def key(person: Person) -> str:
    """The one Home of a person."""
    return f"{KIND}:{person.id}"


def opened(session: Session, person: Person, now: datetime) -> None:
    """Somebody looks at their Home: show it as things are now, from the first page of every list."""
    made = notices.owe(session, KIND, key(person), about_id=person.id, person=person, card=True, now=now)
    if made is None:
        _show(session, person, None, now)


def turn(session: Session, person: Person, listed: str, page: int, now: datetime) -> None:
    """Turn one list of somebody's Home to a page, counted from 1; the other lists stay where they are."""
    home = notices.card(session, KIND, person.id)
    if home is not None:
        _show(session, person, {**(home.detail or {}), listed: page}, now)


def _show(session: Session, person: Person, pages: dict[str, int] | None, now: datetime) -> None:
    home = notices.card(session, KIND, person.id)
    if home is None:
        return
    home.detail, home.owed_at = pages, now
    if home.state not in notices.STAYS:  # Slack refused it once (the tab was off); the person looks now, so try again
        home.state, home.due_at, home.sent_at, home.attempts = NoticeState.OWED, now, None, 0
    session.flush()
    touch(session, [person.id], now)


def touch(session: Session, person_ids: Iterable[int], now: datetime) -> None:
    """What these people's Homes show has changed."""
    notices.touch(session, KIND, person_ids, since=now - LOOKED_AT_FOR)
