"""What becomes of a committee's channels in Slack while nobody tells us: looked for once a day.

A channel that was made private is private here as soon as that is known. One that was made public stays private here,
for what was said in it was said to few, until somebody who may set the committee up saves that again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Channel, Committee, Receipt
from db.once import insert_once
from workflows import notices
from workflows.committees import channels
from workflows.committees.blueprint import Place

EVERY = timedelta(days=1)
CONVERTED = "setup.converted"
GONE = "channel_not_found"


@dataclass(frozen=True)
class Look:
    """The channels of a committee are to be looked at. `key` is that of the day, counted from its set-up."""

    committee_id: int
    key: str
    channels: list[str]


def due(session: Session, now: datetime) -> list[Look]:
    """The committees of this workspace at whose channels nobody has looked for a day."""
    grown = sa.select(Committee.id, Committee.created_at).where(
        Committee.dissolved_at.is_(None), Committee.created_at <= now - EVERY
    )
    keys = {f"look:{id}:{(now - since) // EVERY}": id for id, since in session.execute(grown.order_by(Committee.id))}
    done = set(session.scalars(sa.select(Receipt.key).where(Receipt.key.in_(keys))))
    theirs = sa.select(Channel.slack_id).order_by(Channel.id)
    return [
        Look(id, key, list(session.scalars(theirs.where(Channel.committee_id == id))))
        for key, id in keys.items()
        if key not in done
    ]


def found(session: Session, look: Look, places: Iterable[Place], now: datetime) -> int:
    """Write down how Slack describes the channels; how many there are, or 0 if another replica was quicker."""
    if insert_once(session, Receipt, key=look.key, received_at=now, signature=None) is None:
        return 0
    rows = {row.slack_id: row for row in _locked(session, look.committee_id)}
    seen = [(rows[place.slack_id], place) for place in places if place.slack_id in rows]
    # What Slack had told us is deleted was public until then, and does not become private by not being found.
    known = [(row, place) for row, place in seen if not (place.is_hidden and row.trouble == GONE)]
    for row, place in known:
        row.name = place.name or row.name
        _convert(session, row, place, now)
    for row, place in known:
        channels.trouble(session, row.slack_id, _fault(session, row, place), now=now)
    return len(known)


def hidden(session: Session, slack_channel: str, now: datetime) -> None:
    """Slack has let us know that this channel is private: it is so from now on, if a committee uses it."""
    row = session.scalar(sa.select(Channel).where(Channel.slack_id == slack_channel, Channel.is_private.is_(False)))
    if row is None:
        return
    _hide(session, row, now)
    for other in _locked(session, row.committee_id):
        if not other.is_private and _is_exposed(session, other):
            channels.trouble(session, other.slack_id, channels.OPEN, now=now)


def _locked(session: Session, committee_id: int) -> list[Channel]:
    mine = sa.select(Channel).where(Channel.committee_id == committee_id).order_by(Channel.id)
    return list(session.scalars(mine.with_for_update(key_share=True).execution_options(populate_existing=True)))


def _convert(session: Session, row: Channel, place: Place, now: datetime) -> None:
    if place.is_private and not row.is_private:
        _hide(session, row, now)
    elif row.is_private and not place.is_private:
        _tell(session, row, "public", now)


def _hide(session: Session, row: Channel, now: datetime) -> None:
    row.is_private = True
    session.flush()
    _tell(session, row, f"private:{now.date()}", now)


def _tell(session: Session, row: Channel, what: str, now: datetime) -> None:
    committee = session.get_one(Committee, row.committee_id)
    for person in channels.who_can_help(session, committee) if committee.dissolved_at is None else ():
        key = f"{CONVERTED}:{row.id}:{what}:{person.id}"
        detail = {"to": what.partition(":")[0]}
        notices.owe(session, CONVERTED, key, about_id=row.id, person=person, detail=detail, now=now)


def _fault(session: Session, row: Channel, place: Place) -> str | None:
    faults = {
        "is_archived": place.is_archived,
        "is_ext_shared": place.is_shared,
        "not_in_channel": not place.bot_inside,
        channels.OPEN: not place.is_private and _is_exposed(session, row),
    }
    return next((word for word, is_so in faults.items() if is_so), None)


def _is_exposed(session: Session, row: Channel) -> bool:
    """Whether a channel that everybody can read would tell of ideas that come in by a private one."""
    intake = session.get_one(Committee, row.committee_id).intake_channel
    private = sa.select(Channel.id).where(Channel.slack_id == intake, Channel.is_private)
    return row.slack_id != intake and session.scalar(private) is not None
