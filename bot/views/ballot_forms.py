"""The forms around a ballot: opening it, saying why, stepping back, and the word of whoever presides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import DateTimePickerElement
from slack_sdk.models.views import View

from bot import forms, ids
from bot.views import blocks
from bot.views.ballots import CHOICES, WORDS
from bot.views.text import idea_ref, short, when
from db.models import Ballot, Choice, Idea
from workflows.ballots import LONGEST_REASON, Terms, Word

SECRET, PUBLIC = "secret", "open"
ASKS = {
    Choice.APPROVE_WITH_CONDITIONS: ("Under which conditions?", "The decision will carry them."),
    Choice.DECLINE: ("Why not?", "The author learns from it."),
    Choice.OBJECT: ("What do you object to?", "Say what would put it right, if anything would."),
}
WORD_SAYS = {
    Word.APPROVE: "The idea is approved, by your word.",
    Word.DECLINE: "The idea is declined, by your word. The author will read your reason.",
    Word.ADJOURN: "The idea goes back to the backlog, undecided. A new vote can be opened any time.",
    Word.EXTEND: "The vote stays open for as many working days again. Votes given so far count.",
}


def review(idea: Idea, terms: Terms, rule: str) -> View:
    """Open a vote: until when, and secret or not."""
    closes_at = DateTimePickerElement(action_id="closes_at", initial_date_time=int(terms.closes_at.timestamp()))
    kinds = [
        blocks.option("Open", PUBLIC, "Names and votes are shown after the vote has closed."),
        blocks.option("Secret", SECRET, "Nobody sees who chose what, not even afterwards."),
    ]
    usual = when(terms.closes_at, terms.committee.tz)
    return blocks.modal(
        "Open a vote",
        [
            blocks.section(f"The committee votes on *{idea_ref(idea)}*, in its thread."),
            blocks.context(f"Rule: {rule}"),
            forms.wrap("closes_at", "Open until", closes_at, hint="In your own time zone."),
            forms.input_select(
                "secret", "Kind of vote", kinds, initial=SECRET if terms.secret else PUBLIC, in_sight=True
            ),
            blocks.context(f"Usual for {short(terms.committee.name, 60)}: {usual}."),
        ],
        callback_id=ids.REVIEW_FORM,
        submit="Open the vote",
        private_metadata=ids.pack(idea=idea.id),
    )


def reason(ballot: Ballot, choice: Choice, initial: str | None) -> View:
    """Say why. `initial` is what the voter said before."""
    label, hint = ASKS[choice]
    who_reads = "Shown without your name after the vote." if ballot.secret else "Shown with your name after the vote."
    return blocks.modal(
        CHOICES[choice],
        [
            blocks.section(f"Your vote on *{idea_ref(ballot.idea)}*"),
            forms.input_text(
                "reason", label, hint=f"{hint} {who_reads}", multiline=True, initial=initial,
                max_length=LONGEST_REASON, focus=True,
            ),
        ],
        callback_id=ids.BALLOT_REASON_FORM,
        submit="Vote",
        private_metadata=ids.pack(ballot=ballot.id, choice=choice.value),
    )  # fmt: skip


def step_back(ballot: Ballot) -> View:
    """Recuse oneself."""
    return blocks.modal(
        "Recuse myself",
        [
            blocks.section(
                f"You will not take part in the vote on *{idea_ref(ballot.idea)}*, and a vote you gave will not count. "
                "This cannot be undone."
            ),
            forms.input_text("why", "Why?", optional=True, multiline=True, max_length=LONGEST_REASON),
        ],
        callback_id=ids.BALLOT_RECUSE_FORM,
        submit="Recuse me",
        private_metadata=ids.pack(ballot=ballot.id),
    )


def recuse(ballot: Ballot, kept: Mapping[str, Any]) -> View:
    """Recuse somebody else."""
    return blocks.modal(
        "Recuse a member",
        [
            blocks.section(
                f"They will not take part in the vote on *{idea_ref(ballot.idea)}*, and a vote they gave will not "
                "count. This cannot be undone."
            ),
            forms.input_user("person", "Who?", initial=kept.get("person")),
            forms.input_text("why", "Why?", multiline=True, initial=kept.get("why"), max_length=LONGEST_REASON),
        ],
        callback_id=ids.BALLOT_RECUSE_FORM,
        submit="Recuse",
        private_metadata=ids.pack(ballot=ballot.id, other=1),
    )


def call_off(ballot: Ballot, initial: str | None) -> View:
    """Call the vote off, with a reason."""
    return blocks.modal(
        "Call off the vote",
        [
            blocks.section(
                f"The vote on *{idea_ref(ballot.idea)}* ends without a decision, and the idea goes back to where it "
                "was. Votes given so far count no more. This cannot be undone, but a new vote can be opened."
            ),
            forms.input_text(
                "why", "Why?", hint="Shown in the thread.", multiline=True, initial=initial, max_length=LONGEST_REASON
            ),
        ],
        callback_id=ids.BALLOT_CALL_OFF_FORM,
        submit="Call it off",
        close="Keep it open",
        private_metadata=ids.pack(ballot=ballot.id),
    )


def word(ballot: Ballot, said: Word, initial: str | None) -> View:
    """The word of whoever presides, looked at once more before it counts."""
    declines = said is Word.DECLINE
    return blocks.modal(
        WORDS[said],
        [
            blocks.section(f"*{idea_ref(ballot.idea)}*\n{WORD_SAYS[said]}"),
            forms.input_text(
                "reason", "Why not?" if declines else "Why?", optional=not declines, multiline=True,
                initial=initial, max_length=LONGEST_REASON,
            ),
        ],
        callback_id=ids.BALLOT_CAST_FORM,
        submit=WORDS[said],
        private_metadata=ids.pack(ballot=ballot.id, word=said.value),
    )  # fmt: skip
