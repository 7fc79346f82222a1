"""The first minute in the playground: what to try, ticked off by what really stands in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Ballot, BallotState, Committee, Digest, Event, Notice, NoticeState, Support, VoteRecord
from playground.face import JUMPS, Jump, Step
from workflows import digests

A_MINUTE = timedelta(minutes=1)
VOICES = 3
"""So many people's votes make a vote."""


@dataclass(frozen=True)
class Stop:
    """One thing to try: `seen` says whether it has happened since a moment."""

    title: str
    hint: str
    seen: Callable[[Session, datetime], bool]


def _any(session: Session, *conditions: sa.ColumnElement[bool]) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(*conditions))))


def _submitted(session: Session, since: datetime) -> bool:
    return _any(session, Event.kind == "idea.submit", Event.at > since)


def _supported(session: Session, since: datetime) -> bool:
    return _any(session, Support.at > since)


def _opened(session: Session, since: datetime) -> bool:
    return _any(session, Ballot.opened_at > since)


def _voted(session: Session, since: datetime) -> bool:
    voices = sa.select(sa.func.count(sa.distinct(VoteRecord.person_id))).where(VoteRecord.at > since)
    counts = session.scalars(voices.group_by(VoteRecord.ballot_id))
    return any(count >= VOICES for count in counts)


def _closed(session: Session, since: datetime) -> bool:
    return _any(session, Ballot.opened_at > since, Ballot.state != BallotState.OPEN)


def _accepted(session: Session, since: datetime) -> bool:
    return _any(session, Event.kind == "work.accepted", Event.at > since)


def _told(session: Session, since: datetime) -> bool:
    sent = Notice.id == Digest.notice_id, Notice.state == NoticeState.SENT
    return _any(session, Digest.until > since, *sent)


def _founded(session: Session, since: datetime) -> bool:
    return _any(session, Committee.dissolved_at.is_(None))


SETTING_UP = Stop(
    "Set up a committee",
    "As Ada, the admin: press “Set up a committee” on Touchstone's Home. Clara chairs; Mia, Max and Mona are members.",
    _founded,
)
STOPS = (
    Stop("Submit an idea", "In #ideas type /idea, say what the hassle is, and submit.", _submitted),
    Stop("Support another", "Press Support on somebody else's idea in #ideas.", _supported),
    Stop("Open a vote", "Act as Clara, the chair: in #committee press “Open a vote” on an idea.", _opened),
    Stop("Vote as three members", "Act as Mia, Max and Mona in turn: vote in the idea's thread.", _voted),
    Stop("Let the deadline pass", "Move the clock on by “+3 days”, twice if need be: the verdict comes.", _closed),
    Stop("Accept as the owner", "Clara finds an owner in her messages; act as the owner and accept.", _accepted),
    Stop("Read the digest", "Press “Friday digest” and look into #digest.", _told),
)


class Tour:
    """The checklist of one playground. What happened before `since` was its sample programme."""

    def __init__(self, sessions: Sessions, since: datetime, *, empty: bool) -> None:
        self._sessions = sessions
        self._since = since
        self._stops = (SETTING_UP, *STOPS) if empty else STOPS

    def __call__(self) -> Sequence[Step]:
        """The steps as they stand now."""
        with self._sessions.everywhere() as session:
            return [Step(stop.title, stop.hint, stop.seen(session, self._since)) for stop in self._stops]


def jumps(sessions: Sessions) -> Sequence[Jump]:
    """The page's moves of the clock. The digest's day and hour are the committee's, whoever moves the clock."""
    *others, friday = JUMPS

    def digest(now: datetime) -> datetime:
        with sessions.everywhere() as session:
            standing = sa.select(Committee).where(Committee.dissolved_at.is_(None)).order_by(Committee.id)
            committee = session.scalars(standing.limit(1)).first()
        return digests.next_hour(committee, now) + A_MINUTE if committee else friday.to(now)

    return (*others, Jump(friday.title, digest))
