"""Installing the app in a browser: the way there and back, and a sentence for everything that can go wrong on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import main
from bot.doctor import examine
from bot.oauth.flow import INSTALL, REDIRECT
from bot.oauth.vault import new_key
from db.models import OAUTH_STATES, Workspace
from tests.bot.wsgi import Reply, get
from tests.databases import open_engine
from tests.towns import HERE, Browser, Towns, open_towns, settings_for, team
from tests.world import World


def states(towns: Towns) -> int:
    with towns.bot.engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(OAUTH_STATES)) or 0)


def sorry(reply: Reply, sentence: str) -> None:
    """It was a page with a sentence, and nothing of what happens inside."""
    text = reply.text
    assert sentence in text
    assert "Start again" in text
    assert "Traceback" not in text
    assert "Error" not in text


def test_an_admin_installs_the_app_by_way_of_slack_and_can_use_it_at_once(empty_towns: Towns) -> None:
    browser = empty_towns.browser()
    asked = browser.begin()
    assert asked["redirect_uri"] == HERE
    assert set(asked["scope"].split(",")) >= {"chat:write", "commands", "users:read"}
    town = empty_towns["Bergen"]
    address = f"{town.slack.base_url}/oauth/v2/authorize"
    back = httpx.get(address, params=asked, trust_env=False).headers["location"]
    assert back.startswith(HERE + "?")
    page = browser.get(REDIRECT, **dict(httpx.URL(back).params))
    assert page.status == 200
    assert "Touchstone is now in Bergen" in page.text
    (row,) = empty_towns.kept()
    assert (row["team_id"], row["bot_user_id"]) == (team("Bergen"), town.slack.bot.user_id)
    town.person("Alice").command("/idea", "help", "CIDEAS")
    assert "/idea help" in town.person("Alice").ephemerals("CIDEAS")[-1].text


def test_where_it_is_not_installed_people_are_told_so(empty_towns: Towns) -> None:
    alice = empty_towns["Aachen"].person("Alice")
    alice.command("/idea", "help", "CIDEAS")
    assert "not installed in your workspace" in alice.ephemerals("CIDEAS")[-1].text
    assert empty_towns["Aachen"].slack.wire.calls() == []


def test_whoever_says_no_reads_that_nothing_was_changed(empty_towns: Towns) -> None:
    browser = empty_towns.browser()
    state = browser.begin()["state"]
    sorry(browser.get(REDIRECT, error="access_denied", state=state), "You did not allow the installation")
    assert empty_towns.kept() == []


def test_what_slack_answers_is_shown_as_text_and_never_as_a_page(empty_towns: Towns) -> None:
    page = empty_towns.browser().get(REDIRECT, error="<script>alert(1)</script>")
    assert "<script>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("state", [None, "", "guessed"])
def test_a_wrong_state_installs_nothing(empty_towns: Towns, state: str | None) -> None:
    browser = empty_towns.browser()
    browser.begin()
    code = empty_towns["Aachen"].slack.consent("UADMIN", HERE)
    page = browser.get(REDIRECT, code=code, **({} if state is None else {"state": state}))
    assert page.status == 400
    sorry(page, "not begun in this browser")
    assert empty_towns.kept() == []


def test_a_link_that_somebody_else_sent_installs_nothing(empty_towns: Towns) -> None:
    """The attacker's state is good, but the victim's browser never began."""
    mallory, victim = empty_towns.browser(), empty_towns.browser()
    state = mallory.begin()["state"]
    page = victim.get(REDIRECT, code=empty_towns["Aachen"].slack.consent("UADMIN", HERE), state=state)
    sorry(page, "not begun in this browser")
    assert empty_towns.kept() == []


def test_a_state_and_a_code_serve_once(empty_towns: Towns) -> None:
    browser, slack = empty_towns.browser(), empty_towns["Aachen"].slack
    asked = browser.begin()
    code, cookie = slack.consent("UADMIN", HERE), browser.cookie
    assert browser.get(REDIRECT, code=code, state=asked["state"]).status == 200
    again = Browser(empty_towns.bot, cookie).get(REDIRECT, code=code, state=asked["state"])
    sorry(again, "used already")
    asked = browser.begin()
    replayed = browser.get(REDIRECT, code=code, state=asked["state"])
    sorry(replayed, "Slack did not accept this installation")
    assert len(empty_towns.kept()) == 1
    assert states(empty_towns) == 0


def test_of_many_requests_with_one_state_one_gets_through(empty_towns: Towns) -> None:
    browser, slack = empty_towns.browser(), empty_towns["Aachen"].slack
    state, cookie = browser.begin()["state"], browser.cookie

    def go(code: str) -> int:
        return Browser(empty_towns.bot, cookie).get(REDIRECT, code=code, state=state).status

    with ThreadPoolExecutor(6) as pool:
        codes = [slack.consent("UADMIN", HERE) for _ in range(6)]
        assert sorted(pool.map(go, codes)) == [200, 400, 400, 400, 400, 400]


def test_a_state_is_good_for_ten_minutes_and_swept_up_after(empty_towns: Towns) -> None:
    browser, slack = empty_towns.browser(), empty_towns["Aachen"].slack
    asked = browser.begin()
    empty_towns.browser().begin()
    assert states(empty_towns) == 2
    empty_towns.clock.advance(timedelta(minutes=11))
    sorry(browser.get(REDIRECT, code=slack.consent("UADMIN", HERE), state=asked["state"]), "older than ten minutes")
    empty_towns.settle()
    assert states(empty_towns) == 0


def test_a_code_that_slack_never_gave_or_that_is_missing_is_refused_with_a_page(empty_towns: Towns) -> None:
    browser = empty_towns.browser()
    sorry(browser.get(REDIRECT, code="made-up", state=browser.begin()["state"]), "Slack did not accept")
    sorry(browser.get(REDIRECT, state=browser.begin()["state"]), "not complete")


def test_a_slack_that_does_not_answer_is_a_page_too(empty_towns: Towns) -> None:
    browser, slack = empty_towns.browser(), empty_towns["Aachen"].slack
    asked = browser.begin()
    slack.faults.time_out("oauth.v2.access", seconds=0.1)
    page = browser.get(REDIRECT, code=slack.consent("UADMIN", HERE), state=asked["state"])
    assert page.status == 502
    sorry(page, "Slack could not be reached")


def test_without_a_key_nobody_is_sent_to_slack_and_no_token_is_written(engine: sa.Engine) -> None:
    with open_towns(engine, token_keys=SecretStr("")) as towns, capture_logs() as lines:
        for path in (INSTALL, REDIRECT):
            page = towns.browser().get(path, code="x", state="y")
            assert page.status == 503
            sorry(page, "no key to keep tokens with")
        assert towns.kept() == []
    assert [line for line in lines if "exception" in line] == []


def test_a_database_that_is_away_is_a_page(empty_towns: Towns) -> None:
    settings = settings_for(empty_towns["Aachen"].slack)
    with open_engine("sqlite:////nowhere/at/all.db") as nowhere:
        page = get(main.build(settings, engine=nowhere).wsgi(), INSTALL)
    assert page.status == 503
    sorry(page, "database cannot be reached")


def test_with_a_bot_token_there_is_nothing_to_install(world: World) -> None:
    both = settings_for(world.slack, bot_token=SecretStr(world.slack.bot.token), token_keys=SecretStr(new_key()))
    assert not both.many
    bot = main.build(both, engine=world.bot.engine)
    assert get(bot.wsgi(), INSTALL).status == 404
    assert get(bot.wsgi(), REDIRECT).status == 404


def test_settings_that_are_no_keys_are_refused_with_a_sentence(world: World) -> None:
    with pytest.raises(ValueError, match="touchstone newkey"):
        main.build(settings_for(world.slack, token_keys=SecretStr("hunter2")), engine=world.bot.engine)


def test_a_workspace_installed_twice_keeps_one_installation(towns: Towns) -> None:
    aachen = towns["Aachen"]
    towns.advance(hours=1)
    assert towns.browser().install(aachen.slack).status == 200
    assert [row["team_id"] for row in towns.kept()].count(team("Aachen")) == 2
    towns.advance(hours=1)
    assert sorted(row["team_id"] for row in towns.kept()) == [team("Aachen"), team("Bergen")]
    aachen.person("Alice").command("/idea", "help", "CIDEAS")
    assert aachen.problems() == []


def test_the_button_may_name_the_workspace_and_nothing_else(empty_towns: Towns) -> None:
    page = empty_towns.browser().get(INSTALL, team="T1&scope=admin")
    assert "team=T1%26scope%3Dadmin" in page.text


def test_the_installed_workspace_is_known_by_name(towns: Towns) -> None:
    with towns.bot.house.sessions.everywhere() as session:
        assert sorted(session.scalars(sa.select(Workspace.name))) == ["Aachen", "Bergen"]
    assert towns.installations.greet() == "2 workspaces"


def test_the_doctor_looks_at_every_workspace_and_at_the_keys(towns: Towns) -> None:
    says = [(one.about, one.says, one.well) for one in examine(towns.bot)]
    tokens = [what for about, what, well in says if about == "token" and well]
    assert tokens == [f"Touchstone in {name} ({team(name)})" for name in ("Aachen", "Bergen")]
    towns["Aachen"].slack.revoke_token()
    after = {one.about: one for one in examine(towns.bot)}
    assert not after[f"workspace {team('Aachen')}"].well
    assert after["token"].well
    lost = main.build(settings_for(towns["Aachen"].slack), clock=towns.clock.now, engine=towns.bot.engine)
    (blind,) = [one for one in examine(lost) if one.about == f"token {team('Bergen')}"]
    assert "TOUCHSTONE_TOKEN_KEYS" in blind.says
    assert not blind.well


def test_the_doctor_says_where_to_install_when_nobody_has(empty_towns: Towns) -> None:
    (found,) = [one for one in examine(empty_towns.bot) if one.about == "installations"]
    assert "https://ideas.example/slack/install" in found.remedy
