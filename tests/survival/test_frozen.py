"""A server that is there and does not answer: a row is locked by somebody else, or the processes stand still.

People get the same sentence as when the database is away, while Slack still listens; what they did is undone whole, and
works when they do it again. Each wait of a test is real, so there are few.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from db.engine import why_away
from db.models import Ballot, Receipt
from db.patience import ANSWER_SECONDS, answering
from tests.bot.ballot_world import idea_at
from tests.databases import PostgresDatabases, open_engine
from tests.survival.conftest import production_world
from tests.world import START, World

pytestmark = pytest.mark.postgresql
SLACK_WAITS_S = 3.0
APOLOGY = "database does not answer"
OTHERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

STILL_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def world(postgres_databases: PostgresDatabases) -> Iterator[World]:
    with production_world(postgres_databases) as opened:
        yield opened


@pytest.fixture
def other(world: World) -> Iterator[sa.Connection]:
    """Somebody else's connection to the same database."""
    with open_engine(world.bot.engine.url.render_as_string(hide_password=False)) as engine, engine.connect() as open_:
        yield open_


@contextmanager
def frozen(other: sa.Connection) -> Iterator[None]:
    """The server's processes for everybody else stand still; the kernel goes on taking what is sent to them."""
    backends = list(other.exec_driver_sql(OTHERS).scalars())
    assert backends
    for pid in backends:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in backends:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def locked(other: sa.Connection) -> Iterator[None]:
    """Somebody else has the row of every vote."""
    with other.begin():
        other.execute(sa.select(Ballot.id).with_for_update())
        yield
        assert other.exec_driver_sql(STILL_WAITING).scalar() == 0, "given up here, and not in the server"


def test_a_press_is_answered_in_time_while_its_row_is_locked_or_the_server_stands_still(
    world: World, other: sa.Connection
) -> None:
    vote = idea_at(world).open()
    vote.press("Max", "Approve")
    mia, card = world.person("Mia"), vote.card
    for kept in (locked, frozen):
        with kept(other):
            assert mia.click(card, "Approve").elapsed < SLACK_WAITS_S
        assert APOLOGY in mia.ephemerals()[-1].text
        assert vote.standing() == {"Max": ("approve", None)}
    vote.press("Mia", "Approve")
    assert vote.standing() == {"Max": ("approve", None), "Mia": ("approve", None)}


def test_a_server_that_freezes_in_the_middle_of_a_transaction_keeps_nobody(world: World, other: sa.Connection) -> None:
    sessions = world.bot.house.sessions
    began = time.monotonic()
    with pytest.raises(SQLAlchemyError) as found, answering(), sessions.everywhere() as session:
        session.add(Receipt(key="half", received_at=START))
        session.flush()
        with frozen(other):
            session.execute(sa.select(Receipt.key)).all()
    assert time.monotonic() - began < SLACK_WAITS_S
    assert why_away(found.value)
    with sessions.everywhere() as session:
        assert session.get(Receipt, "half") is None


def test_a_migration_may_take_its_time(world: World) -> None:
    with answering(), world.bot.engine.connect() as migrating:
        migrating.execute(sa.select(sa.func.pg_sleep(ANSWER_SECONDS + 0.1)))
