"""What could not be delivered, for admins."""

from __future__ import annotations

from bot import ids
from bot.slack_errors import Refusal
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import esc, plural


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
