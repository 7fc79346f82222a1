"""Tokens at rest and in use: sealed, resealed with a newer key, renewed once by whichever replica is first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import main
from bot.oauth.many import ManyInstallations
from bot.oauth.renewal import NotRenewed
from bot.oauth.store import Installed
from bot.oauth.vault import UnreadableToken, Vault, new_key
from db.models import NoticeState
from tests.bot.wsgi import get
from tests.databases import open_engine
from tests.towns import Towns, open_towns, settings_for, team
from tests.world import World


@pytest.fixture
def renewing(engine: sa.Engine) -> Iterator[Towns]:
    """Two towns whose tokens expire."""
    with open_towns(engine, rotation=True) as towns:
        for world in towns.worlds.values():
            assert towns.browser().install(world.slack).status == 200
        yield towns


def replica(towns: Towns, engine: sa.Engine, **more: Any) -> main.Touchstone:
    """One more process of the same installation, with database connections of its own."""
    more.setdefault("token_keys", towns.bot.settings.token_keys)
    return main.build(settings_for(towns["Aachen"].slack, **more), clock=towns.clock.now, engine=engine)


def renewals(world: World) -> list[Any]:
    return [one for one in world.slack.wire.calls("oauth.v2.access") if one.request.get("grant_type")]


def test_no_token_is_in_the_database_as_it_is(renewing: Towns) -> None:
    said = str(renewing.kept())
    for world in renewing.worlds.values():
        assert world.slack.bot.token.startswith("xoxe.xoxb-")
        assert world.slack.bot.token not in said
        assert world.slack.bot.refresh not in said
    assert "xox" not in said


def test_a_token_longer_than_any_slack_gives_today_fits(towns: Towns) -> None:
    store = towns.installations.store
    kept = store.find(team("Aachen"), None)
    assert kept is not None
    long = "xoxe.xoxb-1-" + "x" * 2000
    store.renewed(kept, long, long, towns.clock.now())
    again = store.get(kept.id)
    assert again is not None
    assert again.bot.bot_token == long


def test_keys_are_changed_without_anybody_noticing(towns: Towns) -> None:
    engine, old = towns.bot.engine, towns.bot.settings.token_keys.get_secret_value()
    new = new_key()
    both = replica(towns, engine, token_keys=SecretStr(f"{new}, {old}"))
    before = [row["bot_token"] for row in towns.kept()]
    assert both.installations.client(team("Aachen")).token == towns["Aachen"].slack.bot.token
    assert both.installations.tidy() == 2
    assert both.installations.tidy() == 0
    assert not set(before) & {row["bot_token"] for row in towns.kept()}
    only_new = replica(towns, engine, token_keys=SecretStr(new))
    assert only_new.installations.client(team("Bergen")).token == towns["Bergen"].slack.bot.token


def test_a_lost_key_stops_nobody_else_and_is_told_in_the_log(towns: Towns) -> None:
    stranger = replica(towns, towns.bot.engine, token_keys=SecretStr(new_key()))
    with capture_logs() as lines:
        with pytest.raises(UnreadableToken):
            stranger.installations.client(team("Aachen"))
        assert stranger.installations.tidy() == 0
    assert {line["event"] for line in lines} == {"token.unreadable"}
    assert "TOUCHSTONE_TOKEN_KEYS" in lines[0]["remedy"]
    assert get(stranger.wsgi(), "/slack/install").status == 200


def test_what_is_owed_waits_for_the_key_to_come_back(towns: Towns) -> None:
    aachen = towns["Aachen"]
    aachen.idea(aachen.committee())
    stranger = replica(towns, towns.bot.engine, token_keys=SecretStr(new_key()))
    stranger.sender.drain()
    assert [one for one in aachen.waiting() if NoticeState.PARKED in one] == []
    towns.advance(minutes=10)
    assert aachen.waiting() == []
    assert "A button for refunds" in aachen.person("Alice").messages("CIDEAS")[-1].text


def test_the_scheduler_renews_each_token_before_it_ends(renewing: Towns) -> None:
    aachen = renewing["Aachen"]
    first = aachen.slack.bot.token
    renewing.advance(hours=9)
    assert aachen.slack.bot.token == first
    renewing.advance(hours=1.5)
    assert aachen.slack.bot.token != first
    for _ in range(3):
        renewing.advance(hours=11)
    for world in renewing.worlds.values():
        assert len(renewals(world)) == 4
        world.person("Alice").command("/idea", "help", "CIDEAS")
        assert world.problems() == []


def test_a_request_renews_what_the_scheduler_did_not(renewing: Towns) -> None:
    aachen = renewing["Aachen"]
    renewing.clock.advance(timedelta(days=2))
    aachen.person("Alice").command("/idea", "mine", "CIDEAS")
    assert len(renewals(aachen)) == 1
    assert renewing.installations.client(team("Aachen")).auth_test()["ok"]


def test_two_replicas_spend_a_refresh_token_once(renewing: Towns) -> None:
    aachen = renewing["Aachen"]
    with open_engine(renewing.bot.engine.url.render_as_string(hide_password=False)) as second:
        pair = [renewing.bot, replica(renewing, second)]
        renewing.clock.advance(timedelta(hours=13))  # expired: nobody can go on with the old one
        start = threading.Barrier(8)

        def ask(n: int) -> str | None:
            start.wait()
            return pair[n % 2].installations.client(team("Aachen")).token

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(ask, range(8))) == {aachen.slack.bot.token}
    assert len(renewals(aachen)) == 1
    assert renewals(aachen)[0].response["ok"]


def test_a_slack_that_is_away_when_the_token_ends_delays_and_loses_nothing(renewing: Towns) -> None:
    aachen = renewing["Aachen"]
    aachen.idea(aachen.committee())
    renewing.clock.advance(timedelta(hours=13))
    aachen.slack.faults.server_error("oauth.v2.access")
    with pytest.raises(NotRenewed):
        renewing.installations.client(team("Aachen"))
    renewing.clock.advance(timedelta(minutes=1))
    renewing.settle()
    assert aachen.waiting() == []


def test_a_refresh_token_that_slack_refuses_stops_its_workspace_only(renewing: Towns) -> None:
    aachen, bergen = renewing["Aachen"], renewing["Bergen"]
    for world in (aachen, bergen):
        world.idea(world.committee())
    aachen.slack.bot.refresh = "spent elsewhere"
    renewing.clock.advance(timedelta(hours=13))
    renewing.settle()
    assert bergen.waiting() == []
    assert aachen.waiting() != []
    assert renewing.browser().install(aachen.slack).status == 200
    renewing.advance(minutes=10)
    assert aachen.waiting() == []


def test_no_secret_shows_in_a_repr_or_in_the_log(renewing: Towns) -> None:
    with capture_logs() as lines:
        renewing.advance(hours=11)
        said = repr((renewing.bot.settings, renewing.installations, renewing.bot.house, lines))
    for world in renewing.worlds.values():
        for secret in (world.slack.bot.token, world.slack.bot.refresh, world.slack.app.client_secret):
            assert secret not in said
    assert renewing.bot.settings.token_keys.get_secret_value() not in said


def test_a_vault_opens_what_it_sealed_and_nothing_else() -> None:
    one, other = new_key(), new_key()
    vault = Vault(SecretStr(f"{one},{other}"))
    assert vault.open(vault.seal("xoxb-1")) == "xoxb-1"
    assert vault.open(Vault(SecretStr(other)).seal("xoxb-2")) == "xoxb-2"
    assert not vault.is_newest(Vault(SecretStr(other)).seal("xoxb-2"))
    for sealed in ("", "xoxb-1", "gAAAAA", Vault(SecretStr(new_key())).seal("xoxb-3")):
        with pytest.raises(UnreadableToken):
            vault.open(sealed)


def test_an_installation_is_found_for_its_app_only(towns: Towns) -> None:
    other = Installed("another.app", towns.bot.engine, towns.installations.vault)
    assert other.find(team("Aachen"), None) is None
    assert other.find(None, None) is None
    assert isinstance(towns.bot.installations, ManyInstallations)
