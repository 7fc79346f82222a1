"""How long and how many: one step beyond each of Slack's numbers, and the place Slack would point at."""

from __future__ import annotations

from typing import Any

import pytest

from playground.contract import check_blocks
from tests.playground.contract.pieces import (
    actions,
    button,
    card,
    chart,
    container,
    data_table,
    image,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    raw,
    refused,
    section,
    select,
    table,
)

ELEMENT = "/blocks/0/elements/0"

BEYOND: dict[str, tuple[list[Any], str]] = {
    "51 blocks": ([{"type": "divider"}] * 51, "/blocks"),
    "an empty text": ([section("")], "/blocks/0/text/text"),
    "a section of 3,001 characters": ([section("x" * 3001)], "/blocks/0/text/text"),
    "a section with 11 fields": ([{"type": "section", "fields": [mrkdwn()] * 11}], "/blocks/0/fields"),
    "a field of 2,001 characters": (
        [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
        "/blocks/0/fields/0/text",
    ),
    "a header of 151 characters": ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
    "a header of level 5": ([{"type": "header", "text": plain(), "level": 5}], "/blocks/0/level"),
    "a block_id of 256 characters": ([section(block_id="x" * 256)], "/blocks/0/block_id"),
    "an action_id of 256 characters": ([actions(button(action_id="x" * 256))], f"{ELEMENT}/action_id"),
    "11 elements in a context": ([{"type": "context", "elements": [mrkdwn()] * 11}], "/blocks/0/elements"),
    "26 actions": ([actions(*[button(action_id=str(n)) for n in range(26)])], "/blocks/0/elements"),
    "no actions": ([actions()], "/blocks/0/elements"),
    "a button of 76 characters": ([actions(button("x" * 76))], f"{ELEMENT}/text/text"),
    "a button value of 2,001 characters": ([actions(button(value="x" * 2001))], f"{ELEMENT}/value"),
    "a button address of 3,001 characters": ([actions(button(url="https://" + "x" * 2993))], f"{ELEMENT}/url"),
    "an accessibility label of 76 characters": (
        [actions(button(accessibility_label="x" * 76))],
        f"{ELEMENT}/accessibility_label",
    ),
    "an image with 2,001 characters of alt text": ([image(alt_text="x" * 2001)], "/blocks/0/alt_text"),
    "101 options": ([actions(select(options=options(101)))], f"{ELEMENT}/options"),
    "no options": ([actions(select(options=[]))], f"{ELEMENT}/options"),
    "an option text of 76 characters": (
        [actions(select(options=[{"text": plain("x" * 76), "value": "a"}]))],
        f"{ELEMENT}/options/0/text/text",
    ),
    "an option value of 151 characters": (
        [actions(select(options=[{"text": plain(), "value": "x" * 151}]))],
        f"{ELEMENT}/options/0/value",
    ),
    "an option without a value": ([actions(select(options=[{"text": plain()}]))], f"{ELEMENT}/options/0"),
    "an option in mrkdwn": (
        [actions(select(options=[{"text": mrkdwn(), "value": "a"}]))],
        f"{ELEMENT}/options/0/text/type",
    ),
    "101 option groups": (
        [actions({"type": "static_select", "option_groups": [{"label": plain(), "options": [option()]}] * 101})],
        f"{ELEMENT}/option_groups",
    ),
    "an option group label of 76 characters": (
        [actions({"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": [option()]}]})],
        f"{ELEMENT}/option_groups/0/label/text",
    ),
    "11 checkboxes": ([actions({"type": "checkboxes", "options": options(11)})], f"{ELEMENT}/options"),
    "11 radio buttons": ([actions({"type": "radio_buttons", "options": options(11)})], f"{ELEMENT}/options"),
    "6 overflow options": ([actions({"type": "overflow", "options": options(6)})], f"{ELEMENT}/options"),
    "a placeholder of 151 characters": (
        [actions(select(placeholder=plain("x" * 151)))],
        f"{ELEMENT}/placeholder/text",
    ),
    "a multi-select that takes no item": (
        [section(accessory={"type": "multi_users_select", "max_selected_items": 0})],
        "/blocks/0/accessory/max_selected_items",
    ),
    "a confirm title of 101 characters": (
        [actions(button(confirm={"title": plain("x" * 101), "text": plain()}))],
        f"{ELEMENT}/confirm/title/text",
    ),
    "a confirm text of 301 characters": (
        [actions(button(confirm={"title": plain(), "text": mrkdwn("x" * 301)}))],
        f"{ELEMENT}/confirm/text/text",
    ),
    "a confirm button of 31 characters": (
        [actions(button(confirm={"text": plain(), "confirm": plain("x" * 31)}))],
        f"{ELEMENT}/confirm/confirm/text",
    ),
    "a markdown block of 12,001 characters": ([{"type": "markdown", "text": "x" * 12001}], "/blocks/0/text"),
    "a card subtitle of 151 characters": ([card(subtitle=mrkdwn("x" * 151))], "/blocks/0/subtitle/text"),
    "a card body of 201 characters": ([card(body=mrkdwn("x" * 201))], "/blocks/0/body/text"),
    "a card with 4 buttons": (
        [card(actions=[button(action_id=str(n)) for n in range(4)])],
        "/blocks/0/actions",
    ),
    "a carousel of 11 cards": ([{"type": "carousel", "elements": [card()] * 11}], "/blocks/0/elements"),
    "a container of 11 blocks": ([container(*[{"type": "divider"}] * 11)], "/blocks/0/child_blocks"),
    "a container in a container": ([container(container())], "/blocks/0/child_blocks/0/type"),
    "a table of 101 rows": ([table(*[[raw()]] * 101)], "/blocks/0/rows"),
    "a table row of 21 cells": ([table([raw()] * 21)], "/blocks/0/rows/0"),
    "21 column settings": ([table(column_settings=[None] * 21)], "/blocks/0/column_settings"),
    "a data table of 202 rows": ([data_table(*[[raw()]] * 202)], "/blocks/0/rows"),
    "a data table of one row": ([data_table([raw()])], "/blocks/0/rows"),
    "a data table without a caption": (
        [{"type": "data_table", "rows": [[raw()], [raw()]]}],
        "/blocks/0",
    ),
    "a data table page of 101 rows": ([data_table(page_size=101)], "/blocks/0/page_size"),
    "a chart title of 51 characters": ([{**chart(), "title": "x" * 51}], "/blocks/0/title"),
    "a pie of 13 segments": ([pie(*[1] * 13)], "/blocks/0/chart/segments"),
    "a chart label of 21 characters": (
        [
            chart(
                series=[{"name": "s", "data": [{"label": "x" * 21, "value": 1}]}],
                axis_config={"categories": ["x" * 20]},
            )
        ],
        "/blocks/0/chart/series/0/data/0/label",
    ),
}


@pytest.mark.parametrize("name", BEYOND)
def test_a_message_is_refused_for(name: str) -> None:
    blocks, pointer = BEYOND[name]
    assert ("invalid_blocks", pointer) in refused(check_blocks(blocks, "message"))
