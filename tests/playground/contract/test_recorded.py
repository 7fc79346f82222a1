"""Layouts that Slack or authors of its SDKs wrote must pass, except where a reason is given."""

from __future__ import annotations

import pytest

from playground.contract import Problem, check_ack, check_blocks, check_view
from playground.contract.shape import BLOCK_TYPES
from tests.playground.recorded import HERE, Sample, layouts, samples

NEGATIVE = "its own project's example of what must be refused"
SURFACE = "it does not say where it belongs, and is checked as a message"
UNSENDABLE = "a block that apps cannot send"
MADE_UP = "made up by a client's author, against Slack's documents"
KNOWN = {
    # where it comes from -> why it is refused
    "block-kit/src/blocks/file.py": UNSENDABLE,
    "BlockKitTest.java:74": "one block_id for every block",
    "BlockKitTest.java:775": NEGATIVE,
    "BlockKitTest.java:1437": SURFACE,
    "BlockKitTest.java:1500": SURFACE,
    "BlockKitTest.java:1748": SURFACE,
    "BlockKitTest.java:1864": "highlight styles on text and links; documented for mentions only",
    "block_alert_test.go": SURFACE,
    "block_conv_test.go:104": NEGATIVE,
    "block_data_table_test.go:168": NEGATIVE,
    "block_data_visualization_test.go:72": "every kind of chart in one message",
    "block_data_visualization_test.go:222": NEGATIVE,
    "block_roundtrip_test.go:43": "null as a table cell; undocumented",
    "block_table_test.go:133": "null as a table cell; undocumented",
    "block_table_test.go:187": NEGATIVE,
    "reactions_test.go:200": "a file item, not a block",
    "views_test.go:779": MADE_UP,
    "views_test.go:816": MADE_UP,
    "interactions_test.go:82": "an input without a submit button",
    "test_blocks.py:51": NEGATIVE,
    "test_blocks.py:757": UNSENDABLE,
    "test_blocks.py:1017": NEGATIVE,
    "test_blocks.py:1113": "a rich-text date with its timestamp as text; documented as a number",
    "test_blocks.py:1300": "a rich-text list without a style; documented as required",
    "test_blocks.py:1646": SURFACE,
    "test_blocks.py:1654": SURFACE,
    "test_blocks.py:1664": SURFACE,
}
LAYOUTS = list(layouts(BLOCK_TYPES))


def _refusals(sample: Sample) -> list[Problem]:
    value = sample.value
    found = check_view(value) if isinstance(value, dict) else check_blocks(value, "message")
    return [problem for problem in found if problem.severity == "error"]


def _known(sample: Sample) -> str | None:
    return next((place for place in KNOWN if place in sample.source), None)


def test_there_are_many_recorded_layouts_and_they_are_small() -> None:
    assert len(LAYOUTS) > 200
    assert sum(path.stat().st_size for path in HERE.glob("*.json")) < 1_500_000


@pytest.mark.parametrize("sample", [s for s in LAYOUTS if not _known(s)], ids=lambda sample: sample.source)
def test_a_real_layout_passes(sample: Sample) -> None:
    assert _refusals(sample) == []


def test_every_known_exception_is_still_one() -> None:
    refused = {_known(sample) for sample in LAYOUTS if _refusals(sample)} - {None}
    assert refused == KNOWN.keys()


@pytest.mark.parametrize("sample", samples("bolt-python") + samples("java-app-backend"), ids=lambda s: s.source)
def test_every_recorded_request_may_be_answered_with_nothing(sample: Sample) -> None:
    if sample.value.get("type") not in ("block_suggestion", "url_verification"):
        assert check_ack(sample.value, "") == []
