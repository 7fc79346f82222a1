"""Writing a row once, whoever else is writing it at the same moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
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


def insert(session: Session, model: type[Base], **values: Any) -> None:
    """Insert a row by a statement that is built once, without making an object of it.

    Raises `db.tenancy.OutsideWorkspace` for a row of another workspace than the session's.
    """
    _stamp(session, model, values)
    session.flush()
    session.connection().execute(_insert_any(model), values)


def put(session: Session, model: type[Base], key: Mapping[str, Any], said: Mapping[str, Any], **noted: Any) -> bool:
    """Insert the row with this unique key, or have the one that stands say this; whether it said anything else.

    `noted` is written beside what is said, and is no reason to write. Raises `db.tenancy.OutsideWorkspace` for a row of
    another workspace than the session's.
    """
    values = {**key, **said, **noted}
    _stamp(session, model, values)
    session.flush()
    statement = _put_one(_dialect(session), model, tuple(key), tuple(said), tuple(noted))
    return session.connection().execute(statement, values).first() is not None


def insert_all_once(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows of equal columns, those left out for which a unique key already stands.

    Raises `db.tenancy.OutsideWorkspace` for a row of another workspace than the session's.
    """
    for row in rows:
        _stamp(session, model, row)
    session.flush()
    alike = {name: value for name, value in rows[0].items() if all(row[name] == value for row in rows)}
    differing = {name: model.__table__.c[name].type for name in rows[0] if name not in alike}
    given = _GIVEN[_dialect(session)]([{name: row[name] for name in differing} for row in rows], differing)
    given = given.add_columns(*(sa.literal(value, model.__table__.c[name].type) for name, value in alike.items()))
    insert = _insert(session, model).from_select([*differing, *alike], given)
    session.execute(insert, execution_options={tenancy.STAMPED: True, "dml_strategy": "raw"})


Columns = Mapping[str, sa.types.TypeEngine[Any]]


def _given_to_postgresql(rows: Sequence[dict[str, Any]], columns: Columns) -> sa.Select[Any]:
    """The rows as one parameter: for us a third of the work of a set of parameters a row, for PostgreSQL a half."""
    text = sa.cast(sa.literal(json.dumps(rows, default=_written), sa.Text), postgresql.JSON)
    wanted = [sa.column(name, kind) for name, kind in columns.items()]
    given = sa.func.json_to_recordset(text).table_valued(*wanted).render_derived(with_types=True)
    return sa.select(*given.c)


def _given_to_sqlite(rows: Sequence[dict[str, Any]], columns: Columns) -> sa.Select[Any]:
    text = json.dumps(rows, default=lambda value: _written(value).removesuffix("+00:00"))
    given = sa.func.json_each(text).table_valued("value")
    # The condition tells SQLite's parser that ON CONFLICT is not about a join.
    return sa.select(*(sa.func.json_extract(given.c.value, f"$.{name}") for name in columns)).where(sa.true())


_GIVEN = {"postgresql": _given_to_postgresql, "sqlite": _given_to_sqlite}


def _written(value: date) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC).isoformat(" ", "microseconds")
    return value.isoformat()


@lru_cache  # one for each model; written to the table itself, for an ORM's insertion costs three times as much
def _insert_one(dialect: str, model: type[Base]) -> Any:
    table: Any = sa.inspect(model).local_table
    return _INSERTS[dialect](table).on_conflict_do_nothing().returning(next(iter(table.primary_key)))


@lru_cache
def _insert_any(model: type[Base]) -> sa.Insert:
    table: Any = sa.inspect(model).local_table
    return sa.insert(table)


@lru_cache
def _put_one(dialect: str, model: type[Base], key: Sequence[str], said: Sequence[str], noted: Sequence[str]) -> Any:
    table: Any = sa.inspect(model).local_table
    insert = _INSERTS[dialect](table)
    new = {name: insert.excluded[name] for name in (*said, *noted)}
    differs = sa.or_(*(table.c[name].is_distinct_from(new[name]) for name in said))
    return insert.on_conflict_do_update(index_elements=key, set_=new, where=differs).returning(table.c.id)


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
