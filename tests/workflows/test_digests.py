"""The weekly digest: exactly one a week a committee, after outages too; nothing to say is said so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.rendering.digest import awaited, weekly
from bot.views import digest
from db.engine import Sessions
from db.models import Committee, Digest, Health, Notice
from tests import builders
from tests.builders import NOW, WORKSPACE
from tests.workflows.asked import owe_digests
from tests.workflows.ballot_scene import CLOSING, Scene, vote_on_an_idea
from tests.workflows.work_scene import accepted
from workflows import ballots, digests, gathering, progress

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=BERLIN)


def told(session: Session) -> list[tuple[str, bool]]:
    return [(it.week, it.skipped) for it in session.scalars(sa.select(Digest).order_by(Digest.id))]


def with_news(session: Session, **wanted: Any) -> Committee:
    committee = builders.committee(session, **wanted)
    builders.idea(session, committee)
    return committee


def test_the_digest_is_owed_at_the_committees_hour_and_not_before(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = with_news(session)
        assert owe_digests(session, FRIDAY - timedelta(seconds=1)) == 0
        assert owe_digests(session, FRIDAY) == 1
        owed = session.scalars(sa.select(Notice).where(Notice.kind == "digest.weekly")).one()
        assert (owed.channel, told(session)) == (committee.digest_channel, [("2026-W47", False)])


def test_it_is_owed_once_however_often_one_asks_and_after_an_outage(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        with_news(session)
    for hours in (30, 31, 60):
        with sessions.begin(WORKSPACE) as session:
            owe_digests(session, FRIDAY + timedelta(hours=hours))
    with sessions.begin(WORKSPACE) as session:
        assert told(session) == [("2026-W47", False)]


def test_after_an_outage_of_weeks_one_digest_tells_them_all(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = with_news(session)
        owe_digests(session, FRIDAY)
        builders.idea(session, committee, submitted_at=FRIDAY + timedelta(days=2))
        owe_digests(session, FRIDAY + timedelta(days=22))
        last = session.scalars(sa.select(Digest).order_by(Digest.id.desc())).first()
        assert last is not None
        assert (last.week, last.since, last.content["new_ideas"]) == ("2026-W50", FRIDAY, 1)


def test_the_first_digest_tells_all_since_the_set_up_also_if_its_own_hour_was_slept_through(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        with_news(session)
        owe_digests(session, FRIDAY + timedelta(days=7))
        assert session.scalars(sa.select(Digest)).one().content["new_ideas"] == 1


def test_a_week_with_nothing_to_say_is_skipped_and_the_log_says_so(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session, capture_logs() as logs:
        builders.committee(session)
        owe_digests(session, FRIDAY)
        assert told(session) == [("2026-W47", True)]
        assert session.scalars(sa.select(Notice).where(Notice.kind == "digest.weekly")).all() == []
    assert [(line["event"], line["why"]) for line in logs] == [("digest.skipped", "nothing to say")]


def test_a_committee_set_up_after_the_hour_waits_for_the_next_one(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        with_news(session, digest_weekday=1)
        assert owe_digests(session, NOW + timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 20, 14, 59, tzinfo=BERLIN), datetime(2026, 11, 13, 15, 0, tzinfo=BERLIN)),
        (datetime(2026, 11, 20, 15, 0, tzinfo=BERLIN), FRIDAY),
        (datetime(2026, 11, 22, 23, 0, tzinfo=BERLIN), FRIDAY),
        (datetime(2026, 3, 30, 9, 0, tzinfo=BERLIN), datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN)),
        (datetime(2027, 1, 1, 15, 0, tzinfo=BERLIN), datetime(2027, 1, 1, 15, 0, tzinfo=BERLIN)),
    ],
    ids=["just before", "on the hour", "on Sunday", "over the change of clocks", "on New Year's day"],
)
def test_the_hour_is_that_of_the_committees_zone(now: datetime, expected: datetime) -> None:
    committee = Committee(tz="Europe/Berlin", digest_weekday=5, digest_hour=15)
    assert digests.latest_hour(committee, now) == expected


def test_open_votes_are_counted_in_public_and_named_to_the_chair_alone(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        idea = builders.idea(session, committee)
        chair = builders.chair(session, committee)
        ballot = ballots.open_review(session, chair, idea, now=NOW)
        scene = Scene(
            session, committee, idea, ballot, chair, builders.deputy(session, committee),
            builders.plain_members(session, committee),
        )  # fmt: skip
        scene.vote("approve", "decline")
        owe_digests(session, FRIDAY)
        week = session.scalars(sa.select(Digest)).one().content
        assert [(it["voted"], it["of"]) for it in week["ballots"]] == [(2, 5)]
        assert not any(person.name in str(week) for person in scene.members)
        asked = session.scalars(sa.select(Notice).where(Notice.kind == "digest.awaited")).one()
        assert asked.person_id == chair.id
        assert digests.awaited(session, ballot.id) == scene.members


def test_work_past_its_date_is_late_whatever_was_reported_and_done_work_is_celebrated(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session, promise="Half the questions")
        progress.report(session, work.owner, work.it, Health.ON_TRACK, now=NOW)
        overdue = datetime(2026, 12, 18, 12, 0, tzinfo=BERLIN)
        week = gathering.gather(session, work.committee, NOW, overdue)
        assert (week.work.late, week.work.on_track) == (1, 0)
        assert [line.due_on for line in week.late] == [date(2026, 12, 16)]
        progress.claim(session, work.owner, work.it, now=overdue)
        progress.confirm(session, work.chair, work.it, now=overdue)
        week = gathering.gather(session, work.committee, NOW, overdue + timedelta(hours=1))
        assert (week.work.total, [line.promise for line in week.celebrated]) == (0, ["Half the questions"])


def test_a_vote_that_lapsed_is_news(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, no_quorum="lapse")
        scene.vote("approve")
        scene.close()
        week = gathering.gather(session, scene.committee, CLOSING, CLOSING + timedelta(seconds=1))
        assert not week.is_empty
        assert "*no decision, too few took part* (1 for)" in digest.message(week).text
        assert gathering.gather(session, scene.committee, CLOSING + timedelta(1), FRIDAY + timedelta(7)).is_empty


def test_a_tie_stays_in_the_digest_until_the_casting_vote_is_given(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, tie="chair")
        scene.vote("approve", "decline", "approve", "decline")
        scene.close()
        owe_digests(session, FRIDAY + timedelta(days=7))
        notice = session.scalars(sa.select(Notice).where(Notice.kind == "digest.weekly")).one()
        said = weekly(session, notice, FRIDAY)
        assert said is not None
        assert f"{scene.idea.title}: a tie, waiting for the casting vote" in said.text
        asked = session.scalars(sa.select(Notice).where(Notice.kind == "digest.awaited")).one()
        assert awaited(session, asked, FRIDAY) is None


def test_two_committees_have_each_their_own_week(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        first, second = with_news(session), builders.committee(session)
        builders.idea(session, second)
        builders.idea(session, second)
        owe_digests(session, FRIDAY)
        counts = {it.committee_id: it.content["new_ideas"] for it in session.scalars(sa.select(Digest))}
        assert counts == {first.id: 1, second.id: 2}
