"""Figures on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from benchmarks.ground import SAY


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    shown = Table(*head, title=title, title_justify="left")
    for row in rows:
        shown.add_row(*row)
    SAY.print(shown)
