"""Digest: gathering a week out of 1,000 ideas and out of a million with ten million votes, as a ratio."""

from __future__ import annotations

import statistics
import time
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.ground import SAY, database
from benchmarks.report import table
from db.engine import Sessions, make_engine
from db.models import Committee
from tests import builders
from tests.builders import NOW
from workflows import gathering, ranking

TEAM = "T0BENCH"
SMALL, LARGE = 1_000, 1_000_000
VOTES_EACH = 10
ROUNDS = 25

IDEAS = """
INSERT INTO idea (workspace_id, number, committee_id, author_id, title, problem, proposal, effect, state, submitted_at,
  state_since, answer_due, answered_at, support_count, scored_by, rank_value, discuss, ranked_under)
SELECT :team, n, :committee, :author, 'Idea ' || n, 'People wait', '', '', CASE n % 4 WHEN 0 THEN 'withdrawn' ELSE
  'submitted' END, :old, :old, :old, :old, n % 50, 3, CAST(n AS BIGINT) * 7919 % 1000003 / 100.0, :no, :mark
FROM numbers
"""
BALLOTS = """
INSERT INTO ballot (workspace_id, idea_id, committee_id, round, state, charter, seats, secret, opened_by_id, opened_at,
  closes_at, extended, closed_at, outcome, verdict)
SELECT :team, id, :committee, 1, 'closed', :json, :votes, :no, :author, :old, :later, 0, :later, 'declined', :json
FROM idea WHERE committee_id = :committee
"""
ELECTORS = """
INSERT INTO elector (workspace_id, ballot_id, person_id, position, role, functions, recused)
SELECT :team, b.id, p.id, p.id, 'member', :list, :no FROM ballot b CROSS JOIN
  (SELECT id FROM person ORDER BY id LIMIT :votes) p WHERE b.committee_id = :committee
"""
VOTES = """
INSERT INTO vote (workspace_id, ballot_id, person_id, choice, at)
SELECT :team, e.ballot_id, e.person_id, 'approve', :old FROM elector e
"""
SERIES = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)",
    "postgresql": "WITH numbers AS (SELECT n FROM generate_series(1, :count) AS n)",
}


def run(*, quick: bool) -> None:
    """Both databases."""
    large = LARGE // 100 if quick else LARGE
    rows = []
    for kind in ("sqlite", "postgresql"):
        small, big = (_timed(kind, count) for count in (SMALL, large))
        rows.append([kind, f"{small * 1000:.2f} ms", f"{big * 1000:.2f} ms", f"{big / small:.2f}"])
    head = ["", f"{SMALL:,} ideas", f"{large:,} ideas, {large * VOTES_EACH:,} votes", "ratio"]
    table("Gathering a digest, median", head, rows)


def _timed(kind: str, count: int) -> float:
    with database(kind) as url:
        engine = make_engine(url)
        sessions = Sessions(engine)
        committee = _fill(sessions, kind, count)
        _analyse(engine)
        with sessions.begin(TEAM) as session:
            home = session.get_one(Committee, committee)
            found = [_once(session, home) for _ in range(ROUNDS)]
        engine.dispose()
    SAY.print(f"[dim]{kind}: {statistics.median(found) * 1000:.2f} ms")
    return statistics.median(found)


def _once(session: Session, committee: Committee) -> float:
    session.expire_all()
    began = time.perf_counter()
    week = gathering.gather(session, committee, NOW - timedelta(days=7), NOW + timedelta(hours=1))
    if not (week.new_ideas and week.top):
        raise AssertionError("the week has nothing to say")
    return time.perf_counter() - began


def _fill(sessions: Sessions, kind: str, count: int) -> int:
    SAY.print(f"[dim]{kind}: {count:,} ideas …")
    with sessions.begin(TEAM) as session:
        committee = builders.committee(session, members=VOTES_EACH)
        author = builders.person(session).id
    old, later = (_stored(kind, NOW - timedelta(days=days)) for days in (90, 80))
    values = {
        "team": TEAM, "committee": committee.id, "author": author, "no": False, "votes": VOTES_EACH, "old": old,
        "later": later, "mark": ranking.mark_of(committee), "count": count, "json": "{}", "list": "[]",
    }  # fmt: skip
    with sessions.engine.begin() as connection:  # in no session: these statements take longer than one has patience
        _write_many(connection, kind, values)
    with sessions.begin(TEAM) as session:
        home = session.get_one(Committee, committee.id)
        for _ in range(20):
            builders.idea(session, home, number=count + next(builders._numbers) + 1000)
    return committee.id


def _write_many(connection: sa.Connection, kind: str, values: dict[str, object]) -> None:
    cast = {"sqlite": {}, "postgresql": {":json": "CAST(:json AS JSONB)", ":list": "CAST(:list AS JSONB)"}}[kind]
    if kind == "postgresql":  # what is written here refers to what is there; to check that takes half an hour
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for statement in (IDEAS.replace("INSERT INTO", f"{SERIES[kind]} INSERT INTO", 1), BALLOTS, ELECTORS, VOTES):
        text = statement
        for name, replacement in cast.items():
            text = text.replace(name, replacement)
        named = {name: value for name, value in values.items() if f":{name}" in text}
        connection.execute(sa.text(text), named)


def _stored(kind: str, moment: datetime) -> datetime:
    """A moment as `UtcDateTime` hands it to the driver."""
    return moment.replace(tzinfo=None) if kind == "sqlite" else moment


def _analyse(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
