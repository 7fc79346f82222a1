"""Commands that take the whole database out and bring it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot import backup as backups
from bot import retaining
from bot.cli import KEEP, app
from bot.cli.data import database
from bot.cli.words import fail, settings
from bot.main import system_clock
from db import migrate

Target = Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")]
Source = Annotated[Path, typer.Argument(metavar="FILE", help="What `touchstone backup` wrote.")]


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """Say what went wrong, and end."""
    try:
        yield
    except backups.CannotBackUp as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"The database cannot be used ({type(error).__name__}). Check DATABASE_URL.")


@app.command(rich_help_panel=KEEP)
def backup(
    file: Target, force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False
) -> None:
    """Write the whole database into a file. Touchstone may run meanwhile."""
    with _in_a_sentence():
        size = backups.backup(settings().database_url, file, force=force)
    typer.echo(f"Wrote {file} ({size:,} bytes). It holds everything: keep it as close as the database itself.")


@app.command(rich_help_panel=KEEP)
def restore(
    file: Source, force: Annotated[bool, typer.Option("--force", help="Replace what is in the database.")] = False
) -> None:
    """Bring a backup back. Stop Touchstone before. All of it comes back, or nothing is changed."""
    with _in_a_sentence():
        revision = backups.restore(settings().database_url, file, force=force)
    older = "" if revision == migrate.head() else " Its tables are of an older version: run touchstone migrate now."
    typer.echo(f"Restored {file}.{older}")


@app.command(rich_help_panel=KEEP)
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
) -> None:
    """Let go of what is older than TOUCHSTONE_RETAIN_… keeps it. Touchstone does so every hour by itself."""
    given, now = settings(), system_clock()
    with database() as sessions:
        for aged in retaining.look(sessions, given, now):
            kept = f"kept for {aged.days} days: {aged.count} older" if aged.days else "kept for good"
            typer.echo(f"{aged.about}: {kept}")
        if not dry_run:
            typer.echo(f"{retaining.apply(sessions, given, now)} let go.")
