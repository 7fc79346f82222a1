"""Another process holds SQLite's lock: people get a sentence while Slack still listens, jobs wait, all goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from bot import running
from playground.messages import Message
from tests.bot.ballot_world import idea_at
from tests.bot.wsgi import get
from tests.databases import SqliteDatabases
from tests.survival.conftest import production_world
from tests.world import World

SLACK_WAITS_S = 3.0
APOLOGY = "database does not answer"
HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
held.execute("ROLLBACK")
"""


@pytest.fixture
def world(sqlite_databases: SqliteDatabases) -> Iterator[World]:
    with production_world(sqlite_databases) as opened:
        yield opened


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Another process is in the middle of a transaction that writes."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(world.bot.engine.url.database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        other.communicate()
        assert other.returncode == 0


def try_in_vain(world: World, card: Message) -> None:
    """At the same moment a press, a form and a command: each is answered before Slack loses its patience."""
    mia, alice, bob = world.person("Mia"), world.person("Alice"), world.person("Bob")
    with ThreadPoolExecutor() as pool:
        press = pool.submit(mia.click, card, "Approve")
        form = pool.submit(alice.submit)
        command = pool.submit(bob.command, "/idea", "mine", channel="CIDEAS")
    assert max(one.result().elapsed for one in (press, form, command)) < SLACK_WAITS_S
    assert APOLOGY in mia.ephemerals()[-1].text
    assert APOLOGY in bob.ephemerals()[-1].text
    assert APOLOGY in str(form.result().body)
    assert alice.view is not None, "the form stays, nothing typed is lost"


def test_while_another_process_holds_the_lock_people_get_a_sentence_in_time_and_jobs_wait(world: World) -> None:
    vote = idea_at(world).open()
    card = vote.card
    alice = world.person("Alice")
    alice.command("/idea", "Shorter queues", channel="CIDEAS")
    alice.fill(alice.view, {"problem": "People wait"})
    vote.press("Max", "Approve")
    with ThreadPoolExecutor(1) as jobs:
        with locked(world):
            try_in_vain(world, card)
            began = time.monotonic()
            assert get(world.bot.wsgi(), "/readyz").status == 503
            sent = jobs.submit(world.bot.sender.drain)
            time.sleep(0.3)
            assert not sent.done()
        sent.result()
    assert time.monotonic() - began < SLACK_WAITS_S + 2
    assert alice.submit().ok
    vote.press("Mia", "Approve")
    assert vote.standing() == {"Max": ("approve", None), "Mia": ("approve", None)}
    assert world.message_of("idea.card:2")


def test_by_socket_mode_the_sentence_comes_in_time_too(world: World) -> None:
    alice = world.person("Alice")
    assert alice.command("/idea", "help", "CIDEAS").ok  # she is known from now on
    socket = running.Socket(world.bot)
    socket.open()
    try:
        world.slack.wait_for(lambda: world.slack.sockets.ever_open, what="a connection")
        with locked(world):
            assert alice.command("/idea", "mine", "CIDEAS").elapsed < SLACK_WAITS_S
        assert APOLOGY in alice.ephemerals()[-1].text
    finally:
        socket.close()
