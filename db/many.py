"""Naming many rows in one statement."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session


def one_of(
    session: Session, column: InstrumentedAttribute[Any], values: Collection[int | str]
) -> sa.ColumnElement[bool]:
    """`column IN values`, for any number of them: they go to the database as one parameter.

    As a parameter each, thousands would cost more to write and parse than to look up, and SQLite takes 32,766 at most.
    """
    if session.get_bind().dialect.name == "postgresql":
        return column == sa.any_(sa.literal(list(values), postgresql.ARRAY(column.type)))
    given = sa.func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(sa.select(given.c.value))
