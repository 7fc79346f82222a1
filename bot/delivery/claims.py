"""Claiming: which notice may go next, taken by one sender among all replicas."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from bot.slack_errors import REFUSALS, Fate
from db.models import Notice, NoticeState, Workspace
from db.tenancy import plainly
from db.types import UtcDateTime

LEASE = timedelta(seconds=75)
"""Longer than the slowest delivery: searching three pages and posting, ten seconds each at most."""

PACE = timedelta(seconds=1)
"""Between two posts to one channel, and between two edits of one card: Slack's limit."""

LONGEST_HOLD = timedelta(minutes=10)
"""Nothing is held back for longer. What is, was held by a clock that has been put back since, and is free."""

CLOCKS_DIFFER = timedelta(minutes=1)
"""Between replicas, at most. A moment further ahead is no reason to wait either."""

DELETED = sorted(code for code, known in REFUSALS.items() if known.fate is Fate.DELETED)


@dataclass(frozen=True)
class Claim:
    """A notice that `by` may send until the lease ends."""

    notice_id: int
    workspace_id: str
    by: str


NOW, HELD, AHEAD, RECENTLY, LEASED, MINE = (
    sa.bindparam("now", type_=UtcDateTime()),
    sa.bindparam("held", type_=UtcDateTime()),
    sa.bindparam("ahead", type_=UtcDateTime()),
    sa.bindparam("recently", type_=UtcDateTime()),
    sa.bindparam("leased", type_=UtcDateTime()),
    sa.bindparam("mine", type_=sa.Text()),
)
AT_HAND = sa.bindparam("at_hand", type_=sa.Integer(), expanding=True)


def claim(session: Session, now: datetime, by: str, *, without: Collection[int] = ()) -> Claim | None:
    """Take the next notice that may go, posts before edits; `without` those already in this process's hands."""
    known = {
        "now": now,
        "held": now + LONGEST_HOLD,
        "ahead": now + CLOCKS_DIFFER,
        "recently": now - PACE,
        "leased": now + LEASE,
        "mine": by,
        "at_hand": list(without),
    }
    taken = plainly(session, _claiming(), known).one_or_none()
    return Claim(taken.id, taken.workspace_id, by) if taken else None


@cache
def _claiming() -> sa.Executable:
    n = aliased(Notice)
    next_one = (
        sa.select(n.id)
        .where(sa.or_(_owed(n), _stale(n)), _free(n), _serving(n), n.id.not_in(AT_HAND), ~_lane_busy(n))
        .order_by(sa.case((n.state == NoticeState.OWED, 0), else_=1), n.due_at, n.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=n, key_share=True)
        .scalar_subquery()
    )
    return (
        sa.update(Notice)
        .where(Notice.id == next_one, _free(Notice))
        .values(lease_until=LEASED, leased_by=MINE, attempts=Notice.attempts + 1)
        .returning(Notice.id, Notice.workspace_id)
    )


def _free(n: type[Notice]) -> sa.ColumnElement[bool]:
    return sa.or_(n.lease_until.is_(None), n.lease_until <= NOW, n.lease_until > HELD)


def _serving(n: type[Notice]) -> sa.ColumnElement[bool]:
    return n.workspace_id.in_(sa.select(Workspace.id).where(Workspace.stopped_at.is_(None)))


def _owed(n: type[Notice]) -> sa.ColumnElement[bool]:
    due = sa.and_(n.state == NoticeState.OWED, n.due_at <= NOW)
    return sa.and_(due, _parent_ready(n), ~_overtakes(n), ~_too_soon(n))


def _stale(n: type[Notice]) -> sa.ColumnElement[bool]:
    rested = sa.or_(n.edit_after.is_(None), n.edit_after <= NOW, n.edit_after > AHEAD)
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


def _overtakes(n: type[Notice]) -> sa.ColumnElement[bool]:
    """An earlier one is still to come in the same thread."""
    earlier = aliased(Notice)
    return sa.exists().where(
        n.in_thread,
        earlier.after_id == n.after_id,
        earlier.in_thread,
        earlier.id < n.id,
        earlier.state == NoticeState.OWED,
        earlier.due_at <= NOW,
    )


def _same_lane(n: type[Notice], other: type[Notice]) -> sa.ColumnElement[bool]:
    return sa.and_(
        other.workspace_id == n.workspace_id,
        sa.or_(other.channel == n.channel, other.person_id == n.person_id),
    )


def _too_soon(n: type[Notice]) -> sa.ColumnElement[bool]:
    """The channel had a post within the last second."""
    other = aliased(Notice)
    return sa.exists().where(
        other.sent_at > RECENTLY, other.sent_at <= AHEAD, other.posted_ts.is_not(None), _same_lane(n, other)
    )


def _lane_busy(n: type[Notice]) -> sa.ColumnElement[bool]:
    """Another sender is at work in the same channel."""
    other = aliased(Notice)
    held = sa.and_(other.lease_until > NOW, other.lease_until <= HELD)
    return sa.exists().where(other.leased_by.is_not(None), held, _same_lane(n, other))


def lag(session: Session, now: datetime) -> timedelta:
    """For how long the oldest notice that could go has been waiting."""
    oldest = session.scalar(_oldest(), {"now": now})
    return now - oldest if oldest else timedelta(0)


@cache
def _oldest() -> sa.Select[datetime]:
    n = aliased(Notice)
    owed = sa.and_(n.state == NoticeState.OWED, n.due_at <= NOW)
    return sa.select(sa.func.min(n.due_at)).where(owed, _serving(n), _parent_ready(n))
