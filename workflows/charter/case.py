"""The case format: what a charter, an electorate and its votes may look like, and the sentence for what may not.

Strict on purpose: a misspelt key must not silently become a default in a vote. Fractions are exact.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

Choice = Literal["approve", "approve_with_conditions", "decline", "object", "abstain"]

_LARGEST = 1_000_000_000
_FRACTION = re.compile(r"(-?[0-9]{1,100})/([0-9]{1,100})")
_ERRORS_SHOWN = 5
_KEY_SHOWN = 60
_COMPLAINTS = {
    "extra_forbidden": "is not a key this format knows",
    "missing": "is missing",
    "model_type": "must be an object in braces",
    "dict_type": "must be an object in braces",
    "tuple_type": "must be a list in square brackets",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text in quotes",
}


class CaseError(ValueError):
    """A case or charter that breaks the format; its text is a sentence that names the field."""


def _instant(value: object) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("is not a time; write it like 2026-03-06T17:00:00Z") from None
    if not isinstance(value, datetime):
        raise ValueError("is not a time; write it as text like 2026-03-06T17:00:00Z")
    if value.utcoffset() is None:
        raise ValueError("has no time zone; write it like 2026-03-06T17:00:00Z")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("is too far away; use a time between the years 1 and 9999") from None


def _fraction(value: object) -> Fraction:
    if isinstance(value, Fraction):
        found = value
    else:
        match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValueError('is not a fraction; write it as text like "2/3"')
        if int(match[2]) == 0:
            raise ValueError('has zero below the line; write a fraction like "2/3"')
        found = Fraction(int(match[1]), int(match[2]))
    if not 0 <= found <= 1:
        raise ValueError('is outside 0 to 1; write a fraction like "2/3"')
    return found


Instant = Annotated[datetime, BeforeValidator(_instant)]
Whole = Annotated[int, Field(ge=0, le=_LARGEST)]
Id = Annotated[str, Field(min_length=1)]
# JSON gives lists; the models keep tuples, so a frozen case is frozen to the bottom.
Functions = Annotated[tuple[str, ...], Field(strict=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Share(_Strict):
    """How much of a base is needed: `at_least` (a fraction, or so many people) or `more_than` (a fraction)."""

    at_least: Fraction | int | None = None
    more_than: Fraction | None = None

    @field_validator("at_least", mode="plain")
    @classmethod
    def _read_at_least(cls, value: object) -> Fraction | int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            return _fraction(value)
        if not 0 <= value <= _LARGEST:
            raise ValueError(f"is no number of people; write a whole number from 0 to {_LARGEST}")
        return value

    @field_validator("more_than", mode="plain")
    @classmethod
    def _read_more_than(cls, value: object) -> Fraction | None:
        return None if value is None else _fraction(value)

    @model_validator(mode="after")
    def _is_one_rule(self) -> "Share":
        if (self.at_least is None) == (self.more_than is None):
            raise ValueError("needs exactly one of at_least and more_than")
        return self

    @field_serializer("at_least", "more_than")
    def _write(self, value: Fraction | int | None) -> str | int | None:
        return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value

    def needed(self, base: int) -> int:
        """The smallest whole number of people that satisfies this rule of a base of so many."""
        if self.more_than is not None:
            return floor(self.more_than * base) + 1
        if isinstance(self.at_least, Fraction):
            return ceil(self.at_least * base)
        return self.at_least or 0


class QuorumRule(Share):
    """How many must take part, and of whom."""

    of: Literal["eligible", "seats"] = "eligible"


class PassRule(Share):
    """How many must approve, and of whom."""

    of: Literal["decisive", "cast", "eligible", "seats"] = "decisive"

    @property
    def can_tie(self) -> bool:
        """Only a bare majority of decisive votes knows a tie."""
        return self.of == "decisive" and self.more_than == Fraction(1, 2)


class Charter(_Strict):
    """The rules a committee chose for its ballots. `model_dump(mode="json", by_alias=True)` writes it back."""

    method: Literal["majority", "consent"] = "majority"
    quorum: QuorumRule
    present: dict[str, Whole] = Field(default_factory=dict)
    passing: PassRule = Field(alias="pass")
    assent: Functions = ()
    objections: Whole | None = None
    tie: Literal["status_quo", "chair", "revote"] = "status_quo"
    no_quorum: Literal["extend", "adjourn", "lapse", "chair"] = "extend"
    extensions: Whole = 1
    silence: Literal["nothing", "consent"] = "nothing"
    proxies: Whole = 0
    close_early: bool = False
    grace_minutes: Whole = 0


class Member(_Strict):
    """One of the electorate, frozen when the ballot opened."""

    id: Id
    role: Literal["member", "chair", "deputy"] = "member"
    functions: Functions = ()
    recused: bool = False
    proxy: Id | None = None


class Vote(_Strict):
    """One press of a button; a later one by the same voter replaces it."""

    voter: Id
    choice: Choice
    at: Instant


class Case(_Strict):
    """Everything a verdict depends on."""

    charter: Charter
    seats: Whole
    members: Annotated[tuple[Member, ...], Field(strict=False)]
    votes: Annotated[tuple[Vote, ...], Field(strict=False)]
    casting: Literal["approve", "decline"] | None = None
    extended: Whole = 0
    secret: bool = False
    closes_at: Instant
    now: Instant

    @model_validator(mode="after")
    def _holds_together(self) -> "Case":
        faults = [*_faults(self)]
        if faults:
            raise ValueError("; ".join(faults[:_ERRORS_SHOWN]))
        return self


def _faults(case: Case) -> Iterator[str]:
    if case.seats < len(case.members):
        yield f"seats: {case.seats} is fewer than the {len(case.members)} members"
    ids = Counter(member.id for member in case.members)
    for place, member in enumerate(case.members):
        if ids[member.id] > 1:
            yield f"members.{place}.id: {member.id} is there more than once"
        if member.proxy == member.id:
            yield f"members.{place}.proxy: nobody can be their own proxy"
        elif member.proxy is not None and member.proxy not in ids:
            yield f"members.{place}.proxy: {member.proxy} is not a member"


def read_case(data: object) -> Case:
    """The case in `data` (parsed JSON). Raises `CaseError`."""
    try:
        return Case.model_validate(data)
    except ValidationError as error:
        raise CaseError(_sentence(error, "the case")) from None


def charter_from(data: object) -> Charter:
    """The charter in `data` (parsed JSON). Raises `CaseError`."""
    try:
        return Charter.model_validate(data)
    except ValidationError as error:
        raise CaseError(_sentence(error, "the charter")) from None


def _sentence(error: ValidationError, whole: str) -> str:
    faults = error.errors(include_url=False, include_input=False)
    told = [_fault(fault, whole) for fault in faults[:_ERRORS_SHOWN]]
    if len(faults) > _ERRORS_SHOWN:
        told.append(f"and {len(faults) - _ERRORS_SHOWN} more")
    return "; ".join(told) + "."


def _fault(fault: ErrorDetails, whole: str) -> str:
    if fault["type"] == "value_error" and not fault["loc"]:
        return _complaint(fault)  # names its fields itself
    where = ".".join(str(part)[:_KEY_SHOWN] for part in fault["loc"])
    return f"{where or whole}: {_complaint(fault)}"


def _complaint(fault: ErrorDetails) -> str:
    context: dict[str, Any] = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return str(context["error"])
    if fault["type"] == "literal_error":
        return f"must be {context['expected']}"
    return _COMPLAINTS.get(fault["type"], fault["msg"].replace("Input should", "must", 1))
