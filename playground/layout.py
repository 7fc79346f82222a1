"""Block Kit as Slack keeps it: ids filled in, elements found, text read out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playground.values import Identifiers, Json

INPUT_TYPES = frozenset(
    {
        "plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input", "file_input",
        "static_select", "external_select", "users_select", "conversations_select", "channels_select",
        "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select",
        "multi_channels_select", "datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes",
    }
)  # fmt: skip
INTERACTIVE = INPUT_TYPES | {"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"}
NEED_BLOCK_ID = frozenset({"container", "carousel"})
USER_TOKEN = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>|<(https?://[^<>|]+)(?:\|([^<>]*))?>")


@dataclass(frozen=True)
class Place:
    """An element and the block it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def is_input(self) -> bool:
        return bool(self.block["type"] == "input")


def stored(blocks: list[Json], ids: Identifiers) -> list[Json]:
    """A copy of `blocks` as Slack gives them back: every block has an id, every element an action id."""
    copies = [_filled(block) for block in blocks]
    for block in _every_block(copies):
        block.setdefault("block_id", ids.next("b")[-5:])
        if block["type"] == "input":
            block.setdefault("dispatch_action", False)
            block.setdefault("optional", False)
        for element in _elements(block):
            element.setdefault("action_id", ids.next("a")[-5:])
    return copies


def stored_attachments(attachments: list[Json], ids: Identifiers) -> list[Json]:
    """A copy of `attachments`, numbered, their blocks as Slack gives them back."""
    copies = []
    for number, one in enumerate(attachments, 1):
        inside = {"blocks": stored(one["blocks"], ids)} if one.get("blocks") else {}
        copies.append({"id": number, "fallback": "[no preview available]"} | one | inside)
    return copies


def places(blocks: list[Json]) -> Iterator[Place]:
    """Every interactive element, in reading order."""
    for block in _every_block(blocks):
        for element in _elements(block):
            yield Place(block, element)


def inputs(blocks: list[Json]) -> Iterator[Place]:
    """The elements that hold a value."""
    return (one for one in places(blocks) if one.element["type"] in INPUT_TYPES)


def label(place: Place) -> str:
    """What a person reads on the element: an input's label, a button's text."""
    for text in (place.block.get("label") if place.is_input else None, place.element.get("text")):
        if isinstance(text, dict):
            return str(text.get("text", ""))
    placeholder = place.element.get("placeholder") or {}
    return str(place.element.get("accessibility_label") or placeholder.get("text", ""))


def all_text(node: object) -> str:
    """All words in a layout, in reading order: what a person could read."""
    if isinstance(node, list):
        return "\n".join(filter(None, map(all_text, node)))
    if not isinstance(node, dict):
        return ""
    own = [value for key in ("text", "alt_text") if isinstance(value := node.get(key), str)]
    return "\n".join([*own, *filter(None, (all_text(one) for one in node.values() if isinstance(one, dict | list)))])


def rich_text(text: str, ids: Identifiers) -> list[Json]:
    """The blocks Slack's composer makes of what a person typed."""
    elements: list[Json] = []
    end = 0
    for found in USER_TOKEN.finditer(text):
        elements += _plain(text[end : found.start()])
        user, url, words = found.groups()
        elements.append({"type": "user", "user_id": user} if user else _link(url, words))
        end = found.end()
    elements += _plain(text[end:])
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": ids.next("b")[-5:], "elements": [section]}]


def _plain(text: str) -> list[Json]:
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": plain}] if plain else []


def _link(url: str, words: str | None) -> Json:
    return {"type": "link", "url": url} | ({"text": words} if words else {})


def _filled(node: Json) -> Json:
    """A deep copy with the defaults Slack adds to text objects."""
    copy = {key: _copy(value) for key, value in node.items()}
    if copy.get("type") == "plain_text":
        copy.setdefault("emoji", True)
    if copy.get("type") == "mrkdwn":
        copy.setdefault("verbatim", False)
    return copy


def _copy(value: object) -> object:
    if isinstance(value, dict):
        return _filled(value)
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _every_block(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from _every_block(block.get("child_blocks") or [])
        if block["type"] == "carousel":
            yield from _every_block(block.get("elements") or [])


def _elements(block: Json) -> Iterator[Json]:
    several = [*(block.get("elements") or []), *(block.get("actions") or [])]
    for one in (block.get("accessory"), block.get("element"), *several):
        if isinstance(one, dict) and one.get("type") in INTERACTIVE:
            yield one


def stored_text(text: Json | None) -> Json | None:
    """A copy of a text object as Slack gives it back."""
    return _filled(text) if text else None
