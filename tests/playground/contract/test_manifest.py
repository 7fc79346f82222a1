"""The app manifest: Slack's schema and what its parts ask of each other."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from playground.contract import check_manifest, granted_scopes
from tests.playground.contract.pieces import refused
from tests.playground.recorded import samples

SOUND: dict[str, Any] = {
    "_metadata": {"major_version": 2},
    "display_information": {"name": "Ideas"},
    "features": {
        "bot_user": {"display_name": "ideas"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [{"command": "/idea", "description": "Add an idea"}],
        "shortcuts": [{"name": "Idea", "type": "global", "callback_id": "i", "description": "Add an idea"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "app_mentions:read"]}},
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": ["app_mention", "app_home_opened"]},
    },
}


def altered(path: str, value: Any) -> dict[str, Any]:
    manifest = copy.deepcopy(SOUND)
    *way, last = path.strip("/").split("/")
    node: Any = manifest
    for key in way:
        node = node[key]
    node[last] = value
    return manifest


def test_a_sound_manifest_is_taken() -> None:
    assert check_manifest(SOUND) == []


@pytest.mark.parametrize(
    ("path", "value", "code", "pointer"),
    [
        ("/display_information/name", "x" * 36, "invalid_manifest", "/display_information/name"),
        ("/features/colour", "red", "invalid_manifest", "/features"),
        ("/oauth_config/scopes/bot", ["chat:write", "app_mentions:read"], "missing_scope", "/oauth_config/scopes/bot"),
        (
            "/settings/event_subscriptions/bot_events",
            ["reaction_added"],
            "missing_scope",
            "/oauth_config/scopes/bot",
        ),
        ("/settings/interactivity/is_enabled", False, "invalid_manifest", "/settings/interactivity"),
        ("/features/bot_user", {}, "invalid_manifest", "/features/bot_user"),
    ],
)
def test_a_manifest_is_refused_for_its(path: str, value: Any, code: str, pointer: str) -> None:
    assert (code, pointer) in refused(check_manifest(altered(path, value)))


def test_bot_scopes_need_a_bot_user() -> None:
    manifest = copy.deepcopy(SOUND)
    del manifest["features"]["bot_user"]
    assert refused(check_manifest(manifest)) == [("invalid_manifest", "/features/bot_user")]


def test_without_socket_mode_slack_must_know_every_address() -> None:
    assert refused(check_manifest(altered("/settings/socket_mode_enabled", False))) == [
        ("invalid_manifest", "/settings/event_subscriptions/request_url"),
        ("invalid_manifest", "/settings/interactivity/request_url"),
        ("invalid_manifest", "/features/slash_commands/0/url"),
    ]


def test_optional_scopes_count_as_granted() -> None:
    scopes = {"bot": ["chat:write"], "bot_optional": ["commands"], "user": ["search:read"]}
    assert granted_scopes(altered("/oauth_config/scopes", scopes)) == {"chat:write", "commands"}
    assert granted_scopes({"oauth_config": "none"}) == frozenset()


@pytest.mark.parametrize(
    "sample", [s for s in samples("manifests") if s.source.startswith("v2")], ids=lambda s: s.source
)
def test_slacks_own_sample_manifests_are_judged_as_slack_labels_them(sample: Any) -> None:
    misshapen = any(problem.code == "invalid_manifest" for problem in check_manifest(sample.value))
    assert misshapen == (".invalid." in sample.source)
