"""A whole season on a stage: the committee is founded, its ideas imported, its weeks played."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from io import StringIO
from typing import NamedTuple

from bot import importing
from bot.demo import programme
from bot.demo.stage import TEAM, Theatre
from workflows import imports
from workflows.imports import Row

SAMPLE = "ideas-uk-petitions.csv"
SAMPLE_MAP = "title=action,problem=background,proposal=additional_details,key=id,submitted=created_at"


class Ideas(NamedTuple):
    """A table of ideas and which column is what."""

    rows: Sequence[Row]
    mapping: Mapping[str, str]

    def words(self, row: Row) -> dict[str, str]:
        """What somebody would type into the form."""
        found = imports.entry(row, self.mapping).proposal
        return found.model_dump()


def sample() -> Ideas:
    """The real ideas that are shipped."""
    text = files("bot").joinpath("data", SAMPLE).read_text(encoding="utf-8")
    mapping = imports.mapping_from(SAMPLE_MAP)
    return Ideas(list(imports.read(StringIO(text, newline=""), mapping)), mapping)


def season(
    stage: Theatre, ideas: Ideas, *, seed: int, told: Callable[[str], None] = lambda what: None
) -> Mapping[str, int]:
    """Found the committee, import all but the ideas that people put in by form on the way, play the weeks."""
    told("A committee is set up")
    programme.set_up(stage, seed=seed)
    fresh, imported = ideas.rows[: programme.FRESH], ideas.rows[programme.FRESH :]
    told(f"{len(imported)} ideas are imported")
    importing.run(
        stage.bot.house.sessions, TEAM, imported, ideas.mapping, committee=None, now=stage.slack.now(), dry_run=False
    )
    return programme.run(stage, [ideas.words(row) for row in fresh], seed=seed, told=told)
