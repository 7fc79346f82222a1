"""The command line: `touchstone`, also `python -m bot`. One file a group of commands; none does the work itself."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="touchstone",
    help="The innovation committee that lives in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

TRY, RUN, KEEP, CARRY = "Try it", "Run it", "Look after it", "Ideas in, decisions out"
"""How help groups the commands."""

from bot.cli import care, data, demo, keeping, person, playing, serving, trying  # noqa: E402, F401  # they register on `app`
