"""The scheduler's questions: all that is due is done in one round, and what fails holds up nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot import schedule
from bot.clockwatch import ClockWatch
from db.models import Ballot, Committee, Intervention, Person, Reminder
from playground.clock import Clock
from tests import builders
from tests.workflows.work_scene import approved, plan
from tests.world import TEAM, World
from workflows import ballots, interventions, reminders

DUE = date(2026, 12, 16)
MORNING = datetime(2026, 12, 16, 9, 30, tzinfo=UTC)
JOBS = {job.name: job for job in schedule.JOBS}


def vote_is_open(world: World, committee: Committee, title: str) -> int:
    idea = world.idea(committee, title=title)
    with world.session() as session:
        home = session.get_one(Committee, committee.id)
        return ballots.open_review(session, builders.chair(session, home), session.merge(idea), now=world.now).id


def test_a_ballot_that_cannot_be_judged_is_logged_and_keeps_no_other_open(world: World) -> None:
    committee = world.committee()
    bad, good = (vote_is_open(world, committee, title) for title in ("Bad", "Good"))
    with world.session() as session:
        session.get_one(Ballot, bad).charter = {"nonsense": True}
    world.clock.advance(timedelta(days=10))
    with capture_logs() as lines:
        assert schedule.run(world.bot.house, JOBS["close ballots"]) == 1
    with world.session() as session:
        found = {
            name: session.get_one(Ballot, ballot_id).extended for name, ballot_id in (("bad", bad), ("good", good))
        }
    assert found == {"bad": 0, "good": 1}, "nobody voted, so the good one gets more time"
    assert [line["event"] for line in lines].count("job.failed") == 1


def work_for(world: World, owners: int, workspace: str = TEAM) -> list[int]:
    """Accepted work that is due on `DUE`, for so many owners; their ids."""
    with world.bot.house.sessions.begin(workspace) as session:
        committee = builders.committee(session)
        chair = builders.chair(session, committee)
        found = [builders.person(session, f"Owner {n}") for n in range(owners)]
        work = interventions.assign(
            session, chair, approved(session, committee), plan(due_on=DUE), found[0], now=builders.NOW
        )
        interventions.accept(session, found[0], work, now=builders.NOW)
        session.add_all(like(work, owner_id=owner.id) for owner in found[1:])
        return [owner.id for owner in found]


def like(work: Intervention, **changes: Any) -> Intervention:
    """More work on the same idea, as its row would be: the verbs take a while for a hundred owners."""
    columns = sa.inspect(Intervention).column_attrs
    return Intervention(**{it.key: getattr(work, it.key) for it in columns if it.key != "id"} | changes)


def lose(world: World, person_id: int) -> None:
    """Spoil somebody's row, so that nothing can be worked out for them."""
    with world.bot.house.sessions.everywhere() as session:
        session.get_one(Person, person_id).tz = "Nowhere/At_All"


def told(world: World) -> int:
    with world.bot.house.sessions.everywhere() as session:
        return session.scalar(sa.select(sa.func.count(Reminder.id)).where(Reminder.rung == "due")) or 0


def test_more_owners_than_fit_into_a_transaction_hear_of_their_work_in_one_round(world: World) -> None:
    count = reminders.OWNERS + 5
    work_for(world, count)
    world.clock.set(MORNING)
    schedule.run(world.bot.house, JOBS["remind owners"])
    assert told(world) == count


def test_work_that_cannot_be_reminded_of_keeps_no_other_owner_waiting(world: World) -> None:
    lose(world, work_for(world, 5)[0])
    world.clock.set(MORNING)
    with capture_logs() as lines:
        schedule.run(world.bot.house, JOBS["remind owners"])
    assert told(world) == 4
    assert "job.failed" in [line["event"] for line in lines]


def test_a_workspace_whose_question_fails_keeps_no_other_from_being_asked(world: World) -> None:
    lose(world, work_for(world, 1, "T0ANOTHER")[0])
    work_for(world, 2)
    world.clock.set(MORNING)
    schedule.run(world.bot.house, JOBS["remind owners"])
    assert told(world) == 2


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=1)], ids=["forward", "back"])
def test_a_clock_that_jumps_does_not_put_the_scheduler_to_sleep(world: World, jump: timedelta) -> None:
    scheduler = schedule.scheduler(world.bot.house)
    scheduler.start(paused=True)
    try:
        steady = [0.0]
        wall = Clock(datetime.now(UTC), running=False)
        watch = ClockWatch(scheduler, wall.now, lambda: steady[0])
        steady[0] += 5
        wall.advance(timedelta(seconds=6))
        assert not watch.look(), "a second is no jump"
        wall.set(wall.now() + jump)
        assert watch.look()
        assert {job.next_run_time for job in scheduler.get_jobs()} == {wall.now()}
        assert not watch.look(), "once is enough"
    finally:
        scheduler.shutdown(wait=False)
