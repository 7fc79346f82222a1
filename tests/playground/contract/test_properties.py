"""No input, however broken, makes a check raise."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import contract
from playground.contract import METHODS
from playground.contract.shape import BLOCK_TYPES
from tests.nightly import examples
from tests.playground.contract.pieces import C, modal, section
from tests.playground.recorded import Sample, layouts

LAYOUTS = list(layouts(BLOCK_TYPES))
BROKEN: list[Any] = [None, 0, -1, 3.5, "", "x" * 5000, [], {}, [None], {"type": "section"}, True, [[]], {"type": []}]

unhurried = settings(deadline=None)  # the first example builds the validators
keys = st.sampled_from(["type", "text", "blocks", "elements", "options", "rows", "view", "chart"]) | st.text(max_size=3)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(sorted(BLOCK_TYPES))
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
objects = st.dictionaries(keys, anything, max_size=4)


@unhurried
@given(anything)
def test_no_layout_makes_a_check_raise(value: Any) -> None:
    contract.check_view(value)
    contract.check_blocks(value, "message")
    contract.check_blocks([value], "home")


@unhurried
@given(st.sampled_from(sorted(METHODS)), st.data())
def test_no_arguments_make_a_check_raise(method: str, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(METHODS[method].arguments) or ["x"])
    args = data.draw(st.dictionaries(names, anything, max_size=4))
    contract.check_call(method, contract.decode(method, args))


@unhurried
@given(objects, anything)
def test_no_answer_makes_a_check_raise(request: dict[str, Any], ack: Any) -> None:
    for kind in ("view_submission", "block_suggestion", "url_verification", "block_actions"):
        contract.check_ack({**request, "type": kind}, ack)
    contract.check_ack({**request, "command": "/x"}, ack)
    contract.check_response_url_body(ack, slash_command=True)


@unhurried
@given(objects)
def test_no_manifest_makes_a_check_raise(manifest: dict[str, Any]) -> None:
    contract.check_manifest(manifest)
    contract.granted_scopes(manifest)


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Every (parent, key) inside `node`."""
    children = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    return [(node, key) for key, _ in children] + [place for _, child in children for place in _places(child)]


@examples(100)
@given(st.sampled_from(LAYOUTS), st.integers(), st.sampled_from(BROKEN))
def test_no_real_layout_with_one_part_broken_makes_a_check_raise(sample: Sample, seed: int, part: Any) -> None:
    layout = copy.deepcopy(sample.value)
    if places := _places(layout):
        parent, key = random.Random(seed).choice(places)
        parent[key] = part
    contract.check_view(layout)
    contract.check_blocks(layout, "message")


@pytest.mark.parametrize(
    "args",
    [{"text": "\ud800"}, {"text": "x", "metadata": {"event_type": "\ud800", "event_payload": {}}}],
    ids=["text", "metadata"],
)
def test_half_a_surrogate_pair_is_only_text(args: dict[str, Any]) -> None:
    contract.check_call("chat.postMessage", {"channel": C, **args})
    contract.check_view(modal(section("\ud800")))
