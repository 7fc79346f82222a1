"""What a chair asks of an owner: the work as planned, with its milestones."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator

from db.models import InterventionKind
from workflows import writing
from workflows.errors import WorkflowError

LONGEST_TITLE = 150
LONGEST_PROMISE = 500


class Step(BaseModel):
    """A milestone as planned."""

    model_config = ConfigDict(frozen=True)
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    due_on: date


class Plan(BaseModel):
    """What the chair asks of an owner. `promise` is the effect hoped for on `kpi`, in words.

    A field that cannot be taken raises `WorkflowError` with its name.
    """

    model_config = ConfigDict(frozen=True)
    title: str
    kind: InterventionKind
    due_on: date
    milestones: tuple[Step, ...] = ()
    kpi: str | None = None
    promise: str | None = None

    @field_validator("title", mode="before")
    @classmethod
    def _title(cls, value: str | None) -> str:
        return writing.required(writing.one_line(value), "title", "Say what is to be done.", LONGEST_TITLE)

    @field_validator("kpi", mode="before")
    @classmethod
    def _kpi(cls, value: str | None) -> str | None:
        return writing.optional(value, "kpi", LONGEST_TITLE) or None

    @field_validator("promise", mode="before")
    @classmethod
    def _promise(cls, value: str | None) -> str | None:
        return writing.optional(value, "promise", LONGEST_PROMISE) or None


def steps_from(text: str) -> tuple[Step, ...]:
    """Milestones as typed: one a line, the day first. Raises `WorkflowError` naming the line that is not so."""
    return tuple(_step(line.strip()) for line in text.splitlines() if line.strip())


def _step(line: str) -> Step:
    day, _, title = line.partition(" ")
    try:
        return Step(title=title.strip(" -–:")[:LONGEST_TITLE], due_on=date.fromisoformat(day))
    except ValueError:
        sentence = f"“{line[:60]}” is not a milestone: write the day first, such as 2026-12-01 Leaflet drafted."
        raise WorkflowError(sentence, "milestones") from None
