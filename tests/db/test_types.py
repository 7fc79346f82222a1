"""What goes into the database comes back the same, on both engines; naive times do not go in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.models import Ballot, Draft, Idea, Intervention, Milestone, Notice, Person, Receipt, Score, Workspace
from tests.db.rows import DAY, NOW, build_world, row

MOMENTS = [
    NOW,
    datetime(2026, 10, 25, 0, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    datetime(1999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-11))),
]
CONTENTS: list[dict[str, Any]] = [
    {},
    {"title": "שלום 🎈 <!channel>", "numbers": [1, 2.5, None, True], "nested": {"a": {"b": "c"}}},
    {"quote": 'it\'s "quoted" \\ and\nbroken'},
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_comes_back_aware_and_in_utc(sessions: Sessions, moment: datetime) -> None:
    with sessions.everywhere() as session:
        session.add(Receipt(key="Ev1", received_at=moment))
    with sessions.everywhere() as session:
        found = session.scalars(sa.select(Receipt.received_at)).one()
    assert found == moment
    assert found.utcoffset() == timedelta(0)


def test_a_naive_moment_is_refused_in_rows_and_in_questions(sessions: Sessions) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(sa.exc.StatementError, match="without a zone"), sessions.everywhere() as session:
        session.add(Receipt(key="Ev1", received_at=naive))
    with pytest.raises(sa.exc.StatementError, match="without a zone"), sessions.everywhere() as session:
        session.scalars(sa.select(Receipt).where(Receipt.received_at < naive)).all()


def test_moments_are_compared_as_moments_whatever_zone_asks(sessions: Sessions) -> None:
    with sessions.everywhere() as session:
        session.add_all(Receipt(key=str(n), received_at=NOW + timedelta(minutes=n)) for n in range(4))
    kolkata = (NOW + timedelta(minutes=2)).astimezone(timezone(timedelta(hours=5, minutes=30)))
    with sessions.everywhere() as session:
        before = sa.select(Receipt.key).where(Receipt.received_at < kolkata).order_by(Receipt.received_at)
        assert session.scalars(before).all() == ["0", "1"]


@pytest.mark.parametrize("content", CONTENTS)
def test_json_comes_back_as_it_was(sessions: Sessions, content: dict[str, Any]) -> None:
    with sessions.everywhere() as session:
        build_world(session)
        session.add(Draft(**row(Draft, 1) | {"content": content}))
    with sessions.everywhere() as session:
        assert session.scalars(sa.select(Draft.content)).one() == content


def test_no_json_is_null_and_nothing_else(sessions: Sessions) -> None:
    with sessions.everywhere() as session:
        build_world(session)
    with sessions.everywhere() as session:
        assert session.scalar(sa.select(sa.func.count(Ballot.id)).where(Ballot.verdict.is_not(None))) == 0
        assert session.scalar(sa.select(sa.func.count(Notice.id)).where(Notice.detail.is_not(None))) == 0


@pytest.mark.parametrize("value", [Decimal("0"), Decimal("0.25"), Decimal("12345678.1234"), Decimal("-3")], ids=str)
def test_a_decimal_comes_back_exactly(sessions: Sessions, value: Decimal) -> None:
    with sessions.everywhere() as session:
        build_world(session)
        session.add(Score(**row(Score, 1) | {"value": value}))
        session.get_one(Idea, 1).rank_value = value
    with sessions.everywhere() as session:
        assert session.scalars(sa.select(Score.value)).one() == value
        assert session.get_one(Idea, 1).rank_value == value


def test_days_words_and_flags_come_back_as_such(sessions: Sessions) -> None:
    with sessions.everywhere() as session:
        build_world(session)
        session.add(Milestone(**row(Milestone, 1)))
    with sessions.everywhere() as session:
        assert session.scalars(sa.select(Milestone.due_on)).one() == DAY == date(2026, 11, 30)
        work = session.get_one(Intervention, 1)
        assert (work.kind, work.state) == ("training", "offered")
        person = session.get_one(Person, 1)
        assert (person.active, person.is_bot) == (True, False)


@pytest.mark.parametrize("text", ["", "שלום", "🎈" * 150, "'; DROP TABLE idea; --", "a\nb\tc", "%s %(x)s :name"])
def test_text_comes_back_as_it_was(sessions: Sessions, text: str) -> None:
    with sessions.everywhere() as session:
        session.add(Workspace(id="T1", name=text, created_at=NOW))
    with sessions.everywhere() as session:
        assert session.get_one(Workspace, "T1").name == text
