"""The scheduler's questions, each asked of everything in one transaction; how much was due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from workflows import digests, promises


def owe_digests(session: Session, now: datetime) -> int:
    """Owe the digests whose hour has come."""
    return sum(digests.owe_to(session, committee_id, now) for committee_id in digests.tellers(session, now))


def tell_missed(session: Session, now: datetime) -> int:
    """Tell of the promises that were missed."""
    return sum(promises.tell(session, idea_id, now) for idea_id in promises.missed(session, now))
