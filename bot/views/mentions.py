"""What a mention of the bot is answered with, when it is no vote."""

from __future__ import annotations

from bot.views import blocks
from bot.views.message import Message
from bot.views.text import idea_ref
from db.models import Choice, Idea
from workflows.lifecycle import STANDS

UNCLEAR = (
    "I did not catch a vote there. Write `@Touchstone approve`, `decline because …`, `object because …`, "
    "`approve if …` or `abstain`, or use the buttons."
)
TOO_PUBLIC = (
    "This vote is secret, and everybody can read a message here, so I have not counted it. "
    "Use the buttons: only you see what you press."
)
MISSING = {
    Choice.APPROVE_WITH_CONDITIONS: "Which conditions? Write `@Touchstone approve if …`, or use the button.",
    Choice.DECLINE: "Why not? Write `@Touchstone decline because …`, or use the button. The author learns from it.",
    Choice.OBJECT: "What do you object to? Write `@Touchstone object because …`, or use the button.",
}


def reason_missing(choice: Choice) -> str:
    """Asks for the reason without which this vote does not count."""
    return f"Not counted yet. {MISSING[choice]}"


def help_anywhere() -> Message:
    """For a mention outside the thread of an idea."""
    return _plain(
        "Here is what I can do: `/idea` puts an idea in, `/committee` shows how the committee stands, `/cx` the work "
        "underway. In the thread of an idea that is being voted on, `@Touchstone approve because …` is a vote."
    )


def no_vote(idea: Idea) -> Message:
    """For a mention in the thread of an idea that nobody can vote on at the moment."""
    return _plain(f"There is no open vote on *{idea_ref(idea)}*: it {STANDS[idea.state]}.")


def elsewhere(idea: Idea) -> Message:
    """For a mention in the thread of an idea whose vote runs in another channel."""
    return _plain(f"The vote on *{idea_ref(idea)}* runs in its committee's channel; members can vote there.")


def _plain(text: str) -> Message:
    return Message(text, [blocks.section(text)])
