"""A workspace with its page served, and the page's requests made by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from playground import face
from playground.clock import Clock
from playground.server import serve
from playground.workspace import Workspace
from tests.playground.conftest import MANIFEST
from tests.playground.stub import StubApp

START = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
"""A Wednesday, nine o'clock in Paris."""


class Browser:
    """The page as one person's browser uses it."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False)
        self.page = self.http.get("/")
        self.key = re.search(r'name="playground-key" content="([^"]+)"', self.page.text)[1]
        self.headers = {"X-Playground-Key": self.key, "Origin": url}

    def get(self, what: str, who: str = "U0ALICE", **query: str) -> dict:
        return self.http.get(f"/face/{what}", params={"as": who, **query}, headers=self.headers).json()

    def post(self, what: str, who: str = "U0ALICE", **body: object) -> dict:
        return self.http.post(f"/face/{what}", json={"as": who, **body}, headers=self.headers).json()

    def act(self, verb: str, who: str = "U0ALICE", **body: object) -> dict:
        return self.post("act", who, verb=verb, **body)


@pytest.fixture
def steps() -> list[face.Step]:
    return [face.Step("Say hello", "In #ideas.", False)]


@pytest.fixture
def slack(steps):
    workspace = Workspace(MANIFEST, clock=Clock(START, running=False))
    workspace.people.add("alice", id="U0ALICE", tz="Europe/Paris", real_name="Alice Ames")
    workspace.people.add("bob", id="U0BOB", tz="America/New_York")
    workspace.add_channel("ideas", ["alice", "bob"], id="C0IDEAS")
    workspace.add_channel("secret", ["bob"], id="C0SECRET", private=True)
    with serve(workspace, routes=face.routes(workspace, guide=lambda: steps, notice="Made up.")):
        yield workspace


@pytest.fixture
def app(slack) -> StubApp:
    return StubApp(slack)


@pytest.fixture
def browser(slack) -> Iterator[Browser]:
    browser = Browser(slack.base_url)
    yield browser
    browser.http.close()
