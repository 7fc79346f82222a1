"""A morning's message: everything somebody is reminded of, in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import InteractiveElement

from bot import ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import day, idea_ref, person_name, plural, short
from bot.views.work import owner_buttons, update_buttons
from db.models import Intervention, InterventionState, Milestone

SHOWN = 12
SNOOZES = ((1, "Tomorrow"), (3, "In 3 working days"), (5, "In a week"))


@dataclass(frozen=True)
class Line:
    """One thing of a morning: the work, the milestone it is about if any, and whether it is the reader's own."""

    work: Intervention
    milestone: Milestone | None
    own: bool

    @property
    def due_on(self) -> date:
        return self.milestone.due_on if self.milestone else self.work.due_on


def morning(lines: Sequence[Line], today: date) -> Message:
    """Good morning: what is due, soonest first."""
    ordered = sorted(lines, key=lambda line: line.due_on)
    head = f"Good morning. {plural(len(ordered), 'thing').capitalize()} to look at today:"
    if len(ordered) == 1:
        head = "Good morning. A reminder:"
    texts = [_text(line, today) for line in ordered]
    shown: list[Block] = [blocks.section(head)]
    for line, text in list(zip(ordered, texts, strict=True))[:SHOWN]:
        shown += [blocks.section(text), blocks.buttons(*_row(line))]
    if len(ordered) > SHOWN:
        shown.append(blocks.context(f"… and {len(ordered) - SHOWN} more: type `/cx mine` to see them all."))
    return Message("\n".join([head, *(f"• {text}" for text in texts)]), shown)


def snoozed(line: Line, today: date) -> Message:
    """The reminder somebody asked for."""
    text = f"You asked to be reminded: {_text(line, today)}"
    return Message(text, [blocks.section(text), blocks.buttons(*_row(line))])


def _text(line: Line, today: date) -> str:
    what = f"*{short(line.work.title, 100)}*"
    if line.milestone is not None:
        what = f"{short(line.milestone.title, 80)} (of {what})"
    whose = "" if line.own else f", owned by {person_name(line.work.owner)},"
    return f"{what}{whose} {_due(line.due_on, today)} – idea {idea_ref(line.work.idea, 60)}{_waits(line.work)}"


def _due(due_on: date, today: date) -> str:
    late = (today - due_on).days
    if late > 0:
        return f"was due {day(due_on)}, {plural(late, 'day')} ago"
    if late == 0:
        return "is due *today*"
    return f"is due {day(due_on)}, in {plural(-late, 'day')}"


def _waits(work: Intervention) -> str:
    return ". It still waits for a yes" if work.state is InterventionState.OFFERED else ""


def _row(line: Line) -> list[InteractiveElement]:
    work = line.work
    if not line.own:
        row = [*update_buttons(work)] if work.state is InterventionState.ACCEPTED else []
        return [*row, blocks.button("Change owner or date", ids.WORK_REASSIGN, ids.pack(work=work.id))]
    row = owner_buttons(work)
    if line.milestone is not None:
        tick = ids.pack(work=work.id, milestone=line.milestone.id)
        row = [blocks.button("Tick off", ids.WORK_MILESTONE_DONE, tick, style="primary")]
    sleeps = [blocks.option(text, ids.pack(work=work.id, days=days)) for days, text in SNOOZES]
    return [*row, blocks.overflow(ids.WORK_SNOOZE, sleeps)]
