"""The scheduler: a few static jobs that ask what is due. It keeps nothing, and any number of replicas may run it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

import sqlalchemy as sa
from apscheduler.events import (  # type: ignore[import-untyped]  # it ships no types
    EVENT_JOB_SUBMITTED,
    JobSubmissionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]  # it ships no types
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy.orm import Session

from bot import channels, groups, log, retaining
from bot.house import House
from db.engine import why_away
from db.models import Workspace
from workflows import troubles

T = TypeVar("T")
Question = Callable[[Session, datetime], int]
Ask = Callable[[House, datetime], int]
LOG = log.get(__name__)
MOST_ROUNDS = 1000
"""A question that is never answered with 0 would keep its job for ever."""


@dataclass(frozen=True)
class Job:
    """`ask(house, now)` does what is due and says how much it was; asked every so many seconds."""

    name: str
    every_s: int
    ask: Ask


def in_each_workspace(path: str, otherwise: Ask | None = None) -> Ask:
    """A job that asks `workflows`' question `module.function(session, now)` in one workspace after the other.

    It asks again until there is nothing left, each time in a transaction of its own. `otherwise` is asked where it
    fails.
    """

    def ask(house: House, now: datetime) -> int:
        counts = [_until_done(house, workspace, _verb(path), now) for workspace in serving(house)]
        rest = otherwise(house, now) if otherwise and None in counts else 0
        return sum(filter(None, counts)) + rest

    return ask


def one_by_one(listing: str, path: str) -> Ask:
    """A job that does `path(session, id, now)` with each of `listing(session, now)`, in transactions of their own.

    One that fails does not keep the others from their turn.
    """

    def ask(house: House, now: datetime) -> int:
        return sum(_each(house, workspace, _verb(listing), _verb(path), now) for workspace in serving(house))

    return ask


def _verb(path: str) -> Any:
    module, _, function = path.rpartition(".")
    return getattr(import_module(f"workflows.{module}"), function)


def _until_done(house: House, workspace_id: str, question: Question, now: datetime) -> int | None:
    done = 0
    for _ in range(MOST_ROUNDS):
        found = _tried(house, workspace_id, lambda session: question(session, now))
        if not found:
            return done if found == 0 else None
        done += found
    return done


def _each(house: House, workspace_id: str, listing: Any, deed: Any, now: datetime) -> int:
    ids: Sequence[int] = _tried(house, workspace_id, partial(listing, now=now)) or ()
    return sum(_tried(house, workspace_id, partial(deed, now=now), row) or 0 for row in ids)


def _tried(house: House, workspace_id: str, deed: Callable[..., T], *about: int) -> T | None:
    """Do it in a transaction of its own; a failure is logged and gives None, as does a house that closes."""
    if house.closing.is_set():
        return None
    with log.trace(workspace=workspace_id, about=about[0] if about else None) as trace:
        try:
            with house.sessions.begin(workspace_id) as session:
                session.info["trace"] = trace
                return deed(session, *about)
        except Exception as error:  # what fails in one place may not keep the others waiting
            if why_away(error):
                raise  # everything would fail
            LOG.exception("job.failed")
            return None


def serving(house: House) -> list[str]:
    """The workspaces where the app is installed."""
    with house.sessions.everywhere() as session:
        return list(session.scalars(sa.select(Workspace.id).where(Workspace.stopped_at.is_(None))))


def let_go(house: House, now: datetime) -> int:
    """Let go of what is kept no longer."""
    return retaining.apply(house.sessions, house.settings, now)


def refresh_people(house: House, now: datetime) -> int:
    """Ask Slack about people not heard of for a day."""
    return house.directory.refresh_due(now)


def follow_groups(house: House, now: datetime) -> int:
    """Ask Slack who is in the user groups that committees follow."""
    return groups.refresh(house.sessions, house.installations.client, now)


def look_at_channels(house: House, now: datetime) -> int:
    """Ask Slack once a day what has become of the channels that committees use."""
    return sum(channels.look(house, workspace, now) for workspace in serving(house))


def tell_of_outages(house: House, now: datetime) -> int:
    """Tell admins of the times in which the database was away."""
    count = 0
    while absence := house.outage.untold(now):
        for workspace in serving(house):
            _tried(house, workspace, partial(troubles.tell_of_outage, absence=absence, now=now))
        house.outage.told()
        count += 1
    return count


def renew_tokens(house: House, now: datetime) -> int:
    """Exchange the tokens that expire soon."""
    return house.installations.renew(now)


def tidy_installations(house: House, now: datetime) -> int:
    """Clear away what installing left behind."""
    return house.installations.tidy()


JOBS: tuple[Job, ...] = (
    Job("close ballots", 15, one_by_one("ballots.due", "ballots.close_if_due")),
    Job("remind voters", 60, one_by_one("ballots.to_remind", "ballots.remind")),
    Job("tell of missed promises", 300, one_by_one("promises.missed", "promises.tell")),
    Job("chase questions", 300, one_by_one("chasing.unanswered", "chasing.chase")),
    Job(
        "remind owners",
        60,
        in_each_workspace("reminders.owe_due", one_by_one("reminders.owners_due", "reminders.owe_to")),
    ),
    Job("rerank ideas", 5, in_each_workspace("ranking.rerank_due")),
    Job("owe digests", 60, one_by_one("digests.tellers", "digests.owe_to")),
    Job("forget people", 15, in_each_workspace("privacy.finish_due")),
    Job("tell of outages", 5, tell_of_outages),
    Job("let go of what is old", 3600, let_go),
    Job("refresh people", 600, refresh_people),
    Job("follow user groups", 3600, follow_groups),
    Job("look at channels", 3600, look_at_channels),
    Job("renew tokens", 300, renew_tokens),
    Job("tidy installations", 3600, tidy_installations),
)


def run(house: House, job: Job) -> int:
    """Ask one job's question now. A failure is logged, and the question asked again next time."""
    with log.trace(job=job.name), house.metrics.working(job.name) as failed:
        try:
            count = 0 if house.closing.is_set() else job.ask(house, house.clock())
        except Exception as error:  # a question that fails today may not keep the others from being asked
            if not house.outage.tell(error):
                LOG.exception("job.failed")
            failed()
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

    def begun(event: JobSubmissionEvent) -> None:
        late = datetime.now(UTC) - min(event.scheduled_run_times)
        house.metrics.lateness.labels(event.job_id).observe(max(0.0, late.total_seconds()))

    made.add_listener(begun, EVENT_JOB_SUBMITTED)
    for job in JOBS:
        made.add_job(
            run, "interval", (house, job), id=job.name, seconds=job.every_s, next_run_time=datetime.now(UTC), jitter=1
        )
    return made
