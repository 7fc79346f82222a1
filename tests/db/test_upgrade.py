"""An upgrade without a pause: the version before goes on working while its tables are migrated, and after that.

Its statements are played by hand: every table as it knew it, without the columns that came since.
"""

from __future__ import annotations

import ast
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from db import migrate
from db.models import Base, Event, Receipt, Workspace
from tests.databases import open_engine
from tests.db.rows import COUNTS, NOW, ORDER, ROWS, Row, fresh, row

SCRIPTS = [script for script in ScriptDirectory.from_config(migrate.config()).walk_revisions() if script.down_revision]
CONTRACT = "CONTRACT"
TAKES_AWAY = {"drop_table", "drop_column", "rename_table", "execute"}
NARROWS = {"create_unique_constraint", "create_check_constraint", "create_foreign_key", "create_exclude_constraint"}


def previous() -> str:
    """The revision of the version before."""
    found = ScriptDirectory.from_config(migrate.config()).get_revision("head")
    assert isinstance(found.down_revision, str)
    return found.down_revision


def _usual(default: Any) -> object:
    return default.arg(None) if default.is_callable else default.arg


class Before:
    """The version before, as far as its statements go."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        there = sa.inspect(engine)
        self._columns = {table: {one["name"] for one in there.get_columns(table)} for table in there.get_table_names()}

    def write(self, connection: sa.Connection, model: type[Base], values: Row) -> None:
        table = model.__table__
        known = [column for column in table.c if column.name in self._columns[model.__tablename__]]
        usual = {one.name: _usual(one.default) for one in known if one.default is not None}
        told = {name: value for name, value in (usual | values).items() if name in {one.name for one in known}}
        bare = sa.table(model.__tablename__, *(sa.column(one.name, one.type) for one in known))
        connection.execute(sa.insert(bare).values(told))

    def fill(self) -> None:
        """Two workspaces' worth of everything that others point at."""
        with self._engine.begin() as connection:
            self.write(connection, Workspace, {"id": "A", "created_at": NOW})
            for model in ORDER:
                for n in range(1, COUNTS[model] + 1):
                    self.write(connection, model, {"id": n, **row(model, n)})

    def write_everything(self) -> None:
        with self._engine.begin() as connection:
            for model in ROWS:
                self.write(connection, model, fresh(model))


@contextmanager
def at_work(before: Before, engine: sa.Engine) -> Iterator[list[int]]:
    """Gestures of the version before, one after the other, until the end of the block; how many were done."""
    done: list[int] = []
    over = threading.Event()
    failed: list[Exception] = []

    def gesture(n: int) -> None:
        with engine.begin() as connection:
            before.write(connection, Receipt, {"workspace_id": "A", "key": f"at work {n}", "received_at": NOW})
            connection.execute(sa.text("UPDATE person SET name = :name WHERE id = 1"), {"name": f"Ada {n}"})
            over.wait(0.02)  # so that a migration that holds other tables and waits for this one is met
            before.write(connection, Event, row(Event, 1))
            assert connection.scalar(sa.text("SELECT name FROM person WHERE id = 1")) == f"Ada {n}"

    def work() -> None:
        for n in itertools.count():
            try:
                gesture(n)
            except (sa.exc.SQLAlchemyError, AssertionError) as error:
                failed.append(error)
                return
            done.append(n)
            if over.wait(0.01):
                return

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield done
    finally:
        over.set()
        worker.join()
        assert not failed


def test_the_version_before_works_on_while_its_tables_are_migrated_and_after(empty_url: str) -> None:
    migrate.upgrade(empty_url, previous())
    with open_engine(empty_url) as engine:
        before = Before(engine)
        before.fill()
        with at_work(before, engine) as done:
            migrate.upgrade(empty_url)
            counted = len(done)
            while len(done) < counted + 3:
                threading.Event().wait(0.01)
        before.write_everything()
        with Session(engine) as session:
            for model in ROWS:
                assert len(session.scalars(sa.select(model)).all()) >= COUNTS.get(model, 0) + 1
            worked = session.scalars(sa.select(Receipt).where(Receipt.key.startswith("at work"))).all()
            assert len(worked) == len(done)
    migrate.check(empty_url)
    assert migrate.fits(migrate.current(empty_url))


def test_a_version_serves_on_tables_that_a_later_one_has_migrated_but_not_on_older_ones() -> None:
    assert migrate.fits("a revision of the future")
    assert not migrate.fits(previous())
    assert not migrate.fits(None)


def calls(source: str) -> Iterator[ast.Call]:
    """The operations of `upgrade` in a migration."""
    tree = ast.parse(source)
    upgrades = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    return (node for upgrade in upgrades for node in ast.walk(upgrade) if isinstance(node, ast.Call))


def objections(source: str) -> list[str]:
    """What in this migration the version before could not live with."""
    new = {_first(call) for call in calls(source) if _name(call) == "create_table"}
    found = [text for call in calls(source) if _first(call) not in new and (text := _objection(call))]
    return [] if CONTRACT in source else found


def _objection(call: ast.Call) -> str | None:
    name, given = _name(call), {one.arg: one.value for one in call.keywords}
    narrower = {"nullable", "new_column_name", "type_"} & given.keys()
    if name in TAKES_AWAY | NARROWS:
        return name
    if name == "alter_column" and narrower:
        return f"alter_column({', '.join(sorted(narrower))})"
    if name == "add_column" and any(_demands(one) for one in call.args if isinstance(one, ast.Call)):
        return "add_column(NOT NULL without a default)"
    return None


def _demands(column: ast.Call) -> bool:
    given = {one.arg: one.value for one in column.keywords}
    nullable = given.get("nullable")
    return isinstance(nullable, ast.Constant) and nullable.value is False and "server_default" not in given


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _first(call: ast.Call) -> object:
    return call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.revision)
def test_a_migration_only_adds_what_the_version_before_can_do_without(script: object) -> None:
    assert objections(Path(script.path).read_text()) == []  # type: ignore[attr-defined]  # Alembic's Script


TRIED = {
    'op.drop_column("idea", "title")': ["drop_column"],
    'op.alter_column("idea", "title", nullable=False)': ["alter_column(nullable)"],
    'op.alter_column("idea", "title", new_column_name="name")': ["alter_column(new_column_name)"],
    'op.add_column("idea", sa.Column("x", sa.Text(), nullable=False))': ["add_column(NOT NULL without a default)"],
    'op.add_column("idea", sa.Column("x", sa.Text(), nullable=False, server_default=""))': [],
    'op.add_column("idea", sa.Column("x", sa.Text()))': [],
    'op.create_check_constraint("ck", "idea", "x > 0")': ["create_check_constraint"],
    'op.create_table("new", sa.Column("x", sa.Text(), nullable=False))': [],
}


@pytest.mark.parametrize("line", TRIED)
def test_what_the_version_before_cannot_live_with_is_found(line: str) -> None:
    migration = f"def upgrade() -> None:\n    {line}\n\ndef downgrade() -> None:\n    op.drop_table('new')\n"
    assert objections(migration) == TRIED[line]
    assert objections(f"{CONTRACT} = 'nothing reads it since 1.2'\n{migration}") == []
