"""Small, correct pieces of Block Kit to build a wrong one from."""

from __future__ import annotations

from typing import Any

from playground.contract import Problem

Piece = dict[str, Any]

C, U, TS = "C012AB3CD", "U012AB3CD", "1712345678.000100"


def plain(text: str = "x") -> Piece:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x", **more: Any) -> Piece:
    return {"type": "mrkdwn", "text": text, **more}


def section(text: str = "x", **more: Any) -> Piece:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str = "Go", action_id: str = "go", **more: Any) -> Piece:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Piece) -> Piece:
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "a", **more: Any) -> Piece:
    return {"text": plain(value), "value": value, **more}


def options(count: int) -> list[Piece]:
    return [option(str(number)) for number in range(count)]


def select(**more: Any) -> Piece:
    return {"type": "static_select", "action_id": "s", "options": [option()], **more}


def text_input(**more: Any) -> Piece:
    return {"type": "plain_text_input", "action_id": "i", **more}


def field(element: Piece, block_id: str = "f", **more: Any) -> Piece:
    return {"type": "input", "block_id": block_id, "label": plain("L"), "element": element, **more}


def modal(*blocks: Piece, **more: Any) -> Piece:
    return {"type": "modal", "title": plain("T"), "submit": plain("Save"), "blocks": list(blocks), **more}


def home(*blocks: Piece, **more: Any) -> Piece:
    return {"type": "home", "blocks": list(blocks), **more}


def image(**more: Any) -> Piece:
    return {"type": "image", "alt_text": "a", "image_url": "https://e.example/a.png", **more}


def raw(text: str = "a") -> Piece:
    return {"type": "raw_text", "text": text}


def rich(*elements: Piece) -> Piece:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def table(*rows: list[Piece], **more: Any) -> Piece:
    return {"type": "table", "rows": list(rows) or [[raw()]], **more}


def data_table(*rows: list[Piece], **more: Any) -> Piece:
    return {"type": "data_table", "caption": "c", "rows": list(rows) or [[raw()], [raw()]], **more}


def chart(**more: Any) -> Piece:
    bars: Piece = {
        "type": "bar",
        "series": [{"name": "s", "data": [{"label": "a", "value": 1}]}],
        "axis_config": {"categories": ["a"]},
    }
    return {"type": "data_visualization", "title": "T", "chart": {**bars, **more}}


def pie(*values: float) -> Piece:
    segments = [{"label": str(index), "value": value} for index, value in enumerate(values)]
    return {"type": "data_visualization", "title": "T", "chart": {"type": "pie", "segments": segments}}


def card(**more: Any) -> Piece:
    return {"type": "card", "title": mrkdwn(), **more}


def container(*blocks: Piece, **more: Any) -> Piece:
    return {"type": "container", "title": plain(), "child_blocks": list(blocks) or [section()], **more}


def refused(problems: list[Problem]) -> list[tuple[str, str]]:
    """Code and pointer of what Slack refuses."""
    return [(problem.code, problem.pointer) for problem in problems if problem.severity == "error"]


def warned(problems: list[Problem]) -> list[tuple[str, str]]:
    """Code and pointer of what Slack takes with a bad result."""
    return [(problem.code, problem.pointer) for problem in problems if problem.severity == "warning"]
