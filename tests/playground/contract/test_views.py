"""Modals and Home tabs: one wrong view a rule, and views Slack takes."""

from __future__ import annotations

from typing import Any

import pytest

from playground.contract import check_view
from tests.playground.contract.pieces import (
    Piece,
    actions,
    button,
    field,
    home,
    modal,
    plain,
    refused,
    section,
    select,
    text_input,
)

ELEMENT = "/view/blocks/0/element"

REFUSED: dict[str, tuple[Any, str]] = {
    "no object": ("x", "/view/type"),
    "an unknown type": ({"type": "window", "blocks": []}, "/view/type"),
    "a modal without a title": ({"type": "modal", "blocks": []}, "/view"),
    "a modal without blocks": ({"type": "modal", "title": plain()}, "/view"),
    "a modal title of 25 characters": (modal(title=plain("x" * 25)), "/view/title/text"),
    "a submit label of 25 characters": (modal(submit=plain("x" * 25)), "/view/submit/text"),
    "a close label of 25 characters": (modal(close=plain("x" * 25)), "/view/close/text"),
    "private metadata of 3,001 characters": (modal(private_metadata="x" * 3001), "/view/private_metadata"),
    "a callback_id of 256 characters": (modal(callback_id="x" * 256), "/view/callback_id"),
    "an external_id of 256 characters": (home(external_id="x" * 256), "/view/external_id"),
    "101 blocks": (home(*[{"type": "divider"}] * 101), "/view/blocks"),
    "a title on a Home tab": (home(title=plain()), "/view/title"),
    "a view as Slack gave it back": (modal(hash="1.2"), "/view/hash"),
    "an input without a submit button": (
        {"type": "modal", "title": plain(), "blocks": [field(text_input())]},
        "/view",
    ),
    "the focus on two elements": (
        modal(field(text_input(focus_on_load=True)), field(text_input(focus_on_load=True), "g")),
        "/view/blocks/1/element/focus_on_load",
    ),
    "a block_id used twice": (modal(field(text_input()), field(text_input())), "/view/blocks/1/block_id"),
    "a label of 2,001 characters": (modal(field(text_input(), label=plain("x" * 2001))), "/view/blocks/0/label/text"),
    "a hint of 2,001 characters": (
        modal(field(text_input(), hint=plain("x" * 2001))),
        "/view/blocks/0/hint/text",
    ),
    "a placeholder of 151 characters": (
        modal(field(text_input(placeholder=plain("x" * 151)))),
        f"{ELEMENT}/placeholder/text",
    ),
    "an initial value of 3,001 characters": (
        modal(field(text_input(initial_value="x" * 3001))),
        f"{ELEMENT}/initial_value",
    ),
    "an input of up to 3,001 characters": (modal(field(text_input(max_length=3001))), f"{ELEMENT}/max_length"),
    "a least length above the most": (
        modal(field(text_input(min_length=5, max_length=4))),
        f"{ELEMENT}/min_length",
    ),
    "a least number above the most": (
        modal(field({"type": "number_input", "is_decimal_allowed": True, "min_value": "9", "max_value": "5"})),
        f"{ELEMENT}/min_value",
    ),
    "a bound that is no number": (
        modal(field({"type": "number_input", "is_decimal_allowed": True, "min_value": "nine"})),
        ELEMENT,
    ),
    "eleven files": (modal(field({"type": "file_input", "max_files": 11})), f"{ELEMENT}/max_files"),
    "a file input that dispatches": (
        modal(field({"type": "file_input"}, dispatch_action=True)),
        "/view/blocks/0/dispatch_action",
    ),
    "an alert of 201 characters": (
        modal({"type": "alert", "text": plain("x" * 201)}),
        "/view/blocks/0/text/text",
    ),
    "an alert on a Home tab": (home({"type": "alert", "text": plain()}), "/view/blocks/0"),
    "a markdown block in a modal": (modal({"type": "markdown", "text": "x"}), "/view/blocks/0"),
    "a response address outside an input block": (
        modal(actions({"type": "conversations_select", "response_url_enabled": True})),
        "/view/blocks/0/elements/0/response_url_enabled",
    ),
    "a response address on a Home tab": (
        home(field({"type": "channels_select", "response_url_enabled": True})),
        f"{ELEMENT}/response_url_enabled",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_view_is_refused_for(name: str) -> None:
    view, pointer = REFUSED[name]
    assert ("invalid_arguments", pointer) in refused(check_view(view))


def test_a_view_above_250_kilobytes_is_too_large_even_if_its_characters_are_few() -> None:
    assert refused(check_view(modal(*[section("x" * 2900)] * 80))) == []
    assert refused(check_view(modal(*[section("ü" * 2900)] * 80))) == [("view_too_large", "/view")]


TAKEN: dict[str, Piece] = {
    "a form": modal(
        field(select(placeholder=plain("Pick"))),
        field(text_input(max_length=200, focus_on_load=True), "g", optional=True),
        private_metadata="x" * 3000,
        notify_on_close=True,
    ),
    "a modal without inputs or a submit button": {"type": "modal", "title": plain(), "blocks": [section()]},
    "a Home tab": home({"type": "header", "text": plain("Hello")}, section(), actions(button())),
    "an empty Home tab": home(),
    "100 blocks": modal(*[{"type": "divider"}] * 100),
    "numbers in order": modal(
        field({"type": "number_input", "is_decimal_allowed": True, "min_value": "9", "max_value": "10.5"})
    ),
    "a response address in an input block": modal(
        field({"type": "conversations_select", "response_url_enabled": True})
    ),
    "inputs only modals have": modal(
        field({"type": "email_text_input"}),
        field({"type": "url_text_input"}, "g"),
        field({"type": "file_input", "max_files": 10}, "h"),
        {"type": "alert", "text": plain("x" * 200), "level": "warning"},
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_view_is_taken_with(name: str) -> None:
    assert check_view(TAKEN[name]) == []
