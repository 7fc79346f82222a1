"""What is owed to Slack: notices said once, and cards that stay and are kept up to date.

Workflows never send; they owe. `bot.delivery` sends what is owed, rendered from the database as it is at that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Notice, NoticeState, Person
from db.once import insert_once


def owe(
    session: Session,
    kind: str,
    key: str,
    *,
    now: datetime,
    about_id: int | None = None,
    channel: str | None = None,
    person: Person | int | None = None,
    after: Notice | None = None,
    in_thread: bool = False,
    card: bool = False,
    due_at: datetime | None = None,
    detail: dict[str, Any] | None = None,
) -> Notice | None:
    """Owe something to a channel or a person, once ever for `key`; None if it is owed or was said already.

    `after` must be in Slack before this one; `in_thread` puts this one in its thread. A `card` stays and is edited
    whenever `refresh` says that what it shows has changed.
    """
    found = insert_once(
        session,
        Notice,
        kind=kind,
        key=key,
        about_id=about_id,
        channel=channel,
        person_id=person.id if isinstance(person, Person) else person,
        after_id=after.id if after else None,
        in_thread=in_thread,
        is_card=card,
        detail=detail,
        owed_at=now,
        due_at=due_at or now,
        trace=session.info.get("trace"),
    )
    session.info["owes"] = True
    return session.get(Notice, found) if found is not None else None


def refresh(session: Session, about_id: int, kinds: Sequence[str]) -> None:
    """Mark the cards of these kinds about this row stale: what they show has changed."""
    session.execute(
        sa.update(Notice)
        .where(Notice.kind.in_(kinds), Notice.about_id == about_id, Notice.is_card)
        .where(Notice.state.in_([NoticeState.OWED, NoticeState.SENT]))
        .values(wanted=Notice.wanted + 1, trace=session.info.get("trace"))
        .execution_options(synchronize_session=False)
    )
    session.info["owes"] = True


def card(session: Session, kind: str, about_id: int) -> Notice | None:
    """The card of this kind about this row, sent or not."""
    return session.scalar(sa.select(Notice).where(Notice.kind == kind, Notice.about_id == about_id, Notice.is_card))


def drop(session: Session, key: str) -> None:
    """Forget an owed notice whose reason has gone; one already sent stays."""
    session.execute(
        sa.update(Notice)
        .where(Notice.key == key, Notice.state == NoticeState.OWED)
        .values(state=NoticeState.DROPPED)
        .execution_options(synchronize_session=False)
    )
