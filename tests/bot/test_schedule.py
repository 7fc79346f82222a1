"""The scheduler asks a few questions, forgets nothing by keeping nothing, and survives an answer that fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot import schedule
from bot.house import House
from bot.schedule import Job
from db.models import Ballot, Digest, Elector, Notice, Reminder, Workspace
from tests.world import START, TEAM, World
from workflows import ballots, ideas, people


def test_every_job_is_coalesced_alone_and_never_too_late(world: World) -> None:
    made = schedule.scheduler(world.bot.house)
    made.start(paused=True)
    try:
        jobs = made.get_jobs()
        assert len(jobs) == len(schedule.JOBS)
        for job in jobs:
            assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        assert made.timezone is UTC
    finally:
        made.shutdown(wait=False)


def test_job_names_are_unique() -> None:
    assert len({job.name for job in schedule.JOBS}) == len(schedule.JOBS)


@pytest.mark.parametrize("job", schedule.JOBS, ids=lambda job: job.name)
def test_every_question_can_be_asked_of_an_empty_house(world: World, job: Job) -> None:
    with capture_logs() as lines:
        assert schedule.run(world.bot.house, job) == 0
    assert [line for line in lines if line["event"] == "job.failed"] == []


def test_a_question_that_fails_is_logged_and_asked_again(world: World) -> None:
    asked = []

    def ask(house: House, now: datetime) -> int:
        asked.append(now)
        if len(asked) == 1:
            raise ZeroDivisionError
        return 3

    job = Job("odd", 1, ask)
    with capture_logs() as lines:
        assert [schedule.run(world.bot.house, job) for _ in range(2)] == [0, 3]
    assert [(line["event"], line.get("count")) for line in lines] == [("job.failed", None), ("job.done", 3)]


def test_a_workspace_that_removed_the_app_is_not_asked_about(world: World) -> None:
    with world.session() as session:
        people.workspace(session, TEAM, now=world.now).stopped_at = world.now
        session.flush()
        session.get_one(Workspace, TEAM).stopped_why = "app_uninstalled"
    assert schedule.serving(world.bot.house) == []


def test_what_jobs_owe_carries_the_trace_of_their_round(world: World) -> None:
    committee = world.committee()
    world.idea(committee)
    world.settle()
    world.advance(timedelta(days=20))
    with world.session() as session:
        missed = session.scalars(sa.select(Notice.trace).where(Notice.kind == "idea.promise_missed")).first()
    assert missed


def test_a_committee_whose_row_is_broken_keeps_no_other_waiting(world: World) -> None:
    broken = world.committee()
    world.slack.add_channel("elsewhere", ["UMEM4", "UMEM5"], id="CELSE")
    sound = world.committee(
        name="Elsewhere", chair="UMEM4", deputy=None, members=["UMEM5"],
        intake_channel="CELSE", committee_channel="CELSE", digest_channel="CELSE",
    )  # fmt: skip
    for committee, chair in ((broken, "UCHAIR"), (sound, "UMEM4")):
        idea = world.idea(committee)
        with world.session() as session:
            opener = people.of(session, chair)
            assert opener is not None
            ballots.open_review(session, opener, ideas.get(session, idea.id), now=world.now)
    with world.session() as session:
        row = session.merge(broken)
        row.holidays_country, row.tz = "XX", "Nowhere/At_All"
    with capture_logs() as lines:
        world.at(START + timedelta(days=5, hours=2))
    assert "job.failed" in {line["event"] for line in lines}
    with world.session() as session:
        told = session.scalars(sa.select(Digest.committee_id)).all()
        asked = session.scalars(sa.select(Elector.ballot_id).join(Reminder, Reminder.about_id == Elector.id)).all()
        assert told == [sound.id]
        assert set(asked) == set(session.scalars(sa.select(Ballot.id).where(Ballot.committee_id == sound.id)))
