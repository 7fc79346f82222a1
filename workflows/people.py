"""People as the workspace tells of them: who was seen, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Person, Workspace
from db.once import insert_once
from db.tenancy import lasting

_IN_PLACE = lasting(
    sa.select(Person).where(Person.workspace_id == sa.bindparam("place"), Person.slack_id == sa.bindparam("who"))
)
FRESH_FOR = timedelta(hours=24)
"""For how long what is known of somebody is enough to let them do something."""
QUIET_FOR = timedelta(days=7)
"""For how long it is otherwise: the workspace tells of every change by itself, and this catches what got lost."""


@dataclass(frozen=True)
class Profile:
    """What the workspace's directory says of somebody. `tz` is an IANA name; an unknown one is kept out."""

    slack_id: str
    name: str = ""
    tz: str = "UTC"
    locale: str | None = None
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    active: bool = True


def workspace(session: Session, workspace_id: str, *, now: datetime, name: str = "") -> Workspace:
    """The workspace, made on first sight."""
    found = session.get(Workspace, workspace_id)  # first: an insertion would wait for an idea that is being numbered
    if found is None:
        insert_once(session, Workspace, id=workspace_id, name=name, created_at=now, next_idea=1)
        found = session.get_one(Workspace, workspace_id)
    return found


def of(session: Session, slack_id: str) -> Person | None:
    """The person with this Slack id, if ever seen."""
    return session.scalar(sa.select(Person).where(Person.slack_id == slack_id))


def seen(session: Session, workspace_id: str, slack_id: str, *, now: datetime) -> Person:
    """The person with this Slack id, made on first sight; what is known of them comes with `refresh`."""
    mine = {"place": workspace_id, "who": slack_id}
    found = session.scalar(_IN_PLACE, mine)
    if found is None:
        workspace(session, workspace_id, now=now)
        insert_once(session, Person, workspace_id=workspace_id, slack_id=slack_id)
        found = session.scalars(_IN_PLACE, mine).one()
    return found


def refresh(person: Person, profile: Profile, now: datetime) -> None:
    """Take over what the directory says now. An erased person stays erased."""
    if person.erased_at is not None:
        return
    person.name = profile.name or person.name
    person.tz = profile.tz if is_zone(profile.tz) else person.tz
    person.locale = profile.locale
    person.is_admin, person.is_guest = profile.is_admin, profile.is_guest
    person.is_bot, person.is_stranger = profile.is_bot, profile.is_stranger
    person.active = profile.active
    person.refreshed_at = now


def due_for_refresh(session: Session, now: datetime, limit: int = 50) -> list[Person]:
    """Those of whom nothing was heard for a week, the longest unheard first, where the app is installed."""
    stale = sa.or_(Person.refreshed_at.is_(None), Person.refreshed_at < now - QUIET_FOR)
    serving = Person.workspace_id.in_(sa.select(Workspace.id).where(Workspace.stopped_at.is_(None)))
    chosen = sa.select(Person).where(stale, Person.slack_id.is_not(None), serving)
    return list(session.scalars(chosen.order_by(sa.nulls_first(Person.refreshed_at), Person.id).limit(limit)))


def unknown(session: Session, slack_ids: Iterable[str], now: datetime) -> list[str]:
    """Which of these Slack ids the directory should be asked about before anything is built on them."""
    wanted = list(dict.fromkeys(slack_ids))
    fresh = sa.select(Person.slack_id).where(Person.slack_id.in_(wanted), Person.refreshed_at >= now - FRESH_FOR)
    known = set(session.scalars(fresh))
    return [slack_id for slack_id in wanted if slack_id not in known]


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: the name of a directory of zones, such as "Europe"
        return False
    return True
