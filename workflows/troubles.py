"""What could not be delivered: told to the admins once a trouble, and tried again when one of them says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Notice, NoticeState, Person
from workflows import notices
from workflows.permissions import Action, require

KIND = "trouble.parked"
QUIET_FOR = timedelta(days=7)


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
    admins = sa.select(Person).where(Person.is_admin, Person.active, Person.is_stranger.is_(False))
    for admin in session.scalars(admins.where(Person.slack_id.is_not(None), Person.id != (notice.person_id or 0))):
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
