"""The playground in a real browser: Chromium of the distribution or the machine's own, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from slack_bolt import App

from bot import main
from bot.demo import cast, stage
from bot.playing import inhabited
from bot.tour import Tour, jumps
from db import migrate
from db.engine import Sessions, make_engine
from playground import face
from playground.clock import Clock
from playground.server import serve
from playground.workspace import Workspace
from tests.browser import finding
from tests.browser.gallery import MANIFEST, install
from workflows import committees, people

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning."""

APRIL = datetime(2026, 4, 15, 10, 0, tzinfo=UTC)

WAIT_MS = 15_000
PATIENCE_S = 20.0

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            place = "town" if "town" in getattr(item, "fixturenames", ()) else "gallery"
            item.add_marker(pytest.mark.xdist_group(f"browser-{place}"))  # one worker builds it for all


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser. Without one these tests are skipped, but on CI they fail."""
    path = finding.chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("No Chromium here; `make browser` installs it.")
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Tabs:
    """Opens pages of one server and remembers what went wrong in them.

    Pages of one size and colour share a context, as tabs do, unless they ask for one of their `own`.
    """

    browser: Browser
    url: str
    troubles: list[str]

    def open(
        self, who: str, at: str = "", *, size: dict[str, int] = WIDE, scheme: str = "light", own: bool = False
    ) -> Page:
        page = (context(self.browser, size, scheme) if own else shared(self.browser, size, scheme)).new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{error}"))
        page.on("console", lambda said: said.type == "error" and self.troubles.append(said.text))
        page.goto(f"{self.url}/?as={who}#{at}")
        page.wait_for_selector("body[data-ready]")
        return page


def context(browser: Browser, size: dict[str, int], scheme: str) -> BrowserContext:
    small = size is NARROW
    made = browser.new_context(viewport=size, color_scheme=scheme, has_touch=small, is_mobile=small, locale="en-GB")
    made.set_default_timeout(WAIT_MS)
    return made


SHARED: dict[tuple[bool, str], BrowserContext] = {}


def shared(browser: Browser, size: dict[str, int], scheme: str) -> BrowserContext:
    key = (size is NARROW, scheme)
    if key not in SHARED:
        SHARED[key] = context(browser, size, scheme)
    return SHARED[key]


@pytest.fixture
def tabs_of(chromium: Browser) -> Iterator[Callable[[str], Tabs]]:
    """Tabs on a server; at the end of the test nothing may have gone wrong in them."""
    troubles: list[str] = []
    yield lambda url: Tabs(chromium, url, troubles)
    for one in list(chromium.contexts):
        if one in SHARED.values():
            for page in one.pages:
                page.close()
        else:
            one.close()
    assert troubles == []


@dataclass
class Gallery:
    """A workspace with the small app that shows one of everything."""

    slack: Workspace
    app: App
    url: str


@pytest.fixture(scope="package")
def gallery() -> Iterator[Gallery]:
    slack = Workspace(MANIFEST, name="Gallery town", clock=Clock(APRIL), patience=PATIENCE_S)
    ann = slack.add_user("ann", id="UANN", real_name="Ann Amber", tz="Europe/Paris", is_admin=True)
    ben = slack.add_user("ben", id="UBEN", real_name="Ben Blue", tz="America/New_York")
    for name in ("general", "random"):
        slack.add_channel(name, [ann, ben], id=f"C{name.upper()}")
    with serve(slack, routes=face.routes(slack)) as server:
        yield Gallery(slack, install(slack), server.url)


@pytest.fixture
def tabs(gallery: Gallery, tabs_of: Callable[[str], Tabs]) -> Tabs:
    """Tabs on the gallery."""
    return tabs_of(gallery.url)


@dataclass
class Town:
    """A workspace with the real bot in it, by Socket Mode, and its page."""

    slack: Workspace
    url: str


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The committee of the demo on a Monday morning, with one idea of Bob's."""
    url = f"sqlite:///{tmp_path_factory.mktemp('town') / 'touchstone.db'}"
    migrate.upgrade(url)
    engine = make_engine(url)
    slack = stage.workspace(Clock(START), patience=PATIENCE_S)
    cast.populate(slack)
    sessions = Sessions(engine)
    guide = Tour(sessions, START, empty=False)
    routes = face.routes(slack, guide=guide, notice="Made up for a test.", jumps=jumps(sessions))
    with (
        serve(slack, routes=routes) as server,
        inhabited(slack, engine) as touchstone,
    ):
        _found(touchstone)
        yield Town(slack, server.url)


def _found(touchstone: main.Touchstone) -> None:
    """The committee, set up by its verb."""
    chosen = {
        "name": cast.NAME, "intake_channel": cast.INTAKE, "committee_channel": cast.TABLE,
        "digest_channel": cast.DIGEST, "chair": cast.CHAIR, "deputy": cast.DEPUTY, "members": list(cast.MEMBERS[:3]),
        "tz": cast.LONDON,
    }  # fmt: skip
    touchstone.installations.current()
    touchstone.house.directory.know(stage.TEAM, [cast.ADMIN, *cast.COMMITTEE], START)
    with touchstone.house.sessions.begin(stage.TEAM) as session:
        admin = people.seen(session, stage.TEAM, cast.ADMIN, now=START)
        committees.set_up(session, admin, committees.Blueprint.model_validate(chosen), now=START)
