"""Writing a row once, whoever else is writing it at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db import tenancy
from db.models.base import Base, Owned
from db.models.people import Workspace


def insert_once(session: Session, model: type[Base], **values: Any) -> int | str | None:
    """Insert a row unless a unique key already stands; the new primary key, or None if it stood.

    Raises `db.tenancy.OutsideWorkspace` for a row of another workspace than the session's.
    """
    _stamp(session, model, values)
    session.flush()
    found: int | str | None = session.scalar(
        _insert(session, model).values(**values).returning(_primary_key(model)),
        execution_options={tenancy.STAMPED: True},
    )
    return found


def insert_all_once(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows of equal columns, those left out for which a unique key already stands.

    Raises `db.tenancy.OutsideWorkspace` for a row of another workspace than the session's.
    """
    for row in rows:
        _stamp(session, model, row)
    session.flush()
    plainly = {tenancy.STAMPED: True, "dml_strategy": "raw"}  # no look at each row by the ORM
    session.execute(_insert(session, model), list(rows), execution_options=plainly)


def _primary_key(model: type[Base]) -> Any:
    return getattr(model, next(iter(sa.inspect(model).local_table.primary_key)).name)


def _insert(session: Session, model: type[Base]) -> Any:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(model).on_conflict_do_nothing()


def _stamp(session: Session, model: type[Base], values: dict[str, Any]) -> None:
    scope = tenancy.scope_of(session)
    if scope is tenancy.EVERYWHERE:
        return
    if issubclass(model, Owned):
        values["workspace_id"] = tenancy.inside(scope, values.get("workspace_id"), model.__name__)
    elif issubclass(model, Workspace):
        tenancy.inside(scope, values["id"], model.__name__)
