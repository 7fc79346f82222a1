"""Retention as the settings want it: every rule of `workflows.retention`, a slice a transaction, or only counted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.settings import Settings
from db.engine import Sessions
from db.models import Workspace
from workflows import retention

WORKSPACES = "workspaces where the app is not installed any more"


@dataclass(frozen=True)
class Aged:
    """So many things of a kind are older than they are kept."""

    about: str
    days: int
    count: int


def days(settings: Settings, kind: str) -> int:
    """For how many days a kind is kept; 0: for good."""
    kept: int = getattr(settings, f"retain_{kind}")
    return kept


def look(sessions: Sessions, settings: Settings, now: datetime) -> list[Aged]:
    """What would go now, and changes nothing."""
    found = []
    for rule in (*retention.RULES, retention.RECEIPTS):
        kept = days(settings, rule.kind)
        before = now - timedelta(days=kept)
        with sessions.everywhere() as session:
            found.append(Aged(rule.about, kept, rule.count(session, before) if kept else 0))
    kept = settings.retain_stopped_workspaces
    with sessions.everywhere() as session:
        gone = retention.stopped(session, now - timedelta(days=kept)) if kept else []
    return [*found, Aged(WORKSPACES, kept, len(gone))]


def apply(sessions: Sessions, settings: Settings, now: datetime) -> int:
    """Let go of everything that is kept no longer; how many things."""
    with sessions.everywhere() as session:
        workspaces = list(session.scalars(sa.select(Workspace.id).order_by(Workspace.id)))
    done = 0
    for rule in retention.RULES:
        before = _before(settings, rule.kind, now)
        if before is None:
            continue
        for workspace in workspaces:
            done += _until_done(partial(sessions.begin, workspace), partial(rule.apply, before=before))
    if before := _before(settings, retention.RECEIPTS.kind, now):
        done += _until_done(sessions.everywhere, partial(retention.RECEIPTS.apply, before=before))
    if before := _before(settings, "stopped_workspaces", now):
        done += _clear(sessions, before)
    return done


def _before(settings: Settings, kind: str, now: datetime) -> datetime | None:
    kept = days(settings, kind)
    return now - timedelta(days=kept) if kept else None


def _clear(sessions: Sessions, before: datetime) -> int:
    with sessions.everywhere() as session:
        gone = retention.stopped(session, before)
    take = (partial(retention.clear, workspace_id=workspace, before=before) for workspace in gone)
    return sum(_until_done(sessions.everywhere, one) for one in take)


def _until_done(begin: Callable[[], AbstractContextManager[Session]], take: Callable[[Session], int]) -> int:
    done = 0
    while True:
        with begin() as session:
            count = take(session)
        if not count:
            return done
        done += count
