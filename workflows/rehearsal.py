"""Trying a rule before adopting it: cases as text in, verdicts or refusals out, one bad case never spoiling the next.

What `touchstone rehearse` prints; the command itself only opens, prints and exits.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any, BinaryIO, NoReturn, TextIO

from workflows.charter import CaseError, Verdict, judge, read_case

_KEY_SHOWN = 60
_NOT_UTF8 = "not UTF-8 text; save it as UTF-8."


@dataclass(frozen=True)
class Judged:
    """A case and its verdict; `line` counts from 1 and is None for a whole document."""

    line: int | None
    name: str | None
    verdict: Verdict

    def __str__(self) -> str:
        return json.dumps(self.verdict.as_dict())


@dataclass(frozen=True)
class Refused:
    """A case that breaks the format, and the sentence that says how."""

    line: int | None
    message: str

    def __str__(self) -> str:
        return self.message if self.line is None else f"line {self.line}: {self.message}"


class _NotJson(ValueError):
    """Text that is no JSON, or JSON that says a thing twice; its text is a sentence."""


def text_of(source: BinaryIO) -> TextIO:
    """The source as text, so that a line that is not UTF-8 is refused alone; a byte order mark is skipped.

    Closing the text closes the source.
    """
    return TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape")


def rehearse(source: TextIO, *, lines: bool | None) -> Iterator[Judged | Refused]:
    """Judge one JSON case, or with `lines` one a line (blank lines are skipped).

    A case may be bare or wrapped as `{"name": ..., "case": ...}`. `lines=None` looks which of the two the text is.
    """
    try:
        yield from _by_line(source) if lines else _by_look(source.read(), may_be_lines=lines is None)
    except UnicodeDecodeError:  # a source not opened by `text_of` cannot be read past its first wrong byte
        yield Refused(None, _NOT_UTF8)


def exit_status(results: Iterable[Judged | Refused]) -> int:
    """0 if all cases were judged, 1 if any was refused."""
    return int(any(isinstance(result, Refused) for result in results))


def _by_look(text: str, *, may_be_lines: bool) -> Iterator[Judged | Refused]:
    if may_be_lines and _has_a_case_a_line(text):
        yield from _by_line(text.split("\n"))
    else:
        yield _judged(text, None)


def _by_line(lines: Iterable[str]) -> Iterator[Judged | Refused]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _judged(line, number)


def _judged(text: str, line: int | None) -> Judged | Refused:
    try:
        name, case = _unwrapped(_parsed(text))
        return Judged(line, name, judge(read_case(case)))
    except (_NotJson, CaseError) as refusal:
        return Refused(line, str(refusal).encode("utf-8", "backslashreplace").decode())


def _unwrapped(data: object) -> tuple[str | None, object]:
    if isinstance(data, dict) and "case" in data and "charter" not in data:
        name = data.get("name")
        return (name if isinstance(name, str) else None), data["case"]
    return None, data


def _parsed(text: str) -> object:
    if any("\udc80" <= letter <= "\udcff" for letter in text):
        raise _NotJson(_NOT_UTF8)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _NotJson(f"not JSON: {error}.") from None
    except _NotJson:
        raise
    except RecursionError:
        raise _NotJson("not a case: it is nested too deeply.") from None
    except ValueError:  # Python converts no whole number of more than 4,300 digits
        raise _NotJson("not a case: a number in it is too long.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _NotJson(f"{key[:_KEY_SHOWN]}: is there twice in one object.")
        found[key] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise _NotJson(f"not JSON: {name} is not a number.")


def _has_a_case_a_line(text: str) -> bool:
    """Whether text of unknown kind is better read a line at a time: it is no document as a whole, and has a line
    that is one (the first, or any that looks like a case; the rest may be broken and are refused on their own)."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or _loose(text) is not None:  # noqa: PLR2004 - a single line is a document
        return False
    return _loose(lines[0]) is not None or any(_looks_like_a_case(_loose(line)) for line in lines)


def _looks_like_a_case(data: object) -> bool:
    return isinstance(data, dict) and ("charter" in data or "case" in data)


def _loose(text: str) -> object | None:
    try:
        return json.loads(text)  # type: ignore[no-any-return]  # typeshed says Any
    except (ValueError, RecursionError):
        return None
