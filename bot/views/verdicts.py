"""What is said when a ballot has closed: the verdict in the thread, and what the author hears."""

from __future__ import annotations

from collections.abc import Sequence

from bot import ids
from bot.views import blocks
from bot.views.ballots import MESSAGE, BallotSheet, arithmetic
from bot.views.message import Message
from bot.views.text import clip_mrkdwn, idea_ref, person_name, plural, short, when
from db.models import Choice, IdeaState
from workflows.ballots import NEEDS_REASON, Said

REASON = 400
MOST_REASONS = 20

SAID = {
    Choice.APPROVE_WITH_CONDITIONS: "approves with a condition",
    Choice.DECLINE: "declines",
    Choice.OBJECT: "objects",
}
UNNAMED = {
    Choice.APPROVE_WITH_CONDITIONS: "A condition",
    Choice.DECLINE: "A decline",
    Choice.OBJECT: "An objection",
}
HEADS = {
    "approved": ":white_check_mark: *{idea} is approved.*",
    "declined": ":no_entry_sign: *{idea} is not going ahead.*",
    "blocked": ":no_entry_sign: *{idea} is not going ahead: it was blocked.*",
    "tied": ":scales: *The vote on {idea} is a tie.*",
    "lapsed": ":hourglass: *{idea} has lapsed: too few took part.*",
    "adjourned": ":leftwards_arrow_with_hook: *{idea} goes back to the backlog, undecided.*",
    "called_off": ":leftwards_arrow_with_hook: *The vote on {idea} was called off.*",
}
AFTERWARDS = {
    "approved": "The chair now finds somebody to make it happen.",
    "declined": "The author has been told why. The chair can bring it back if things change.",
    "blocked": "The author has been told why. The chair can bring it back once the objection is met.",
    "tied": "The rules ask for a new vote: the same people, a new deadline. It is here in this thread.",
    "lapsed": "The chair can open a new vote, or decline it with a reason.",
    "adjourned": "The chair can open a new vote when more can take part.",
    "called_off": "Nothing was decided, and no vote given counts any more. The idea is where it was before.",
}


def verdict(it: BallotSheet) -> Message:
    """The thread hears the verdict, the arithmetic, and what was said."""
    outcome = it.ballot.outcome or ""
    head = HEADS[outcome].format(idea=idea_ref(it.idea))
    parts = [f"{head}\n{arithmetic(it)}", *_reasons(it.said), AFTERWARDS[outcome]]
    text = clip_mrkdwn("\n".join(parts), MESSAGE)
    return Message(text, [*(blocks.section(part) for part in parts[:-1]), blocks.context(parts[-1])])


def _reasons(said: Sequence[Said], *, named: bool = True) -> list[str]:
    told = [it for it in said if it.reason and it.choice in NEEDS_REASON]
    lines = [f"*{_voice(it, named)}:* {short(it.reason or '', REASON)}" for it in told[:MOST_REASONS]]
    more = len(told) - len(lines)
    return [*lines, f"… and {plural(more, 'more reason')}."] if more > 0 else lines


def _voice(it: Said, named: bool) -> str:
    if named and it.person is not None:
        return f"{person_name(it.person)} {SAID[it.choice]}"
    return UNNAMED[it.choice]


def author(it: BallotSheet) -> Message:
    """The author hears, kindly, what became of their idea and why. Reasons come without names."""
    head, close = _to_author(it)
    parts = [f"{head}\n{arithmetic(it)}", *_reasons(it.said, named=False)]
    text = clip_mrkdwn("\n".join([*parts, close]), MESSAGE)
    look = blocks.button("See the idea", ids.IDEA_MORE, ids.pack(idea=it.idea.id))
    return Message(text, [*(blocks.section(part) for part in parts), blocks.context(close), blocks.buttons(look)])


def _to_author(it: BallotSheet) -> tuple[str, str]:
    name, outcome = f"*{idea_ref(it.idea)}*", it.ballot.outcome
    if outcome == "approved":
        return f"Good news: the committee approved your idea {name}.", "Next, somebody is found to make it happen."
    if outcome == "lapsed":
        return (
            f"Too few took part in the vote on your idea {name}, so it lapsed. That says nothing about the idea.",
            "The chair can put it to the vote again.",
        )
    if outcome == "adjourned":
        return f"The vote on your idea {name} came to no decision, and it is back with the committee.", _promise(it)
    return (
        f"The committee voted on your idea {name}, and it will not go ahead this time.",
        "Thank you for putting it in. If things change it can be brought back, and the next idea is welcome.",
    )


def _promise(it: BallotSheet) -> str:
    if it.idea.state is IdeaState.SUBMITTED and it.idea.answered_at is None:
        return f"You still get an answer by {when(it.idea.answer_due, it.tz)}."
    return "The chair decides how to go on."
