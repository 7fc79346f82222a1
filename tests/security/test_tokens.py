"""Installing, renewing, failing and leaving at the loudest of logs: no token, code, state, key or secret shows."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import main
from bot.oauth.flow import REDIRECT
from bot.oauth.vault import Vault, new_key
from playground.wire import CALL, RESPONSE_URL
from tests import databases
from tests.security.story import at_its_loudest
from tests.towns import Towns, open_towns, settings_for, team

pytestmark = pytest.mark.xdist_group("tokens")  # all is done once, for both tests

KEY, OLDER_KEY, STRANGE_KEY = new_key(), new_key(), new_key()
LONG_ENOUGH = 8


@dataclass
class Lived:
    """What was lived through, the secrets that were in use meanwhile, and what everybody said."""

    towns: Towns
    log: io.StringIO
    lines: list[Any]
    said: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    passing: dict[str, str] = field(default_factory=dict)
    """Good for minutes and once: a state stands in the page it was made for and, until it is used, in the database."""

    def note(self) -> None:
        """Remember the secrets of now."""
        for name, world in self.towns.worlds.items():
            for what, secret in (("token", world.slack.bot.token), ("refresh token", world.slack.bot.refresh)):
                self.secrets[f"{what} {len(self.secrets)} of {name}"] = secret

    def install(self, name: str) -> None:
        """All of it, as somebody's browser does."""
        browser, slack = self.towns.browser(), self.towns[name].slack
        asked = browser.begin()
        code = slack.consent("UADMIN", asked["redirect_uri"])
        self.passing |= {f"code {len(self.passing)}": code, f"state {len(self.passing)}": asked["state"]}
        for state in ("not " + asked["state"], asked["state"], asked["state"]):  # wrong, right, and once more
            self.said.append(browser.get(REDIRECT, code=code, state=state).text)


def wrong_ways(lived: Lived) -> None:
    """Slack refuses, Slack is away, the key is lost, the database does not know the workspace."""
    towns, slack = lived.towns, lived.towns["Aachen"].slack
    for fault in (slack.faults.server_error, slack.faults.time_out):
        fault("oauth.v2.access")
        lived.install("Aachen")
    stranger = settings_for(slack, token_keys=SecretStr(STRANGE_KEY))
    lost = main.build(stranger, clock=towns.clock.now, engine=towns.bot.engine)
    with pytest.raises(Exception) as unreadable:  # noqa: PT011  # whatever is said, it is looked at below
        lost.installations.client(team("Aachen"))
    lived.said += [repr(unreadable.value), str(unreadable.value), repr(lost.installations.tidy())]


def renew(lived: Lived) -> None:
    """Once in time, once after a Slack that did not answer, once in vain."""
    towns, slack = lived.towns, lived.towns["Aachen"].slack
    towns.advance(hours=11)
    lived.note()
    slack.faults.server_error("oauth.v2.access")
    towns.advance(hours=11)
    towns.advance(minutes=10)
    lived.note()
    slack.bot.refresh = "xoxe-1-spent-elsewhere"
    lived.note()
    towns.clock.advance(timedelta(hours=13))
    towns["Aachen"].person("Alice").command("/idea", "mine", "CIDEAS")


@pytest.fixture(scope="module")
def lived(sqlite_databases: databases.SqliteDatabases) -> Iterator[Lived]:
    with sqlite_databases.new() as url, databases.open_engine(url) as engine:
        lines = io.StringIO()
        keys = SecretStr(f"{KEY}, {OLDER_KEY}")
        with (
            at_its_loudest(lines),
            capture_logs() as ours,
            open_towns(engine, rotation=True, token_keys=keys) as towns,
        ):
            it = Lived(towns, lines, ours)
            app = towns["Aachen"].slack.app
            it.secrets = {"client secret": app.client_secret, "signing secret": app.signing_secret}
            it.secrets |= {"key": KEY, "older key": OLDER_KEY, "strange key": STRANGE_KEY}
            for name in towns.worlds:
                it.install(name)
            it.note()
            world = towns["Aachen"]
            world.idea(world.committee())
            world.person("Alice").command("/idea", "A button for refunds", "CIDEAS")
            wrong_ways(it)
            renew(it)
            world.slack.uninstall()
            yield it


def places(it: Lived) -> Iterator[tuple[str, str]]:
    bot, installations = it.towns.bot, it.towns.installations
    yield "our log", json.dumps(it.lines, default=repr)
    yield "the libraries' log", it.log.getvalue()
    yield "pages and errors", "\n".join(it.said)
    settings = bot.settings
    yield "the settings", f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    kept = installations.store.find(team("Bergen"), None)
    assert kept is not None
    parts = (bot, bot.house, installations, installations.store, installations.vault, installations.states, kept)
    yield "a repr", " ".join(f"{part!r} {part}" for part in (*parts, kept.bot, Vault(settings.token_keys)))
    with bot.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        yield "the database", "\n".join(raw.iterdump())
    for name, world in it.towns.worlds.items():
        calls = [one for one in world.slack.wire.records if one.kind in (CALL, RESPONSE_URL)]
        shown = [one.request for one in calls if one.name != "oauth.v2.access"]
        yield f"what was sent to {name}, forms' private_metadata too", json.dumps(shown)


def test_nothing_of_an_installation_shows_anywhere(lived: Lived) -> None:
    secrets = {**lived.secrets, **lived.passing}
    assert min(map(len, secrets.values())) > LONG_ENOUGH
    assert len(lived.secrets) >= 5 + 4 * 2
    found = [(place, name) for place, text in places(lived) for name, secret in secrets.items() if secret in text]
    assert found == []


def test_the_log_was_at_its_loudest_and_told_what_happened(lived: Lived) -> None:
    told = {"installed", "install.failed", "install.refused", "install.unanswered", "uninstalled"}
    told |= {"token.renewed", "token.not_renewed", "token.unreadable"}
    assert told <= {line["event"] for line in lived.lines}
    assert '"debug"' in lived.log.getvalue()
