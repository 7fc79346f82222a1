"""What is owed to Slack: notices said once, and cards that stay and are kept up to date.

Workflows never send; they owe. `bot.delivery` sends what is owed, rendered from the database as it is at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from db.models import Notice, NoticeState, Person, Reminder
from db.once import insert_all_once, insert_once
from db.tenancy import lasting

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
    _touched(session).cards.setdefault((kind, since), set()).update(about_ids)


def again(session: Session, kind: str, about_ids: Iterable[int]) -> None:
    """What the messages say that carry rungs of this kind about these has changed: they are edited if in Slack."""
    _touched(session).rungs.setdefault(kind, set()).update(about_ids)


@dataclass
class Touched:
    """What a transaction has touched: cards of a kind, owed since a moment, by what they are about; rungs likewise."""

    cards: dict[tuple[str, datetime | None], set[int]] = field(default_factory=dict)
    rungs: dict[str, set[int]] = field(default_factory=dict)

    def values(self) -> Iterator[dict[str, object]]:
        """The parameters of each part, in the order of `_marking`."""
        for (kind, since), ids in self.cards.items():
            yield {"kind": kind, "ids": sorted(ids)} | ({"since": since} if since else {})
        for kind, ids in self.rungs.items():
            yield {"kind": kind, "ids": sorted(ids)}


def _touched(session: Session) -> Touched:
    if TOUCHED not in session.info:
        session.info[TOUCHED] = Touched()
        event.listen(session, "before_commit", settle, once=True)
        session.info["owes"] = True
    found: Touched = session.info[TOUCHED]
    return found


def settle(session: Session) -> None:
    """Mark stale what was touched. Comes by itself before the commit.

    Not earlier: these rows are shared between gestures, so they are locked last and in the order of their ids. Then
    none holds one for long, and no two wait for each other.
    """
    touched: Touched | None = session.info.pop(TOUCHED, None)
    if touched is None:
        return
    marking = _marking(tuple(since is not None for _, since in touched.cards), len(touched.rungs))
    values = {f"{name}_{n}": value for n, part in enumerate(touched.values()) for name, value in part.items()}
    session.execute(marking, {**values, "traced": session.info.get("trace")})


@lru_cache(maxsize=64)  # built once for each shape: every gesture marks something
def _marking(cards: tuple[bool, ...], rungs: int) -> sa.Update:
    """Marks the cards of so many kinds, each owed since a moment or whenever, and what carries rungs of so many."""
    parts = [_is_card(n, since) for n, since in enumerate(cards)]
    parts += [_carries(n) for n in range(len(cards), len(cards) + rungs)]
    standing = sa.select(Notice.id).where(sa.or_(*parts), Notice.state.in_(STAYS)).order_by(Notice.id)
    marked = sa.update(Notice).where(Notice.id.in_(standing.with_for_update(key_share=True)))
    values = marked.values(wanted=Notice.wanted + 1, trace=sa.bindparam("traced"))
    return lasting(values.execution_options(synchronize_session=False))


def _is_card(n: int, since: bool) -> sa.ColumnElement[bool]:
    about = sa.and_(Notice.kind == sa.bindparam(f"kind_{n}"), Notice.about_id.in_(_ids(n)), Notice.is_card)
    return sa.and_(about, Notice.owed_at > sa.bindparam(f"since_{n}")) if since else about


def _carries(n: int) -> sa.ColumnElement[bool]:
    told = sa.select(Reminder.morning_id)
    return Notice.id.in_(told.where(Reminder.kind == sa.bindparam(f"kind_{n}"), Reminder.about_id.in_(_ids(n))))


def _ids(n: int) -> sa.BindParameter[int]:
    return sa.bindparam(f"ids_{n}", expanding=True)


def card(session: Session, kind: str, about_id: int) -> Notice | None:
    """The card of this kind about this row, sent or not."""
    return session.scalar(sa.select(Notice).where(Notice.kind == kind, Notice.about_id == about_id, Notice.is_card))
