"""What could not be delivered, for admins."""

from __future__ import annotations

from bot import ids
from bot.slack_errors import Refusal
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import esc, listed, plural, span, when
from workflows.troubles import Absence, Delay


def parked(place: str, refusal: Refusal, waiting: int, notice_id: int) -> Message:
    """Something could not be said in `place` (mrkdwn), why, what helps, and a button to try again."""
    text = (
        f"I could not deliver {plural(waiting, 'message')} to {place}. {esc(refusal.meaning)} "
        f"(`{esc(refusal.code)}`). {esc(refusal.remedy)}"
    )
    again = blocks.button("Try again", ids.TROUBLE_RETRY, ids.pack(notice=notice_id), style="primary")
    return Message(text, [blocks.section(text), blocks.buttons(again)])


def retried(count: int) -> str:
    """What an admin hears after pressing the button."""
    return f"Trying {plural(count, 'message')} again." if count else "Nothing is waiting there any more."


def outage(absence: Absence, delay: Delay, tz: str) -> Message:
    """The database was away, from when to when (`tz` where Slack shows no zone of the reader's), and what was late."""
    text = (
        f"My database was away from {when(absence.began, tz)} to {when(absence.ended, tz)}. {delayed(delay)} "
        "Whoever pressed a button meanwhile was asked to try again."
    )
    return Message(text, [blocks.section(text)])


def delayed(delay: Delay) -> str:
    """What an outage held up, in a sentence."""
    held = [f"{plural(delay.messages, 'message')} came late because of it"] if delay.messages else []
    held += [f"{plural(delay.votes, 'vote')} closed late"] if delay.votes else []
    if not held:
        return "Nothing was late because of it."
    longest = f" (the longest wait was {span(delay.longest)})" if delay.messages else ""
    return f"{listed(held)}{longest}."
