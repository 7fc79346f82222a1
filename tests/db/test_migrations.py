"""The migrations: from nothing to today on both engines, and nothing left to do after them."""

from __future__ import annotations

import sqlalchemy as sa

from db import migrate
from db.models import Base
from tests.databases import open_engine


def test_an_empty_database_is_brought_to_the_head(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == migrate.head()
    with open_engine(empty_url) as engine:
        assert set(sa.inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_the_migrations_leave_no_drift_from_the_models(database_url: str) -> None:
    migrate.check(database_url)
