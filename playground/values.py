"""Small shared vocabulary: JSON, Slack's identifiers and its escaping."""

import html
import itertools
import re
import secrets
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

ID_DIGITS = 10
BASE = 36
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TOKEN_BYTES = 12

MENTION = re.compile(
    r"<(?:@[UW][A-Z0-9]+(?:\|[^<>]*)?|#[CG][A-Z0-9]+(?:\|[^<>]*)?|!subteam\^S[A-Z0-9]+(?:\|[^<>]*)?|https?://[^<>]+)>"
)


def base36(number: int) -> str:
    """`number` in Slack's alphabet of identifiers."""
    digits = ""
    while number:
        number, digit = divmod(number, BASE)
        digits = DIGITS[digit] + digits
    return digits or "0"


class Identifiers:
    """Hands out identifiers that look like Slack's and never repeat: `U000000001`."""

    def __init__(self) -> None:
        self._counters: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))
        self._lock = threading.Lock()
        self.given: dict[str, int] = {}

    def next(self, prefix: str) -> str:
        with self._lock:
            number = next(self._counters[prefix])
            self.given[prefix] = number
        return prefix + base36(number).rjust(ID_DIGITS - 1, "0")

    def resume(self, given: dict[str, int]) -> None:
        """Go on after the identifiers an earlier run gave."""
        for prefix, number in given.items():
            self._counters[prefix] = itertools.count(number + 1)
        self.given = dict(given)


def secret(prefix: str) -> str:
    """An unguessable value, new in each run, such as a token."""
    return prefix + secrets.token_hex(TOKEN_BYTES)


def escape(text: str) -> str:
    """`text` as Slack's composer sends it: `&`, `<` and `>` escaped, mentions and links kept."""
    pieces, end = [], 0
    for found in MENTION.finditer(text):
        pieces += [html.escape(text[end : found.start()], quote=False), found.group()]
        end = found.end()
    return "".join([*pieces, html.escape(text[end:], quote=False)])
