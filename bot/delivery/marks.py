"""Marking: what became of a notice once it was tried. Each is one short transaction's work."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.delivery.claims import PACE, Claim
from bot.delivery.parcel import POST, Parcel
from db.models import Notice, NoticeState, Workspace
from workflows import troubles

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
_CHANCE = random.SystemRandom()


def _release(notice: Notice, until: datetime | None = None) -> None:
    notice.lease_until, notice.leased_by = until, None


def sent(session: Session, parcel: Parcel, now: datetime, channel: str | None, ts: str | None) -> None:
    """It stands in Slack, as of the change it was rendered from."""
    notice = session.get_one(Notice, parcel.claim.notice_id, with_for_update={"key_share": True})
    if notice.state is NoticeState.OWED:
        notice.state, notice.sent_at = NoticeState.SENT, now
    if ts is not None:
        notice.posted_channel, notice.posted_ts = channel, ts
    notice.shown = max(notice.shown, parcel.wanted)
    notice.edit_after = now + PACE
    notice.uncertain, notice.attempts, notice.error = False, 0, None
    _release(notice)


def dropped(session: Session, claim: Claim, why: str) -> None:
    """There is nothing to say (any more): an owed one is dropped, a card in Slack stays as it is."""
    notice = session.get_one(Notice, claim.notice_id, with_for_update={"key_share": True})
    if notice.leased_by != claim.by:
        return
    if notice.state is NoticeState.OWED:
        notice.state, notice.error = NoticeState.DROPPED, why
    notice.shown, notice.attempts = notice.wanted, 0
    _release(notice)


def postponed(session: Session, claim: Claim, until: datetime, *, error: str | None = None, happened: bool) -> None:
    """Try again not before `until`. `happened`: whether it may be in Slack already."""
    notice = session.get_one(Notice, claim.notice_id, with_for_update={"key_share": True})
    if notice.leased_by != claim.by:
        return  # it took too long, and another sender has it
    notice.uncertain = happened and notice.posted_ts is None
    notice.error = error
    _release(notice, until)


def parked(session: Session, claim: Claim, error: str, now: datetime) -> None:
    """Slack refused for good: keep it for an admin, and tell them."""
    notice = session.get_one(Notice, claim.notice_id, with_for_update={"key_share": True})
    if notice.leased_by != claim.by:
        return
    _park(notice, error)
    session.flush()
    troubles.tell(session, notice, now)


def failed(session: Session, claim: Claim, error: str, now: datetime, *, most: int) -> None:
    """A fault of our own: try again later, `most` times."""
    notice = session.get_one(Notice, claim.notice_id, with_for_update={"key_share": True})
    if notice.attempts >= most:
        parked(session, claim, error, now)
    else:
        postponed(session, claim, now + wait_for(notice.attempts), error=error, happened=True)


def deleted(session: Session, parcel: Parcel, error: str, now: datetime) -> None:
    """The message to edit, or the one that began the thread, was deleted in Slack.

    What was to be said in the thread is said in the channel; the deleted message waits for an admin's word.
    """
    gone = (parcel.parent_id if parcel.method == POST else None) or parcel.claim.notice_id
    root = session.get_one(Notice, gone, with_for_update={"key_share": True})
    _park(root, error)
    root.posted_ts = None
    session.flush()
    troubles.tell(session, root, now)
    if gone != parcel.claim.notice_id:
        postponed(session, parcel.claim, now, happened=False)


def stopped(session: Session, claim: Claim, error: str, now: datetime) -> None:
    """The app may no longer act in this workspace: owe on, send nothing."""
    workspace = session.get_one(Workspace, claim.workspace_id)
    if workspace.stopped_at is None:
        workspace.stopped_at, workspace.stopped_why = now, error
    postponed(session, claim, now, error=error, happened=False)


def _park(notice: Notice, error: str) -> None:
    notice.state, notice.error, notice.sent_at = NoticeState.PARKED, error, None
    notice.uncertain, notice.attempts = False, 0
    _release(notice)


def wait_for(attempts: int) -> timedelta:
    """How long to wait after so many failed tries: twice as long each time, with a fifth of chance either way."""
    doublings = min(max(attempts, 1) - 1, 20)
    plain: timedelta = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return plain * _CHANCE.uniform(0.8, 1.2)
