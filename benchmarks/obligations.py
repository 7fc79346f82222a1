"""Obligations: due reminders claimed and marked a second, against APScheduler with a job each in its SQL store.

The habit of this field is one scheduler job a reminder. Its jobs are loaded by batches here too, and `run_date` is
past for all of them, so both sides only work off what is due. The store is not made for two schedulers at once, so it
has one worker; ours has one and two.

Ours does what the product does: a reminder is claimed (its row locked, past those of another worker), written as a
line of its owner's message of that morning, and its next look noted, in one transaction with others. Of each work an
earlier rung has been told, and the tables have statistics, as in a database that has been in use for an hour:
`db.engine` keeps those of SQLite, autovacuum those of PostgreSQL, which for tables that were empty a moment ago plans
the checks of foreign keys badly.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # type: ignore[import-untyped]  # it has no types
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # it has no types

from benchmarks.ground import SAY, database
from benchmarks.report import table
from db.engine import Sessions, make_engine
from db.models import (
    Committee,
    Intervention,
    InterventionKind,
    InterventionState,
    Notice,
    NoticeState,
    Person,
    Reminder,
)
from tests import builders
from workflows import mornings, reminders

OURS, QUICK_OURS = 100_000, 2_000
THEIRS, QUICK_THEIRS = 1_000, 100
EACH = 10  # things to do an owner
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=2)
TEAM = "T0BENCH"
STUCK_S = 300

_lock = threading.Lock()
_done = 0


def remind() -> None:
    """A job of the habit."""
    global _done  # noqa: PLW0603 # APScheduler stores a reference to a plain function
    with _lock:
        _done += 1


def run(*, quick: bool) -> None:
    """Both databases."""
    ours, theirs = (QUICK_OURS, QUICK_THEIRS) if quick else (OURS, THEIRS)
    rows = []
    for kind in ("sqlite", "postgresql"):
        with database(kind) as url:
            habit = jobs_each(url, theirs)
        speeds = []
        for workers in (1, 2):
            with database(kind) as url:
                speeds.append(obligations(url, workers, ours))
        rows.append([kind, f"{habit:.0f}/s", *(f"{one:.0f}/s ({one / habit:.0f}x)" for one in speeds)])
    table("Due reminders", ["", f"a job each ({theirs:,})", f"Touchstone, 1 worker ({ours:,})", "2 workers"], rows)


def jobs_each(url: str, count: int) -> float:
    """APScheduler with a job for each reminder, misfires forgiven: jobs run and removed a second."""
    global _done  # noqa: PLW0603 # see `remind`
    _done = 0
    engine = make_engine(url)
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        job_defaults={"misfire_grace_time": None},
        timezone=UTC,
    )
    scheduler.start(paused=True)
    for number in range(count):
        scheduler.add_job(remind, "date", run_date=datetime.now(UTC) - timedelta(minutes=1), id=str(number))
    began = time.monotonic()
    scheduler.resume()
    while _done < count and time.monotonic() - began < STUCK_S:
        time.sleep(0.01)
    seconds, done = time.monotonic() - began, _done
    scheduler.shutdown()
    engine.dispose()
    if done < count:
        SAY.print(f"[red]the job store ran {done} of {count}")
    return done / seconds


def obligations(url: str, workers: int, count: int) -> float:
    """Reminders owed a second by so many workers asking the same question."""
    engine = make_engine(url)
    sessions = Sessions(engine)
    _prepare(sessions, count)
    began = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(_work, sessions) for _ in range(workers)]:
            done.result()
    seconds = time.monotonic() - began
    with sessions.begin(TEAM) as session:
        owed = session.scalar(sa.select(sa.func.count(Reminder.id)).where(Reminder.owed_at == NOW)) or 0
    engine.dispose()
    if owed != count:
        SAY.print(f"[red]{owed} of {count} reminders were owed")
    return owed / seconds


def _work(sessions: Sessions) -> None:
    while True:
        with sessions.begin(TEAM) as session:
            if not reminders.owe_due(session, NOW):
                return
        time.sleep(0.001)  # SQLite has one connection; who has just had it must not take it again at once


def _prepare(sessions: Sessions, count: int) -> None:
    with sessions.begin(TEAM) as session:
        committee = builders.committee(session)
        chair, idea = builders.chair(session, committee), builders.idea(session, committee)
    ids = [f"UO{n:06}" for n in range(count // EACH)]
    people = [{"workspace_id": TEAM, "slack_id": slack_id, "tz": "UTC", "name": "O"} for slack_id in ids]
    with sessions.engine.begin() as connection:  # in no session: these statements take longer than one has patience
        connection.execute(sa.insert(Person), people)
        owners = connection.scalars(sa.select(Person.id).where(Person.slack_id.like("UO%"))).all()
        works = [_work_row(committee, idea.id, chair.id, owners, n) for n in range(count)]
        connection.execute(sa.insert(Intervention), works)
        connection.execute(sa.insert(Notice), [_earlier_message(owner) for owner in owners])
        told = sa.select(Intervention.id, Intervention.owner_id, Notice.id)
        told = told.join(Notice, Notice.person_id == Intervention.owner_id)
        connection.execute(sa.insert(Reminder), [_earlier_rung(*work) for work in connection.execute(told)])
    with sessions.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _work_row(committee: Committee, idea: int, sponsor: int, owners: Sequence[int], number: int) -> dict[str, object]:
    """Work that is due today; the rung of two days before has been told."""
    return {
        "workspace_id": TEAM, "idea_id": idea, "committee_id": committee.id, "title": f"Work {number}",
        "kind": InterventionKind.TRAINING, "owner_id": owners[number % len(owners)], "sponsor_id": sponsor,
        "due_on": date(2026, 11, 18), "state": InterventionState.ACCEPTED, "created_at": BEFORE,
        "revised_at": BEFORE, "accepted_at": BEFORE, "remind_at": NOW, "revision": 1,
    }  # fmt: skip


def _earlier_message(owner: int) -> dict[str, object]:
    return {
        "workspace_id": TEAM, "kind": mornings.MORNING, "key": f"{mornings.MORNING}:{owner}:{BEFORE.date()}:1",
        "person_id": owner, "owed_at": BEFORE, "due_at": BEFORE, "sent_at": BEFORE, "state": NoticeState.SENT,
    }  # fmt: skip


def _earlier_rung(work: int, owner: int, message: int) -> dict[str, object]:
    return {
        "workspace_id": TEAM, "key": f"work:{work}:1:before-2:{owner}", "person_id": owner, "kind": "work",
        "about_id": work, "rung": "before-2", "morning": BEFORE.date(), "owed_at": BEFORE, "morning_id": message,
    }  # fmt: skip
