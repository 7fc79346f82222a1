"""The forms of ideas: a new one, its words edited, withdrawn or declined, and the page of what one may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import forms, ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import clip, esc, idea_ref, when
from db.models import Committee, Idea
from workflows.ideas import TITLE_MAX

MOST_COMMITTEES = 100
FIELDS = ("title", "problem", "proposal", "effect")


@dataclass(frozen=True)
class Sheet:
    """What the form of a new idea opens with: words, and the key under which they are kept if it comes to nothing.

    `saved_at` is set when the words are an older draft; `older` when there is one that is not shown. Without a
    `committee` the form asks which of `choices`.
    """

    draft: str
    words: Mapping[str, Any] = field(default_factory=dict)
    committee: Committee | None = None
    choices: Sequence[Committee] = ()
    saved_at: datetime | None = None
    older: bool = False
    tz: str = "UTC"


def new_idea(sheet: Sheet) -> View:
    """The form of a new idea."""
    committee = sheet.committee or (sheet.choices[0] if len(sheet.choices) == 1 else None)
    shown: list[Block] = [*_draft_line(sheet)]
    if committee is not None:
        shown.append(blocks.context(f"It goes to *{esc(committee.name)}*."))
    else:
        shown.append(_which(sheet.choices, sheet.words.get("committee")))
    return blocks.modal(
        "Your idea",
        [*shown, *_fields(sheet.words)],
        callback_id=ids.IDEA_FORM,
        submit="Put it in",
        private_metadata=ids.pack(committee=committee.id if committee else None, draft=sheet.draft),
    )


def held_up(draft: str, committee: Committee | None) -> Message:
    """The form could not be opened in time; a button opens it with the words kept as `draft`."""
    text = "Slack closed the door a moment too soon. Your words are safe: the button opens the form with them."
    value = ids.pack(draft=draft, committee=committee.id if committee else None)
    opener = blocks.button("Open the form", ids.IDEA_OPEN, value, style="primary")
    return Message(text, [blocks.section(text), blocks.buttons(opener)])


def offered(draft: str | None) -> Message:
    """The answer to what somebody wrote to us, their words kept as `draft`; without words only what one can do."""
    rest = "`/committee` shows how the committee stands, `/cx` the work underway, and Home what waits for you."
    text = f"Shall I keep this as an idea? The form opens with your words in it.\n{rest}"
    if draft is None:
        text = f"An idea begins with a few words, here or after `/idea`. {rest}"
    value = ids.pack(draft=draft) if draft else ids.pack()
    opener = blocks.button("Make it an idea" if draft else "New idea", ids.IDEA_OPEN, value, style="primary")
    return Message(text, [blocks.section(text), blocks.buttons(opener)])


def _draft_line(sheet: Sheet) -> list[Block]:
    data = {"draft": sheet.draft, "committee": sheet.committee.id if sheet.committee else None}
    if sheet.saved_at is not None:
        said = f"You typed this {when(sheet.saved_at, sheet.tz)}, and it was not put in yet."
        return [blocks.section(said, accessory=blocks.button("Start fresh", ids.IDEA_FRESH, ids.pack(**data)))]
    if sheet.older:
        said = "You have another idea that was not put in yet."
        return [blocks.section(said, accessory=blocks.button("Use that one", ids.IDEA_DRAFT, ids.pack(**data)))]
    return []


def _which(choices: Sequence[Committee], chosen: str | None) -> Block:
    options = [blocks.option(committee.name, str(committee.id)) for committee in choices[:MOST_COMMITTEES]]
    return forms.input_select("committee", "Which committee is it for?", options, initial=chosen)


def _fields(words: Mapping[str, Any]) -> list[Block]:
    def text(name: str, label: str, placeholder: str, **more: Any) -> Block:
        return forms.input_text(name, label, initial=words.get(name), placeholder=placeholder, **more)

    return [
        text("title", "Title", "In a few words", max_length=TITLE_MAX),
        text(
            "problem", "The hassle today, and for whom", "Who loses time, money or patience, and how?", multiline=True
        ),
        text("proposal", "The change proposed", "What would you do?", multiline=True, optional=True),
        text(
            "effect",
            "The effect hoped for",
            "What gets better, and how would we see it?",
            multiline=True,
            optional=True,
        ),
    ]


def edit(idea: Idea, words: Mapping[str, Any]) -> View:
    """The form to change an idea's words."""
    return blocks.modal(
        f"Edit #{idea.number}",
        _fields(words),
        callback_id=ids.IDEA_EDIT_FORM,
        submit="Save",
        private_metadata=ids.pack(idea=idea.id),
    )


def withdraw(idea: Idea, why: str | None) -> View:
    """The author takes the idea back."""
    said = f"*{idea_ref(idea)}*\nIt stays on record as withdrawn, and nobody works on it any further."
    return _why_form("Withdraw your idea", said, "Why? (if you like)", ids.IDEA_WITHDRAW_FORM, "Withdraw", idea, why)


def decline(idea: Idea, why: str | None) -> View:
    """The chair says no without a vote."""
    said = f"*{idea_ref(idea)}*\nThe author hears this from me, with your reason; it also stands on the card."
    return _why_form("Decline this idea", said, "Your reason", ids.IDEA_DECLINE_FORM, "Decline", idea, why)


def _why_form(title: str, said: str, label: str, callback_id: str, submit: str, idea: Idea, why: str | None) -> View:
    optional = callback_id == ids.IDEA_WITHDRAW_FORM
    asked = forms.input_text("why", label, multiline=True, optional=optional, initial=why, focus=True)
    return blocks.modal(
        title,
        [blocks.section(said), asked],
        callback_id=callback_id,
        submit=submit,
        private_metadata=ids.pack(idea=idea.id),
    )


def more(idea: Idea, stands: str, may: Iterable[str]) -> View:
    """What this person may do with this idea; `may` are action ids of `DEEDS`."""
    value = ids.pack(idea=idea.id)
    shown: list[Block] = [blocks.section(f"*{idea_ref(idea, 150)}*\n{stands}")]
    for action_id in may:
        said, label, style, confirm = DEEDS[action_id]
        shown.append(
            blocks.section(said, accessory=blocks.button(label, action_id, value, style=style, confirm=confirm))
        )
    if len(shown) == 1:
        shown.append(blocks.context("There is nothing for you to do here just now."))
    return blocks.modal(clip(f"Idea #{idea.number}", 24), shown, close="Close")


BACK = blocks.confirm("Bring it back?", "The author is told, and promised an answer anew.", "Bring it back")
DEEDS: dict[str, tuple[str, str, str | None, Any]] = {
    ids.IDEA_SHOW: ("Read all of it.", "Show", None, None),
    ids.IDEA_EDIT: ("Change its words.", "Edit", None, None),
    ids.IDEA_ASK: ("Something is unclear: ask the author.", "Ask", None, None),
    ids.REVIEW_OPEN: ("Put it to the vote.", "Open a vote", "primary", None),
    ids.IDEA_DECLINE: ("Say no without a vote, with a reason.", "Decline", "danger", None),
    ids.IDEA_WITHDRAW: ("Take your idea back.", "Withdraw", "danger", None),
    ids.IDEA_REOPEN: ("Give it another chance.", "Bring it back", None, BACK),
}
"""Action id -> what it is for, the button's text, its style, the question asked before it acts."""
