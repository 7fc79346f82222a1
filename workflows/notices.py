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
from db.tenancy import plainly

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
            yield {"kind": kind} | _named(ids) | ({"since": since} if since else {})
        for kind, ids in self.rungs.items():
            yield {"kind": kind} | _named(ids)


def _named(ids: set[int]) -> dict[str, object]:
    return {"id": next(iter(ids))} if len(ids) == 1 else {"ids": sorted(ids)}


def _touched(session: Session) -> Touched:
    if TOUCHED not in session.info:
        session.info[TOUCHED] = Touched()
        session.info["owes"] = True
    found: Touched = session.info[TOUCHED]
    return found


@event.listens_for(Session, "before_commit")
def settle(session: Session) -> None:
    """Mark stale what was touched. Comes by itself before the commit of any session.

    Not earlier: these rows are shared between gestures, so they are locked last and in the order of their ids. Then
    none holds one for long, and no two wait for each other.
    """
    touched: Touched | None = session.info.pop(TOUCHED, None)
    if touched is None:
        return
    parts = list(touched.values())
    marking = _marking(tuple(frozenset(part) for part in parts), len(touched.cards))
    values = {f"{name}_{n}": value for n, part in enumerate(parts) for name, value in part.items()}
    plainly(session, marking, {**values, "traced": session.info.get("trace")})


@lru_cache(maxsize=64)  # built once for each shape: every gesture marks something
def _marking(shapes: tuple[frozenset[str], ...], cards: int) -> sa.Update:
    """Marks the cards that the first parts name, and what carries the rungs that the others name."""
    parts = [_is_card(n, names) if n < cards else _carries(n, names) for n, names in enumerate(shapes)]
    standing = sa.select(Notice.id).where(sa.or_(*parts), Notice.state.in_(STAYS)).order_by(Notice.id)
    marked = sa.update(Notice).where(Notice.id.in_(standing.with_for_update(key_share=True)))
    return marked.values(wanted=Notice.wanted + 1, trace=sa.bindparam("traced"))


def _is_card(n: int, names: frozenset[str]) -> sa.ColumnElement[bool]:
    about = sa.and_(Notice.kind == sa.bindparam(f"kind_{n}"), _about(Notice.about_id, n, names), Notice.is_card)
    return sa.and_(about, Notice.owed_at > sa.bindparam(f"since_{n}")) if "since" in names else about


def _carries(n: int, names: frozenset[str]) -> sa.ColumnElement[bool]:
    told = sa.select(Reminder.morning_id).where(Reminder.kind == sa.bindparam(f"kind_{n}"))
    return Notice.id.in_(told.where(_about(Reminder.about_id, n, names)))


def _about(column: Any, n: int, names: frozenset[str]) -> sa.ColumnElement[bool]:
    """Of one, as mostly, or of several, for which the statement is written anew each time."""
    known: sa.ColumnElement[bool] = (
        column == sa.bindparam(f"id_{n}") if "id" in names else column.in_(sa.bindparam(f"ids_{n}", expanding=True))
    )
    return known


def card(session: Session, kind: str, about_id: int) -> Notice | None:
    """The card of this kind about this row, sent or not."""
    return session.scalar(sa.select(Notice).where(Notice.kind == kind, Notice.about_id == about_id, Notice.is_card))
