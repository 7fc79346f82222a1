"""The playground's command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot import log, playing
from bot.cli import TRY, app
from bot.cli.words import fail

HERE = Path("var/playground")


@app.command(rich_help_panel=TRY)
def playground(
    *,
    empty: Annotated[bool, typer.Option("--empty", help="Start without a committee: set one up yourself.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Forget everything and start anew.")] = False,
    database_url: Annotated[
        str | None, typer.Option(help="Where the bot keeps its record; otherwise a SQLite file in the folder.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where the playground is kept.")] = HERE,
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.")] = 8765,
    bot: Annotated[bool, typer.Option(help="Run Touchstone in it; without, connect an app of your own.")] = True,
    page: Annotated[bool, typer.Option(help="Open the page in your browser.")] = True,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the bot's log.")] = False,
) -> None:
    """A local Slack, strict as the real one, with a working committee in it, in your browser."""
    log.configure("INFO" if verbose else "ERROR", as_json=False)
    console = Console(stderr=True, highlight=False)
    place = playing.Place.of(folder, database_url)
    try:
        playing.check_port(port)
        if reset:
            place.clear()
        if not place.slack.exists():
            playing.furnish(place, empty=empty or not bot)
        playing.play(place, port=port, page=page and sys.stdout.isatty(), bot=bot, console=console)
    except SQLAlchemyError as error:
        fail(f"The database cannot be used ({type(error).__name__}). Check --database-url.")
    except (OSError, ValueError) as error:
        fail(f"The playground cannot be opened: {error}. Another port: --port 0; start anew: --reset.")
