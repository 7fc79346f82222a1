"""The end of a season, kept in one file: so the playground begins where four weeks have passed, within seconds.

`touchstone demo --keep FILE` makes it: Slack as it stands, and the database, in SQLite whatever it plays on later.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zipfile
from importlib.resources import as_file, files
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, DropConstraint

from db import migrate
from db.engine import make_engine
from db.models import Base
from playground import snapshot
from playground.workspace import Workspace

SHIPPED = files("bot").joinpath("data", "sample-programme.zip")
SLACK, RECORD = "slack.json", "touchstone.db"


def keep(slack: Workspace, engine: sa.Engine, file: Path) -> None:
    """Write the workspace and its SQLite database into `file`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot.save(slack, folder / SLACK)
        with contextlib.closing(engine.raw_connection()) as connection:  # VACUUM works outside transactions only
            connection.cursor().execute("VACUUM INTO ?", (str(folder / RECORD),))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for part in (SLACK, RECORD):
                packed.write(folder / part, part)


def lay_out(slack: Path, database_url: str) -> None:
    """Put what is shipped into an empty database, at this version's tables; and into the file `slack`, last."""
    target = sa.make_url(database_url)
    with tempfile.TemporaryDirectory() as name, as_file(SHIPPED) as file, zipfile.ZipFile(file) as packed:
        folder = Path(name)
        packed.extractall(folder)
        if target.get_backend_name() == "sqlite":
            shutil.copyfile(folder / RECORD, str(target.database))
            migrate.upgrade(database_url)
        else:
            migrate.upgrade(source := f"sqlite:///{folder / RECORD}")
            migrate.upgrade(database_url)
            _copy(source, database_url)
        shutil.copyfile(folder / SLACK, slack)


def _copy(source: str, target: str) -> None:
    reader, writer = make_engine(source), make_engine(target)
    tables = Base.metadata.sorted_tables
    circles = [key for table in tables for key in table.foreign_key_constraints if key.use_alter]
    with reader.connect() as here, writer.begin() as there:
        for key in circles:  # rows of two tables that refer to each other can come in no order
            there.execute(DropConstraint(key))
        for table in tables:
            if rows := [dict(row) for row in here.execute(_in_order(table)).mappings()]:
                there.execute(sa.insert(table), rows)
                _go_on_counting(there, table)
        for key in circles:
            there.execute(AddConstraint(key, isolate_from_table=False))
    reader.dispose()
    writer.dispose()


def _in_order(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    return sa.select(table).order_by(*table.primary_key)  # a row that another of its table refers to is older


def _go_on_counting(connection: sa.Connection, table: sa.Table) -> None:
    """Tell PostgreSQL which numbers are taken, for the next row."""
    if (counted := table.autoincrement_column) is not None:
        last = sa.select(sa.func.max(counted)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, counted.name), last)))
