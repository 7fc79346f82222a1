"""The message of somebody's morning: all that they are to be reminded of comes in one. Its lines are rungs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.many import one_of
from db.models import Notice, NoticeState, Reminder
from db.once import insert_all_once
from workflows import notices

MORNING = "reminders.morning"
GATHER = timedelta(minutes=2)
"""How long a morning's message waits for the other things of that morning."""
Place = tuple[int, date]


class Line(NamedTuple):
    """A rung on its way into somebody's message of that morning, which does not go out before a moment."""

    person_id: int
    morning: date
    not_before: datetime
    kind: str
    about_id: int
    rung: str
    revision: int = 1

    @property
    def key(self) -> str:
        """What makes the rung one, whoever writes it and how often."""
        return f"{self.kind}:{self.about_id}:{self.revision}:{self.rung}:{self.person_id}"

    @property
    def place(self) -> Place:
        """Whose message of which morning it belongs in."""
        return self.person_id, self.morning


def attach(session: Session, lines: Iterable[Line], now: datetime) -> int:
    """Put rungs into their people's messages, each once ever; how many were new."""
    wanted = {line.key: line for line in lines}
    known = set(session.scalars(sa.select(Reminder.key).where(one_of(session, Reminder.key, wanted)))) if wanted else ()
    # One order for everybody: two replicas that write to the same people never wait for each other.
    fresh = sorted((line for key, line in wanted.items() if key not in known), key=lambda it: it.place)
    if fresh:
        messages = _messages(session, fresh, now)
        insert_all_once(session, Reminder, [_row(line, messages[line.place], now) for line in fresh])
    return len(fresh)


def _row(line: Line, message: int, now: datetime) -> dict[str, object]:
    return {
        "key": line.key, "person_id": line.person_id, "kind": line.kind, "about_id": line.about_id, "rung": line.rung,
        "revision": line.revision, "morning": line.morning, "owed_at": now, "morning_id": message,
    }  # fmt: skip


def _messages(session: Session, lines: Sequence[Line], now: datetime) -> Mapping[Place, int]:
    """The messages that can still take a line: a further one where the first has gone out."""
    first: dict[Place, Line] = {}
    for line in lines:
        first.setdefault(line.place, line)
    found: dict[Place, int] = {}
    part = 0
    while missing := {_key(place, part := part + 1): place for place in first if place not in found}:
        wanted = {key: (place[0], first[place].not_before + GATHER) for key, place in missing.items()}
        notices.owe_to_each(session, MORNING, wanted, now=now)
        found |= {missing[message.key]: message.id for message in _open(session, missing)}
    return found


def _key(place: Place, part: int) -> str:
    return f"{MORNING}:{place[0]}:{place[1]}:{part}"


def _open(session: Session, keys: Collection[str]) -> Sequence[sa.Row[int, str, NoticeState, datetime | None]]:
    """Those of these messages that have not begun to go out, locked in everybody's order so that they do not now."""
    query = sa.select(Notice.id, Notice.key, Notice.state, Notice.lease_until).where(one_of(session, Notice.key, keys))
    found = session.execute(query.order_by(Notice.person_id, Notice.id).with_for_update(key_share=True))
    return [message for message in found if message.state is NoticeState.OWED and message.lease_until is None]
