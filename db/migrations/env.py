"""What Alembic runs: `db.migrate` hands over a connection, the command line a URL (`alembic -x url=sqlite:///x.db`)."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from db import migrate
from db.models import Base, tables_on
from db.types import UtcDateTime


def render(kind: str, thing: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Migrations speak plain SQLAlchemy: they must still run when the types of today have gone."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=tables_on(connection.dialect.name, Base.metadata),
        render_as_batch=True,
        render_item=render,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrate.exclusively(context.get_x_argument(as_dictionary=True)["url"]) as opened:
        run(opened)
