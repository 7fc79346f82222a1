"""The migrations: from nothing to today on both engines, nothing left to do after them, and one at a time."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from importlib import resources

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from db import migrate
from db.models import Workspace
from tests.databases import open_engine
from tests.db.rows import NOW

UPGRADE = "import sys; from db import migrate; migrate.upgrade(sys.argv[1])"


def definitions(url: str) -> dict[str, list[str]]:
    """What the database itself says of its tables: columns, constraints and indexes, as it would write them."""
    with open_engine(url) as engine, engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return _sqlite(connection)
        return _postgresql(connection)


ADDED = re.compile(r", (?=\w+ [A-Z])")
"""Where SQLite appends a column that a migration adds: on the line of the last one."""


def _sqlite(connection: sa.Connection) -> dict[str, list[str]]:
    rows = connection.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    found: dict[str, list[str]] = {}
    for table, sql in rows:
        one_a_line = ADDED.sub("\n", sql.replace('"', "").replace(", \n", "\n"))
        lines = one_a_line.splitlines()
        found.setdefault(table, []).extend(line.strip().rstrip(",") for line in lines)
    return {table: sorted(lines) for table, lines in found.items()}


def _postgresql(connection: sa.Connection) -> dict[str, list[str]]:
    queries = (
        "SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace",
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT table_name, concat_ws(' ', column_name, data_type, is_nullable, column_default, numeric_scale) "
        "FROM information_schema.columns WHERE table_schema = 'public'",
    )
    found: dict[str, list[str]] = {}
    for table, line in (row for query in queries for row in connection.exec_driver_sql(query)):
        found.setdefault(table, []).append(line)
    return {table: sorted(lines) for table, lines in found.items()}


def test_an_empty_database_is_brought_to_the_head_and_again_changes_nothing(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == migrate.head()
    before = definitions(empty_url)
    migrate.upgrade(empty_url)
    assert definitions(empty_url) == before


def test_alembic_finds_no_drift_between_migrations_and_models(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.check(empty_url)


def test_the_migrations_lead_to_exactly_the_tables_of_the_models(empty_url: str, database_url: str) -> None:
    migrate.upgrade(empty_url)
    migrated, modelled = definitions(empty_url), definitions(database_url)
    assert set(migrated) == set(modelled)
    for table, lines in modelled.items():
        assert migrated[table] == lines


def test_the_history_has_one_head() -> None:
    assert ScriptDirectory.from_config(migrate.config()).get_heads() == [migrate.head()]


def test_the_last_migration_can_be_undone_and_done_again(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    before = definitions(empty_url)
    migrate.downgrade(empty_url)
    assert migrate.current(empty_url) != migrate.head()
    migrate.upgrade(empty_url)
    assert definitions(empty_url) == before


def test_a_migration_keeps_the_rows_that_stand(database_url: str) -> None:
    with open_engine(database_url) as engine, engine.begin() as connection:
        connection.execute(sa.insert(Workspace).values(id="T1", created_at=NOW))
    migrate.upgrade(database_url)
    with open_engine(database_url) as engine, engine.connect() as connection:
        assert connection.scalar(sa.select(Workspace.created_at)) == NOW


def test_processes_that_migrate_at_the_same_moment_wait_for_each_other(empty_url: str) -> None:
    running = [subprocess.Popen([sys.executable, "-c", UPGRADE, empty_url], stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=60)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert migrate.current(empty_url) == migrate.head()


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    with open_engine(empty_url) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE vote (mine INTEGER)")
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(empty_url)
    assert set(definitions(empty_url)) == {"vote"}


def test_the_migrations_are_found_as_package_data_wherever_db_is_installed() -> None:
    folder = resources.files("db") / "migrations"
    assert (folder / "env.py").is_file()
    assert (folder / "script.py.mako").is_file()
    assert importlib.util.find_spec("db.migrations") is not None
    assert migrate.config().get_main_option("script_location") == "db:migrations"
