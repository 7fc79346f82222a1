"""The processes themselves: served over HTTP and by Socket Mode, asked whether they are ready, told to stop."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from bot import manifest
from bot.oauth.vault import new_key
from bot.outage import Outage
from playground.delivery import Request
from playground.testing import slack_workspace
from playground.workspace import Workspace
from tests.bot.knocks import check_log, knock
from tests.databases import SqliteDatabases
from tests.world import TEAM, populate

PATIENCE_S = 90.0
MISSHAPEN: tuple[Any, ...] = ({"type": "block_actions"}, {"type": 7}, {"user": [1]}, [1], "{", None)
"""Payloads that Slack does not send."""


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with slack_workspace(manifest.build(), start=None, team_id=TEAM) as workspace:
        populate(workspace)
        yield workspace


@pytest.fixture
def one_url(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """A database where the engine makes no difference, for processes take seconds to start."""
    with sqlite_databases.new() as url:
        yield url


@contextlib.contextmanager
def process(
    command: str, slack: Workspace, database_url: str, **more: str
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A process of the bot, and where it writes what it says: a pipe that nobody reads would hold it up."""
    environment = {**os.environ, **slack.environment(), "DATABASE_URL": database_url, **more}
    with tempfile.NamedTemporaryFile() as said:
        started = subprocess.Popen(
            [sys.executable, "-m", "bot", command], env=environment, stderr=said, start_new_session=True
        )
        try:
            yield started, Path(said.name)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)  # the server and its worker
            started.wait()
            sys.stderr.write(Path(said.name).read_text())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def get(url: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def until_ready(port: int) -> dict[str, object]:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            status, facts = get(f"http://127.0.0.1:{port}/readyz")
            if status == 200:
                return facts
        time.sleep(0.1)
    raise AssertionError("it was never ready")


def until_listening(port: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            assert get(f"http://127.0.0.1:{port}/healthz")[0] == 200
            return
        time.sleep(0.1)
    raise AssertionError("it never listened")


def crowd(slack: Workspace, most: int) -> None:
    """Many people whose gestures each wait for two seconds on a slow Slack; Alice is answered at once meanwhile."""
    slow = [f"UMEM{n}" for n in range(1, 6)]
    for who in slow:
        slack.faults.time_out("users.info", seconds=2.0, user=who)
    with ThreadPoolExecutor(most) as pool:
        begun = [pool.submit(slack.person(who).command, "/committee", "", "CIDEAS") for who in slow]
        time.sleep(0.5)
        assert not any(one.done() for one in begun)
        quick = slack.person("UAGENT").command("/idea", "help", "CIDEAS")
        assert quick.ok
        assert quick.elapsed < 1.5
        assert all(one.result().ok for one in begun)


def test_serve_answers_slack_and_stops_in_time(slack: Workspace, database_url: str) -> None:
    port = free_port()
    with process("serve", slack, database_url, TOUCHSTONE_PORT=str(port), TOUCHSTONE_HOST="127.0.0.1") as (bot, said):
        facts = until_ready(port)
        assert facts["database"] == "ok"
        assert get(f"http://127.0.0.1:{port}/healthz") == (200, {"status": "ok"})
        slack.connect_http(f"http://127.0.0.1:{port}/slack/events")
        alice = slack.person("UAGENT")
        assert alice.command("/idea", "help", "CIDEAS").ok
        crowd(slack, 8)
        turned_away = knock(port, slack.app.signing_secret)
        began = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
        assert time.monotonic() - began < 10
        check_log(said, turned_away)


def test_socket_answers_slack_and_stops_in_time(slack: Workspace, one_url: str) -> None:
    with process("socket", slack, one_url) as (bot, said):
        slack.wait_for(lambda: slack.sockets.ever_open, PATIENCE_S, what="a connection")
        alice = slack.person("UAGENT")
        assert alice.command("/idea", "help", "CIDEAS").ok
        crowd(slack, 8)
        for nonsense in MISSHAPEN:  # acknowledged, or Slack would send it again
            assert slack.sockets.send(Request("interactive", nonsense)).ok
        began = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
        assert time.monotonic() - began < 10
        check_log(said, len(MISSHAPEN))


def test_a_gesture_under_way_is_finished_when_told_to_stop(slack: Workspace, one_url: str) -> None:
    port = free_port()
    with process("serve", slack, one_url, TOUCHSTONE_PORT=str(port), TOUCHSTONE_HOST="127.0.0.1") as (bot, _):
        until_ready(port)
        slack.connect_http(f"http://127.0.0.1:{port}/slack/events")
        slack.faults.time_out("users.info", seconds=1.5, user="UAGENT")
        with ThreadPoolExecutor(1) as pool:
            under_way = pool.submit(slack.person("UAGENT").command, "/committee", "", "CIDEAS")
            slack.wait_for(lambda: slack.wire.calls("auth.test"), PATIENCE_S)
            time.sleep(0.7)
            bot.send_signal(signal.SIGTERM)
            assert under_way.result().ok
        assert bot.wait(10) == 0


def test_a_replica_without_its_database_says_so_and_is_not_ready(slack: Workspace) -> None:
    port = free_port()
    nowhere = "sqlite:////nowhere/at/all.db"
    with process("serve", slack, nowhere, TOUCHSTONE_PORT=str(port), TOUCHSTONE_HOST="127.0.0.1") as (_, said):
        until_listening(port)
        assert get(f"http://127.0.0.1:{port}/readyz")[0] == 503
        slack.wait_for(lambda: "database.away" in said.read_text(), what="a word about the database")
        time.sleep(1.5)
        assert "Traceback" not in said.read_text()
        assert said.read_text().count("database.away") == 1, "each of a dozen jobs asks, and one line says it"


def test_serve_for_many_workspaces_lets_one_install_it(slack: Workspace, one_url: str) -> None:
    port, address = free_port(), "https://ideas.example.com"
    many = {
        "SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "TOUCHSTONE_URL": address,
        "TOUCHSTONE_TOKEN_KEYS": new_key(), "TOUCHSTONE_PORT": str(port), "TOUCHSTONE_HOST": "127.0.0.1",
    }  # fmt: skip
    with process("serve", slack, one_url, **many) as (bot, _):
        until_ready(port)
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        asked.request("GET", "/slack/install")
        answer = asked.getresponse()
        told = f"{answer.getheader('Location')} {answer.read().decode()}"
        asked.close()
        assert answer.status < 400, told
        assert "/oauth/v2/authorize?" in told
        assert "client_id=1.2" in told
        assert f"redirect_uri={address}/slack/oauth_redirect" in told
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0


def test_a_database_that_stays_away_is_told_again_each_minute_and_when_it_is_back() -> None:
    clock = [0.0]
    outage = Outage(lambda: clock[0])
    gone = OperationalError("select 1", {}, psycopg.OperationalError("connection refused\nIs it running?"))
    with capture_logs() as lines:
        for clock[0] in (0.0, 1.0, 59.0, 60.0, 61.0):
            assert outage.tell(gone)
        outage.over()
        outage.over()
        assert not outage.tell(OperationalError("select", {}, psycopg.errors.DeadlockDetected("deadlock")))
        assert not outage.tell(IntegrityError("insert", {}, psycopg.errors.UniqueViolation("twice")))
    assert [(line["event"], line.get("for_s", line.get("after_s"))) for line in lines] == [
        ("database.away", 0),
        ("database.away", 60),
        ("database.back", 61),
    ]
    assert lines[0]["why"] == "connection refused"
