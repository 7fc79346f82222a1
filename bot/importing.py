"""`touchstone import`: a table of ideas into a committee, with a preview, a bar, and a file of what was refused."""

from __future__ import annotations

import codecs
import csv
import io
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Committee, Person, Workspace
from workflows import committees, imports, people
from workflows.errors import WorkflowError
from workflows.imports import Entry, Row

BATCH = 100
"""Rows of one transaction: few enough that Slack's people never wait for an import."""
PREVIEWED = 5
ZIPPED = b"PK\x03\x04"


@dataclass(frozen=True)
class Refused:
    """A row that was not taken, why, and on which of its columns that hangs."""

    row: Row
    reason: str
    column: str = ""


@dataclass
class Outcome:
    """What became of the rows."""

    new: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    preview: list[Entry] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """Keys met so far: a dry run undoes its batches, and still knows a row that comes again."""
    stand_in: str = ""
    """Who of the committee stands as author of ideas that name none."""

    def sentence(self, *, dry_run: bool) -> str:
        """The outcome in words."""
        did = "would be imported" if dry_run else "imported"
        said = f"{self.new} {did}, {self.known} here already, {len(self.refused)} refused."
        if not self.stand_in or not self.new:
            return said
        return f"{said} Ideas without an author count as {self.stand_in}'s, who cannot vote on them; see --author."


def text_of(path: Path, encoding: str) -> io.StringIO:
    """A file as text. Raises `WorkflowError` if there is none or it is not in that encoding."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorkflowError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return io.StringIO(content.decode(encoding), newline="")
    except LookupError as error:
        raise WorkflowError(f"“{encoding}” is no encoding known here. Try utf-8, latin-1 or utf-16.") from error
    except UnicodeError as error:
        if content.startswith(ZIPPED):
            raise WorkflowError(f"{path} is a spreadsheet or an archive. Save it as CSV, and import that.") from error
        likely = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "latin-1"
        raise WorkflowError(f"{path} is not {encoding.removesuffix('-sig')} text. Try --encoding {likely}.") from error


def the_committee(session: Session, name: str | None) -> Committee:
    """The committee of that name, or the only one. Raises `WorkflowError` naming those there are."""
    found = committees.in_workspace(session)
    chosen = [committee for committee in found if name is None or committee.name == name]
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(f"“{committee.name}”" for committee in found) or "none yet; set one up in Slack first"
    raise WorkflowError(f"Say which committee with --committee. There is: {names}.")


def the_author(session: Session, committee: Committee, slack_id: str | None) -> Person:
    """Whose ideas those are that name no author: the person asked for, else whoever set the committee up, else its
    chair. Raises `WorkflowError` if nobody here is that."""
    if slack_id is not None:
        found = people.of(session, slack_id)
        if found is None:
            raise WorkflowError(f"Nobody with the Slack id {slack_id} has used Touchstone here yet.")
        return found
    founder = session.get(Person, committee.created_by_id) if committee.created_by_id else None
    found = founder if founder is not None and founder.active else committees.presiding(session, committee)
    if found is None:
        raise WorkflowError(f"“{committee.name}” has nobody whose ideas these could be. Name somebody with --author.")
    return found


def workspaces(sessions: Sessions) -> list[str]:
    """The ids of all workspaces this database knows."""
    with sessions.everywhere() as session:
        return list(session.scalars(sa.select(Workspace.id).order_by(Workspace.id)))


def workspace_of(sessions: Sessions, wanted: str | None) -> str:
    """The workspace with that id, or the only one. Raises `WorkflowError` if that is not clear."""
    found = workspaces(sessions)
    chosen = [one for one in found if wanted is None or one == wanted]
    if len(chosen) == 1:
        return chosen[0]
    there = ", ".join(found) or "none yet; start Touchstone and open its Home in Slack first"
    raise WorkflowError(f"Say which workspace with --workspace. There is: {there}.")


def run(
    sessions: Sessions,
    workspace_id: str,
    rows: Sequence[Row],
    mapping: Mapping[str, str],
    *,
    committee: str | None,
    author: str | None = None,
    now: datetime,
    dry_run: bool,
    advance: Callable[[int], None] = lambda n: None,
) -> Outcome:
    """Take the rows, a batch a transaction; a dry run undoes each batch again."""
    outcome = Outcome()
    for batch in _batches(rows):
        with sessions.begin(workspace_id) as session:
            home = the_committee(session, committee)
            stand_in = the_author(session, home, author)
            outcome.stand_in = stand_in.name if committees.has_seat(session, home, stand_in) else ""
            _take(session, home, stand_in, [*_entries(batch, mapping, outcome.refused)], outcome, now)
            if dry_run:
                session.rollback()
        advance(len(batch))
    return outcome


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _take(
    session: Session, home: Committee, fallback: Person, found: Sequence[tuple[Row, Entry]], to: Outcome, now: datetime
) -> None:
    known = to.seen | imports.known(session, home, [entry.key for _, entry in found])
    for row, entry in found:
        if entry.key in known:
            to.known += 1
        else:
            try:
                imports.take(session, home, fallback, entry, now=now)
            except WorkflowError as error:
                to.refused.append(Refused(row, error.message))
                continue
            to.new += 1
        known.add(entry.key)
        to.seen.add(entry.key)
    to.preview += [entry for _, entry in found][: PREVIEWED - len(to.preview)]


def _entries(rows: Sequence[Row], mapping: Mapping[str, str], refused: list[Refused]) -> Iterator[tuple[Row, Entry]]:
    for row in rows:
        try:
            yield row, imports.entry(row, mapping)
        except WorkflowError as error:
            refused.append(Refused(row, error.message, mapping.get(error.field or "", "")))


def write_refused(path: Path, refused: Sequence[Refused]) -> None:
    """A table of the refused rows as they came, with line and reason before them."""
    columns = list(refused[0].row.cells) if refused else []
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise WorkflowError(
            f"{path} cannot be written: {error.strerror}. Choose another file with --refused."
        ) from error
    with file:
        writer = csv.writer(file)
        writer.writerow(["line", "column", "reason", *columns])
        for one in refused:
            writer.writerow([one.row.line, one.column, one.reason, *one.row.cells.values()])


def import_file(
    sessions: Sessions,
    path: Path,
    mapping: Mapping[str, str],
    *,
    workspace: str | None,
    committee: str | None,
    author: str | None,
    delimiter: str | None,
    encoding: str,
    refused_to: Path,
    dry_run: bool,
    now: datetime,
    console: Console,
) -> Outcome:
    """The whole command: read, take with a bar, show, and write down what was refused."""
    rows = list(imports.read(text_of(path, encoding), mapping, delimiter))
    home = workspace_of(sessions, workspace)
    with Progress(console=console) as progress:
        task = progress.add_task("Importing", total=len(rows))
        outcome = run(
            sessions, home, rows, mapping, committee=committee, author=author, now=now, dry_run=dry_run,
            advance=lambda n: progress.advance(task, n),
        )  # fmt: skip
    if dry_run:
        console.print(_preview(outcome.preview))
    if outcome.refused:
        write_refused(refused_to, outcome.refused)
        console.print(f"Refused rows and reasons: {refused_to}")
    return outcome


def _preview(entries: Sequence[Entry]) -> Table:
    table = Table("Title", "The hassle today", "Author", title="The first rows, as they would be", show_lines=True)
    for entry in entries:
        table.add_row(
            entry.proposal.title,
            textwrap.shorten(entry.proposal.problem, 200, placeholder=" …"),
            entry.author or "–",
        )
    return table
