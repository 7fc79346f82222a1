"""Claiming: which notice may go next, taken by one sender among all replicas."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from bot.slack_errors import REFUSALS, Fate
from db.models import Notice, NoticeState, Workspace

LEASE = timedelta(minutes=3)
PACE = timedelta(seconds=1)
"""Between two posts to one channel, and between two edits of one card: Slack's limit."""

DELETED = sorted(code for code, known in REFUSALS.items() if known.fate is Fate.DELETED)


@dataclass(frozen=True)
class Claim:
    """A notice that `by` may send until the lease ends."""

    notice_id: int
    workspace_id: str
    by: str


def claim(session: Session, now: datetime, by: str, *, without: Collection[int] = ()) -> Claim | None:
    """Take the next notice that may go, posts before edits; `without` those already in this process's hands."""
    n = aliased(Notice)
    free = sa.or_(n.lease_until.is_(None), n.lease_until <= now)
    serving = n.workspace_id.in_(sa.select(Workspace.id).where(Workspace.stopped_at.is_(None)))
    next_one = (
        sa.select(n.id)
        .where(sa.or_(_owed(n, now), _stale(n, now)), free, serving, n.id.not_in(without), ~_lane_busy(n, now))
        .order_by(sa.case((n.state == NoticeState.OWED, 0), else_=1), n.due_at, n.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=n)
        .scalar_subquery()
    )
    taken = session.execute(
        sa.update(Notice)
        .where(Notice.id == next_one, sa.or_(Notice.lease_until.is_(None), Notice.lease_until <= now))
        .values(lease_until=now + LEASE, leased_by=by, attempts=Notice.attempts + 1)
        .returning(Notice.id, Notice.workspace_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claim(taken.id, taken.workspace_id, by) if taken else None


def _owed(n: type[Notice], now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        n.state == NoticeState.OWED, n.due_at <= now, _parent_ready(n), ~_overtakes(n, now), ~_too_soon(n, now)
    )


def _stale(n: type[Notice], now: datetime) -> sa.ColumnElement[bool]:
    rested = sa.or_(n.edit_after.is_(None), n.edit_after <= now)
    return sa.and_(n.state == NoticeState.SENT, n.shown < n.wanted, rested)


def _parent_ready(n: type[Notice]) -> sa.ColumnElement[bool]:
    """What must be in Slack first is there, or will never be and leaves no thread to wait for."""
    parent = aliased(Notice)
    threadless = sa.or_(~n.in_thread, parent.error.in_(DELETED), parent.posted_ts.is_not(None))
    ready = sa.or_(
        parent.state.in_([NoticeState.SENT, NoticeState.DROPPED]),
        sa.and_(parent.state == NoticeState.PARKED, threadless),
    )
    return sa.or_(n.after_id.is_(None), sa.exists().where(parent.id == n.after_id, ready))


def _overtakes(n: type[Notice], now: datetime) -> sa.ColumnElement[bool]:
    """An earlier one is still to come in the same thread."""
    earlier = aliased(Notice)
    return sa.exists().where(
        n.in_thread,
        earlier.after_id == n.after_id,
        earlier.in_thread,
        earlier.id < n.id,
        earlier.state == NoticeState.OWED,
        earlier.due_at <= now,
    )


def _same_lane(n: type[Notice], other: type[Notice]) -> sa.ColumnElement[bool]:
    return sa.and_(
        other.workspace_id == n.workspace_id,
        sa.or_(other.channel == n.channel, other.person_id == n.person_id),
    )


def _too_soon(n: type[Notice], now: datetime) -> sa.ColumnElement[bool]:
    """The channel had a post within the last second."""
    other = aliased(Notice)
    return sa.exists().where(other.sent_at > now - PACE, other.posted_ts.is_not(None), _same_lane(n, other))


def _lane_busy(n: type[Notice], now: datetime) -> sa.ColumnElement[bool]:
    """Another sender is at work in the same channel."""
    other = aliased(Notice)
    return sa.exists().where(other.leased_by.is_not(None), other.lease_until > now, _same_lane(n, other))


def lag(session: Session, now: datetime) -> timedelta:
    """For how long the oldest notice that could go has been waiting."""
    serving = sa.select(Workspace.id).where(Workspace.stopped_at.is_(None))
    n = aliased(Notice)
    oldest = session.scalar(
        sa.select(sa.func.min(n.due_at)).where(
            n.state == NoticeState.OWED, n.due_at <= now, n.workspace_id.in_(serving), _parent_ready(n)
        )
    )
    return now - oldest if oldest else timedelta(0)
