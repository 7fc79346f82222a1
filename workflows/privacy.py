"""Wanting to be forgotten: asked by oneself, confirmed by an admin, told to both, and then done.

The person hears of it before the name is gone, so the forgetting itself waits until that message is out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Event, Notice, NoticeState, Person
from workflows import erasure, notices
from workflows.errors import Gone, WorkflowError
from workflows.permissions import Action, require

ASKED, AGREED, REFUSED = "privacy.asked", "privacy.agreed", "privacy.refused"
FAREWELL = "privacy.farewell"
LONGEST_FAREWELL = timedelta(days=1)
"""How long the forgetting waits for a message that cannot be delivered just now."""


def ask(session: Session, person: Person, *, now: datetime) -> int:
    """Ask the admins to have oneself forgotten; how many were asked. Raises `WorkflowError` if nobody can be."""
    if _open_request(session, person) is not None:
        raise WorkflowError("You have asked already. An admin will answer you here.")
    admins = list(session.scalars(_admins()))
    if not admins:
        raise WorkflowError("I know no admin of this workspace. Ask whoever runs Touchstone to do it for you.")
    request = Event(kind=ASKED, actor_id=person.id, at=now)
    session.add(request)
    session.flush()
    for admin in admins:
        key = f"{ASKED}:{request.id}:{admin.id}"
        notices.owe(session, ASKED, key, about_id=request.id, person=admin, card=True, now=now)
    return len(admins)


def agree(session: Session, admin: Person, request_id: int, *, now: datetime) -> None:
    """An admin agrees: the person is told, and forgotten once they are. Raises `NotAllowed` and `Gone`."""
    person = _answer(session, admin, request_id, AGREED, now)
    key = f"{FAREWELL}:{request_id}"
    notices.owe(session, FAREWELL, key, about_id=request_id, person=person, now=now)


def refuse(session: Session, admin: Person, request_id: int, *, now: datetime) -> None:
    """An admin does not agree: the person hears from whom, and nothing is changed. Raises `NotAllowed` and `Gone`."""
    person = _answer(session, admin, request_id, REFUSED, now)
    key = f"{REFUSED}:{request_id}"
    notices.owe(session, REFUSED, key, about_id=request_id, person=person, now=now)


def finish_due(session: Session, now: datetime) -> int:
    """Forget everybody who was told so; how many."""
    told = sa.or_(Notice.state != NoticeState.OWED, Notice.owed_at < now - LONGEST_FAREWELL)
    query = sa.select(Notice).join(Person, Person.id == Notice.person_id)
    query = query.where(Notice.kind == FAREWELL, Person.erased_at.is_(None), told)
    due = session.scalars(query.order_by(Notice.id).with_for_update(skip_locked=True, of=Notice)).all()
    for notice in due:
        erasure.erase(session, session.get_one(Person, notice.person_id), now=now)
        notices.refresh(session, notice.about_id or 0, [ASKED])
    return len(due)


def who(session: Session, request_id: int) -> Person:
    """Who asked."""
    return session.get_one(Person, session.get_one(Event, request_id).actor_id)


def answer(session: Session, request_id: int) -> Event | None:
    """What an admin said to a request; None while nobody has."""
    said = sa.select(Event).where(Event.kind.in_((AGREED, REFUSED)), Event.detail["request"].as_integer() == request_id)
    return session.scalar(said)


def _answer(session: Session, admin: Person, request_id: int, kind: str, now: datetime) -> Person:
    require(session, Action.FORGET, admin)
    request = session.scalar(sa.select(Event).where(Event.id == request_id, Event.kind == ASKED).with_for_update())
    if request is None or answer(session, request_id) is not None:
        raise Gone("This has been answered already.")
    session.add(Event(kind=kind, actor_id=admin.id, detail={"request": request_id}, at=now))
    session.flush()
    notices.refresh(session, request_id, [ASKED])
    return who(session, request_id)


def _open_request(session: Session, person: Person) -> Event | None:
    last = sa.select(Event).where(Event.kind == ASKED, Event.actor_id == person.id).order_by(Event.id.desc()).limit(1)
    request = session.scalar(last)
    if request is None:
        return None
    said = answer(session, request.id)
    return None if said is not None and said.kind == REFUSED else request


def _admins() -> sa.Select[Person]:
    here = sa.select(Person).where(Person.is_admin, Person.active, Person.is_stranger.is_(False))
    return here.where(Person.slack_id.is_not(None)).order_by(Person.id)
