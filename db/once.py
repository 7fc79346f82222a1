"""Writing a row once, whoever else is writing it at the same moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db import tenancy
from db.models.base import Base, Owned
from db.models.people import Workspace

_INSERTS: Mapping[str, Callable[[Any], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_once(session: Session, model: type[Base], **values: Any) -> int | str | None:
    """Insert a row unless a unique key already stands; the new primary key, or None if it stood.

    Raises `db.tenancy.OutsideWorkspace` for a row of another workspace than the session's.
    """
    _stamp(session, model, values)
    session.flush()
    found: int | str | None = session.connection().scalar(_insert_one(_dialect(session), model), values)
    return found


def insert_all_once(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows of equal columns, those left out for which a unique key already stands.

    Raises `db.tenancy.OutsideWorkspace` for a row of another workspace than the session's.
    """
    for row in rows:
        _stamp(session, model, row)
    session.flush()
    insert, plainly = _insert(session, model), {tenancy.STAMPED: True, "dml_strategy": "raw"}
    if _dialect(session) == "postgresql":
        session.execute(insert.from_select(list(rows[0]), _recordset(model, rows)), execution_options=plainly)
    else:
        session.execute(insert, list(rows), execution_options=plainly)


def _recordset(model: type[Base], rows: Sequence[dict[str, Any]]) -> sa.Select[Any]:
    """The rows as one parameter: for PostgreSQL half the work of one message a row, for us a third."""
    columns = [sa.column(name, model.__table__.c[name].type) for name in rows[0]]
    text = sa.literal(json.dumps(rows, default=_written), sa.Text)
    given = sa.func.json_to_recordset(sa.cast(text, postgresql.JSON)).table_valued(*columns)
    return sa.select(*given.render_derived(with_types=True).c)


def _written(value: date) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    return value.isoformat()


@lru_cache  # one for each model; written to the table itself, for an ORM's insertion costs three times as much
def _insert_one(dialect: str, model: type[Base]) -> Any:
    table: Any = sa.inspect(model).local_table
    return _INSERTS[dialect](table).on_conflict_do_nothing().returning(next(iter(table.primary_key)))


def _insert(session: Session, model: type[Base]) -> Any:
    return _INSERTS[_dialect(session)](model).on_conflict_do_nothing()


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _stamp(session: Session, model: type[Base], values: dict[str, Any]) -> None:
    scope = tenancy.scope_of(session)
    if scope is tenancy.EVERYWHERE:
        return
    if issubclass(model, Owned):
        values["workspace_id"] = tenancy.inside(scope, values.get("workspace_id"), model.__name__)
    elif issubclass(model, Workspace):
        tenancy.inside(scope, values["id"], model.__name__)
