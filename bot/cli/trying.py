"""Trying a rule before it is adopted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from bot.cli import TRY, app
from bot.cli.words import fail
from workflows import rehearsal


@app.command(rich_help_panel=TRY)
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
