"""The app manifest: Slack's own schema, and what its parts ask of each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft7Validator

from playground.contract.data import table
from playground.contract.methods import event_scopes
from playground.contract.problems import Problem, pointer

Manifest = Mapping[str, Any]

SCOPES = "/oauth_config/scopes/bot"


def check_manifest(manifest: Manifest) -> list[Problem]:
    """What Slack would refuse about a manifest (`invalid_manifest`), or what would never work as written.

    A part of the wrong shape is reported once and not reasoned about.
    """
    found = [
        Problem("invalid_manifest", pointer("", *error.absolute_path), error.message[:200])
        for error in _schema().iter_errors(manifest)
    ]
    return found or list(_rules(manifest))


def granted_scopes(manifest: Manifest) -> frozenset[str]:
    """The bot scopes an installation of this manifest has when nobody declines the optional ones."""
    scopes = _part(manifest, "oauth_config", "scopes")
    lists = [scopes.get(name) for name in ("bot", "bot_optional")]
    return frozenset(scope for names in lists if isinstance(names, list) for scope in names if isinstance(scope, str))


@cache
def _schema() -> Draft7Validator:
    return Draft7Validator(table("manifest"))


def _part(manifest: Manifest, *path: str) -> Mapping[str, Any]:
    """The object at `path`, empty where there is none."""
    part: Any = manifest
    for key in path:
        part = part.get(key) if isinstance(part, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _rules(manifest: Manifest) -> Iterator[Problem]:
    yield from _missing_scopes(manifest)
    yield from _interactivity(manifest)
    if not _part(manifest, "settings").get("socket_mode_enabled"):
        yield from _addresses(manifest)
    if granted_scopes(manifest) and not _part(manifest, "features", "bot_user"):
        yield Problem("invalid_manifest", "/features/bot_user", "bot scopes need a bot user")


def _missing_scopes(manifest: Manifest) -> Iterator[Problem]:
    granted = granted_scopes(manifest)
    features = _part(manifest, "features")
    if (features.get("slash_commands") or features.get("shortcuts")) and "commands" not in granted:
        yield Problem("missing_scope", SCOPES, "slash commands and shortcuts need commands")
    for event in _part(manifest, "settings", "event_subscriptions").get("bot_events", []):
        needed = event_scopes.get(event, ())
        if needed and not granted & set(needed):
            yield Problem("missing_scope", SCOPES, f"the event {event} needs {' or '.join(needed)}")


def _interactivity(manifest: Manifest) -> Iterator[Problem]:
    if _part(manifest, "features").get("shortcuts") and not _part(manifest, "settings", "interactivity").get(
        "is_enabled"
    ):
        yield Problem("invalid_manifest", "/settings/interactivity", "shortcuts need interactivity")


def _addresses(manifest: Manifest) -> Iterator[Problem]:
    """Without Socket Mode Slack must know where to send each thing."""
    events, interactivity = (_part(manifest, "settings", name) for name in ("event_subscriptions", "interactivity"))
    missing = [
        ("/settings/event_subscriptions/request_url", events.get("bot_events") and not events.get("request_url"))
    ]
    wanted = interactivity.get("is_enabled") and not interactivity.get("request_url")
    missing.append(("/settings/interactivity/request_url", wanted))
    for index, command in enumerate(_part(manifest, "features").get("slash_commands", [])):
        missing.append((f"/features/slash_commands/{index}/url", not command.get("url")))
    for where, absent in missing:
        if absent:
            yield Problem("invalid_manifest", where, "without Socket Mode an address is needed")
