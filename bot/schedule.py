"""The scheduler: a few static jobs that ask what is due. It keeps nothing, and any number of replicas may run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]  # it ships no types
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy.orm import Session

from bot import groups, log
from bot.house import House
from db.models import Receipt, Workspace

Question = Callable[[Session, datetime], int]
LOG = log.get(__name__)
KEEP_RECEIPTS = timedelta(days=3)
"""Slack delivers a delayed event for a day at most, and a signature is stale after five minutes."""


@dataclass(frozen=True)
class Job:
    """`ask(house, now)` does what is due and says how much it was; asked every so many seconds."""

    name: str
    every_s: int
    ask: Callable[[House, datetime], int]


def in_each_workspace(path: str) -> Callable[[House, datetime], int]:
    """A job that asks `workflows`' question `module.function(session, now)` in one workspace after the other."""
    module, _, function = path.rpartition(".")

    def ask(house: House, now: datetime) -> int:
        question: Question = getattr(import_module(f"workflows.{module}"), function)
        return sum(_one(house, workspace, question, now) for workspace in serving(house))

    return ask


def _one(house: House, workspace_id: str, question: Question, now: datetime) -> int:
    with log.trace(workspace=workspace_id) as trace, house.sessions.begin(workspace_id) as session:
        session.info["trace"] = trace
        return question(session, now)


def serving(house: House) -> list[str]:
    """The workspaces where the app is installed."""
    with house.sessions.everywhere() as session:
        return list(session.scalars(sa.select(Workspace.id).where(Workspace.stopped_at.is_(None))))


def purge_receipts(house: House, now: datetime) -> int:
    """Forget deliveries that cannot come again."""
    with house.sessions.everywhere() as session:
        old = sa.delete(Receipt).where(Receipt.received_at < now - KEEP_RECEIPTS).returning(Receipt.key)
        return len(session.scalars(old.execution_options(synchronize_session=False)).all())


def refresh_people(house: House, now: datetime) -> int:
    """Ask Slack about people not heard of for a day."""
    return house.directory.refresh_due(now)


def follow_groups(house: House, now: datetime) -> int:
    """Ask Slack who is in the user groups that committees follow."""
    return groups.refresh(house.sessions, house.clients, now)


JOBS: tuple[Job, ...] = (
    Job("close ballots", 15, in_each_workspace("ballots.close_due")),
    Job("remind voters", 60, in_each_workspace("ballots.remind_due")),
    Job("tell of missed promises", 300, in_each_workspace("promises.missed")),
    Job("remind owners", 60, in_each_workspace("reminders.owe_due")),
    Job("rerank ideas", 5, in_each_workspace("ranking.rerank_due")),
    Job("owe digests", 60, in_each_workspace("digests.owe_due")),
    Job("purge receipts", 3600, purge_receipts),
    Job("refresh people", 600, refresh_people),
    Job("follow user groups", 3600, follow_groups),
)


def run(house: House, job: Job) -> int:
    """Ask one job's question now. A failure is logged, and the question asked again next time."""
    with log.trace(job=job.name):
        try:
            count = job.ask(house, house.clock())
        except Exception:  # a question that fails today may not keep the others from being asked
            LOG.exception("job.failed")
            return 0
        if count:
            LOG.info("job.done", count=count)
        return count


def scheduler(house: House) -> BackgroundScheduler:
    """A scheduler for all jobs, not yet started. The first round comes at once: replicas may have been down."""
    made = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max(2, len(JOBS)))},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for job in JOBS:
        made.add_job(
            run, "interval", (house, job), id=job.name, seconds=job.every_s, next_run_time=datetime.now(UTC), jitter=1
        )
    return made
