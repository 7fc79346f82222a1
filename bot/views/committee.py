"""How a committee stands, in words: for `/committee` and for Home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot import ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import clean, clip, esc, listed, person_name, plural, short, when
from db.models import Committee, IdeaState
from workflows.committees import Status

NOBODY = (
    "There is no committee here yet. A workspace admin can set one up with `/committee setup`, best in the channel "
    "where ideas should come in."
)

TASKS = "you open votes, find an owner for what is approved, and have the deciding word where the rules ask for one"
OFFICES = {
    "chair": f"You chair {{name}} now: {TASKS}.\n"
    "Your Home shows what waits for you; `/committee` shows the rules, `/committee setup` changes them.",
    "deputy": "You are the deputy of {name} now: you may do all that the chair may, and preside when the chair "
    "has left or may not vote.\nYour Home shows what waits for you; `/committee` shows the rules.",
    "presiding": f"You preside over {{name}} from now on, for its chair has left: {TASKS}.\n"
    "Your Home shows what waits for you; `/committee setup` names a new chair.",
    "vacant": "Nobody presides over {name} any more: its chair has left.\n"
    "A workspace admin names another with `/committee setup`.",
}


@dataclass(frozen=True)
class Glance:
    """A committee as its viewer may see it; `inside` is for those who sit on it."""

    status: Status
    inside: bool


def message(glances: Sequence[Glance]) -> Message:
    """How these committees stand."""
    if not glances:
        return Message(NOBODY, [blocks.section(NOBODY)])
    shown: list[Block] = []
    for glance in glances:
        shown += [blocks.divider()] if shown else []
        shown += [blocks.section(text) for text in (lines(glance), rule(glance.status))]
    help_line = "`/committee help` lists what you can ask."
    text = "\n\n".join([*(f"{lines(glance)}\n{rule(glance.status)}" for glance in glances), help_line])
    return Message(text, [*shown, blocks.context(help_line)])


def lines(glance: Glance) -> str:
    """Who they are, and to members what is open."""
    parts = [_who(glance.status), _where(glance.status)]
    if glance.inside:
        parts.append(_open(glance.status))
    return "\n".join(parts)


def rule(status: Status) -> str:
    """How it decides."""
    secret = " Ballots are secret." if status.committee.secret else ""
    return f"*{status.preset}:* {esc(status.rule)}{secret}"


def _who(it: Status) -> str:
    chairs = f"{person_name(it.chair)} chairs" if it.chair else "the chair is vacant"
    deputy = f", {person_name(it.deputy)} is deputy" if it.deputy else ""
    return f"*{short(it.committee.name, 60)}* – {plural(it.members, 'member')}; {chairs}{deputy}."


def _where(it: Status) -> str:
    committee = it.committee
    days = plural(committee.answer_days, "working day")
    return (
        f"Ideas come in with `/idea` in <#{committee.intake_channel}> and get an answer within {days}. "
        f"Next digest: {when(it.next_digest, committee.tz)}."
    )


def _open(it: Status) -> str:
    counts = [
        (it.waiting, "idea to look at", "ideas to look at"),
        (it.ballots, "open vote", "open votes"),
        (it.ideas.get(IdeaState.APPROVED, 0), "approved idea without work begun", "approved ideas without work begun"),
        (it.work, "piece of work underway", "pieces of work underway"),
        (0 if it.work else it.ideas.get(IdeaState.UNDERWAY, 0), "idea without an owner", "ideas without an owner"),
    ]
    said = [plural(number, one, many) for number, one, many in counts if number]
    return f"Open now: {listed(said)}." if said else "Nothing is open now."


def close_prompt(it: Status) -> Message:
    """Whether a committee can be closed, and what that would mean."""
    name = short(it.committee.name, 60)
    if it.busy:
        text = f"*{name}* cannot be closed yet. {_open(it)} Settle these first, so that nobody is left waiting."
        return Message(text, [blocks.section(text)])
    text = (
        f"*{name}* can be closed: nothing is open. Its digests end and its members leave; ideas, votes and decisions "
        "stay. This cannot be undone."
    )
    sure = blocks.confirm("Close it?", f"{clip(clean(it.committee.name), 60)} ends for good.", "Close it", "Keep it")
    value = ids.pack(committee=it.committee.id)
    button = blocks.button("Close the committee", ids.COMMITTEE_CLOSE, value, style="danger", confirm=sure)
    return Message(text, [blocks.section(text), blocks.buttons(button)])


def closed(name: str) -> Message:
    """The committee's channel hears that it has ended."""
    text = (
        f"A workspace admin has closed *{short(name, 60)}*. What it decided stays on record; thank you for the work. "
        "New ideas need another committee."
    )
    return Message(text, [blocks.section(text)])


def office(committee: Committee, held: str) -> Message:
    """What somebody's new office means, in two lines; or, to all of the committee, that nobody presides."""
    text = OFFICES[held].format(name=f"*{short(committee.name, 60)}*")
    return Message(text, [blocks.section(text)])
