"""What could not be delivered: told to the admins once a trouble, and tried again when one of them says so.

And what came late because the database had been away: told to them once, whichever replica noticed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Notice, NoticeState, Person, Workspace
from workflows import notices
from workflows.permissions import Action, require

KIND = "trouble.parked"
OUTAGE = "trouble.outage"
QUIET_FOR = timedelta(days=7)
SETTLED = timedelta(minutes=1)
"""After an outage; what waited has gone out by then."""


@dataclass(frozen=True)
class Absence:
    """A time in which the database could not be used."""

    began: datetime
    ended: datetime


@dataclass(frozen=True)
class Delay:
    """What an absence held up: messages, the longest wait among them, and votes that closed after their time."""

    messages: int
    longest: timedelta
    votes: int


def parked(session: Session, limit: int = 20) -> list[Notice]:
    """The notices that could not be delivered, the latest first."""
    waiting = sa.select(Notice).where(Notice.state == NoticeState.PARKED).order_by(Notice.id.desc()).limit(limit)
    return list(session.scalars(waiting))


def tell(session: Session, notice: Notice, now: datetime) -> None:
    """Tell the admins that a notice is parked, once a week for the same error in the same place."""
    if notice.kind == KIND:
        return
    place = notice.channel or f"person {notice.person_id}"
    period = int(now.timestamp() // QUIET_FOR.total_seconds())
    for admin in session.scalars(_admins().where(Person.id != (notice.person_id or 0))):
        key = f"{KIND}:{place}:{notice.error}:{period}:{admin.id}"
        notices.owe(session, KIND, key, about_id=notice.id, person=admin, now=now)


def alike(session: Session, notice: Notice) -> list[Notice]:
    """Everything parked for the same destination."""
    same = sa.select(Notice).where(
        Notice.state == NoticeState.PARKED,
        Notice.channel.is_not_distinct_from(notice.channel),
        Notice.person_id.is_not_distinct_from(notice.person_id),
    )
    return list(session.scalars(same.order_by(Notice.id)))


def retry(session: Session, actor: Person, notice: Notice, *, now: datetime) -> int:
    """Owe again what is parked for the destination of this notice; how many. Raises `NotAllowed` but for admins."""
    require(session, Action.SEE_TROUBLE, actor)
    again = alike(session, notice)
    for one in again:
        one.state, one.error, one.due_at = NoticeState.OWED, None, now
    session.info["owes"] = bool(again) or session.info.get("owes", False)
    return len(again)


def tell_of_outage(session: Session, absence: Absence, now: datetime) -> None:
    """Tell the admins of this session's workspace of an outage, unless another replica has told of it."""
    session.execute(sa.select(Workspace.id).with_for_update(key_share=True))  # one replica after the other
    if any(one.began <= absence.ended and absence.began <= one.ended for one in outages(session, absence.began)):
        return
    detail = {"began": absence.began.isoformat(), "ended": absence.ended.isoformat()}
    for admin in session.scalars(_admins()).all():
        key = f"{OUTAGE}:{detail['began']}:{admin.id}"
        notices.owe(session, OUTAGE, key, person=admin, due_at=now + SETTLED, detail=detail, now=now)


def outages(session: Session, since: datetime) -> list[Absence]:
    """The outages that admins were told of since then, the first first; what overlaps was one, seen by several."""
    told = sa.select(Notice).where(Notice.kind == OUTAGE, Notice.owed_at >= since)
    found: list[Absence] = []
    for one in sorted({absence(notice) for notice in session.scalars(told)}, key=lambda one: one.began):
        began = found[-1].began if found and one.began <= found[-1].ended else one.began
        ended = max(one.ended, found.pop().ended) if began < one.began else one.ended
        found.append(Absence(began, ended))
    return found


def absence(notice: Notice) -> Absence:
    """The outage that a notice of one tells of."""
    told = notice.detail or {}
    return Absence(datetime.fromisoformat(told["began"]), datetime.fromisoformat(told["ended"]))


def delay(session: Session, absence: Absence, now: datetime) -> Delay:
    """What was due before the end of an absence and came after it, or is still to come."""
    due = sa.case((Notice.due_at > Notice.owed_at, Notice.due_at), else_=Notice.owed_at)
    waiting = sa.and_(Notice.state == NoticeState.OWED, Notice.sent_at.is_(None))
    held = sa.select(Notice.sent_at, Notice.due_at, Notice.owed_at).where(
        due <= absence.ended, sa.or_(Notice.sent_at >= absence.ended, waiting)
    )
    waits = [(sent or now) - max(due_at, owed_at) for sent, due_at, owed_at in session.execute(held)]
    late = sa.select(sa.func.count(Ballot.id)).where(
        Ballot.closes_at.between(absence.began, absence.ended), Ballot.closed_at >= absence.ended
    )
    return Delay(len(waits), max(waits, default=timedelta(0)), session.scalar(late) or 0)


def _admins() -> sa.Select[Person]:
    here = sa.select(Person).where(Person.is_admin, Person.active, Person.is_stranger.is_(False))
    return here.where(Person.slack_id.is_not(None))
