"""Slack slow, silent or refusing for minutes; the database away, cut off or full; a clock put forward or back.

People get a sentence, the work resumes by itself, and what came late is reported.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from bot import doctor, main
from bot.delivery.claims import LEASE
from bot.delivery.sender import Sender
from bot.rendering import RENDERINGS
from db.models import Notice, NoticeState, Receipt, Vote, Workspace
from playground.faults import Faults
from tests.bot.ballot_world import idea_at
from tests.bot.delivery.scene import SECOND, change, notice, owe, say, texts
from tests.databases import PostgresDatabases
from tests.world import TEAM, World, open_world, settings_for

STEP = timedelta(seconds=20)
HOUR = timedelta(hours=1)
SLOW = timedelta(minutes=7)
ENOUGH = 50
APOLOGY = "database does not answer"


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    RENDERINGS["test.note"] = say
    yield
    del RENDERINGS["test.note"]


def deliver_for(world: World, time: timedelta) -> None:
    """Let so much time pass, delivering all the while."""
    for _ in range(int(time / STEP)):
        world.clock.advance(STEP)
        world.bot.sender.drain()


# Slack

BAD_DAYS: dict[str, Callable[[Faults], None]] = {
    "429": lambda faults: faults.rate_limit("chat.*", times=10_000, retry_after=30),
    "500": lambda faults: faults.server_error("chat.*", times=10_000),
    "timeouts": lambda faults: faults.time_out("chat.*", times=10_000),
    "timeouts after the effect": lambda faults: faults.time_out("chat.*", times=10_000, after_effect=True),
    "ratelimited": lambda faults: faults.refuse("chat.*", "ratelimited", times=10_000),
    "internal_error": lambda faults: faults.refuse("chat.*", "internal_error", times=10_000),
}


@pytest.mark.parametrize("bad_day", BAD_DAYS)
def test_when_slack_recovers_after_minutes_all_is_said_once_and_the_delay_is_reported(
    world: World, bad_day: str
) -> None:
    card = owe(world, "card", card=True)
    world.bot.sender.drain()
    BAD_DAYS[bad_day](world.slack.faults)
    for key in ("a", "b"):
        owe(world, key, channel="CIDEAS")
    change(world, card, "changed")
    deliver_for(world, SLOW)
    assert len(world.slack.wire.calls("chat.*")) < 80, "Slack was not given a rest"
    world.slack.faults.clear()
    with capture_logs() as lines:
        deliver_for(world, SLOW)
    assert (sorted(texts(world, "CIDEAS")), texts(world)) == (["a", "b"], ["changed"])
    assert world.waiting() == []
    late = [line for line in lines if line["event"] == "notice.late"]
    assert len(late) == (0 if "after" in bad_day else 2) or all(line["late_s"] >= 300 for line in late)
    if "after" not in bad_day:
        [finding] = [it for it in doctor.examine(world.bot) if it.about == "delays"]
        assert "2 messages" in finding.says


def test_a_revoked_token_loses_nothing_and_a_new_one_resumes(world: World) -> None:
    world.slack.bot.revoked.add(world.slack.bot.token)
    owe(world, "a")
    deliver_for(world, SLOW)
    assert world.person("Alice").command("/idea", "help", "CIDEAS").ok
    assert texts(world) == []
    world.slack.bot.revoked.clear()
    again = main.build(settings_for(world.slack), clock=world.clock.now, engine=world.bot.engine)
    again.installations.greet()
    again.sender.drain()
    assert texts(world) == ["a"]
    with world.session() as session:
        assert session.get_one(Workspace, TEAM).stopped_at is None


# The clock


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_holds_up_neither_messages_nor_edits(world: World, jump: timedelta) -> None:
    card = owe(world, "card", card=True)
    world.bot.sender.drain()
    world.clock.set(world.now + jump)
    owe(world, "a")
    change(world, card, "changed")
    deliver_for(world, timedelta(minutes=2))
    assert texts(world) == ["changed", "a"]


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_while_slack_asks_to_wait_is_no_reason_to_wait_longer(world: World, jump: timedelta) -> None:
    world.slack.faults.rate_limit("chat.postMessage", retry_after=30)
    owed = owe(world, "a", due_at=world.now - 2 * HOUR)
    world.bot.sender.drain()
    world.clock.set(world.now + jump)
    deliver_for(world, timedelta(minutes=2))
    assert notice(world, owed).state is NoticeState.SENT
    assert texts(world) == ["a"]


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_sender_that_dies_as_the_clock_jumps_is_taken_over(world: World, jump: timedelta) -> None:
    owe(world, "a", due_at=world.now - 2 * HOUR)
    dying = Sender(world.bot.house.sessions, world.bot.installations.client, world.clock.now)
    claim = dying.claim()
    assert claim is not None
    parcel = dying.prepare(claim)
    assert parcel is not None
    dying.find_or_send(parcel)
    world.clock.set(world.now + jump)
    deliver_for(world, timedelta(minutes=3))
    assert texts(world) == ["a"]
    assert world.waiting() == []


# The database


@contextmanager
def full_disk(engine: sa.Engine) -> Iterator[None]:
    """A disk with no room for one more page."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    yield
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")


@contextmanager
def a_world_on(url_of: Any, **more: Any) -> Iterator[World]:
    with url_of as url:
        engine = main.make_engine(url)
        with open_world(engine, **more) as world:
            yield world
        engine.dispose()


@pytest.fixture
def on_sqlite(sqlite_databases: Any) -> Iterator[World]:
    with a_world_on(sqlite_databases.new()) as world:
        yield world


@pytest.fixture
def on_postgresql(postgres_databases: PostgresDatabases) -> Iterator[World]:
    with a_world_on(postgres_databases.new()) as world:
        yield world


def fill_up(world: World) -> None:
    """Use the room that is left in the pages there are: every gesture writes a receipt."""
    failures = 0
    while failures < ENOUGH:
        try:
            with world.session() as session:
                session.add(Receipt(key=secrets.token_hex(40), received_at=world.now))
        except SQLAlchemyError:
            failures += 1


def test_a_full_disk_is_told_in_a_sentence_and_all_goes_on_when_there_is_room_again(on_sqlite: World) -> None:
    world = on_sqlite
    vote = idea_at(world).open()
    owe(world, "a")
    with full_disk(world.bot.engine):
        fill_up(world)
        world.person("Mia").click(vote.card, "Approve")
        assert APOLOGY in world.person("Mia").ephemerals()[-1].text
        answer = world.person("Alice").command("/idea", "mine", "CIDEAS")
        assert answer.ok
    vote.press("Mia", "Approve")
    assert vote.standing() == {"Mia": ("approve", None)}
    world.clock.advance(LEASE)
    world.settle()
    assert texts(world).count("a") == 1


def writable(engine: sa.Engine, yes: bool) -> None:
    raw = engine.raw_connection()
    raw.cursor().execute(f"PRAGMA query_only = {not yes:d}")
    raw.close()


def test_a_disk_that_fills_up_between_sending_and_marking_sends_nothing_twice(on_sqlite: World) -> None:
    world = on_sqlite
    owe(world, "a")

    def at(step: str) -> None:
        if step == "sent":
            writable(world.bot.engine, False)

    sender = Sender(world.bot.house.sessions, world.bot.installations.client, world.clock.now, at=at)
    with pytest.raises(SQLAlchemyError):
        sender.deliver_next()
    writable(world.bot.engine, True)
    world.clock.advance(LEASE + SECOND)
    world.bot.sender.drain()
    assert texts(world) == ["a"]


@contextmanager
def away(databases: PostgresDatabases, name: str) -> Iterator[None]:
    """The database lets nobody in, and throws out whoever is there."""
    databases.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", _throw_out(name))
    yield
    databases.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def _throw_out(name: str) -> str:
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608  # a name of our own making


def test_a_database_that_is_away_is_told_in_a_sentence_and_comes_back_by_itself(
    on_postgresql: World, postgres_databases: PostgresDatabases
) -> None:
    world = on_postgresql
    vote = idea_at(world).open()
    alice, mia, card = world.person("Alice"), world.person("Mia"), vote.card
    alice.command("/idea", "Shorter queues", channel="CIDEAS")
    alice.fill(alice.view, {"problem": "People wait"})
    with away(postgres_databases, str(world.bot.engine.url.database)):
        mia.click(card, "Approve")
        assert APOLOGY in mia.ephemerals()[-1].text
        alice.submit()
        assert alice.view is not None, "the form stays, nothing typed is lost"
        assert not world.bot.readiness().ready
        with pytest.raises(SQLAlchemyError):
            world.bot.sender.drain()
    alice.submit()
    vote.press("Mia", "Approve")
    assert vote.standing() == {"Mia": ("approve", None)}
    assert world.message_of("idea.card:2")


def test_a_vote_cut_off_in_the_middle_of_its_transaction_counts_once_when_repeated(
    on_postgresql: World, postgres_databases: PostgresDatabases
) -> None:
    world = on_postgresql
    vote = idea_at(world).open()
    engine = world.bot.engine

    def cut(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO vote_record "):  # the vote itself is written
            sa.event.remove(engine, "before_cursor_execute", cut)
            postgres_databases.run(_throw_out(str(engine.url.database)))

    sa.event.listen(engine, "before_cursor_execute", cut)
    world.person("Mia").click(vote.card, "Approve")
    assert APOLOGY in world.person("Mia").ephemerals()[-1].text
    assert vote.standing() == {}
    vote.press("Mia", "Approve")
    assert vote.standing() == {"Mia": ("approve", None)}
    with world.session() as session:
        assert session.scalar(sa.select(sa.func.count(Vote.id))) == 1
        assert not session.scalars(sa.select(Notice.id).where(Notice.state == NoticeState.PARKED)).all()
