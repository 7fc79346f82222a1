"""Sessions are transactions; engines are tuned; a row is written once however many write it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import COUNTED, STATISTICS_SECONDS, Sessions, make_engine, why_away
from db.models import Notice, Person, Receipt, Workspace
from db.once import insert_once
from db.patience import ANSWER_SECONDS, BUSY_SECONDS, answering, left
from tests.databases import open_engine
from tests.db.rows import NOW, Row, build_world, fresh

WRITERS = 8


def count(sessions: Sessions) -> int:
    with sessions.everywhere() as session:
        return session.scalar(sa.select(sa.func.count(Receipt.key))) or 0


def together(work: Callable[[int], object]) -> list[object]:
    """Run `work` in several threads that start at the same moment."""
    gate = threading.Barrier(WRITERS)

    def start(n: int) -> object:
        gate.wait(10)
        return work(n)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(start, range(WRITERS)))


def test_a_session_commits_at_the_end_of_its_block(sessions: Sessions) -> None:
    with sessions.everywhere() as session:
        session.add(Receipt(key="Ev1", received_at=NOW))
    assert count(sessions) == 1


def test_a_session_undoes_everything_when_its_block_fails(sessions: Sessions) -> None:
    with pytest.raises(LookupError), sessions.everywhere() as session:
        session.add(Receipt(key="Ev1", received_at=NOW))
        session.flush()
        raise LookupError
    assert count(sessions) == 0


def test_rows_may_be_read_after_their_transaction(sessions: Sessions) -> None:
    with sessions.everywhere() as session:
        workspace = Workspace(id="T1", name="Acme", created_at=NOW)
        session.add(workspace)
    assert workspace.name == "Acme"


def test_only_a_commit_that_owes_something_wakes_the_sender(engine: sa.Engine) -> None:
    woken: list[str] = []
    sessions = Sessions(engine, on_commit=lambda: woken.append("woken"))
    with sessions.everywhere() as session:
        session.add(Receipt(key="Ev1", received_at=NOW))
    assert woken == []
    with pytest.raises(LookupError), sessions.everywhere() as session:
        session.info["owes"] = True
        raise LookupError
    assert woken == []
    with sessions.everywhere() as session:
        session.info["owes"] = True
        session.add(Receipt(key="Ev2", received_at=NOW))
        session.flush()
        assert woken == []
    assert woken == ["woken"]


def test_a_row_is_inserted_once_and_its_key_is_told(sessions: Sessions) -> None:
    values: Row = {"workspace_id": "A", "kind": "digest.weekly", "key": "k", "channel": "C1"}
    with sessions.everywhere() as session:
        build_world(session)
        first = insert_once(session, Notice, **values, owed_at=NOW, due_at=NOW, id=500)
        again = insert_once(session, Notice, **values, owed_at=NOW + timedelta(days=1), due_at=NOW, id=501)
        assert (first, again) == (500, None)
        assert session.get_one(Notice, 500).owed_at == NOW


def test_a_row_inserted_once_is_not_inserted_wrong(sessions: Sessions) -> None:
    with pytest.raises(sa.exc.IntegrityError), sessions.everywhere() as session:
        build_world(session)
        insert_once(session, Notice, **fresh(Notice) | {"channel": None})


def test_many_who_write_the_same_row_at_once_write_it_once(sessions: Sessions) -> None:
    def write(_: int) -> object:
        with sessions.everywhere() as session:
            return insert_once(session, Receipt, key="Ev1", received_at=NOW)

    assert sorted(map(str, together(write))) == ["Ev1"] + ["None"] * (WRITERS - 1)


def test_many_who_read_and_then_write_lose_nothing(sessions: Sessions) -> None:
    with sessions.everywhere() as session:
        session.add(Workspace(id="T1", created_at=NOW))

    def write(_: int) -> object:
        with sessions.begin("T1") as session:
            workspace = session.get_one(Workspace, "T1", with_for_update=True)
            number = workspace.next_idea
            workspace.next_idea += 1
            return number

    assert sorted(map(str, together(write))) == [str(n) for n in range(1, WRITERS + 1)]


def test_two_processes_worth_of_engines_share_one_database(database_url: str) -> None:
    with open_engine(database_url) as mine, open_engine(database_url) as theirs:
        both = [Sessions(mine), Sessions(theirs)]

        def write(n: int) -> None:
            with both[n % 2].everywhere() as session:
                session.scalars(sa.select(Receipt)).all()
                session.add(Receipt(key=str(n), received_at=NOW))

        together(write)
        assert count(both[0]) == WRITERS


def test_sqlite_keeps_statistics_of_what_has_grown_once_an_hour(tmp_path: Path) -> None:
    with open_engine(f"sqlite:///{tmp_path}/some.db") as engine:
        for age, kept in ((0, 0), (STATISTICS_SECONDS + 1, 1)):
            with engine.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS a (b INTEGER, c INTEGER)")
                connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS i ON a (b)")
                connection.exec_driver_sql("INSERT INTO a VALUES (1, 2), (3, 4)")
                connection.exec_driver_sql("SELECT c FROM a WHERE b = 1").all()
                connection.info[COUNTED] = time.monotonic() - age
            with engine.begin() as connection:
                known = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
                assert known.scalar() == kept


def test_a_relationship_that_was_not_asked_for_is_not_loaded_behind_ones_back(sessions: Sessions) -> None:
    with sessions.everywhere() as session:
        build_world(session)
    with sessions.begin("A") as session:
        assert session.get_one(Person, 1).workspace_id == "A"
    lazy = {
        relationship.lazy for mapper in Person.registry.mappers for relationship in mapper.relationships
    }  # fmt: skip
    assert lazy == {"raise"}


def test_sqlite_keeps_what_it_has_acknowledged_and_checks_references(tmp_path: Path) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with open_engine(f"sqlite:///{tmp_path / 'x.db'}") as engine, engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_whoever_answers_slack_waits_in_all_for_two_seconds_for_a_server_that_does_not_speak() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with open_engine(f"postgresql://me@127.0.0.1:{port}/x?sslmode=disable") as engine:
            began = time.monotonic()
            with answering():
                for _ in range(3):
                    with pytest.raises(sa.exc.SQLAlchemyError) as found, Sessions(engine).everywhere():
                        pass
                    assert why_away(found.value)
    assert time.monotonic() - began < ANSWER_SECONDS + 0.8


def test_patience_is_for_the_database_and_not_used_up_by_anything_else(sessions: Sessions) -> None:
    with answering():
        assert count(sessions) == 0
        assert left() > ANSWER_SECONDS - 1
    assert left() == BUSY_SECONDS


@pytest.mark.parametrize("url", ["postgres://me@host/db", "postgresql://me@host/db", "postgresql+psycopg://me@host/db"])
def test_every_usual_spelling_of_postgresql_means_psycopg_3(url: str) -> None:
    engine = make_engine(url)
    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://me:secret@host/db", "not a url: secret", ""])
def test_another_database_is_refused_in_words_without_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="the database URL") as refusal:
        make_engine(url)
    assert "secret" not in str(refusal.value)
