"""What the benchmarks stand on: databases, a big committee with an open ballot, and servers in processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from db.engine import make_engine
from playground.messages import Message
from tests import databases
from tests.world import World, open_world

SAY = Console(width=None if sys.stdout.isatty() else 120)
VOTERS = 64
HOST = "127.0.0.1"
START_S = 30


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of a new, migrated database, durable as in production."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder, databases.SqliteDatabases(Path(folder)).new() as url:
            yield url
        return
    with databases.postgres() as server:
        server.run("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()")
        with server.new() as url:
            yield url


@dataclass(frozen=True)
class Scene:
    """A world with a committee of `VOTERS` and a ballot open in its thread."""

    world: World
    ballot: Message
    voters: list[str]


@contextmanager
def scene(url: str) -> Iterator[Scene]:
    """Open a ballot in a committee of `VOTERS`; the world's clock stands at this moment."""
    engine = make_engine(url)
    with open_world(engine, start=datetime.now(UTC)) as world:
        voters = [f"UV{n:03}" for n in range(VOTERS)]
        for voter in voters:
            world.slack.add_user(voter.lower(), id=voter, real_name=voter)
            world.slack.channels.join(world.slack.channel("CCOMM"), voter)
        committee = world.committee(members=voters)
        world.idea(committee)
        world.settle()
        clara = world.person("Clara")
        clara.click(world.message_of("idea.committee_card:1:CCOMM"), "Open a vote")
        clara.submit()
        world.settle()
        yield Scene(world, world.message_of("ballot.card:1"), voters)
    engine.dispose()


def click(scene: Scene, voter: str, choice: str) -> dict[str, Any]:
    """What Slack sends when a voter presses a button of the ballot."""
    scene.world.person(voter).click(scene.ballot, choice)
    return scene.world.slack.wire.deliveries("block_actions")[-1].request


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(target: list[str], port: int, environment: dict[str, str]) -> Iterator[int]:
    """A server in a process of its own, until the end of the block; its process id."""
    process = subprocess.Popen(  # noqa: S603  # our own servers
        [sys.executable, "-m", *target],
        env={
            **os.environ,
            **environment,
            "TOUCHSTONE_PORT": str(port),
            "TOUCHSTONE_HOST": HOST,
            "TOUCHSTONE_LOG_LEVEL": "ERROR",
        },
    )
    try:
        _wait(port)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_S)


def _wait(port: int) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=1).read()  # loopback
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server does not answer")
