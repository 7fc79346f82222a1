"""What a committee is set up from, and the sentences for what cannot be built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from workflows import calendar, frameworks
from workflows.charter import PRESETS
from workflows.errors import WorkflowError

NAME_MAX = 60
MEMBERS_MAX = 100
DAYS_MAX = 60
REMINDER_HOURS = range(6, 18)
"""Nobody is woken, and nobody is reminded in the evening."""
OWN = "weighted"
CRITERION = re.compile(
    r"(?P<label>.+?)(?:\s*[:=]\s*|\s+)(?P<weight>\d+(?:[.,]\d+)?\s?%?)\s*(?P<lower>\(?lower is better\)?)?",
    re.IGNORECASE,
)


class Place(BaseModel):
    """A channel as it was found when it was chosen."""

    model_config = ConfigDict(frozen=True)

    slack_id: str
    name: str = ""
    is_private: bool = False
    is_archived: bool = False
    is_shared: bool = False
    """Whether people of another organisation are in it."""
    bot_inside: bool = True
    is_hidden: bool = False
    """Whether Slack tells nothing of it: it is private and the bot is not in it, or there is no such channel."""


class Blueprint(BaseModel):
    """Everything the set-up form asks. People and channels go by their Slack ids.

    `week_days` are ISO weekday numbers ("12345"), `digest_weekday` is one; `digest_hour` and `review_hour` are hours of
    `tz`, `reminder_hour` one of whoever is reminded; `answer_days` and `review_days` are working days.
    `holidays_country` is an ISO code, with a region if one was chosen ("DE", "DE-BE"). `group` are the people of
    `usergroup`; None leaves those taken from it as they are. `places` tell what was found of the channels.
    """

    model_config = ConfigDict(frozen=True)

    name: str = ""
    intake_channel: str = ""
    committee_channel: str = ""
    digest_channel: str = ""
    chair: str = ""
    deputy: str | None = None
    members: list[str] = Field(default_factory=list)
    usergroup: str | None = None
    group: list[str] | None = None
    tz: str = "UTC"
    week_days: str = "12345"
    holidays_country: str | None = None
    digest_weekday: int = 5
    digest_hour: int = 15
    answer_days: int = 10
    review_days: int = 3
    review_hour: int = 17
    reminder_hour: int = calendar.MORNING
    preset: str = "simple_majority"
    secret: bool = False
    framework: str = "rice"
    criteria: str = ""
    """The committee's own criteria for the framework "weighted", a line each: "Customer value: 60%"."""
    places: dict[str, Place] = Field(default_factory=dict)

    @property
    def channels(self) -> dict[str, str]:
        """Which field names which channel; a channel may have more than one use."""
        names = ("intake_channel", "committee_channel", "digest_channel")
        return {name: getattr(self, name) for name in names}


def check(blueprint: Blueprint) -> None:
    """Raise `WorkflowError` with the field for anything that can be told without looking anything up."""
    for faulty, field, sentence in _faults(blueprint):
        if faulty:
            raise WorkflowError(sentence, field)
    framework_of(blueprint)
    calendar.zone(blueprint.tz)
    week_of(blueprint.week_days, blueprint.holidays_country)


def week_of(week_days: str, country: str | None) -> calendar.Week:
    """The working week of a form or a committee, `country` with or without a region.

    Raises `WorkflowError` for one nobody works.
    """
    nation, _, region = (country or "").partition("-")
    return calendar.Week(frozenset(int(day) for day in week_days if day.isdecimal()), nation or None, region or None)


def framework_of(blueprint: Blueprint) -> dict[str, Any]:
    """The spec of the framework chosen. Raises `WorkflowError` for criteria that make none."""
    if blueprint.framework != OWN:
        spec: dict[str, Any] = {"key": blueprint.framework}
        frameworks.framework_from(spec)
        return spec
    spec = {"key": OWN, "criteria": [_criterion(line) for line in blueprint.criteria.splitlines() if line.strip()]}
    try:
        frameworks.framework_from(spec)
    except WorkflowError as error:
        raise WorkflowError(error.message, "criteria") from None
    return spec


def _criterion(line: str) -> dict[str, Any]:
    found = CRITERION.fullmatch(" ".join(line.split()))
    if found is None:
        said = line.strip()[:40]
        raise WorkflowError(f"“{said}” has no weight. Write a line like “Customer value: 60%”.", "criteria")
    better = {"lower_is_better": True} if found["lower"] else {}
    return {"label": found["label"].strip(), "weight": found["weight"].replace(",", "."), **better}


def criteria_of(spec: Mapping[str, Any]) -> str:
    """The lines that make this framework; empty for one that everybody knows."""
    lines = (
        f"{it['label']}: {it['weight']}{' (lower is better)' if it.get('lower_is_better') else ''}"
        for it in spec.get("criteria", ())
    )
    return "\n".join(lines)


def _faults(it: Blueprint) -> Iterator[tuple[bool, str, str]]:
    name = it.name.strip()
    yield not name, "name", "Give the committee a name."
    yield len(name) > NAME_MAX, "name", f"Keep the name to {NAME_MAX} characters; it has {len(name)}."
    for field, channel in it.channels.items():
        yield not channel, field, "Choose a channel."
    yield not it.chair, "chair", "Choose who chairs the committee."
    yield it.deputy == it.chair, "deputy", "The deputy stands in for the chair, so choose somebody else."
    yield len(it.members) > MEMBERS_MAX, "members", f"Choose at most {MEMBERS_MAX} members."
    yield it.digest_weekday not in range(1, 8), "digest_weekday", "Choose a day for the digest."
    yield it.digest_hour not in range(24), "digest_hour", "Choose an hour for the digest."
    yield not 1 <= it.answer_days <= DAYS_MAX, "answer_days", f"Promise an answer in 1 to {DAYS_MAX} working days."
    yield not 1 <= it.review_days <= DAYS_MAX, "review_days", f"Keep a vote open for 1 to {DAYS_MAX} working days."
    yield it.review_hour not in range(24), "review_hour", "Choose an hour at which votes close."
    yield it.reminder_hour not in REMINDER_HOURS, "reminder_hour", "Choose an hour of the working day for reminders."
    yield it.preset not in PRESETS, "preset", "Choose one of the rules on offer."
    yield it.framework == OWN and not it.criteria.strip(), "criteria", "Write your criteria, one a line, with weights."
