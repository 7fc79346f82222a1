"""What a check reports, and how a place inside a JSON value is written down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One objection to what an app sent.

    `code` is the error code as the Web API would return it, `pointer` a JSON pointer into what was checked,
    `message` a sentence for the developer. Slack refuses an `"error"`; it takes a `"warning"`, but the result is
    unsafe, inaccessible or not what was meant.
    """

    code: str
    pointer: str
    message: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Fault:
    """A problem before it has a code: `path` leads from the checked value to the place."""

    path: Path
    message: str
    severity: Severity = "error"
    code: str = ""

    def under(self, prefix: Path) -> Fault:
        return replace(self, path=(*prefix, *self.path))

    def as_problem(self, at: str, code: str) -> Problem:
        """The fault of a value that stands at the pointer `at`; `code` serves where it has none of its own."""
        return Problem(self.code or code, pointer(at, *self.path), self.message, self.severity)


def pointer(base: str, *parts: str | int) -> str:
    """`base` extended by keys and indexes, escaped as RFC 6901 asks."""
    return base + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def warning(code: str, at: str, message: str) -> Problem:
    return Problem(code, at, message, "warning")
