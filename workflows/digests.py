"""The week of a committee, gathered once and told once: what came in, what is open, decided, late and done.

Exactly one a committee an ISO week, also after an outage over the hour and with any number of replicas: the row of
the week is unique. A week with nothing to say is written down as skipped, and so is one that too many would read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from db.models import Committee, Digest, Elector, Person, Vote
from db.once import insert_once
from workflows import calendar, committees, notices
from workflows.gathering import gather
from workflows.week import Week

log = structlog.get_logger(__name__)


def tellers(session: Session, now: datetime) -> Sequence[int]:
    """The committees of this workspace that tell of their week."""
    active = sa.select(Committee.id).where(Committee.dissolved_at.is_(None), Committee.created_at < now)
    return session.scalars(active.order_by(Committee.id)).all()


def latest_hour(committee: Committee, now: datetime) -> datetime:
    """The last moment, not after `now`, at which this committee's digest was due."""
    today = calendar.local_day(now, committee.tz)
    back = (today.isoweekday() - committee.digest_weekday) % 7
    for day in (today - timedelta(days=back), today - timedelta(days=back + 7)):
        moment = calendar.at(day, committee.digest_hour, 0, committee.tz)
        if moment <= now:
            return moment
    raise AssertionError("the digest of a week ago is always past")


def next_hour(committee: Committee, now: datetime) -> datetime:
    """The next moment after `now` at which this committee's digest is due."""
    day = calendar.local_day(latest_hour(committee, now), committee.tz) + timedelta(days=7)
    return calendar.at(day, committee.digest_hour, 0, committee.tz)


def owe_to(session: Session, committee_id: int, now: datetime) -> bool:
    """Owe the digest of a committee if its hour has come; whether a week was settled (told or skipped)."""
    committee = session.get_one(Committee, committee_id)
    moment = latest_hour(committee, now)
    week = calendar.iso_week(calendar.local_day(moment, committee.tz))
    told = sa.select(Digest.id).where(Digest.committee_id == committee.id, Digest.week == week)
    if moment <= committee.created_at or session.scalar(told) is not None:
        return False
    since = told_until(session, committee, moment)
    content = gather(session, committee, since, moment)
    made = insert_once(
        session,
        Digest,
        committee_id=committee.id,
        week=week,
        since=since,
        until=moment,
        skipped=True,
        content=content.model_dump(mode="json"),
    )
    if made is None:
        return False
    withheld = committees.is_open(session, committee, committee.digest_channel)
    if content.is_empty or withheld:
        why = "everybody could read it" if withheld else "nothing to say"
        log.info("digest.skipped", committee=committee.id, week=week, why=why)
        return True
    _tell(session, committee, session.get_one(Digest, made), now)
    return True


def told_until(session: Session, committee: Committee, moment: datetime) -> datetime:
    """From when a digest up to `moment` tells: where the last one ended, the first from the set-up."""
    last = session.scalar(sa.select(sa.func.max(Digest.until)).where(Digest.committee_id == committee.id))
    a_week_before = moment - timedelta(days=7)
    if last is None:
        return min(a_week_before, committee.created_at)
    return last if last < moment else a_week_before


def _tell(session: Session, committee: Committee, digest: Digest, now: datetime) -> None:
    notice = notices.owe(
        session,
        "digest.weekly",
        f"digest.weekly:{committee.id}:{digest.week}",
        about_id=digest.id,
        channel=committee.digest_channel,
        now=now,
    )
    if notice is None:
        raise RuntimeError(f"the digest {digest.week} of committee {committee.id} was told without its row")
    digest.skipped, digest.notice_id = False, notice.id
    chair = committees.presiding(session, committee)
    if chair is not None and Week.model_validate(digest.content).ballots:
        notices.owe(
            session,
            "digest.awaited",
            f"digest.awaited:{committee.id}:{digest.week}",
            about_id=digest.id,
            person=chair,
            after=notice,
            now=now,
        )


def awaited(session: Session, ballot_id: int) -> list[Person]:
    """Who may still vote on a ballot, in the order of the electorate: for the chair's eyes only."""
    voted = sa.select(Vote.person_id).where(Vote.ballot_id == ballot_id)
    query = (
        sa.select(Person)
        .join(Elector, Elector.person_id == Person.id)
        .where(Elector.ballot_id == ballot_id, Elector.recused.is_(False), Person.id.not_in(voted))
        .order_by(Elector.position)
    )
    return list(session.scalars(query))
