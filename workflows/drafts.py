"""Drafts: what somebody typed into a form that was not accepted (yet), one a person a form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Draft, Person
from db.once import insert_once


def keep(session: Session, person: Person, form: str, content: dict[str, Any], now: datetime) -> None:
    """Keep what was typed, in place of what was kept before."""
    made = insert_once(session, Draft, person_id=person.id, form=form, content=content, saved_at=now)
    if made is None:
        draft = session.scalars(_of(person, form).with_for_update(key_share=True)).one()
        draft.content, draft.saved_at = content, now


def peek(session: Session, person: Person, form: str) -> Draft | None:
    """What was kept for this form."""
    return session.scalar(_of(person, form))


def take(session: Session, person: Person, form: str) -> dict[str, Any] | None:
    """What was kept for this form, kept no longer."""
    draft = peek(session, person, form)
    if draft is None:
        return None
    session.delete(draft)
    return draft.content


def forget(session: Session, person: Person, form: str) -> None:
    """The form was accepted, or its words are not wanted any more."""
    session.execute(sa.delete(Draft).where(Draft.person_id == person.id, Draft.form == form))


def _of(person: Person, form: str) -> sa.Select[Draft]:
    return sa.select(Draft).where(Draft.person_id == person.id, Draft.form == form)
