"""What people write: made storable and measured, with a sentence when it is missing or too long."""

from __future__ import annotations

import re
import unicodedata

from workflows.errors import WorkflowError

LONG = 3000
"""The most characters a long field takes."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_INVISIBLE = ("C", "Z")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs by their category, but drawn as nothing: the fillers of Hangul, a Braille pattern without dots."""


def tidy(text: str | None) -> str:
    """The text without what no database keeps (NUL, lone surrogates, control characters) and without blank edges."""
    return _UNSTORABLE.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str | None) -> str:
    """The text on one line."""
    return " ".join(tidy(text).split())


def says_something(text: str) -> bool:
    """Whether there is anything to see in it: neither blanks nor invisible characters count."""
    return any(unicodedata.category(it)[0] not in _INVISIBLE and it not in _BLANK for it in text)


def required(text: str | None, field: str, missing: str, limit: int = LONG) -> str:
    """The text, tidied. Raises `WorkflowError` with the sentence `missing`, or with how much is too much."""
    kept = tidy(text)
    if not says_something(kept):
        raise WorkflowError(missing, field)
    return fitting(kept, field, limit)


def optional(text: str | None, field: str, limit: int = LONG) -> str:
    """The text, tidied; empty if there is nothing to see in it. Raises `WorkflowError` if it is too long."""
    kept = tidy(text)
    return fitting(kept, field, limit) if says_something(kept) else ""


def fitting(text: str, field: str, limit: int) -> str:
    """The text. Raises `WorkflowError`, saying by how much, if it has more than `limit` characters."""
    if len(text) > limit:
        raise WorkflowError(f"That is {len(text):,} characters; please keep it to {limit:,}.", field)
    return text
