"""What is owed to Slack: notices said once, and cards that stay and are kept up to date.

Workflows never send; they owe. `bot.delivery` sends what is owed, rendered from the database as it is at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from db.models import Notice, NoticeState, Person
from db.once import insert_all_once, insert_once

STAYS = (NoticeState.OWED, NoticeState.SENT)
TOUCHED = "touched"


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


def owe_to_each(session: Session, kind: str, wanted: Mapping[str, tuple[int, datetime]], *, now: datetime) -> None:
    """Owe a message each to many: who and from when on, by key; nothing for a key that is owed or was said already."""
    rows = [
        {"kind": kind, "key": key, "person_id": person_id, "owed_at": now, "due_at": due_at}
        | {"in_thread": False, "is_card": False, "trace": session.info.get("trace")}
        for key, (person_id, due_at) in wanted.items()
    ]
    insert_all_once(session, Notice, rows)
    session.info["owes"] = True


def refresh(session: Session, about_id: int, kinds: Iterable[str]) -> None:
    """What the cards of these kinds about this row show has changed: they are stale once this transaction ends."""
    for kind in kinds:
        touch(session, kind, [about_id])


def touch(session: Session, kind: str, about_ids: Iterable[int], *, since: datetime | None = None) -> None:
    """As `refresh`, for one kind about many rows; `since`: only those owed later than that."""
    _noted(session, (kind, since), about_ids)


def again(session: Session, notice_ids: Iterable[int]) -> None:
    """What these very notices say has changed, cards or not: they are edited if they are in Slack."""
    _noted(session, (None, None), notice_ids)


def _noted(session: Session, what: tuple[str | None, datetime | None], ids: Iterable[int]) -> None:
    if not session.info.get(TOUCHED):
        session.info[TOUCHED] = {}
        event.listen(session, "before_commit", settle)
    session.info[TOUCHED].setdefault(what, set()).update(ids)
    session.info["owes"] = True


def settle(session: Session) -> None:
    """Mark stale what was touched. Comes by itself before the commit.

    Not earlier: these rows are shared between gestures, so they are locked last and in the order of their ids. Then
    none holds one for long, and no two wait for each other.
    """
    touched: dict[tuple[str | None, datetime | None], set[int]] = session.info.pop(TOUCHED, {})
    if not touched:
        return
    which = sa.or_(*(_touched(kind, since, ids) for (kind, since), ids in touched.items()))
    standing = sa.select(Notice.id).where(which, Notice.state.in_(STAYS)).order_by(Notice.id)
    stale = session.scalars(standing.with_for_update(key_share=True)).all()
    if stale:
        session.execute(
            sa.update(Notice)
            .where(Notice.id.in_(stale))
            .values(wanted=Notice.wanted + 1, trace=session.info.get("trace"))
            .execution_options(synchronize_session=False)
        )


def _touched(kind: str | None, since: datetime | None, ids: Iterable[int]) -> sa.ColumnElement[bool]:
    if kind is None:
        return Notice.id.in_(sorted(ids))
    about = sa.and_(Notice.kind == kind, Notice.about_id.in_(sorted(ids)), Notice.is_card)
    return about if since is None else sa.and_(about, Notice.owed_at > since)


def card(session: Session, kind: str, about_id: int) -> Notice | None:
    """The card of this kind about this row, sent or not."""
    return session.scalar(sa.select(Notice).where(Notice.kind == kind, Notice.about_id == about_id, Notice.is_card))
