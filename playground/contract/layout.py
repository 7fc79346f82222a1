"""A whole layout: the blocks of a message, or a view. What one block cannot know is checked here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from playground.contract import shape
from playground.contract.data import limit
from playground.contract.problems import Fault, Path, Problem, pointer, warning
from playground.contract.shape import BLOCK_TYPES, Surface, walk
from playground.contract.text import check_markdown, check_text

Node = dict[str, Any]
TEXT_KEYS = ("text", "title", "caption", "markdown_text")


def check_blocks(blocks: Any, surface: Surface, *, untrusted: Sequence[str] = (), at: str = "/blocks") -> list[Problem]:
    """Everything Slack would refuse, or take with a bad result, about `blocks` on `surface`.

    `untrusted` are texts that people wrote: where they stand unescaped, a warning says so. `at` is the JSON
    pointer of the blocks. The code of a refusal is `invalid_blocks` in a message and `invalid_arguments` in a view.
    """
    if not isinstance(blocks, list):
        code = "invalid_blocks_format" if surface == "message" else "invalid_arguments"
        return [Problem(code, at, "blocks must be an array")]
    code = "invalid_blocks" if surface == "message" else "invalid_arguments"
    found = [*_faults(blocks, surface), *_ids(blocks), *_response_urls(blocks, surface)]
    if surface == "message":
        found += _message_totals(blocks)
    return [fault.as_problem(at, code) for fault in found] + _texts(blocks, untrusted, at)


def check_view(view: Any, *, untrusted: Sequence[str] = (), at: str = "/view") -> list[Problem]:
    """Everything Slack would refuse about a modal or a Home tab; a refusal has the code `invalid_arguments`."""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in ("modal", "home"):
        return [Problem("invalid_arguments", pointer(at, "type"), "a view is an object of type modal or home")]
    surface: Surface = "home" if kind == "home" else "modal"
    found = shape.faults(view, "Home" if kind == "home" else "Modal", surface)
    found += [*_ids(view), *_view_rules(view), *_response_urls(view, surface)]
    return [fault.as_problem(at, "invalid_arguments") for fault in found] + _texts(view, untrusted, at)


def check_part(part: Any, definition: str, *, code: str, at: str, untrusted: Sequence[str] = ()) -> list[Problem]:
    """One piece of a message by its definition in `blockkit.json`: an attachment, a stream chunk, an option."""
    found = [*shape.faults(part, definition, "message"), *_ids(part)]
    return [fault.as_problem(at, code) for fault in found] + _texts(part, untrusted, at)


def characters(node: Any) -> int:
    """How many characters of text people see in `node`; Slack's own measure is unpublished."""
    if isinstance(node, dict):
        own = sum(len(node[key]) for key in TEXT_KEYS if isinstance(node.get(key), str))
        return own + sum(characters(value) for value in node.values())
    return sum(characters(value) for value in node) if isinstance(node, list) else 0


def _faults(blocks: list[Any], surface: Surface) -> Iterator[Fault]:
    most = limit("message", "blocks") if surface == "message" else 100
    if len(blocks) > most:
        yield Fault((), f"no more than {most} items allowed")
    for index, block in enumerate(blocks):
        for fault in shape.faults(block, "AnyBlock", surface):
            yield fault.under((index,))


def _ids(layout: Any) -> Iterator[Fault]:
    """Doubled `block_id`s in the layout and doubled `action_id`s within one block."""
    blocks: dict[str, Path] = {}
    actions: set[tuple[Path, str]] = set()
    for path, owner, node in _owned(layout):
        block_id, action_id = node.get("block_id"), node.get("action_id")
        if isinstance(block_id, str) and block_id:
            if block_id in blocks:
                yield Fault((*path, "block_id"), f"{block_id} is used twice")
            blocks[block_id] = path
        if isinstance(action_id, str):
            if (owner, action_id) in actions:
                yield Fault((*path, "action_id"), f"{action_id} is used twice in one block")
            actions.add((owner, action_id))


def _owned(layout: Any) -> Iterator[tuple[Path, Path, Node]]:
    """Typed nodes with the path of the block that holds them."""
    owners: list[Path] = []
    for path, node in walk(layout):
        owners = [owner for owner in owners if path[: len(owner)] == owner]
        yield path, owners[-1] if owners else (), node
        if node["type"] in BLOCK_TYPES:
            owners.append(path)


def _message_totals(blocks: list[Any]) -> Iterator[Fault]:
    of_type: dict[str, list[Node]] = {}
    for _, node in walk(blocks):
        of_type.setdefault(node["type"], []).append(node)
    if len(of_type.get("table", ())) > limit("message", "tables"):
        yield Fault((), "only_one_table_allowed")
    if len(of_type.get("data_visualization", ())) > (charts := limit("message", "charts")):
        yield Fault((), f"no more than {charts} data_visualization blocks allowed")
    totals = {"markdown": "markdown_blocks", "table": "table", "data_table": "data_table"}
    for kind, name in totals.items():
        total = characters(of_type.get(kind, []))
        if total > (most := limit("message", name)):
            yield Fault((), f"all {kind} blocks together hold {total} characters; {most} are allowed")


def _view_rules(view: Node) -> Iterator[Fault]:
    nodes = list(walk(view))
    inputs = any(node["type"] == "input" for _, node in nodes)
    if view["type"] == "modal" and inputs and not view.get("submit"):
        yield Fault((), "must define submit to use an input block in a modal")
    focused = [path for path, node in nodes if node.get("focus_on_load") is True]
    if len(focused) > 1:
        yield Fault((*focused[1], "focus_on_load"), "only one element of a view can have the focus")
    size = len(json.dumps(view, ensure_ascii=False).encode(errors="surrogatepass"))
    if size > limit("view", "bytes"):
        yield Fault((), f"{size} bytes; a view holds 250 KB", code="view_too_large")


def _response_urls(layout: Any, surface: Surface) -> Iterator[Fault]:
    for path, node in walk(layout):
        if node.get("response_url_enabled") and not (surface == "modal" and path[-1:] == ("element",)):
            yield Fault((*path, "response_url_enabled"), "works only inside an input block of a modal")


def _texts(layout: Any, untrusted: Sequence[str], at: str) -> list[Problem]:
    """Warnings about the texts of a layout that Slack parses."""
    found: list[Problem] = []
    for path, node in walk(layout):
        text, where = node.get("text"), pointer(at, *path, "text")
        if node["type"] == "mrkdwn" and isinstance(text, str):
            live = node.get("verbatim") is not True
            found += check_text(text, untrusted, auto_parsed=live, at=where)
        elif node["type"] in ("markdown", "markdown_text") and isinstance(text, str):
            found += check_markdown(text, untrusted, at=where)
        elif node["type"] == "broadcast":
            found.append(warning("broadcast_mention", pointer(at, *path), "notifies everyone there"))
    return found
