"""For how long to wait for the database: jobs patiently, whoever answers Slack hardly at all.

Slack gives up after three seconds and tells the person so itself, in words that help nobody. A sentence of ours has to
be there before, so all waits of one answer together are short: for a connection of the pool, for a server that does not
speak, for another process that holds SQLite's lock, for a row that another transaction has locked. Jobs wait longer,
and for each thing anew.
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
TOO_LATE = "the database did not answer in time"
LEAST_TO_CONNECT = 2
"""Seconds; libpq takes less for this."""


@dataclass
class Patience:
    """What is left of it, in seconds, and since when (monotonic) a wait goes on that uses it up."""

    left_s: float
    since: float | None = None


_OURS: ContextVar[Patience | None] = ContextVar("patience", default=None)
_WORKING: ContextVar[bool] = ContextVar("working", default=False)


@contextmanager
def answering() -> Iterator[None]:
    """Inside, all waits for the database together take `ANSWER_SECONDS` at most."""
    token = _OURS.set(Patience(ANSWER_SECONDS))
    try:
        yield
    finally:
        _OURS.reset(token)


@contextmanager
def working() -> Iterator[None]:
    """Inside, a statement is given up that takes longer than one can wait. Migrations take their time outside."""
    token = _WORKING.set(True)
    try:
        yield
    finally:
        _WORKING.reset(token)


def is_working() -> bool:
    """Whether statements are given up."""
    return _WORKING.get()


@contextmanager
def waiting() -> Iterator[None]:
    """Around one wait. Raises `sqlalchemy.exc.TimeoutError` if those before have used up all patience."""
    if left() <= 0:
        raise sa.exc.TimeoutError(TOO_LATE)
    with counted():
        yield


@contextmanager
def counted() -> Iterator[None]:
    """Around a wait that has to be; a wait inside another counts once."""
    ours = _OURS.get()
    if ours is None or ours.since is not None:
        yield
        return
    ours.since = time.monotonic()
    try:
        yield
    finally:
        ours.left_s, ours.since = left(), None


def left() -> float:
    """For how many seconds to wait from now on."""
    ours = _OURS.get()
    if ours is None:
        return BUSY_SECONDS
    return max(0.0, ours.left_s - (time.monotonic() - ours.since if ours.since is not None else 0.0))


class _Queue(Queue[Any]):
    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take a connection, waiting as long as whoever asks can."""
        return super().get(block, left())


class Pool(sa.QueuePool):
    """A pool that keeps nobody waiting for longer than they can wait."""

    _queue_class = _Queue


def hurry(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
    """Connect to a server no longer than one can wait; listens to the engine's `do_connect`.

    Raises `sqlalchemy.exc.TimeoutError` if that is not at all.
    """
    if left() <= 0:
        raise sa.exc.TimeoutError(TOO_LATE)
    given = int(options.get("connect_timeout", BUSY_SECONDS))
    options["connect_timeout"] = min(given, max(LEAST_TO_CONNECT, math.ceil(left())))
