"""The manifest says what the bot is, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot import commands, manifest
from bot.delivery import parcel
from playground import contract
from playground.contract import data
from tests.bot.calls import called
from tests.world import World

FILE = Path(__file__).parents[2] / "manifest.yaml"
BY_NAME = {parcel.POST, parcel.EDIT, parcel.PUBLISH}


def test_the_manifest_in_the_repository_is_what_the_bot_registers() -> None:
    assert FILE.read_text(encoding="utf-8") == manifest.text(), "run: touchstone manifest -o manifest.yaml"


@pytest.mark.parametrize("url", [None, "https://touchstone.example/slack/events"])
def test_slack_would_take_the_manifest(url: str | None) -> None:
    assert contract.check_manifest(manifest.build(url)) == []


def test_slack_would_take_the_manifest_of_an_app_that_others_install() -> None:
    reach = manifest.Reach(oauth=True, org=True, rotation=True)
    made = manifest.build("https://touchstone.example/slack/events", reach)
    assert contract.check_manifest(made) == []
    assert made["oauth_config"]["redirect_urls"] == ["https://touchstone.example/slack/oauth_redirect"]
    assert made["settings"]["org_deploy_enabled"]
    assert made["settings"]["token_rotation_enabled"]


def test_every_method_the_code_calls_has_its_scopes_listed_and_no_other_has() -> None:
    assert set(manifest.METHODS) == called() | BY_NAME


def test_the_listed_scopes_are_among_those_slack_names() -> None:
    known = data.table("webapi")["methods"]
    for method, scopes in manifest.METHODS.items():
        of_slack = set(known[method]["scopes"]) | {"metadata.message:read"}
        assert set(scopes) <= of_slack, method
        assert bool(scopes) == bool(known[method]["scopes"]), method


def test_http_needs_addresses_and_sockets_do_not() -> None:
    there = manifest.build("https://touchstone.example/slack/events")
    assert not there["settings"]["socket_mode_enabled"]
    assert all(command["url"].startswith("https://") for command in there["features"]["slash_commands"])
    here = manifest.build()
    assert here["settings"]["socket_mode_enabled"]
    assert all("url" not in command for command in here["features"]["slash_commands"])


def test_every_command_answers_help(world: World) -> None:
    alice = world.person("Alice")
    for command in yaml.safe_load(manifest.text())["features"]["slash_commands"]:
        alice.command(command["command"], "help", "CIDEAS")
        assert f"{command['command']} help" in alice.ephemerals("CIDEAS")[-1].text
    assert world.problems() == []


def test_a_word_answered_by_two_features_is_refused() -> None:
    def one(call: commands.Call) -> None: ...
    def other(call: commands.Call) -> None: ...

    commands.on("/cx", "sing", "a song")(one)
    try:
        with pytest.raises(ValueError, match="answered twice"):
            commands.on("/cx", "sing", "another song")(other)
    finally:
        del commands.REGISTRY["/cx"].words["sing"]
