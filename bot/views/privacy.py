"""What somebody is told about what is kept of them, and what is said when they want to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from bot import ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import Named, mention, person_name, plural

KEPT = {
    "idea": ("idea", "you wrote or were quoted in"),
    "support": ("idea", "you supported"),
    "score": ("score", "you gave"),
    "question": ("question", "you asked"),
    "vote": ("vote", "you cast"),
    "decision": ("decision", "you took"),
    "intervention": ("piece", "of work you had a part in"),
    "progress": ("update", "you gave on work"),
    "member": ("seat", "you have or had on a committee"),
    "draft": ("draft", "you have not sent yet"),
    "notice": ("message", "to you"),
}
"""By table: what somebody has there, in words."""

STAYS = "What was decided stays, and so do the words you put before the committee, without your name."
FORGOTTEN = Message(
    "This message named somebody who has asked to be forgotten.",
    [blocks.context("This message named somebody who has asked to be forgotten.")],
)
ASKED_NOTHING = "I have asked {admins}. You will hear from me when somebody has answered."


def kept(counts: Mapping[str, int]) -> Message:
    """What is stored of whoever asked, and the way to have it forgotten."""
    lines = [f"• {plural(counts[table], noun)} {what}" for table, (noun, what) in KEPT.items() if counts.get(table)]
    head = "*What Touchstone keeps of you:* your name, Slack id, time zone and language as Slack tells them"
    text = "\n".join([f"{head}{', and' if lines else '.'}", *lines])
    small = "An admin can give you all of it as a file (`touchstone person export`)."
    sure = blocks.confirm("Be forgotten?", f"An admin is asked to confirm. {STAYS} It cannot be undone.", "Ask")
    ask = blocks.button("Ask to be forgotten", ids.PRIVACY_ASK, style="danger", confirm=sure)
    return Message(f"{text}\n{small}", [blocks.section(text), blocks.context(small), blocks.buttons(ask)])


def asked(admins: int) -> str:
    """What the person hears who asked."""
    return ASKED_NOTHING.format(admins=plural(admins, "admin"))


def request(person: Named, request_id: int) -> Message:
    """An admin is asked to confirm."""
    text = f"{mention(person.slack_id)} asks to be forgotten. {STAYS} It cannot be undone."
    value = ids.pack(request=request_id)
    sure = blocks.confirm("Forget them?", "Name, seats, drafts and messages go; it cannot be undone.", "Forget")
    row = blocks.buttons(
        blocks.button("Forget them", ids.PRIVACY_AGREE, value, style="danger", confirm=sure),
        blocks.button("Not now", ids.PRIVACY_REFUSE, value),
    )
    return Message(text, [blocks.section(text), row])


def agreed(by: Named | None, *, done: bool) -> Message:
    """What is left of the request once an admin agreed."""
    what = "Somebody who asked has been forgotten" if done else "Somebody who asked is being forgotten"
    return _line(f"{what}; {person_name(by)} agreed.")


def declined(person: Named, by: Named | None) -> Message:
    """What is left of the request once an admin did not agree."""
    return _line(f"{mention(person.slack_id)} asked to be forgotten; {person_name(by)} said not now.")


def farewell(by: Named | None) -> Message:
    """The last thing that somebody hears."""
    return _line(
        f"{person_name(by)} agreed, and Touchstone now forgets you: your name, seats, drafts and what I wrote to you. "
        f"{STAYS} Messages that show your name change within minutes. If you use Touchstone again, it meets you anew."
    )


def refused(by: Named) -> Message:
    """The person hears that nothing was changed, and whom to talk to."""
    return _line(f"{mention(by.slack_id)} did not agree to have you forgotten yet. Nothing was changed: talk to them.")


def _line(text: str) -> Message:
    return Message(text, [blocks.section(text)])
