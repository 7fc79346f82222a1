"""The processes themselves: served over HTTP and by Socket Mode, asked whether they are ready, told to stop."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from bot import manifest
from playground.testing import slack_workspace
from playground.workspace import Workspace
from tests.world import TEAM, populate

PATIENCE_S = 25.0


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with slack_workspace(manifest.build(), start=None, team_id=TEAM) as workspace:
        populate(workspace)
        yield workspace


@contextlib.contextmanager
def process(command: str, slack: Workspace, database_url: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, **slack.environment(), "DATABASE_URL": database_url, **more}
    started = subprocess.Popen([sys.executable, "-m", "bot", command], env=environment, stderr=subprocess.PIPE)
    try:
        yield started
    finally:
        started.kill()
        started.wait()
        assert started.stderr is not None
        sys.stderr.write(started.stderr.read().decode())
        started.stderr.close()


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


def test_serve_answers_slack_and_stops_in_time(slack: Workspace, database_url: str) -> None:
    port = free_port()
    with process("serve", slack, database_url, TOUCHSTONE_PORT=str(port), TOUCHSTONE_HOST="127.0.0.1") as bot:
        facts = until_ready(port)
        assert facts["database"] == "ok"
        assert get(f"http://127.0.0.1:{port}/healthz") == (200, {"status": "ok"})
        slack.connect_http(f"http://127.0.0.1:{port}/slack/events")
        alice = slack.person("UAGENT")
        answer = alice.command("/idea", "help", "CIDEAS")
        assert answer.ok
        assert answer.elapsed < 1
        began = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
        assert time.monotonic() - began < 10


def test_socket_answers_slack_and_stops_in_time(slack: Workspace, database_url: str) -> None:
    with process("socket", slack, database_url) as bot:
        slack.wait_for(lambda: slack.sockets.ever_open, PATIENCE_S, what="a connection")
        alice = slack.person("UAGENT")
        assert alice.command("/idea", "help", "CIDEAS").ok
        began = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
        assert time.monotonic() - began < 10
