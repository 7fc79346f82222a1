"""What every table has in common: names of constraints, types, and the workspace a row belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import Json, UtcDateTime


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

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspace.id"), index=True)


def tie_to_workspaces(metadata: sa.MetaData) -> None:
    """Make it impossible, in the database itself, that a row refers to a row of another workspace.

    Every reference between two owned tables gets a second foreign key that includes the workspace. Called once, after
    the mappers are configured: relationships keep joining on the one column that they mean.
    """
    for table in metadata.tables.values():
        for reference in [key for key in table.foreign_key_constraints if _is_internal(key)]:
            _tie(table, reference)


def _is_internal(key: sa.ForeignKeyConstraint) -> bool:
    owned = (table.c.get("workspace_id") is not None for table in (key.parent, key.referred_table))
    return all(owned) and len(key.elements) == 1


def _tie(table: sa.Table, reference: sa.ForeignKeyConstraint) -> None:
    (column,) = reference.column_keys
    target = reference.referred_table
    if not any(c.name == f"uq_{target.name}_tie" for c in target.constraints):
        target.append_constraint(sa.UniqueConstraint("workspace_id", "id", name=f"uq_{target.name}_tie"))
    tie = sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{target.name}.workspace_id", f"{target.name}.id"],
        name=f"fk_{table.name}_{column}_tie",
        use_alter=reference.use_alter,
    )
    table.append_constraint(tie)
