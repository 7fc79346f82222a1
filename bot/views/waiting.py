"""What waits for somebody, in a sentence with the buttons that deal with it in place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement

from bot import ids
from bot.views import blocks
from bot.views.ballots import vote_buttons, word_buttons
from bot.views.questions import answer_button
from bot.views.text import day, idea_ref, person_name, plural, short, when
from bot.views.work import claim_buttons, owner_buttons, side_buttons
from db.models import InterventionState
from workflows.waiting import Kind, Waiting

Buttons = Callable[[Waiting], list[ButtonElement]]


def sentence(it: Waiting, today: date, tz: str) -> str:
    """What is asked, in mrkdwn; `today` and `tz` are the reader's."""
    return SENTENCES[it.kind](it, _by(it, today, tz))


def deeds(it: Waiting) -> list[Block]:
    """What can be done about it here and now."""
    if it.kind is Kind.CAST:
        return [word_buttons(it.ballot)] if it.ballot else []
    row = BUTTONS[it.kind](it)
    return [blocks.buttons(*row)] if row else []


def _by(it: Waiting, today: date, tz: str) -> str:
    """By when, to stand after "is" or "due": "Fri 20 Nov 2026", "today", "Mon 2 Nov 2026, 3 days ago"."""
    if isinstance(it.by, datetime):
        return when(it.by, tz)
    if it.by is None:
        return ""
    late = (today - it.by).days
    if late == 0:
        return "*today*"
    return f"{day(it.by)}, {plural(late, 'day')} ago" if late > 0 else day(it.by)


def _vote(it: Waiting, by: str) -> str:
    return f":ballot_box_with_ballot: Vote on *{idea_ref(it.idea)}* by {by}"


def _cast(it: Waiting, by: str) -> str:
    return f":scales: *{idea_ref(it.idea)}* waits for your word as whoever presides"


def _question(it: Waiting, by: str) -> str:
    asked = it.question
    if asked is None:
        return ""
    return f":speech_balloon: {person_name(asked.asked_by)} asks about *{idea_ref(it.idea)}*: {short(asked.text, 300)}"


def _titled(it: Waiting) -> str:
    title = short(it.work.title, 100) if it.work else ""
    return f"*{title}* (idea {idea_ref(it.idea, 60)})"


def _accept(it: Waiting, by: str) -> str:
    return f":raising_hand: Will you take on {_titled(it)}, due {by}?"


def _settle(it: Waiting, by: str) -> str:
    state = it.work.state if it.work else None
    if it.work is not None and state is InterventionState.COUNTERED:
        proposed = day(it.work.proposed_due_on or it.work.due_on)
        return f":calendar: {person_name(it.work.owner)} proposes {proposed} for {_titled(it)}, due {by}"
    if state is InterventionState.HANDED_BACK:
        return f":leftwards_arrow_with_hook: {_titled(it)} was handed back and needs somebody new"
    return f":mag: {_titled(it)} is said to be done. Have a look?"


def _assign(it: Waiting, by: str) -> str:
    return f":white_check_mark: *{idea_ref(it.idea)}* is approved. Who makes it happen, and by when?"


def _answer(it: Waiting, by: str) -> str:
    return f":hourglass: *{idea_ref(it.idea)}* was promised an answer by {by}"


def _score(it: Waiting, by: str) -> str:
    return f":bar_chart: *{idea_ref(it.idea)}* has no score from you yet"


def _do(it: Waiting, by: str) -> str:
    return f":hammer_and_wrench: {_titled(it)}, due {by}"


SENTENCES: dict[Kind, Callable[[Waiting, str], str]] = {
    Kind.CAST: _cast,
    Kind.VOTE: _vote,
    Kind.ANSWER_QUESTION: _question,
    Kind.ACCEPT: _accept,
    Kind.SETTLE: _settle,
    Kind.ANSWER_IDEA: _answer,
    Kind.ASSIGN: _assign,
    Kind.SCORE: _score,
    Kind.WORK: _do,
}


def _settle_buttons(it: Waiting) -> list[ButtonElement]:
    if it.work is None:
        return []
    return claim_buttons(it.work) if it.work.state is InterventionState.CLAIMED else side_buttons(it.work)


def _about(it: Waiting, *named: tuple[str, str]) -> list[ButtonElement]:
    """Buttons about the idea; the first is the one to press."""
    value = ids.pack(idea=it.idea.id)
    return [
        blocks.button(text, action, value, style=None if n else "primary", label=f"{text}: idea {it.idea.number}")
        for n, (text, action) in enumerate(named)
    ]


BUTTONS: dict[Kind, Buttons] = {
    Kind.VOTE: lambda it: vote_buttons(it.ballot, it.idea) if it.ballot else [],
    Kind.ANSWER_QUESTION: lambda it: [answer_button(it.question)] if it.question else [],
    Kind.ACCEPT: lambda it: owner_buttons(it.work) if it.work else [],
    Kind.SETTLE: _settle_buttons,
    Kind.ANSWER_IDEA: lambda it: _about(it, ("Open a vote", ids.REVIEW_OPEN), ("More", ids.IDEA_MORE)),
    Kind.ASSIGN: lambda it: _about(it, ("Choose an owner", ids.WORK_ASSIGN)),
    Kind.SCORE: lambda it: _about(it, ("Score", ids.SCORE_OPEN), ("Show", ids.IDEA_SHOW)),
    Kind.WORK: lambda it: owner_buttons(it.work) if it.work else [],
}
