"""How a ballot looks: the card in the thread, its verdict, and what electors, presider and author hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement

from bot import ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import Numbered, clip_mrkdwn, idea_ref, listed, person_name, short, when
from db.models import Ballot, BallotState, Choice, Idea, Person
from workflows.ballots import OUTCOMES, Said, Word, words_for
from workflows.charter import Verdict, needs

MESSAGE = 3900
ARITHMETIC = 1500
MOST_NAMES = 40

CHOICES = {
    Choice.APPROVE: "Approve",
    Choice.APPROVE_WITH_CONDITIONS: "With conditions",
    Choice.DECLINE: "Decline",
    Choice.OBJECT: "Object",
    Choice.ABSTAIN: "Abstain",
}
VOTED = {
    Choice.APPROVE: "you approve",
    Choice.APPROVE_WITH_CONDITIONS: "you approve, with conditions",
    Choice.DECLINE: "you decline",
    Choice.OBJECT: "you object",
    Choice.ABSTAIN: "you abstain",
}
WORDS = {
    Word.APPROVE: "Approve",
    Word.DECLINE: "Decline",
    Word.ADJOURN: "Back to the backlog",
    Word.EXTEND: "More time",
}


@dataclass(frozen=True)
class BallotSheet:
    """All that may be shown of a ballot at this moment; of a secret one there is nothing more to show.

    `verdict` is of the moment while it is open, `reason` the final arithmetic afterwards. `voted` are those who took
    part in an open ballot that is not secret; `said` who said what, once it is closed.
    """

    ballot: Ballot
    idea: Idea
    rule: str
    tz: str
    verdict: Verdict
    reason: str = ""
    author_recused: Person | None = None
    recused: Sequence[Person] = ()
    voted: Sequence[Person] = ()
    said: Sequence[Said] = ()
    waits_for: Person | None = None
    value: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", ids.pack(ballot=self.ballot.id))


def card(it: BallotSheet) -> Message:
    """The ballot in the thread."""
    lines, small = [_title(it), *_body(it)], [line for line in (_recused(it), f"Rule: {it.rule}") if line]
    shown: list[Block] = [blocks.section("\n".join(lines)), *(blocks.context(line) for line in small)]
    return Message(clip_mrkdwn("\n".join([*lines, *small]), MESSAGE), [*shown, *_buttons(it)])


def _title(it: BallotSheet) -> str:
    again = f" (round {it.ballot.round})" if it.ballot.round > 1 else ""
    secret = ", a secret ballot" if it.ballot.secret else ""
    return f":ballot_box_with_ballot: *Vote on {idea_ref(it.idea)}*{again}{secret}"


def _body(it: BallotSheet) -> list[str]:
    if it.ballot.state is BallotState.CLOSED:
        return [f"Closed: {OUTCOMES[it.ballot.outcome or '']}.", arithmetic(it), *_who_chose_what(it)]
    if it.ballot.state is BallotState.AWAITING:
        return [f"Voting is over. {person_name(it.waits_for)} has the deciding word.", arithmetic(it)]
    return [
        standing(it),
        *_who_voted(it),
        f"Open until *{when(it.ballot.closes_at, it.tz)}*. You can change your vote until then.",
    ]


def arithmetic(it: BallotSheet) -> str:
    """The verdict's sentence. A secret ballot that may yet be given more time keeps its counts to itself."""
    may_reopen = it.ballot.state is BallotState.AWAITING and not _tied(it)
    return standing(it) if it.ballot.secret and may_reopen else short(it.reason, ARITHMETIC)


def _tied(it: BallotSheet) -> bool:
    return (it.ballot.verdict or {}).get("outcome") == "tied"


def standing(it: BallotSheet) -> str:
    """Where an open ballot stands. Of a secret one only how many took part: even "2 more approvals" would tell."""
    quorum = it.verdict.quorum
    if it.ballot.secret:
        missing = quorum.needed - quorum.have
        more = f" It needs {missing} more to take part." if missing > 0 else ""
        return f"{quorum.have} of {it.verdict.eligible} have taken part.{more}"
    counts = it.verdict.counts
    told = [
        (counts.approve, "for"),
        (counts.decline, "against"),
        (counts.object, "objecting"),
        (counts.abstain, "abstaining"),
    ]
    said = listed([f"{n} {word}" for n, word in told if n]) or "No votes yet"
    return f"{said}; {counts.silent} of {it.verdict.eligible} still to vote. It *{needs(it.verdict)}*."


def _who_voted(it: BallotSheet) -> list[str]:
    return [f"Voted: {_names(it.voted)}."] if it.voted else []


def _names(people: Iterable[Person]) -> str:
    names = [person_name(person) for person in people]
    more = len(names) - MOST_NAMES
    return listed([*names[:MOST_NAMES], *([f"{more} more"] if more > 0 else [])])


def _who_chose_what(it: BallotSheet) -> list[str]:
    if it.ballot.secret:
        return ["A secret ballot: who chose what stays with each voter."]
    by_choice = [(CHOICES[choice], [s.person for s in it.said if s.choice is choice and s.person]) for choice in Choice]
    return [f"{label}: {_names(people)}" for label, people in by_choice if people]


def _recused(it: BallotSheet) -> str:
    parts = []
    if it.author_recused is not None:
        parts.append(f"{person_name(it.author_recused)} wrote the idea and so does not vote.")
    if it.recused:
        parts.append(f"Recused: {_names(it.recused)}.")
    return " ".join(parts)


def _buttons(it: BallotSheet) -> list[Block]:
    if it.ballot.state is BallotState.OPEN:
        menu = [
            blocks.option("Recuse myself", ids.pack(ballot=it.ballot.id)),
            blocks.option("Recuse a member (chair)", ids.pack(ballot=it.ballot.id, other=1)),
            blocks.option("Call off the vote (chair)", ids.pack(ballot=it.ballot.id, off=1)),
        ]
        return [blocks.buttons(*vote_buttons(it.ballot, it.idea), blocks.overflow(ids.BALLOT_RECUSE, menu))]
    return [word_buttons(it.ballot)] if it.ballot.state is BallotState.AWAITING else []


def vote_buttons(ballot: Ballot, idea: Idea) -> list[ButtonElement]:
    """A button for each choice."""
    value = ids.pack(ballot=ballot.id)
    return [
        blocks.button(text, f"{ids.BALLOT_VOTE}.{choice.value}", value, label=f"{text}: idea {idea.number}")
        for choice, text in CHOICES.items()
    ]


def word_buttons(ballot: Ballot) -> Block:
    """A button for each word that whoever presides may say."""
    value = ids.pack(ballot=ballot.id)
    return blocks.buttons(
        *(blocks.button(WORDS[word], f"{ids.BALLOT_CAST}.{word.value}", value) for word in words_for(ballot))
    )


def missing(it: BallotSheet) -> str:
    """Says to somebody that their vote is missing."""
    return (
        f"Your vote on *{idea_ref(it.idea)}* is still missing. It is open until "
        f"*{when(it.ballot.closes_at, it.tz)}*.\n{standing(it)}"
    )


def thanks(idea: Numbered, closes_at: datetime, tz: str, choice: Choice) -> Message:
    """What a voter hears of their own vote."""
    until = when(closes_at, tz)
    return note(
        f"Your vote on *{idea_ref(idea)}* is in: {VOTED[choice]}. You can change it in the thread until {until}."
    )


def settled(it: BallotSheet) -> Message:
    """In place of a request that needs no answer any more."""
    if it.ballot.state is BallotState.CLOSED:
        return note(f"The vote on *{idea_ref(it.idea)}* is closed: {OUTCOMES[it.ballot.outcome or '']}.")
    if it.ballot.state is BallotState.AWAITING:
        return note(f"The vote on *{idea_ref(it.idea)}* is over; {person_name(it.waits_for)} has the deciding word.")
    return note(f"You are recused from the vote on *{idea_ref(it.idea)}*, so nothing is asked of you.")


def extended(it: BallotSheet) -> Message:
    """The thread hears that there is more time."""
    quorum = it.verdict.quorum
    return note(
        f"{quorum.have} of {it.verdict.eligible} took part, and {quorum.needed} must, so the vote on "
        f"*{idea_ref(it.idea)}* stays open until *{when(it.ballot.closes_at, it.tz)}*. Votes given so far count."
    )


def casting(it: BallotSheet) -> Message:
    """Asks whoever presides for their word; says how it went once it is given."""
    if it.ballot.state is BallotState.CLOSED:
        return settled(it)
    if it.ballot.state is BallotState.OPEN:
        return note(f"The vote on *{idea_ref(it.idea)}* is open again until {when(it.ballot.closes_at, it.tz)}.")
    ask = "is a tie, and you have the casting vote" if _tied(it) else "had too few votes, and the rules leave it to you"
    text = f"The vote on *{idea_ref(it.idea)}* {ask}.\n{arithmetic(it)}"
    return Message(text, [blocks.section(text), word_buttons(it.ballot)])


def unclear(ballot: Ballot, why: str) -> Message:
    """For whoever wrote to the bot in a ballot's thread and was not understood: the buttons do the same."""
    return Message(why, [blocks.section(why), blocks.buttons(*vote_buttons(ballot, ballot.idea))])


def note(text: str) -> Message:
    """One paragraph."""
    return Message(text, [blocks.section(text)])
