"""Thousands of rows in one statement: named, and written."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.many import one_of
from db.models import Notice
from db.once import insert_all_once
from tests import builders
from tests.builders import NOW, WORKSPACE

MORE_THAN_SQLITE_HAS_PARAMETERS = 40_000


def test_a_statement_can_name_more_rows_than_there_are_parameters(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.workspace(session)
        insert_all_once(session, Notice, [_row("a"), _row("b"), _row("c")])
        wanted = ["a", "c", *(f"none-{n}" for n in range(MORE_THAN_SQLITE_HAS_PARAMETERS))]
        named = sa.select(Notice.key).where(one_of(session, Notice.key, wanted)).order_by(Notice.key)
        assert session.scalars(named).all() == ["a", "c"]
        assert session.scalars(sa.select(Notice.key).where(one_of(session, Notice.id, []))).all() == []


def test_of_many_rows_those_that_stand_are_left_out_and_the_others_read_back_as_written(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.workspace(session)
        insert_all_once(session, Notice, [_row("a")])
        insert_all_once(session, Notice, [{**_row(key), "detail": {"line": 'a "word"\n'}} for key in ("a", "b")])
        first, second = session.scalars(sa.select(Notice).order_by(Notice.key))
        assert (first.detail, second.detail) == (None, {"line": 'a "word"\n'})
        assert (second.owed_at, second.channel, second.wanted, second.is_card) == (NOW, "C1", 1, False)


def test_many_rows_with_a_time_without_a_zone_are_refused(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.workspace(session)
        with pytest.raises((ValueError, sa.exc.StatementError), match="without a zone"):
            insert_all_once(session, Notice, [{**_row("a"), "owed_at": NOW.replace(tzinfo=None)}])


def _row(key: str) -> dict[str, object]:
    return {"kind": "test", "key": key, "channel": "C1", "owed_at": NOW, "due_at": NOW}
