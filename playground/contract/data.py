"""The tables in `playground/data`, read once."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The JSON object in `playground/data/NAME.json`; shared, so never changed."""
    text = (files("playground") / "data" / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def limit(group: str, name: str) -> int:
    """A number of `limits.json`."""
    number: int = table("limits")[group][name]
    return number
