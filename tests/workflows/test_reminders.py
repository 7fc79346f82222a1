"""Reminders: at nine where their reader is, on working days, a rung once, a morning one message."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Notice, NoticeState, Person, Reminder
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows.work_scene import DUE, NOW, accepted, plan
from workflows import calendar, interventions, progress, reminders
from workflows.errors import WorkflowError
from workflows.ladder import Ladder, Recipient
from workflows.plan import Step

WEEK = calendar.Week(frozenset({1, 2, 3, 4, 5}))
YORK = ZoneInfo("America/New_York")


def ask(session: Session, now: datetime) -> None:
    while reminders.owe_due(session, now):
        pass


def rungs(session: Session, person: Person) -> list[str]:
    mine = sa.select(Reminder.rung).where(Reminder.person_id == person.id).order_by(Reminder.id)
    return list(session.scalars(mine))


def live_through(session: Session, until: date) -> list[datetime]:
    """Ask at night and around nine in New York, up to a day; the moments at which something was owed."""
    moments, before = [], 0
    hours = (NOW + timedelta(hours=n) for n in range(24 * (until - NOW.date()).days + 14))
    for now in (hour for hour in hours if hour.hour in (0, 8, 13, 14, 15, 20)):
        ask(session, now)
        count = session.scalar(sa.select(sa.func.count(Reminder.id))) or 0
        moments += [now] if count > before else []
        before = count
    return moments


def test_the_owner_hears_seven_and_two_working_days_before_and_on_the_day_at_nine_of_their_own_zone(
    sessions: Sessions,
) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        moments = [moment.astimezone(YORK) for moment in live_through(session, DUE)]
        assert rungs(session, work.owner) == ["before-7", "before-2", "due"]
        assert [(moment.date(), moment.hour) for moment in moments] == [
            (date(2026, 12, 7), 9),
            (date(2026, 12, 14), 9),
            (date(2026, 12, 16), 9),
        ]


def test_a_late_owner_hears_every_second_working_day_the_sponsor_after_three_and_the_chair_after_seven(
    sessions: Sessions,
) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        deputy = builders.deputy(session, work.committee)
        work.it.sponsor_id = deputy.id
        session.flush()
        live_through(session, date(2026, 12, 29))
        assert rungs(session, work.owner)[3:] == ["late-2", "late-4", "late-6", "late-8"]
        assert rungs(session, deputy) == ["sponsor-3"]
        assert rungs(session, work.chair) == ["chair-7"]


def test_a_rung_is_owed_once_however_often_one_asks(sessions: Sessions) -> None:
    due_morning = datetime(2026, 12, 16, 9, 30, tzinfo=YORK)
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
    for _ in range(3):
        with sessions.begin(WORKSPACE) as session:
            session.execute(sa.update(type(work.it)).values(remind_at=NOW))
            ask(session, due_morning)
    with sessions.begin(WORKSPACE) as session:
        assert rungs(session, work.owner) == ["due"]


def test_after_a_pause_only_the_latest_rung_is_told(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        ask(session, datetime(2026, 12, 22, 9, 0, tzinfo=YORK))
        assert rungs(session, work.owner) == ["late-4"]


@pytest.mark.parametrize(
    "asleep",
    [
        datetime(2026, 12, 14, 8, 59, tzinfo=YORK),
        datetime(2026, 12, 14, 18, 0, tzinfo=YORK),
        datetime(2026, 12, 19, 9, 0, tzinfo=YORK),
    ],
    ids=["before nine", "in the evening", "on a Saturday"],
)
def test_nobody_is_reminded_outside_their_working_day(sessions: Sessions, asleep: datetime) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        ask(session, datetime(2026, 12, 7, 12, 0, tzinfo=YORK))
        ask(session, asleep)
        assert rungs(session, work.owner) == ["before-7"]
        session.refresh(work.it)
        assert work.it.remind_at is not None
        assert work.it.remind_at > asleep


def test_all_of_one_morning_is_one_message(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session, milestones=(Step(title="Printed", due_on=DUE),))
        other = interventions.assign(session, work.chair, work.idea, plan(title="Train staff"), work.owner, now=NOW)
        interventions.accept(session, work.owner, other, now=NOW)
        ask(session, datetime(2026, 12, 14, 9, 0, tzinfo=YORK))
        mornings = session.scalars(sa.select(Notice).where(Notice.kind == "reminders.morning")).all()
        assert len(mornings) == 1
        assert {it.rung for it in reminders.of_morning(session, mornings[0])} == {"before-2"}
        assert len(reminders.of_morning(session, mornings[0])) == 3


def test_what_comes_after_the_morning_message_went_out_gets_another(sessions: Sessions) -> None:
    nine = datetime(2026, 12, 14, 9, 0, tzinfo=YORK)
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        ask(session, nine)
        first = session.scalars(sa.select(Notice).where(Notice.kind == "reminders.morning")).one()
        first.state, first.sent_at = NoticeState.SENT, nine
        other = interventions.assign(session, work.chair, work.idea, plan(title="Train staff"), work.owner, now=NOW)
        interventions.accept(session, work.owner, other, now=NOW)
        ask(session, nine + timedelta(minutes=5))
        assert len(session.scalars(sa.select(Notice).where(Notice.kind == "reminders.morning")).all()) == 2


def test_a_rung_whose_reason_has_gone_says_nothing(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        ask(session, datetime(2026, 12, 14, 9, 0, tzinfo=YORK))
        rung = session.scalars(sa.select(Reminder)).one()
        assert reminders.subject(session, rung) == (work.it, None)
        assert reminders.stands(rung, work.it, None)
        progress.claim(session, work.owner, work.it, now=NOW)
        assert not reminders.stands(rung, work.it, None)


def test_a_date_that_moved_starts_a_new_ladder(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        ask(session, datetime(2026, 12, 14, 9, 0, tzinfo=YORK))
        moved = datetime(2026, 12, 14, 12, 0, tzinfo=YORK).astimezone(UTC)
        interventions.counter(session, work.owner, work.it, date(2026, 12, 23), now=moved)
        interventions.agree(session, work.chair, work.it, now=moved)
        ask(session, datetime(2026, 12, 16, 9, 0, tzinfo=YORK))
        assert rungs(session, work.owner) == ["before-2"]
        ask(session, datetime(2026, 12, 21, 9, 0, tzinfo=YORK))
        assert rungs(session, work.owner) == ["before-2", "before-2"]


def test_a_snooze_is_one_off_and_leaves_the_ladder_alone(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        friday = datetime(2026, 12, 11, 15, 0, tzinfo=YORK)
        moment = reminders.snooze(session, work.owner, work.it, 1, now=friday)
        assert moment == datetime(2026, 12, 14, 9, 0, tzinfo=YORK)
        before = work.it.remind_at
        assert reminders.snooze(session, work.owner, work.it, 1, now=friday) == moment
        assert len(session.scalars(sa.select(Notice).where(Notice.kind == "reminders.snoozed")).all()) == 1
        assert work.it.remind_at == before
        with pytest.raises(WorkflowError, match="1 to 20"):
            reminders.snooze(session, work.owner, work.it, 0, now=friday)


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"])


@given(
    due_on=st.dates(date(2026, 1, 5), date(2027, 12, 31)),
    zone=ZONES,
    pauses=st.lists(st.integers(1, 90), min_size=5, max_size=40),
)
def test_whenever_one_asks_the_ladder_tells_each_rung_once_in_working_hours(
    due_on: date, zone: str, pauses: list[int]
) -> None:
    start = datetime.combine(due_on - timedelta(days=14), datetime.min.time(), UTC)
    ladder = Ladder(due_on, start, WEEK, 9, (Recipient(1, zone, "owner"), Recipient(2, zone, "sponsor")))
    told: set[tuple[int, str]] = set()
    now = start
    for pause in pauses:
        now += timedelta(hours=pause)
        due, wake = ladder.look(now)
        for who, rung in due:
            local = now.astimezone(ZoneInfo(zone))
            assert 9 <= local.hour < 18
            assert local.isoweekday() in WEEK.days
            assert rung.day <= local.date()
            told.add((who.person_id, rung.name))
        assert wake is not None
        assert wake > now
        early = {(who.person_id, rung.name) for who, rung in ladder.look(wake - timedelta(minutes=1))[0]} - told
        assert not early or wake - timedelta(minutes=1) <= now
