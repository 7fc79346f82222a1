"""What happens next to an idea, who has it, and by when, in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.views.text import clip, day, esc, person_name, when
from db.models import IdeaState
from workflows.outlook import Next, Outlook

REASON = 600
IN_BRIEF = 200
Sentence = Callable[[str, str], str]


def next_step(ahead: Outlook, tz: str, state: IdeaState, *, most: int = REASON) -> str:
    """The sentence, after the reason (`most` characters) why the idea stands as it does; empty if there is neither."""
    sentence = SENTENCES[ahead.step](_who(ahead), _by(ahead, tz))
    reason = f"*{WHY.get(state, 'Why')}:* {esc(clip(ahead.why, most))}" if ahead.why else ""
    return "\n".join(part for part in (reason, f"*Next:* {sentence}" if sentence else "") if part)


def _who(ahead: Outlook) -> str:
    return person_name(ahead.who) if ahead.who is not None else "the committee"


def _by(ahead: Outlook, tz: str) -> str:
    if ahead.by is None:
        return ""
    return when(ahead.by, tz) if isinstance(ahead.by, datetime) else day(ahead.by)


def _answer(who: str, by: str) -> str:
    return f"{who} answers by {by}." if by else f"{who} takes it up again."


def _late(who: str, by: str) -> str:
    return f"an answer was promised by {by} and is late. {who} has it."


def _author(who: str, by: str) -> str:
    return f"{who} answers a question about it. The promised answer waits until then."


def _vote(who: str, by: str) -> str:
    return f"the committee votes until {by}." if by else "the committee votes."


def _casting(who: str, by: str) -> str:
    return f"the votes are in, and {who} has the deciding word."


def _assign(who: str, by: str) -> str:
    return f"{who} finds somebody to make it happen."


def _accept(who: str, by: str) -> str:
    return f"{who} says whether they take it on. It would be due {by}."


def _date(who: str, by: str) -> str:
    return f"{who} says whether {by} will do, the date its owner proposed."


def _work(who: str, by: str) -> str:
    return f"{who} makes it happen by {by}."


def _confirm(who: str, by: str) -> str:
    return f"it is said to be done; {who} has a look and confirms."


def _again(who: str, by: str) -> str:
    return f"{who} can put it to the vote again."


SENTENCES: dict[Next, Sentence] = {
    Next.ANSWER: _answer,
    Next.ANSWER_LATE: _late,
    Next.AUTHOR: _author,
    Next.VOTE: _vote,
    Next.CASTING: _casting,
    Next.ASSIGN: _assign,
    Next.ACCEPT: _accept,
    Next.DATE: _date,
    Next.WORK: _work,
    Next.CONFIRM: _confirm,
    Next.AGAIN: _again,
    Next.NOTHING: lambda who, by: "",
}
WHY = {
    IdeaState.DECLINED: "Why not",
    IdeaState.WITHDRAWN: "The author's reason",
    IdeaState.LAPSED: "What happened",
}
