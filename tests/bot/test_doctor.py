"""The doctor finds what is wrong and says what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import sqlalchemy as sa

from bot import main
from bot.doctor import Finding, clock, examine
from bot.settings import Settings
from bot.slack_errors import REFUSALS, Fate, refusal
from db.models import Notice, Workspace
from tests.world import TEAM, World, settings_for
from workflows import notices


def troubles(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.about: finding for finding in findings if not finding.well}


def test_a_healthy_house_has_no_trouble(world: World) -> None:
    world.committee()
    world.settle()
    findings = examine(world.bot)
    assert troubles(findings) == {}
    about = {finding.about for finding in findings}
    assert {"database", "migrations", "delivery", "outages", "token", "clock", "scopes", "undeliverable"} <= about
    assert "Innovation, channel CIDEAS" in about


@pytest.mark.parametrize(("spoil", "remedy"), [("archive", "Unarchive"), ("remove_bot", "/invite")])
def test_a_channel_that_cannot_be_used_is_found(world: World, spoil: str, remedy: str) -> None:
    world.committee()
    world.settle()
    getattr(world.slack, spoil)("CDIGEST")
    assert remedy in troubles(examine(world.bot))["Innovation, channel CDIGEST"].remedy


def test_a_wrong_token_is_found(world: World) -> None:
    world.slack.bot.revoked.add(world.slack.bot.token)
    assert "SLACK_BOT_TOKEN" in troubles(examine(world.bot))["Slack"].remedy


def test_slack_out_of_reach_is_found(world: World) -> None:
    settings = settings_for(world.slack).model_copy(update={"slack_api_url": "http://127.0.0.1:9/api/"})
    bot = main.build(settings, clock=world.clock.now, engine=world.bot.engine)
    assert "SLACK_API_URL" in troubles(examine(bot))["Slack"].remedy


def test_a_missing_scope_is_found(world: World) -> None:
    assert world.slack.bot.scopes is not None
    world.slack.bot.scopes = world.slack.bot.scopes - {"users:read"}
    assert "users:read" in troubles(examine(world.bot))["scopes"].says


def test_what_waits_too_long_is_found(world: World) -> None:
    world.committee()
    world.slack.advance(minutes=5)
    assert "serve" in troubles(examine(world.bot))["delivery"].remedy


def test_what_is_parked_is_found_with_its_remedy(world: World) -> None:
    world.committee()
    world.settle()
    world.slack.remove_bot("CRANDOM")
    with world.session() as session:
        notices.owe(session, "idea.card", "x", channel="CRANDOM", about_id=1, now=world.now)
        session.execute(sa.update(Notice).where(Notice.key == "x").values(state="parked", error="not_in_channel"))
    assert "/invite" in troubles(examine(world.bot))["undeliverable x"].remedy


def test_a_database_that_is_not_there_is_found_without_a_traceback() -> None:
    bot = main.build(Settings(database_url="sqlite:////nowhere/at/all.db", _env_file=None))
    found = troubles(examine(bot))
    assert "DATABASE_URL" in found["database"].remedy


def test_an_unmigrated_database_is_found(world: World, empty_url: str) -> None:
    bot = main.build(settings_for(world.slack, database_url=empty_url), clock=world.clock.now)
    try:
        found = troubles(examine(bot))
        assert "touchstone migrate" in found["migrations"].remedy
        assert list(found) == ["migrations"], "one trouble, told once"
    finally:
        bot.engine.dispose()


def test_a_workspace_that_took_its_token_back_is_found(world: World) -> None:
    world.committee()
    world.settle()
    with world.session() as session:
        session.execute(sa.update(Workspace).values(stopped_at=world.now, stopped_why="account_inactive"))
    found = troubles(examine(world.bot))[f"workspace {TEAM}"]
    assert "nothing is sent: The app was removed" in found.says
    assert "Install the app again" in found.remedy


@pytest.mark.parametrize(("seconds", "well"), [(0, True), (-59, True), (61, False), (-3600, False)])
def test_a_clock_that_is_off_is_found(seconds: int, well: bool) -> None:
    slacks = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    found = clock(format_datetime(slacks, usegmt=True), slacks.timestamp() + seconds)
    assert (found.well, "NTP" in found.remedy) == (well, not well)


def test_an_installation_that_nothing_can_serve_is_found() -> None:
    bot = main.build(
        Settings(database_url="sqlite:////nowhere/x.db", slack_api_url="http://127.0.0.1:9/api/", _env_file=None)
    )
    found = troubles(examine(bot))["settings"]
    assert "SLACK_SIGNING_SECRET" in found.says
    assert "socket" in found.remedy


def test_every_refusal_in_the_table_says_what_it_means_and_what_to_do() -> None:
    for code, known in REFUSALS.items():
        assert known.meaning
        assert known.remedy.endswith("."), code
        assert known == replace(known, code=code)


def test_a_code_nobody_knows_is_worth_a_few_tries() -> None:
    assert refusal("brand_new").fate is Fate.TRANSIENT
