"""Slack's markup as its author saw it: what people typed, without the tokens Slack put in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"<([@#!]|https?://|mailto:|tel:)([^<>|]*)(?:\|([^<>]*))?>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def mentioned(text: str) -> list[str]:
    """The Slack ids of the people a text mentions."""
    return list(dict.fromkeys(_PERSON.findall(text)))


def as_typed(text: str, names: Mapping[str, str] | None = None) -> str:
    """The words of a text in Slack's markup. `names` tell who is behind a Slack id."""
    known = names or {}
    plain = _TOKEN.sub(lambda token: _word(token[1], token[2], token[3] or "", known), text)
    for entity, character in _ENTITIES:
        plain = plain.replace(entity, character)
    return plain


def _word(kind: str, what: str, label: str, names: Mapping[str, str]) -> str:
    if kind == "@":
        return "@" + (names.get(what) or label or "somebody")
    if kind == "#":
        return "#" + (label or "a private channel")
    if kind == "!":
        return label or "@" + what.partition("^")[0]
    address = what if kind in ("mailto:", "tel:") else kind + what
    return address if not label or label in address else f"{label} ({address})"
