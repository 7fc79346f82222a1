"""Commands for trying things: rehearse a rule, play with a local Slack."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from bot import manifest
from bot.cli import app
from bot.cli.words import fail
from playground.server import serve
from playground.workspace import Workspace
from workflows import rehearsal

BOT_LATER = "The playground with a bot in it comes with the browser face; start it with --no-bot for now."


@app.command()
def rehearse(
    case: Annotated[str, typer.Argument(help="CASE.json, CASES.jsonl (a case a line), or - for standard input.")],
) -> None:
    """Try a voting rule on cases: print a verdict a line."""
    source = _opened(case)
    lines = True if case.endswith(".jsonl") else False if case.endswith(".json") else None
    status = 0
    with rehearsal.text_of(source) as text:
        for result in rehearsal.rehearse(text, lines=lines):
            refused = isinstance(result, rehearsal.Refused)
            typer.echo(str(result), err=refused)
            status |= refused
    raise typer.Exit(int(status))


def _opened(case: str) -> BinaryIO:
    if case == "-":
        return sys.stdin.buffer
    try:
        return Path(case).open("rb")
    except OSError as error:
        fail(f"{case} cannot be read: {error.strerror}. Give the path of a JSON file, or - for standard input.")


@app.command()
def playground(
    *,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8765,
    bot: Annotated[bool, typer.Option(help="Run Touchstone in it.")] = True,
) -> None:
    """A local Slack, strict as the real one, on this machine only."""
    if bot:
        fail(BOT_LATER, 2)
    slack = Workspace(manifest.build(), name="Playground")
    with serve(slack, port=port):
        for name, value in slack.environment().items():
            typer.echo(f"export {name}={value}")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            typer.echo("Closed.", err=True)
