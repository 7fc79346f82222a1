"""A load of signed requests from a process of its own: as fast as it goes, or at a steady rate."""

from __future__ import annotations

import http.client
import itertools
import json
import multiprocessing
import random
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.ground import HOST
from bot.security import sign


@dataclass(frozen=True)
class Result:
    """Latencies in seconds, sorted, and how long the whole took. `failed` counts answers other than 200."""

    latencies: list[float]
    seconds: float
    failed: int

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """The latency below which this share of requests lies, in seconds."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


@dataclass(frozen=True)
class Load:
    """Clicks to send to a port: `rate` a second (0: as fast as they are answered) over some connections."""

    port: int
    secret: str
    clicks: list[dict[str, Any]]
    seconds: float
    connections: int = 16
    rate: float = 0
    total: int = 0
    """Stop after so many (0: when the time is over)."""


def run(load: Load) -> Result:
    """Send the load from another process, so that its work is not the server's."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_send, (load,))


class _Sender:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.numbers = itertools.count()
        self.latencies: list[float] = []
        self.failed = 0
        self.began = time.monotonic()

    def work(self) -> None:
        connection = http.client.HTTPConnection(HOST, self.load.port, timeout=30)
        while (due := self._next()) is not None:
            number, moment = due
            time.sleep(max(0.0, moment - time.monotonic()))
            began = time.monotonic() if not self.load.rate else moment
            connection.request("POST", "/slack/events", *self._request(number))
            answer = connection.getresponse()
            answer.read()
            self.latencies.append(time.monotonic() - began)
            self.failed += answer.status != http.client.OK

    def _next(self) -> tuple[int, float] | None:
        number = next(self.numbers)
        moment = self.began + number / self.load.rate if self.load.rate else 0.0
        over = max(moment, time.monotonic()) - self.began > self.load.seconds
        return None if over or (self.load.total and number >= self.load.total) else (number, moment)

    def _request(self, number: int) -> tuple[bytes, dict[str, str]]:
        click = self.load.clicks[number % len(self.load.clicks)]
        fresh = {**click, "trigger_id": f"{number}.{random.getrandbits(64):x}", "token": "x"}
        body = urlencode({"payload": json.dumps(fresh)}).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self.load.secret, stamp, body).decode(),
        }
        return body, headers


def _send(load: Load) -> Result:
    sender = _Sender(load)
    threads = [threading.Thread(target=sender.work) for _ in range(load.connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Result(sorted(sender.latencies), time.monotonic() - sender.began, sender.failed)
