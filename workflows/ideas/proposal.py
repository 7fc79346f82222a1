"""What an author writes, measured field by field, and the message it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, field_validator

from db.models import Person
from workflows import writing

TITLE_MAX = 140


class Proposal(BaseModel):
    """What an author writes. A field that cannot be taken raises `WorkflowError` with its name."""

    model_config = ConfigDict(frozen=True)

    title: str
    problem: str
    proposal: str = ""
    effect: str = ""

    @field_validator("title", mode="before")
    @classmethod
    def _title(cls, value: str | None) -> str:
        missing = "Give your idea a title, so that people can talk about it."
        return writing.required(writing.one_line(value), "title", missing, TITLE_MAX)

    @field_validator("problem", mode="before")
    @classmethod
    def _problem(cls, value: str | None) -> str:
        return writing.required(value, "problem", "Say what the hassle is today, and for whom. One line will do.")

    @field_validator("proposal", mode="before")
    @classmethod
    def _proposal(cls, value: str | None) -> str:
        return writing.optional(value, "proposal")

    @field_validator("effect", mode="before")
    @classmethod
    def _effect(cls, value: str | None) -> str:
        return writing.optional(value, "effect")


@dataclass(frozen=True)
class Source:
    """The message an idea was made of: who wrote it, where it stands, what it said."""

    author: Person | None
    permalink: str | None
    text: str
