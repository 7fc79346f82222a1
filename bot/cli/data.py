"""Commands that bring ideas in and take decisions out."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot import exporting, importing
from bot.cli import CARRY, app
from bot.cli.words import fail, settings
from bot.main import system_clock
from db.engine import Sessions, make_engine
from workflows import imports
from workflows.errors import WorkflowError

NO_DATABASE = "The database cannot be used ({}). Check DATABASE_URL, and run touchstone migrate if it is new."
Committee = Annotated[str | None, typer.Option(help="Name of the committee, if there are several.")]
Workspace = Annotated[str | None, typer.Option(help="Slack's id of the workspace (T…), if there are several.")]


@contextmanager
def database() -> Iterator[Sessions]:
    """The database of the settings; whatever is wrong is told in a sentence."""
    engine = make_engine(settings().database_url)
    try:
        yield Sessions(engine)
    except WorkflowError as error:
        fail(error.message)
    except SQLAlchemyError as error:
        fail(NO_DATABASE.format(type(error).__name__))
    finally:
        engine.dispose()


@app.command(name="import", rich_help_panel=CARRY)
def import_ideas(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header line.", metavar="FILE.csv")],
    columns: Annotated[
        str, typer.Option("--map", help=f"FIELD=COLUMN,… with fields {', '.join(imports.FIELDS)}.", metavar="MAP")
    ],
    committee: Committee = None,
    workspace: Workspace = None,
    author: Annotated[
        str | None,
        typer.Option(help="Slack id (U…) of the author where the table names none; otherwise who set it up."),
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="What stands between columns; found out if not given.")] = None,
    encoding: Annotated[str, typer.Option(help="Of the file: utf-8, latin-1, utf-16 …")] = "utf-8-sig",
    refused: Annotated[
        Path | None, typer.Option(help="Where refused rows go; otherwise FILE-refused.csv, here.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")] = False,
) -> None:
    """Take in ideas from a table. A second run adds nothing twice; refused rows are written down with reasons."""
    with database() as sessions:
        outcome = importing.import_file(
            sessions, file, imports.mapping_from(columns), workspace=workspace, committee=committee,
            author=author, delimiter=delimiter, encoding=encoding,
            refused_to=refused or Path(f"{file.stem}-refused.csv"), dry_run=dry_run,
            now=system_clock(), console=Console(stderr=True),
        )  # fmt: skip
    typer.echo(outcome.sentence(dry_run=dry_run))
    raise typer.Exit(1 if outcome.refused and not (outcome.new or outcome.known) else 0)


@app.command(name="export", rich_help_panel=CARRY)
def export_decisions(
    what: Annotated[
        exporting.What, typer.Argument(help="ideas: with votes and decisions; work: owners, dates, what came of it.")
    ] = exporting.What.IDEAS,
    form: Annotated[exporting.Form, typer.Option("--format", help="A table, or JSON lines.")] = exporting.Form.CSV,
    committee: Committee = None,
    workspace: Workspace = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Write out what a committee has decided. Secret ballots keep their secret: counts, never who chose what."""
    # Into a file of our own first: whoever reads a pipe slowly may not keep the database waiting.
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as kept:
        with database() as sessions:
            home = importing.workspace_of(sessions, workspace)
            count, caution = exporting.run(
                sessions, home, lambda session: importing.the_committee(session, committee), what, form, kept
            )
        kept.seek(0)
        _hand_over(kept, output)
    typer.echo(f"{count} exported. {caution}", err=True)


def _hand_over(kept: IO[str], output: Path | None) -> None:
    if output is None:
        shutil.copyfileobj(kept, sys.stdout)
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            shutil.copyfileobj(kept, file)
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.")
