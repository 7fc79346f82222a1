"""Blocks in messages: one wrong layout a rule, with the place Slack would point at; and layouts it takes."""

from __future__ import annotations

from typing import Any

import pytest

from playground.contract import check_blocks
from tests.playground.contract.pieces import (
    Piece,
    actions,
    button,
    card,
    chart,
    container,
    data_table,
    field,
    image,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    raw,
    refused,
    rich,
    section,
    select,
    table,
    text_input,
    warned,
)

ELEMENT = "/blocks/0/elements/0"

REFUSED: dict[str, tuple[list[Any], str]] = {
    # what it is made of
    "a block that is no object": (["x"], "/blocks/0"),
    "a block without a type": ([{"text": mrkdwn()}], "/blocks/0"),
    "a block of an unknown type": ([{"type": "sectoin"}], "/blocks/0/type"),
    "a header in mrkdwn": ([{"type": "header", "text": mrkdwn()}], "/blocks/0/text/type"),
    "a field nobody knows": ([actions(button(disabled=True))], f"{ELEMENT}/disabled"),
    "a text that is not a text object": ([{"type": "section", "text": "x"}], "/blocks/0/text"),
    "an input as a section's accessory": ([section(accessory=text_input())], "/blocks/0/accessory/type"),
    "an unknown button style": ([actions(button(style="default"))], f"{ELEMENT}/style"),
    "an image without alt text": ([{"type": "image", "image_url": "https://e.example/a"}], "/blocks/0"),
    "an image from two places": ([image(slack_file={"id": "F1"})], "/blocks/0"),
    "an image from nowhere": ([{"type": "image", "alt_text": "a"}], "/blocks/0"),
    "a section with nothing in it": ([{"type": "section"}], "/blocks/0"),
    # rules between fields
    "options and option groups": (
        [actions(select(option_groups=[{"label": plain(), "options": [option()]}]))],
        ELEMENT,
    ),
    "neither options nor option groups": ([actions({"type": "static_select"})], ELEMENT),
    "an initial option that is not offered": (
        [actions(select(initial_option=option("b")))],
        f"{ELEMENT}/initial_option",
    ),
    "an initial checkbox that is not offered": (
        [actions({"type": "checkboxes", "options": [option()], "initial_options": [option("b")]})],
        f"{ELEMENT}/initial_options",
    ),
    "more initial options than may be selected": (
        [
            section(
                accessory={
                    "type": "multi_static_select",
                    "options": options(3),
                    "initial_options": options(2),
                    "max_selected_items": 1,
                }
            )
        ],
        "/blocks/0/accessory/initial_options",
    ),
    "an option with an address outside an overflow menu": (
        [actions(select(options=[option(url="https://e.example")]))],
        f"{ELEMENT}/options/0/url",
    ),
    "a date written the German way": (
        [actions({"type": "datepicker", "initial_date": "31.12.2026"})],
        f"{ELEMENT}/initial_date",
    ),
    "31 February": ([actions({"type": "datepicker", "initial_date": "2026-02-31"})], f"{ELEMENT}/initial_date"),
    "25 o'clock": ([actions({"type": "timepicker", "initial_time": "25:00"})], f"{ELEMENT}/initial_time"),
    "a time zone of Mars": (
        [actions({"type": "timepicker", "timezone": "Mars/Olympus"})],
        f"{ELEMENT}/timezone",
    ),
    "a date and time in milliseconds": (
        [actions({"type": "datetimepicker", "initial_date_time": 1712345678000})],
        f"{ELEMENT}/initial_date_time",
    ),
    "an empty card": ([{"type": "card", "subtitle": mrkdwn()}], "/blocks/0"),
    "a card with two icons": (
        [card(icon=image(), slack_icon={"type": "icon", "name": "rocket"})],
        "/blocks/0",
    ),
    "a container without a title": ([{"type": "container", "child_blocks": [section()]}], "/blocks/0"),
    "a container collapsed for ever": ([container(default_collapsed=True)], "/blocks/0/default_collapsed"),
    "a data table with uneven rows": ([data_table([raw(), raw()], [raw()])], "/blocks/0/rows"),
    "a data table with a rich header": ([data_table([rich()], [raw()])], "/blocks/0/rows/0"),
    "a row header beyond the columns": (
        [data_table(row_header_column_index=1)],
        "/blocks/0/row_header_column_index",
    ),
    "a pie segment of nothing": ([pie(1, 0)], "/blocks/0/chart/segments/1/value"),
    "two series of one name": (
        [chart(series=[{"name": "s", "data": [{"label": "a", "value": 1}]}] * 2)],
        "/blocks/0/chart/series",
    ),
    "a category without a point": (
        [chart(axis_config={"categories": ["a", "b"]})],
        "/blocks/0/chart/series/0/data",
    ),
    # the whole message
    "a block_id used twice": ([section(block_id="b"), section(block_id="b")], "/blocks/1/block_id"),
    "an action_id used twice in one block": (
        [actions(button(), button("No"))],
        "/blocks/0/elements/1/action_id",
    ),
    "two tables": ([table(), table()], "/blocks"),
    "three charts": ([chart(), chart(), chart()], "/blocks"),
    "markdown blocks of 14,000 characters": ([{"type": "markdown", "text": "x" * 7000}] * 2, "/blocks"),
    "a table of 10,002 characters": ([table([raw("x" * 5001)], [raw("x" * 5001)])], "/blocks"),
    "data tables of 20,003 characters": (
        [data_table([raw("x" * 9999)], [raw("x" * 10001)]), data_table()],
        "/blocks",
    ),
    # the wrong place
    "an alert in a message": ([{"type": "alert", "text": plain()}], "/blocks/0"),
    "a number input in a message": (
        [field({"type": "number_input", "is_decimal_allowed": False})],
        "/blocks/0/element",
    ),
    "a file input in a message": ([field({"type": "file_input"})], "/blocks/0/element"),
    "an e-mail input in a message": ([field({"type": "email_text_input"})], "/blocks/0/element"),
    "a file block": ([{"type": "file", "source": "remote", "external_id": "1"}], "/blocks/0"),
    "a response address outside a modal": (
        [field({"type": "channels_select", "response_url_enabled": True})],
        "/blocks/0/element/response_url_enabled",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_message_is_refused_for(name: str) -> None:
    blocks, pointer = REFUSED[name]
    assert ("invalid_blocks", pointer) in refused(check_blocks(blocks, "message"))


def test_blocks_that_are_no_list_have_a_code_of_their_own() -> None:
    assert refused(check_blocks("[{", "message")) == [("invalid_blocks_format", "/blocks")]
    assert refused(check_blocks({}, "home")) == [("invalid_arguments", "/blocks")]


@pytest.mark.parametrize(
    ("block", "surface"),
    [
        ({"type": "markdown", "text": "x"}, "home"),
        (container(), "home"),
        (chart(), "modal"),
        (table(), "modal"),
        (data_table(), "modal"),
        (card(), "modal"),
        (actions({"type": "datetimepicker"}), "home"),
        (field({"type": "number_input", "is_decimal_allowed": True}), "home"),
        (field({"type": "rich_text_input"}), "message"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["type"],
)
def test_a_block_stands_only_where_slack_shows_it(block: Piece, surface: Any) -> None:
    assert len(refused(check_blocks([block], surface))) == 1


TAKEN: dict[str, list[Piece]] = {
    "a text with buttons": [section("Hi", block_id="a"), actions(button(), button("No", "no", style="danger"))],
    "the same action_id in two blocks": [actions(button()), actions(button())],
    "50 blocks": [{"type": "divider"}] * 50,
    "texts at their limits": [
        section("x" * 3000),
        {"type": "header", "text": plain("x" * 150)},
        actions(button("x" * 75, value="x" * 2000), select(options=options(100))),
    ],
    "checkboxes with mrkdwn": [
        actions({"type": "checkboxes", "options": [{"text": mrkdwn(), "value": "a", "description": mrkdwn()}]})
    ],
    "an overflow menu with an address": [
        actions({"type": "overflow", "options": [option(url="https://e.example"), option("b")]})
    ],
    "a leap day": [actions({"type": "datepicker", "initial_date": "2028-02-29"})],
    "a group's option chosen": [
        section(
            accessory={
                "type": "static_select",
                "option_groups": [{"label": plain(), "options": [option()]}],
                "initial_option": option(),
            }
        )
    ],
    "new blocks": [container(section()), chart(), pie(1, 2), data_table(), card(subtext=mrkdwn())],
    "a plan": [
        {
            "type": "plan",
            "title": "p",
            "tasks": [{"type": "task_card", "task_id": "1", "title": "t", "status": "complete"}],
        }
    ],
    "a column without settings": [table([raw(), raw()], column_settings=[None, {"align": "right"}])],
    "an image from Slack": [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}}],
    "an input in a message": [field(text_input(min_length=1, max_length=3000))],
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_message_is_taken_with(name: str) -> None:
    assert check_blocks(TAKEN[name], "message") == []


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        ([actions(select(options=[option(), option()]))], ("duplicate_option_value", ELEMENT)),
        (
            [container(is_collapsible=True, has_header_divider=True)],
            ("field_ignored", "/blocks/0/has_header_divider"),
        ),
        ([section("<!here>")], ("broadcast_mention", "/blocks/0/text/text")),
        (
            [rich({"type": "broadcast", "range": "here"})],
            ("broadcast_mention", "/blocks/0/elements/0/elements/0"),
        ),
        ([{"type": "markdown", "text": "<!here>"}], ("broadcast_mention", "/blocks/0/text")),
    ],
)
def test_what_slack_takes_with_a_bad_result_is_a_warning(blocks: list[Piece], found: tuple[str, str]) -> None:
    problems = check_blocks(blocks, "message")
    assert (refused(problems), warned(problems)) == ([], [found])


def test_a_text_object_that_slack_parses_is_no_place_for_a_persons_words() -> None:
    said = ["@everyone"]
    assert warned(check_blocks([section("they say @everyone")], "message", untrusted=said)) == [
        ("auto_parsed_mention", "/blocks/0/text/text")
    ]
    for text in (mrkdwn("they say @everyone", verbatim=True), plain("@everyone")):
        assert check_blocks([{"type": "section", "text": text}], "message", untrusted=said) == []


def test_messages_read_as_slack_writes_them() -> None:
    (problem,) = check_blocks([section("x" * 3001)], "message")
    assert problem.message == "must be less than 3001 characters"
