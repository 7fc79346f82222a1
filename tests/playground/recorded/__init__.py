"""Payloads and layouts that Slack, or authors of Slack's SDKs, recorded or wrote. Sources and licences: README.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent

# What Slack adds to a view it hands back and does not take from an app.
_ADDED_TO_VIEWS = {"id", "team_id", "state", "hash", "root_view_id", "previous_view_id", "app_id", "bot_id"}
_ADDED_TO_VIEWS |= {"app_installed_team_id"}
_ADDED_TO_HOMES = {"title", "close", "submit", "submit_disabled", "clear_on_close", "notify_on_close"}
_ADDED_TO_IMAGES = {"fallback", "image_width", "image_height", "image_bytes", "is_animated", "rotation"}


class Sample(NamedTuple):
    source: str
    value: Any


def samples(name: str) -> list[Sample]:
    """Everything in `NAME.json`, with the place each came from."""
    return [Sample(row["source"], row["value"]) for row in json.loads((HERE / f"{name}.json").read_text())]


def layouts(block_types: frozenset[str]) -> Iterator[Sample]:
    """Every list of blocks and every view in the recordings, as an app would send it."""
    for path in sorted(HERE.glob("*.json")):
        if path.stem not in ("manifests", "java-app-backend", "java-events"):  # the Java logs are masked
            for sample in samples(path.stem):
                yield from _inside(sample, block_types)


def _inside(sample: Sample, block_types: frozenset[str]) -> Iterator[Sample]:
    source, value = sample
    if isinstance(value, list):
        if value and all(isinstance(block, dict) and block.get("type") in block_types for block in value):
            yield sample
        return
    if not isinstance(value, dict):
        return
    blocks = value.get("blocks")
    if value.get("type") in ("modal", "home") and isinstance(blocks, list):
        yield Sample(source, as_sent(value))
    elif isinstance(blocks, list) and value.get("type") in (None, "message", "app_mention"):
        yield Sample(source, blocks)
    elif value.get("type") in block_types:
        yield Sample(source, [value])
    for key in ("view", "message", "event"):
        yield from _inside(Sample(f"{source} {key}", value.get(key)), block_types)


def as_sent(view: dict[str, Any]) -> dict[str, Any]:
    """A view read back from Slack without what Slack added to it."""
    added = _ADDED_TO_VIEWS | (_ADDED_TO_HOMES if view["type"] == "home" else set())
    return {key: _without_nulls(value) for key, value in view.items() if key not in added and value is not None}


def _without_nulls(node: Any) -> Any:
    if isinstance(node, dict):
        added = _ADDED_TO_IMAGES if node.get("type") == "image" else set()
        return {k: _without_nulls(v) for k, v in node.items() if v is not None and k not in added}
    return [_without_nulls(value) for value in node] if isinstance(node, list) else node
