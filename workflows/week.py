"""What a digest says, as data: kept with the digest, so that what was told can be shown again."""

from __future__ import annotations

import enum
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict


class Line(BaseModel):
    """A line of a digest. People are named by Slack id; None is somebody erased."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    number: int
    title: str


class NewIdea(Line):
    author: str | None
    supporters: int


class Ranked(Line):
    """An idea by its rank. No values: nobody may learn others' scores before their own is in."""

    supporters: int
    scored_by: int


class Awaits(enum.StrEnum):
    """Whose word a vote that is over waits for: a tie for the casting vote, too few votes for the chair's word."""

    CASTING_VOTE = "casting_vote"
    WORD = "word"


class OpenBallot(Line):
    """A vote not closed yet. `awaits` is None while the members have the word."""

    ballot: int
    closes_at: datetime
    voted: int
    of: int
    awaits: Awaits | None = None


class Tally(BaseModel):
    """Counts of a verdict (`charter.Counts`)."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    approve: int
    decline: int
    object: int
    abstain: int
    silent: int


class Decided(Line):
    outcome: str
    tally: Tally | None
    by_chair: bool


class Work(BaseModel):
    """How many pieces of open work stand how; past the due date is late, whatever was reported.

    Without an owner is what was handed back, or whose owner has left.
    """

    model_config = ConfigDict(frozen=True)
    on_track: int = 0
    at_risk: int = 0
    late: int = 0
    without_owner: int = 0

    @property
    def total(self) -> int:
        return self.on_track + self.at_risk + self.late + self.without_owner


class WorkLine(Line):
    """A piece of work; `number` is that of its idea."""

    owner: str | None
    due_on: date
    promise: str | None


class Week(BaseModel):
    """A committee's week from `since` to `until`. Counts are of all, lists may name only the first few."""

    model_config = ConfigDict(frozen=True)
    committee: str
    tz: str
    since: datetime
    until: datetime
    new_ideas: int
    new: list[NewIdea]
    top: list[Ranked]
    ballots: list[OpenBallot]
    decided: list[Decided]
    work: Work
    late: list[WorkLine]
    celebrated: list[WorkLine]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say: a backlog that only waits is no news."""
        return not (self.new_ideas or self.ballots or self.decided or self.work.total or self.celebrated)
