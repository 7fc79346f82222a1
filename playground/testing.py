"""For tests: a workspace with its server, as a context manager and as the pytest fixture `slack`.

Put `pytest_plugins = ["playground.testing"]` into a `conftest.py` and ask for `slack`, or override the fixture
`slack_manifest` to hold the app to its manifest.
"""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from playground.clock import Clock
from playground.server import Server, serve
from playground.values import Json
from playground.workspace import Workspace

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@contextmanager
def slack_workspace(
    manifest: Json | None = None, *, start: datetime | None = START, **options: Any
) -> Iterator[Workspace]:
    """A workspace and its server on a free loopback port. Its clock stands still at `start` (a Monday morning)
    until moved; None lets it run. `options` go to `Workspace`."""
    clock = options.pop("clock", None) or (Clock(start, running=False) if start else Clock())
    slack = Workspace(manifest, clock=clock, **options)
    server = _server()
    server.add(slack)
    try:
        yield slack
    finally:
        server.remove(slack)


@cache
def _server() -> Server:
    """One server for all tests of this process: starting one takes longer than most tests."""
    server = serve()
    atexit.register(server.close)
    return server


@pytest.fixture
def slack_manifest() -> Json | None:
    """The manifest the app is held to; None allows everything."""
    return None


@pytest.fixture
def slack(slack_manifest: Json | None) -> Iterator[Workspace]:
    """A Slack workspace of this test's own."""
    with slack_workspace(slack_manifest) as workspace:
        yield workspace
