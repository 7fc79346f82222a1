"""Reminding: only those who have not voted, half-way and on the last working morning of their own zone, once each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Reminder
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows.ballot_scene import CLOSING, LATER, NOW, Scene, remind_due, vote_in, vote_on_an_idea
from workflows import ballots, reminders
from workflows.ballots.reminding import rungs
from workflows.calendar import Week

WEEK = Week(frozenset({1, 2, 3, 4, 5}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "Z")


@pytest.mark.parametrize(
    ("began", "closes", "tz", "expected"),
    [
        # Wednesday to Monday: the middle is a Saturday night, so Monday's nine o'clock says it all.
        (NOW, CLOSING, "Europe/Berlin", {"last": at("2026-11-23T08:00")}),
        # Monday to Thursday: the middle is in the small hours of Wednesday.
        (
            at("2026-11-16T09:00"),
            at("2026-11-19T16:00"),
            "Europe/Berlin",
            {"half": at("2026-11-18T08:00"), "last": at("2026-11-19T08:00")},
        ),
        (
            at("2026-11-16T09:00"),
            at("2026-11-19T16:00"),
            "Asia/Kolkata",
            {"half": at("2026-11-18T03:30"), "last": at("2026-11-19T03:30")},
        ),
        # The middle is half past nine there, so the nine o'clock before it will do; the deadline is at one in the
        # morning, and the last nine o'clock the day before.
        (
            at("2026-11-16T09:00"),
            at("2026-11-19T16:00"),
            "Asia/Tokyo",
            {"half": at("2026-11-18T00:00"), "last": at("2026-11-19T00:00")},
        ),
        # A vote of one afternoon has no morning, only a middle.
        (at("2026-11-18T12:00"), at("2026-11-18T16:00"), "Europe/Berlin", {"half": at("2026-11-18T14:00")}),
    ],
)
def test_reminders_come_by_day_and_never_two_on_one(
    began: datetime, closes: datetime, tz: str, expected: dict[str, datetime]
) -> None:
    assert dict(rungs(began, closes, tz, WEEK)) == expected


def long_vote(session: Session, **changes: Any) -> Scene:
    """A vote from Wednesday 18 to Wednesday 25 November, its middle on Saturday, so on Monday at nine."""
    scene = vote_on_an_idea(session, **changes)
    scene.again().closes_at = at("2026-11-25T16:00")
    scene.session.flush()
    return scene


HALF, LAST = at("2026-11-23T09:00"), at("2026-11-25T09:00")
"""Nine o'clock for those of whom only UTC is known."""


def rungs_of(session: Session) -> list[Reminder]:
    return list(session.scalars(sa.select(Reminder).where(Reminder.kind == reminders.BALLOT).order_by(Reminder.id)))


def reminded(scene: Scene) -> list[int]:
    return [it.person_id for it in rungs_of(scene.session)]


def test_only_those_who_have_not_voted_are_reminded_and_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = long_vote(session)
        scene.vote("approve", "-", "decline")
        ballots.recuse(session, scene.members[2], scene.ballot, scene.members[2], None, now=LATER)
        assert remind_due(session, HALF - timedelta(hours=6)) == 0
        for _ in range(3):
            remind_due(session, HALF)
        assert sorted(reminded(scene)) == sorted([scene.deputy.id, scene.members[1].id])


def test_there_are_two_reminders_and_the_second_only_for_those_still_silent(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = long_vote(session, members=0)
        remind_due(session, HALF)
        scene.vote("approve", now=HALF)
        remind_due(session, LAST)
        assert sorted(reminded(scene)) == sorted([scene.chair.id, scene.deputy.id, scene.deputy.id])


def test_after_a_long_sleep_only_the_last_reminder_is_sent(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        long_vote(session, members=0)
        assert remind_due(session, LAST) == 2
        assert remind_due(session, LAST + timedelta(hours=1)) == 0
        assert {it.rung for it in rungs_of(session)} == {"last"}


def test_after_an_outage_nobody_is_reminded_by_night_unless_no_morning_is_left(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = long_vote(session, members=0)
        assert [remind_due(session, at(f"2026-11-{it}")) for it in ("23T18:00", "24T02:30", "24T08:59")] == [0, 0, 0]
        assert remind_due(session, at("2026-11-24T09:00")) == 2
        scene.again().closes_at = at("2026-11-25T23:00")
        assert remind_due(session, at("2026-11-25T22:00")) == 2


def test_nobody_is_reminded_of_a_vote_that_is_over(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        long_vote(session)
        assert remind_due(session, at("2026-11-25T16:00")) == 0


def test_whoever_left_is_not_reminded(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = long_vote(session, members=0)
        scene.deputy.active = False
        session.flush()
        remind_due(session, LAST)
        assert reminded(scene) == [scene.chair.id]


def test_an_extended_vote_reminds_anew(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, members=0)
        remind_due(session, CLOSING - timedelta(hours=1))
        scene.close()
        remind_due(session, scene.again().closes_at - timedelta(hours=1))
        assert len(reminded(scene)) == 4


def test_each_is_reminded_at_nine_of_their_own_zone(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        far = builders.person(session, "Dev", tz="America/New_York")
        near = builders.person(session, "Clara", tz="Asia/Kolkata")
        committee = builders.committee(session, members=0, chair=near.slack_id, deputy=far.slack_id)
        scene = vote_in(session, committee)
        remind_due(session, at("2026-11-23T03:30"))
        assert reminded(scene) == [near.id]
        remind_due(session, at("2026-11-23T14:00"))
        assert reminded(scene) == [near.id, far.id]
