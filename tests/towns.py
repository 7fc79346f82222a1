"""Several workspaces that share one app, one bot and one database. Their people and channels have equal ids.

Ask for `towns`, or for `empty_towns`, where nobody has installed the app yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot import main, manifest
from bot.manifest import Reach
from bot.oauth.flow import INSTALL, REDIRECT
from bot.oauth.many import ManyInstallations
from bot.oauth.vault import new_key
from bot.settings import Settings
from playground.app import App, Manifest
from playground.clock import Clock
from playground.testing import slack_workspace
from playground.workspace import Workspace
from tests.bot.wsgi import Reply, get
from tests.world import PATIENCE_S, START, World, capture, populate

NAMES = ("Aachen", "Bergen")
URL = "https://ideas.example"
HERE = f"{URL}{REDIRECT}"


@dataclass
class Browser:
    """Somebody's browser, on its way to install the app. It keeps cookies and follows nothing by itself."""

    bot: main.Touchstone
    cookie: str = ""

    def get(self, path: str, **query: str) -> Reply:
        reply = get(self.bot.wsgi(), path, urlencode(query), {"Cookie": self.cookie} if self.cookie else {})
        if given := reply.headers.get("set-cookie"):
            self.cookie = given.partition(";")[0]
        return reply

    def begin(self) -> dict[str, str]:
        """Open the page to install from; what its button asks of Slack."""
        page = self.get(INSTALL)
        assert page.status == 200, page.text
        (link,) = re.findall(r'href="([^"]+)"', page.text)
        return {name: values[0] for name, values in parse_qs(urlsplit(unescape(link)).query).items()}

    def install(self, slack: Workspace, who: str = "UADMIN") -> Reply:
        """All of it, with the consent of `who`."""
        asked = self.begin()
        return self.get(REDIRECT, code=slack.consent(who, asked["redirect_uri"]), state=asked["state"])


class Towns:
    """The towns by name, and the one bot."""

    def __init__(self, bot: main.Touchstone, worlds: dict[str, World], clock: Clock) -> None:
        self.bot = bot
        self.worlds = worlds
        self.clock = clock

    def __getitem__(self, name: str) -> World:
        return self.worlds[name]

    @property
    def installations(self) -> ManyInstallations:
        assert isinstance(self.bot.installations, ManyInstallations)
        return self.bot.installations

    def browser(self) -> Browser:
        return Browser(self.bot)

    def settle(self) -> None:
        for world in self.worlds.values():
            world.settle()

    def advance(self, **parts: float) -> None:
        """Let time pass everywhere and settle."""
        for world in list(self.worlds.values())[:1]:
            world.slack.advance(**parts)
        self.settle()

    def kept(self) -> list[Any]:
        """The installations as they stand in the database."""
        with self.bot.engine.connect() as connection:
            return list(connection.execute(sa.text("SELECT * FROM slack_bots ORDER BY id")).mappings())


def settings_for(slack: Workspace, **more: Any) -> Settings:
    """The settings of a bot that others install."""
    return Settings(
        client_id=slack.app.client_id,
        client_secret=SecretStr(slack.app.client_secret),
        signing_secret=SecretStr(slack.app.signing_secret),
        slack_api_url=slack.environment()["SLACK_API_URL"],
        _env_file=None,
        **{"token_keys": SecretStr(new_key()), "url": URL, **more},
    )


def team(name: str) -> str:
    return f"T0{name.upper()}"


@contextmanager
def open_towns(engine: sa.Engine, *, rotation: bool = False, enterprise: str = "", **more: Any) -> Iterator[Towns]:
    """Towns of their own on this database, nothing installed."""
    clock = Clock(START, running=False)
    app = App(Manifest(manifest.build(f"{URL}/slack/events", Reach(True, bool(enterprise), rotation))))
    options = {"clock": clock, "app": app, "patience": PATIENCE_S, "enterprise": enterprise}
    with ExitStack() as stack:
        slacks = {
            name: stack.enter_context(slack_workspace(team_id=team(name), name=name, domain=name.lower(), **options))
            for name in NAMES
        }
        first = slacks[NAMES[0]]
        bot = main.build(settings_for(first, **more), clock=clock.now, engine=engine)
        for slack in slacks.values():
            populate(slack)
        first.connect_wsgi(bot.wsgi())
        yield Towns(bot, {name: World(slack, bot, clock) for name, slack in slacks.items()}, clock)
        for slack in slacks.values():
            capture(slack)


@pytest.fixture
def empty_towns(engine: sa.Engine) -> Iterator[Towns]:
    """Towns that have not installed the app."""
    with open_towns(engine) as opened:
        yield opened


@pytest.fixture
def towns(empty_towns: Towns) -> Towns:
    """Towns that have."""
    install(empty_towns)
    return empty_towns


def install(towns: Towns) -> None:
    """Install the app in every town."""
    for world in towns.worlds.values():
        assert towns.browser().install(world.slack).status == 200
