"""What every table has in common: names of constraints, types, and the workspace a row belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import Json, UtcDateTime

PLACE = "workspace_id"


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
        list[str]: Json,
        list[dict[str, Any]]: Json,
        str: sa.Text(),
    }


class Owned:
    """A row that belongs to one workspace. `db.tenancy` keeps every session inside its own."""

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspace.id"))


def tie_to_workspaces(metadata: sa.MetaData) -> None:
    """Make it impossible, in the database itself, that a row refers to a row of another workspace.

    Every reference between two owned tables gets a second foreign key that includes the workspace. Called once, after
    the mappers are configured: relationships keep joining on the one column that they mean. Tables without an index
    that begins with the workspace get one.
    """
    for table in metadata.tables.values():
        for reference in [key for key in table.foreign_key_constraints if _is_internal(key)]:
            _tie(table, reference)
    for table in metadata.tables.values():
        if PLACE in table.c and not _begins_an_index(table):
            sa.Index(f"ix_{table.name}_{PLACE}", table.c[PLACE])


def tables_on(dialect: str, metadata: sa.MetaData) -> sa.MetaData:
    """A copy of the tables as they are in a database of this dialect.

    On PostgreSQL a reference is checked once, together with the workspace, and the workspace by itself only of rows
    that need not refer to others in it. SQLite would have to write a table anew to be rid of a constraint, so there
    all of them stand.
    """
    there = sa.MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        table.to_metadata(there)
    if dialect == "postgresql":
        for table in there.tables.values():
            for reference in [key for key in table.foreign_key_constraints if _is_implied(table, key)]:
                _forget(table, reference)
    return there


def _is_internal(key: sa.ForeignKeyConstraint) -> bool:
    owned = (table.c.get(PLACE) is not None for table in (key.parent, key.referred_table))
    return all(owned) and len(key.elements) == 1


def _tie(table: sa.Table, reference: sa.ForeignKeyConstraint) -> None:
    (column,) = reference.column_keys
    target = reference.referred_table
    if not any(c.name == f"uq_{target.name}_tie" for c in target.constraints):
        target.append_constraint(sa.UniqueConstraint(PLACE, "id", name=f"uq_{target.name}_tie"))
    tie = sa.ForeignKeyConstraint(
        [PLACE, column],
        [f"{target.name}.{PLACE}", f"{target.name}.id"],
        name=f"fk_{table.name}_{column}_tie",
        use_alter=reference.use_alter,
    )
    table.append_constraint(tie)


def _begins_an_index(table: sa.Table) -> bool:
    unique = (it for it in table.constraints if isinstance(it, sa.UniqueConstraint))
    return any(it.columns.keys()[0] == PLACE for it in unique)


def _is_implied(table: sa.Table, key: sa.ForeignKeyConstraint) -> bool:
    if key.column_keys == [PLACE]:
        return any(_is_tie(it) and not table.c[it.column_keys[1]].nullable for it in table.foreign_key_constraints)
    return len(key.elements) == 1 and _is_internal(key)


def _is_tie(key: sa.ForeignKeyConstraint) -> bool:
    return str(key.name).endswith("_tie")


def _forget(table: sa.Table, key: sa.ForeignKeyConstraint) -> None:
    table.constraints.remove(key)
    for element in key.elements:
        table.foreign_keys.remove(element)
        element.parent.foreign_keys.remove(element)
