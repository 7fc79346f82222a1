"""A whole season on a stage: the committee is founded, its ideas imported, its weeks played."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from bot import importing
from bot.demo import programme
from bot.demo.stage import TEAM, Theatre
from workflows import imports
from workflows.errors import WorkflowError
from workflows.imports import Row

SAMPLE = "ideas-uk-petitions.csv"
SAMPLE_MAP = "title=action,problem=background,proposal=additional_details,key=id,submitted=created_at"


class Ideas(NamedTuple):
    """A table of ideas and which column is what."""

    rows: Sequence[Row]
    mapping: Mapping[str, str]

    def parted(self) -> tuple[list[dict[str, str]], list[Row]]:
        """The words of those that people put in by form on the way, and the rows to import before. Raises
        `WorkflowError` if there are too few for the weeks."""
        fresh: list[dict[str, str]] = []
        rest: list[Row] = []
        for row in self.rows:
            words = self._words(row) if len(fresh) < programme.FRESH else None
            if words is None:
                rest.append(row)
            else:
                fresh.append(words)
        if len(rest) < programme.LEAST_IMPORTED:
            least = programme.FRESH + programme.LEAST_IMPORTED
            raise WorkflowError(f"The programme needs at least {least} ideas, and there are {len(self.rows)}.")
        return fresh, rest

    def _words(self, row: Row) -> dict[str, str] | None:
        try:
            return imports.entry(row, self.mapping).proposal.model_dump()
        except WorkflowError:
            return None


def sample() -> Ideas:
    """The real ideas that are shipped."""
    text = files("bot").joinpath("data", SAMPLE).read_text(encoding="utf-8")
    mapping = imports.mapping_from(SAMPLE_MAP)
    return Ideas(list(imports.read(StringIO(text, newline=""), mapping)), mapping)


def ideas_in(path: Path, columns: str, delimiter: str | None, encoding: str) -> Ideas:
    """The ideas of a file. Raises `WorkflowError` if it cannot be read as such a table."""
    mapping = imports.mapping_from(columns)
    return Ideas(list(imports.read(importing.text_of(path, encoding), mapping, delimiter)), mapping)


def season(
    stage: Theatre, ideas: Ideas, *, seed: int, told: Callable[[str], None] = lambda what: None
) -> Mapping[str, int]:
    """Found the committee, import all but the ideas that people put in by form on the way, play the weeks.

    The numbers of ideas by what became of them. Raises `WorkflowError` if there are too few ideas.
    """
    fresh, imported = ideas.parted()
    told("A committee is set up")
    programme.set_up(stage, seed=seed)
    told(f"{len(imported)} ideas are imported")
    importing.run(
        stage.bot.house.sessions, TEAM, imported, ideas.mapping, committee=None, now=stage.slack.now(), dry_run=False
    )
    return programme.run(stage, fresh, seed=seed, told=told)
