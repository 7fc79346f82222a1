"""The facts of `blockkit.json` against `slack_sdk`'s own models, and our reading of it against `jsonschema`'s."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from slack_sdk.models import blocks as models

from playground.contract import shape
from playground.contract.data import table
from tests.playground.contract.pieces import home, modal, plain, section
from tests.playground.recorded import layouts

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


def _standard(node: Any) -> Any:
    """The schema in standard keywords alone: `kinds` as alternatives by `type`, counts of fields dropped."""
    if isinstance(node, list):
        return [_standard(value) for value in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _standard(value) for key, value in node.items() if key not in OWN_KEYWORDS}
    if "kinds" in node:
        ways = [
            {"allOf": [{"properties": {"type": {"const": kind}}, "required": ["type"]}, {"$ref": f"#/$defs/{name}"}]}
            for kind, name in node["kinds"].items()
        ]
        kept |= {"type": "object", "anyOf": ways}
    return kept


@cache
def _in_standard_words() -> dict[str, Any]:
    schema: dict[str, Any] = _standard(table("blockkit"))
    Draft202012Validator.check_schema(schema)
    return schema


OWN_KEYWORDS = {"kinds", "surfaces", "exactlyOne", "atLeastOne", "atMostOne"}
BY_RULES = re.compile("is not supported|needs|takes only|must equal|must be a|unique|is ignored|same value")


def _cases() -> Iterator[tuple[str, Any]]:
    for sample in layouts(shape.BLOCK_TYPES):
        if isinstance(sample.value, dict):
            yield sample.value["type"].capitalize(), sample.value
        else:
            yield from (("AnyBlock", block) for block in sample.value)
    yield "Modal", modal(section(), title=plain("x" * 25), colour="red")
    yield "Home", home(*[{"type": "divider"}] * 101)


@pytest.mark.parametrize("definition", ["AnyBlock", "Modal", "Home"])
def test_the_schema_is_read_as_jsonschema_reads_it(definition: str) -> None:
    theirs = Draft202012Validator({**_in_standard_words(), "$ref": f"#/$defs/{definition}"})
    for name, value in _cases():
        if name == definition:
            ours = [fault for fault in shape.faults(value, name, "message") if not BY_RULES.search(fault.message)]
            assert bool(ours) != theirs.is_valid(value), value
