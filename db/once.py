"""Writing a row once, whoever else is writing it at the same moment."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db import tenancy
from db.models.base import Base, Owned


def insert_once(session: Session, model: type[Base], **values: Any) -> int | str | None:
    """Insert a row unless a unique key already stands; the new primary key, or None if it stood."""
    scope = tenancy.scope_of(session)
    if issubclass(model, Owned) and scope is not tenancy.EVERYWHERE:
        values.setdefault("workspace_id", scope)
    table = sa.inspect(model).local_table
    key = next(iter(table.primary_key))
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    session.flush()
    statement = insert(model).values(**values).on_conflict_do_nothing().returning(getattr(model, key.name))
    found: int | str | None = session.scalar(statement)
    return found
