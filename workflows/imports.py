"""Ideas from a table: read, cleaned, checked row by row, and taken in without duplicates however often it is run.

An imported idea is quiet: it has no card until somebody needs one, and no promise runs for it, because nobody in
Slack was promised anything.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from itertools import zip_longest
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Idea, Person
from workflows import ideas, people, writing
from workflows.errors import WorkflowError
from workflows.ideas import Proposal

FIELDS = ("title", "problem", "proposal", "effect", "key", "author", "submitted")
"""What a column can be mapped to; `title` and `problem` are needed, `key` makes a second run recognise a row."""
NEEDED = ("title", "problem")
LONGEST_CELL = 1_000_000
LONGEST_LIST = 400
END = "\x04end of the table\x04"
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")


@dataclass(frozen=True)
class Row:
    """A line of the table as read; `line` is where it ends in the file, as editors count.

    An `overlong` one has more cells than the table has columns: what stands where cannot be trusted.
    """

    line: int
    cells: Mapping[str, str]
    overlong: bool = False


@dataclass(frozen=True)
class Entry:
    """A row that can be taken: what it proposes, its key, and who and when if the table says so."""

    proposal: Proposal
    key: str
    author: str | None
    submitted: datetime | None


def mapping_from(text: str) -> dict[str, str]:
    """`title=Subject,problem=Body` as field -> column. Raises `WorkflowError` on what is not so."""
    found: dict[str, str] = {}
    for part in text.split(","):
        field, _, column = (piece.strip() for piece in part.partition("="))
        if field not in FIELDS or not column:
            raise WorkflowError(
                f"“{part.strip()}” is no mapping: write FIELD=COLUMN with a field of {', '.join(FIELDS)}."
            )
        if field in found:
            raise WorkflowError(f"“{field}” is mapped twice.")
        found[field] = column
    missing = [field for field in NEEDED if field not in found]
    if missing:
        raise WorkflowError(f"Say which column is the {' and which the '.join(missing)}: --map title=...,problem=...")
    return found


def read(file: IO[str], mapping: Mapping[str, str], delimiter: str | None = None) -> Iterator[Row]:
    """The rows of a table with a header line. Raises `WorkflowError` if it lacks a mapped column or is no table."""
    csv.field_size_limit(LONGEST_CELL)
    head = file.readline()
    file.seek(0)
    if not head.strip() or "\0" in head:
        raise WorkflowError("This is no table: its first line must name the columns, such as id,title,problem.")
    reader = csv.reader(_ended(file), delimiter=_one_character(delimiter) if delimiter else _delimiter(head))
    began = 0
    try:
        header = [name.strip() for name in next(reader)]
        _check_header(header, mapping)
        for cells in reader:
            if cells == [END]:
                return
            if cells and END in cells[-1]:
                raise WorkflowError(f"A quotation mark is opened after line {began} and never closed. Close it first.")
            began = reader.line_num
            if any(cell.strip() for cell in cells):
                yield _row(reader.line_num, header, cells)
    except csv.Error as error:
        raise WorkflowError(f"Line {reader.line_num} cannot be read as a table: {error}.") from error


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """The lines and a last one of our own: met inside a cell it tells of a quotation mark that is never closed."""
    for line in lines:
        yield line if line.endswith(("\n", "\r")) else f"{line}\n"
    yield END


def _row(line: int, header: list[str], cells: list[str]) -> Row:
    width = len(header)
    found = dict(zip_longest(header, cells[:width], fillvalue=""))
    return Row(line, found, overlong=any(cell.strip() for cell in cells[width:]))


def _one_character(delimiter: str) -> str:
    found = {"tab": "\t", "\\t": "\t"}.get(delimiter.lower(), delimiter)
    if len(found) != 1 or found in '"\r\n':
        raise WorkflowError(f"“{delimiter}” cannot part columns: give one character such as ; or the word tab.")
    return found


def _check_header(header: list[str], mapping: Mapping[str, str]) -> None:
    missing = [column for column in dict.fromkeys(mapping.values()) if column not in header]
    if missing:
        known = ", ".join(header)
        known = known if len(known) <= LONGEST_LIST else f"{known[:LONGEST_LIST]} …"
        raise WorkflowError(f"There is no column {', '.join(missing)}. The columns are: {known}.")
    twice = next((column for column in mapping.values() if header.count(column) > 1), None)
    if twice:
        raise WorkflowError(f"Two columns are called {twice}. Rename one, so that it is clear which is meant.")


def _delimiter(head: str) -> str:
    return max(",;\t|", key=head.count)


def entry(row: Row, mapping: Mapping[str, str]) -> Entry:
    """A row as it would be taken. Raises `WorkflowError` with the reason if it cannot be."""
    if row.overlong:
        raise WorkflowError(
            "It has more cells than there are columns: a delimiter inside a text needs quotation marks."
        )
    cells = {field: plain(row.cells.get(column) or "") for field, column in mapping.items()}
    author = cells.get("author") or None
    if author is not None and not _SLACK_ID.fullmatch(author):
        raise WorkflowError(f"“{author[:60]}” is no Slack user id (U…).", "author")
    proposal = Proposal(**{field: cells.get(field, "") for field in ("title", "problem", "proposal", "effect")})
    submitted = _moment(cells["submitted"]) if cells.get("submitted") else None
    return Entry(proposal, cells.get("key") or _fingerprint(proposal), author, submitted)


def _fingerprint(proposal: Proposal) -> str:
    return hashlib.sha256(f"{proposal.title}\0{proposal.problem}".encode()).hexdigest()


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        day = next((found for found in (_day(text, form) for form in _DAYS) if found), None)
    if day is None:
        raise WorkflowError(f"“{text[:40]}” is no date: write 2026-03-31 or 31/03/2026.", "submitted")
    return datetime.combine(day, time(12), UTC)


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC).date()
    except ValueError:
        return None


def known(session: Session, committee: Committee, keys: Collection[str]) -> set[str]:
    """Those of the keys that an earlier import has taken."""
    taken = sa.select(Idea.import_key).where(Idea.committee_id == committee.id, Idea.import_key.in_(keys))
    return {key for key in session.scalars(taken) if key}


def take(session: Session, committee: Committee, fallback: Person, found: Entry, *, now: datetime) -> tuple[Idea, bool]:
    """The idea of an entry and whether it is new; `fallback` is the author where the table names none."""
    author = people.seen(session, committee.workspace_id, found.author, now=now) if found.author else fallback
    before = ideas.imported(session, committee, found.key)
    if before is not None:
        return before, False
    idea = ideas.submit(session, author, committee, found.proposal, now=now, import_key=found.key, quiet=True)
    idea.answered_at = now
    if found.submitted is not None and found.submitted <= now:
        idea.submitted_at = found.submitted
    return idea, True


class _Words(HTMLParser):
    """The words of HTML, a line a paragraph. What only looks like a tag (`a <b and c> d`) is somebody's words."""

    BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not _is_markup(tag, attrs):
            self.handle_data(self.get_starttag_text() or "")
        elif tag in self.BREAKS:
            self.words.append("\n")
        else:
            self.silent += tag in ("script", "style")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _HTML:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _HTML:
            self.handle_data(f"</{tag}>")
        self.silent -= tag in ("script", "style") and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


_NAMES = (
    "a abbr b blockquote body br center code dd div dl dt em figure font h1 h2 h3 h4 h5 h6 head hr html i iframe img "
    "li link meta ol p pre s script section small span strike strong style sub sup table tbody td tfoot th thead "
    "title tr u ul video"
)
_HTML = frozenset(_NAMES.split())


def _is_markup(tag: str, attrs: Sequence[tuple[str, str | None]]) -> bool:
    return tag in _HTML and (not attrs or any(value is not None or name == "/" for name, value in attrs))


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")


def plain(text: str) -> str:
    """A cell as plain text: the words of HTML if it is HTML, tidied."""
    if not _TAG.search(text):
        return writing.tidy(text)
    parser = _Words()
    parser.feed(text)
    parser.close()
    lines = ("".join(parser.words)).replace("\xa0", " ").splitlines()
    return writing.tidy("\n".join(line for line in (" ".join(it.split()) for it in lines) if line))
