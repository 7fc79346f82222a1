"""The numbers of `blockkit.json` against those that `slack_sdk`'s own models enforce."""

from __future__ import annotations

import inspect
import re
from typing import Any

from slack_sdk.models import blocks as models

from playground.contract.data import table

DEFINITIONS: dict[str, Any] = table("blockkit")["$defs"]
SPOKEN = re.compile(r"(\w+)_max_length")
STRICTLY_LESS = {"title_max_length", "author_name_max_length"}  # of a video: "less than 200", "less than 50"


def _definition(kind: Any) -> dict[str, Any] | None:
    found = [d for d in DEFINITIONS.values() if d.get("properties", {}).get("type", {}).get("const") == kind]
    return found[0] if kind and found else None


def _most(definition: dict[str, Any], name: str) -> int | None:
    schema = definition["properties"].get(name, {})
    schema = schema.get("properties", {}).get("text", schema)
    most: int | None = schema.get("maxLength", schema.get("maxItems"))
    return most


def test_lengths_agree_with_the_models_of_slack_sdk() -> None:
    compared, wrong = 0, []
    for _, model in inspect.getmembers(models, inspect.isclass):
        definition = _definition(getattr(model, "type", None))
        for attribute in filter(SPOKEN.fullmatch, dir(model)) if definition else ():
            most = _most(definition or {}, attribute.removesuffix("_max_length"))
            if most is None:
                continue
            allowed = getattr(model, attribute)
            allowed -= model is models.VideoBlock and attribute in STRICTLY_LESS
            compared += 1
            if most != allowed:
                wrong.append((model.__name__, attribute, allowed, most))
    assert compared > 40
    assert wrong == []


def test_every_reference_leads_somewhere() -> None:
    text = str(DEFINITIONS)
    assert set(re.findall(r"#/\$defs/(\w+)", text)) <= DEFINITIONS.keys()
    kinds = [d["kinds"] for d in DEFINITIONS.values() if "kinds" in d]
    assert {name for kind in kinds for name in kind.values()} <= DEFINITIONS.keys()
