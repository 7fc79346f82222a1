"""For how long to wait for the database: jobs patiently, whoever answers Slack hardly at all.

Slack gives up after three seconds and tells the person so itself, in words that help nobody. A sentence of ours has to
be there before, so all waits of one answer together are short: for a connection of the pool, for a server that does not
speak, for another process that holds SQLite's lock.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util.queue import Queue

BUSY_SECONDS = 10
ANSWER_SECONDS = 2.0
LEAST_TO_CONNECT = 2
"""Seconds; libpq takes less for this."""


@dataclass
class Patience:
    """What is left of it, in seconds, and the moment at which the wait that goes on now is to end."""

    left_s: float
    until: float


_OURS: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def answering() -> Iterator[None]:
    """Inside, all waits for the database together take `ANSWER_SECONDS` at most."""
    token = _OURS.set(Patience(ANSWER_SECONDS, time.monotonic() + ANSWER_SECONDS))
    try:
        yield
    finally:
        _OURS.reset(token)


@contextmanager
def waiting() -> Iterator[None]:
    """Around one wait. Raises `sqlalchemy.exc.TimeoutError` if those before have used up all patience."""
    ours, began = _OURS.get(), time.monotonic()
    if ours is None:
        yield
        return
    if ours.left_s <= 0:
        raise sa.exc.TimeoutError("the database did not answer in time")
    ours.until = began + ours.left_s
    try:
        yield
    finally:
        ours.left_s -= time.monotonic() - began


def left() -> float:
    """For how many seconds to wait from now on."""
    ours = _OURS.get()
    return BUSY_SECONDS if ours is None else max(0.0, ours.until - time.monotonic())


class _Queue(Queue[Any]):
    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take a connection, waiting as long as whoever asks can."""
        return super().get(block, left())


class Pool(sa.QueuePool):
    """A pool that keeps nobody waiting for longer than they can wait."""

    _queue_class = _Queue


def hurry(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
    """Connect to a server no longer than one can wait; listens to the engine's `do_connect`."""
    given = int(options.get("connect_timeout", BUSY_SECONDS))
    options["connect_timeout"] = min(given, max(LEAST_TO_CONNECT, math.ceil(left())))
