"""The service promise: made, moved while the author is asked, and owned up to, once, when it is missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Committee, Idea, IdeaState, Notice
from tests import builders
from tests.builders import NOW, WORKSPACE
from tests.workflows.asked import tell_missed
from tests.workflows.crowd import at_once
from workflows import committees, ideas, promises
from workflows.calendar import working_days_between

PROPOSAL = ideas.Proposal(title="Refund button", problem="Three calls")


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def bare(**known: object) -> Committee:
    facts: dict[str, object] = {"tz": "Europe/Berlin", "week_days": "12345", "answer_days": 10, "review_hour": 17}
    return Committee(**{**facts, **known})


@pytest.mark.parametrize(
    ("now", "known", "due"),
    [
        (utc(11, 18, 10), {}, utc(12, 2, 16)),  # Wednesday to Wednesday, 17:00 in Berlin
        (utc(11, 18, 23, 30), {}, utc(12, 3, 16)),  # Thursday already there
        (utc(11, 21, 10), {}, utc(12, 4, 16)),  # a Saturday
        (utc(11, 18, 10), {"answer_days": 1, "tz": "Asia/Kolkata"}, utc(11, 19, 11, 30)),
        (utc(11, 18, 10), {"week_days": "12347"}, utc(12, 2, 16)),  # Sunday to Thursday
        (utc(12, 14, 10), {"holidays_country": "DE"}, utc(12, 29, 16)),  # Christmas Day does not count
        (utc(10, 20, 10), {"answer_days": 5}, utc(10, 27, 16)),  # summer time ended in between
    ],
)
def test_the_answer_is_promised_for_the_committees_own_working_days(
    now: datetime, known: dict[str, object], due: datetime
) -> None:
    assert promises.promised(bare(**known), now) == due


@pytest.mark.parametrize(
    ("stopped", "answered", "due", "moved"),
    [
        (utc(11, 18, 10), utc(11, 20, 10), utc(12, 2, 16), utc(12, 4, 16)),  # two working days
        (utc(11, 18, 10), utc(11, 18, 15), utc(12, 2, 16), utc(12, 2, 16)),  # the same day costs nothing
        (utc(11, 20, 10), utc(11, 23, 9), utc(12, 2, 16), utc(12, 3, 16)),  # a weekend is no waiting
        (utc(11, 20, 10), utc(11, 22, 9), utc(12, 2, 16), utc(12, 2, 16)),  # answered on the Sunday
        (utc(12, 2, 10), utc(12, 3, 18), utc(12, 2, 16), utc(12, 4, 16)),  # past already: the next working day
        (utc(12, 3, 10), utc(12, 9, 10), utc(12, 2, 16), utc(12, 2, 16)),  # broken before it was asked
    ],
)
def test_an_answer_moves_the_promise_by_the_working_days_it_took(
    stopped: datetime, answered: datetime, due: datetime, moved: datetime
) -> None:
    idea = Idea(answer_due=due)
    promises.stop_clock(idea, stopped)
    promises.start_clock(idea, bare(), answered)
    assert (idea.answer_due, idea.clock_stopped_at) == (moved, None)


@given(st.integers(0, 90), st.integers(0, 23), st.integers(0, 2000))
def test_a_running_promise_never_moves_back_nor_into_the_past_nor_off_the_working_week(
    day: int, hour: int, waited: int
) -> None:
    committee, start = bare(holidays_country="DE"), utc(9, 1, 10)
    idea = Idea(answer_due=promises.promised(committee, start))
    due = idea.answer_due
    stopped = min(start + timedelta(days=day, hours=hour), due - timedelta(minutes=1))
    promises.stop_clock(idea, stopped)
    promises.start_clock(idea, committee, stopped + timedelta(hours=waited))
    assert idea.answer_due >= due
    assert idea.answer_due > stopped + timedelta(hours=waited)
    there = idea.answer_due.astimezone(promises.calendar.zone(committee.tz))
    assert there.hour == 17
    assert working_days_between(there.date() - timedelta(days=1), there.date(), committees.week(committee)) == 1


def scene(session: Session) -> Idea:
    committee, author = builders.committee(session), builders.person(session, "Alice")
    return ideas.submit(session, author, committee, PROPOSAL, now=NOW)


def told(session: Session) -> list[tuple[str, int | None]]:
    kinds = ("idea.promise_missed", "idea.answer_late")
    mine = sa.select(Notice.kind, Notice.person_id).where(Notice.kind.in_(kinds)).order_by(Notice.id)
    return [(kind, person_id) for kind, person_id in session.execute(mine)]


def test_a_missed_promise_is_told_once_to_the_chair_and_the_author(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = scene(session)
        chair = builders.chair(session, idea.committee)
        assert tell_missed(session, idea.answer_due - timedelta(seconds=1)) == 0
        assert tell_missed(session, idea.answer_due) == 1
        assert tell_missed(session, idea.answer_due + timedelta(days=9)) == 0
        assert told(session) == [("idea.promise_missed", chair.id), ("idea.answer_late", idea.author_id)]
        assert idea.promise_missed_at == idea.answer_due


def test_replicas_that_ask_at_the_same_moment_tell_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        due = scene(session).answer_due
    assert sum(at_once(sessions, 6, lambda session, _: tell_missed(session, due))) == 1
    with sessions.begin(WORKSPACE) as session:
        assert len(told(session)) == 2


def test_a_vote_does_not_stop_the_clock(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = scene(session)
        idea.state = IdeaState.IN_REVIEW
        assert tell_missed(session, idea.answer_due) == 1


def test_nobody_is_told_while_the_author_is_asked_or_after_an_answer(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        asked, declined = scene(session), scene(session)
        promises.stop_clock(asked, NOW)
        ideas.decline(session, builders.chair(session, declined.committee), declined, "No", now=NOW)
        assert tell_missed(session, NOW + timedelta(days=60)) == 0


def test_the_deputy_hears_it_when_there_is_no_chair_and_the_channel_when_there_is_nobody(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        first, second = scene(session), scene(session)
        builders.chair(session, first.committee).active = False
        deputy = builders.deputy(session, first.committee)
        builders.deputy(session, second.committee).active = False
        builders.chair(session, second.committee).active = False
        session.flush()
        tell_missed(session, first.answer_due)
        missed = sa.select(Notice.person_id, Notice.channel).where(Notice.kind == "idea.promise_missed")
        assert {tuple(row) for row in session.execute(missed)} == {
            (deputy.id, None),
            (None, second.committee.committee_channel),
        }


def test_an_idea_that_came_back_is_promised_anew_and_can_be_missed_again(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = scene(session)
        chair, first = builders.chair(session, idea.committee), idea.answer_due
        tell_missed(session, first)
        ideas.decline(session, chair, idea, "No", now=first)
        ideas.reopen(session, chair, idea, now=first + timedelta(days=30))
        assert idea.answer_due > first + timedelta(days=30)
        assert tell_missed(session, idea.answer_due) == 1
        assert len(told(session)) == 4
