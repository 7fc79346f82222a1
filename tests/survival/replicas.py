"""Replicas of `touchstone serve`: real processes on one database, killed and started again, and a Slack that spreads
its deliveries over them and repeats some."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from pathlib import Path

from playground.delivery import Answer, Request
from playground.http_delivery import HttpTransport
from playground.workspace import Workspace
from tests.survival.forked import CONTEXT, touchstone

PATIENCE_S = 60.0
TWICE = 0.1
"""How often a delivery comes twice, to two replicas."""


def serve(environment: dict[str, str], log: Path) -> None:
    """What `touchstone serve` does in a process of its own."""
    os.setsid()
    with log.open("ab") as told:
        os.dup2(told.fileno(), 2)
    os.environ.update(environment)
    touchstone(["serve"])


class Replica:
    """One `touchstone serve` on a port of its own; what it says goes into a file."""

    def __init__(self, slack: Workspace, database_url: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = int(taken.getsockname()[1])
        self.transport = HttpTransport(f"http://127.0.0.1:{self.port}/slack/events", slack.app.signing_secret)
        self._log = folder / f"replica-{self.port}.log"
        self._environment = {
            **slack.environment(),
            "DATABASE_URL": database_url,
            "TOUCHSTONE_HOST": "127.0.0.1",
            "TOUCHSTONE_PORT": str(self.port),
        }
        self.start()

    def start(self) -> None:
        self._process: BaseProcess = CONTEXT.Process(target=serve, args=(self._environment, self._log))
        self._process.start()

    def kill(self) -> None:
        """`kill -9`, the server and its worker."""
        assert self._process.pid is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return int(answer.status) == 200
        except OSError:
            return False

    def told(self) -> str:
        return self._log.read_text(errors="replace")


class Spread:
    """A load balancer before the replicas: round robin, some deliveries twice; seeded."""

    def __init__(self, replicas: list[Replica], chance: random.Random) -> None:
        self._replicas = replicas
        self._chance = chance
        self._turn = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="twice")

    def send(self, request: Request) -> Answer:
        with self._lock:
            self._turn += 1
            first, second = (self._replicas[(self._turn + n) % len(self._replicas)] for n in (0, 1))
            twice = self._chance.random() < TWICE
        if twice:
            self._pool.submit(second.transport.send, request)
        return first.transport.send(request)

    def close(self) -> None:
        self._pool.shutdown(wait=True)
        for replica in self._replicas:
            replica.transport.close()


@contextlib.contextmanager
def running(slack: Workspace, database_url: str, count: int, folder: Path) -> Iterator[list[Replica]]:
    """So many replicas, ready; killed at the end."""
    started = [Replica(slack, database_url, folder) for _ in range(count)]
    try:
        wait_until(lambda: all(one.is_ready() for one in started), "the replicas to be ready")
        yield started
    finally:
        for one in started:
            one.kill()


def wait_until(seen: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
    end = time.monotonic() + patience_s
    while not seen():
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience_s} s for {what}, in vain")
        time.sleep(0.1)


class Storm(threading.Thread):
    """Kills replicas at random and starts them again, so many times; seeded."""

    def __init__(self, replicas: list[Replica], chance: random.Random, times: int, every_s: float) -> None:
        super().__init__(name="storm", daemon=True)
        self._replicas = replicas
        self._chance = chance
        self._times = times
        self._every_s = every_s

    def run(self) -> None:
        for _ in range(self._times):
            time.sleep(self._every_s * self._chance.uniform(0.5, 1.5))
            victim = self._chance.choice(self._replicas)
            victim.kill()
            victim.start()
