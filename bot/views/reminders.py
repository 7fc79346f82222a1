"""A morning's message: everything somebody is reminded of, votes and work, in one."""

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
from bot.views.work import owner_buttons, standing, update_buttons
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


@dataclass(frozen=True)
class Item:
    """What a morning's message says of one thing, by when, and the buttons for it: none once it is settled."""

    text: str
    by: date
    row: Sequence[InteractiveElement] = ()


def morning(items: Sequence[Item], *, early: bool) -> Message:
    """What is due, soonest first; a good morning with it if it is `early`."""
    ordered = sorted(items, key=lambda item: item.by)
    greeting = _greeting(sum(bool(item.row) for item in ordered), early)
    shown: list[Block] = [blocks.section(greeting)] if greeting else []
    for item in ordered[:SHOWN]:
        shown += [blocks.section(item.text), *([blocks.buttons(*item.row)] if item.row else [])]
    if len(ordered) > SHOWN:
        more = len(ordered) - SHOWN
        shown.append(blocks.context(f"… and {more} more: your Home shows them, and `/cx mine` those that are yours."))
    texts = [item.text for item in ordered]
    if len(texts) > 1:
        texts = [f"• {text}" for text in texts]
    return Message("\n".join([*([greeting] if greeting else []), *texts]), shown)


def _greeting(still: int, early: bool) -> str:
    if still == 0:
        return ""
    head = "A reminder:" if still == 1 else f"{plural(still, 'thing').capitalize()} to look at today:"
    return f"Good morning. {head}" if early else head


def asked(line: Line, today: date) -> Item:
    """A thing that is still to be done."""
    return Item(_text(line, today), line.due_on, _row(line))


def settled(line: Line) -> Item:
    """A thing that nobody need be reminded of any more, as it stands."""
    if line.milestone is not None and line.milestone.done_at is not None:
        return Item(f":white_check_mark: {_what(line)} is ticked off.", line.due_on)
    return Item(f"{_what(line)} – {standing(line.work)}", line.due_on)


def snoozed(line: Line, today: date) -> Message:
    """The reminder somebody asked for."""
    text = f"You asked to be reminded: {_text(line, today)}"
    return Message(text, [blocks.section(text), blocks.buttons(*_row(line))])


def _what(line: Line) -> str:
    what = f"*{short(line.work.title, 100)}*"
    return what if line.milestone is None else f"{short(line.milestone.title, 80)} (of {what})"


def _text(line: Line, today: date) -> str:
    whose = "" if line.own else f", owned by {person_name(line.work.owner)},"
    return f"{_what(line)}{whose} {_due(line.due_on, today)} – idea {idea_ref(line.work.idea, 60)}{_waits(line.work)}"


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
