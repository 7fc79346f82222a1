"""The demo: the main job on real ideas, headless, in a minute."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from bot import importing, log
from bot.cli import TRY, app
from bot.cli.words import fail
from bot.demo import keeping, programme, stage, telling
from bot.demo.gestures import Lost
from bot.demo.season import SAMPLE_MAP, Ideas, ideas_in, sample, season
from db import migrate
from db.engine import Sessions, make_engine
from workflows.errors import WorkflowError

START = datetime(2026, 9, 7, 7, 30, tzinfo=UTC)
"""A Monday morning in London: the same weeks for everybody who runs it."""

ORIGIN = (
    "The ideas are petitions to the UK Parliament (petition.parliament.uk, Open Government Licence v3.0, collected by "
    "mySociety). Contains Parliamentary information licensed under the Open Parliament Licence. People and votes are "
    "made up."
)
TAKEN = "There is a workspace in that database already. The demo needs an empty one, so that nobody's ideas get mixed."


@app.command(rich_help_panel=TRY)
def demo(
    ideas: Annotated[Path | None, typer.Option(help="A CSV file of other ideas.", metavar="FILE.csv")] = None,
    columns: Annotated[str, typer.Option("--map", help="Which column is what, as for import.")] = SAMPLE_MAP,
    delimiter: Annotated[str | None, typer.Option(help="What parts the columns of --ideas.")] = None,
    encoding: Annotated[str, typer.Option(help="Of --ideas.")] = "utf-8-sig",
    seed: Annotated[int, typer.Option(help="Another one makes other people like other ideas.")] = 1,
    database_url: Annotated[str | None, typer.Option(help="An empty database; otherwise a new SQLite file.")] = None,
    capture: Annotated[Path | None, typer.Option(help="Write what went over the wire, as JSON lines.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep its end as a beginning of the playground.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the log.")] = False,
) -> None:
    """Play a committee's month on real ideas against the local Slack; print the digest and three decisions."""
    log.configure("INFO" if verbose else "ERROR", as_json=False)
    began, console = time.monotonic(), Console()
    try:
        table = sample() if ideas is None else ideas_in(ideas, columns, delimiter, encoding)
        url = database_url or _new_file()
        _prepare(url)
        found = _play(table, url, seed, console, capture=capture, keep=keep)
    except (WorkflowError, Lost) as error:
        fail(str(error))
    except ValueError as error:
        fail(f"--database-url: {error}.")
    except SQLAlchemyError as error:
        fail(f"The database cannot be used ({type(error).__name__}). Check --database-url.")
    console.print(telling.summary(found))
    console.print(f"\n{ORIGIN if ideas is None else ''}\n", style="dim", width=telling.WIDTH)
    console.print(f"Played in {time.monotonic() - began:.0f} s. The database: {log.hush(url)}", soft_wrap=True)
    for line in (*found.problems, *found.undelivered):
        typer.echo(line, err=True)
    raise typer.Exit(0 if found.is_well else 1)


def _new_file() -> str:
    return f"sqlite:///{Path(tempfile.mkdtemp(prefix='touchstone-demo-')) / 'touchstone.db'}"


def _prepare(url: str) -> None:
    migrate.upgrade(url)
    engine = make_engine(url)
    try:
        if importing.workspaces(Sessions(engine)):
            raise WorkflowError(TAKEN)
    finally:
        engine.dispose()


def _play(
    table: Ideas, url: str, seed: int, console: Console, *, capture: Path | None, keep: Path | None
) -> telling.Sum:
    with stage.theatre(url, START) as theatre:
        try:
            with _bar() as told:
                threads = season(theatre, table, seed=seed, told=told)
            telling.tell(console, theatre, threads)
            if keep is not None:
                keeping.keep(theatre.slack, theatre.bot.engine, keep)
            return telling.summed(theatre)
        finally:
            if capture is not None:
                _write(theatre, capture)


@contextmanager
def _bar() -> Iterator[programme.Told]:
    columns = TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(programme.CALENDAR) + 2)

        def told(what: str) -> None:
            progress.update(task, description=what, advance=1)

        yield told


def _write(theatre: stage.Theatre, capture: Path) -> None:
    try:
        theatre.slack.wire.write_capture(capture)
    except OSError as error:
        fail(f"{capture} cannot be written: {error.strerror}.")
