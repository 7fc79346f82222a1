"""Finding one idea, and the card in whose thread its committee talks."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from db.models import Committee, Idea, Member, Notice
from workflows import lifecycle, notices
from workflows.errors import Gone


def get(session: Session, idea_id: int, *, lock: bool = False) -> Idea:
    """The idea behind a button, with its committee and author. Raises `Gone` if there is none (here)."""
    found = _one(session, Idea.id == idea_id, lock)
    if found is None:
        raise Gone("This idea is no longer here.")
    return found


def by_number(session: Session, number: int, *, lock: bool = False) -> Idea:
    """The idea people call by this number. Raises `Gone` if there is none."""
    found = _one(session, Idea.number == number, lock)
    if found is None:
        raise Gone(f"There is no idea #{number} here. `/idea list` shows those there are.")
    return found


def _one(session: Session, which: sa.ColumnElement[bool], lock: bool) -> Idea | None:
    session.flush()
    query = sa.select(Idea).where(which).options(selectinload(Idea.committee), selectinload(Idea.author))
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalar(query)


def imported(session: Session, committee: Committee, import_key: str) -> Idea | None:
    """The idea that an earlier import made of the row with this key."""
    return _one(session, sa.and_(Idea.committee_id == committee.id, Idea.import_key == import_key), lock=False)


def thread_root(session: Session, idea: Idea, *, now: datetime | None = None) -> Notice:
    """The card in the committee channel, in whose thread the committee talks; owed now if there is none yet."""
    channel = session.get_one(Committee, idea.committee_id).committee_channel
    mine = sa.select(Notice).where(Notice.kind.in_(lifecycle.CARDS), Notice.about_id == idea.id, Notice.is_card)
    found = session.scalar(mine.where(Notice.channel == channel).order_by(Notice.id).limit(1))
    if found is not None:
        return found
    kind = "idea.committee_card"
    owed = notices.owe(
        session, kind, f"{kind}:{idea.id}:{channel}", about_id=idea.id, channel=channel, card=True,
        now=now or idea.submitted_at,
    )  # fmt: skip
    return owed or session.scalars(mine.where(Notice.channel == channel)).one()


def seated(session: Session, committee_id: int) -> list[int]:
    """The ids of those who sit on the committee."""
    seated = sa.select(Member.person_id).where(Member.committee_id == committee_id, Member.until.is_(None))
    return list(session.scalars(seated))
