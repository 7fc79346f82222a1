"""How commands speak."""

from __future__ import annotations

from typing import NoReturn

import typer


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Say what is wrong and what to do, on stderr, and end."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
