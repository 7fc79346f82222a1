"""How an idea looks: its cards, in full, on lists, and what its author hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot import ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.next_step import IN_BRIEF, REASON, next_step
from bot.views.text import clip, clip_mrkdwn, esc, idea_ref, listed, person_name, plural, short, when
from db.models import Committee, Idea, IdeaState, Person
from workflows.catalogue import IdeaLine, Which
from workflows.outlook import Outlook
from workflows.pages import Page

MESSAGE = 3900
ON_CARD = 700
GIST = 160
NAMED = 5
STANDS = {
    IdeaState.SUBMITTED: ":inbox_tray: With the committee",
    IdeaState.IN_REVIEW: ":ballot_box_with_ballot: Being voted on",
    IdeaState.APPROVED: ":white_check_mark: Approved",
    IdeaState.UNDERWAY: ":hammer_and_wrench: Underway",
    IdeaState.DONE: ":checkered_flag: Done",
    IdeaState.DECLINED: ":no_entry_sign: Declined",
    IdeaState.LAPSED: ":hourglass: Lapsed: too few took part",
    IdeaState.WITHDRAWN: ":leftwards_arrow_with_hook: Withdrawn by the author",
}
SUPPORTABLE = frozenset({IdeaState.SUBMITTED, IdeaState.IN_REVIEW, IdeaState.LAPSED})
SCORABLE = frozenset({IdeaState.SUBMITTED, IdeaState.IN_REVIEW, IdeaState.LAPSED})
VOTABLE = frozenset({IdeaState.SUBMITTED, IdeaState.LAPSED})
TITLES = {Which.LIST: "Open ideas", Which.MINE: "Your ideas", Which.TOP: "Most supported"}
NOTHING = {
    Which.LIST: "No idea is open just now. `/idea` puts one in.",
    Which.MINE: "You have not put in an idea yet. `/idea` opens the form; a title and the hassle are enough.",
    Which.TOP: "No idea is open just now. `/idea` puts one in.",
}


@dataclass(frozen=True)
class IdeaCard:
    """All that a card shows. `supporters` are the first few.

    It shows where the idea stands, who has it, and the gist of it; `full` shows every word.

    `intake` says whether it stands where ideas come in, `inside` whether it stands where the committee talks; there
    `scored` says how many have scored it, of how many. What they scored is nowhere on it.
    """

    idea: Idea
    author: Person
    committee: Committee
    outlook: Outlook
    supporters: Sequence[Person] = ()
    source_author: Person | None = None
    inside: bool = False
    scored: tuple[int, int] | None = None
    intake: bool = True
    full: bool = False


def card(it: IdeaCard) -> Message:
    """The card of an idea; complete in `text` too."""
    return Message(_text(it), [*_blocks(it), *_buttons(it)])


def page(it: IdeaCard) -> View:
    """All of an idea, to read from a form."""
    return blocks.modal(f"Idea #{it.idea.number}", _blocks(it), close="Back")


def stands(it: IdeaCard) -> str:
    """Where it stands and what happens next, in mrkdwn."""
    return "\n".join(
        part for part in (STANDS[it.idea.state], next_step(it.outlook, it.committee.tz, it.idea.state)) if part
    )


def _text(it: IdeaCard) -> str:
    told = [f"{label}: {esc(clip(words, ON_CARD))}" for label, words in _told(it.idea)]
    lines = [
        f"*Idea {idea_ref(it.idea, 150)}*",
        "".join(f"{fact}. " for fact in _facts(it)).rstrip(),
        *(told if it.full else [short(it.idea.problem, GIST)]),
        _ahead(it),
    ]
    return clip_mrkdwn("\n".join(line for line in lines if line), MESSAGE)


def _blocks(it: IdeaCard) -> list[Block]:
    shown: list[Block] = [blocks.header(f"#{it.idea.number} {it.idea.title}"), blocks.context(*_facts(it))]
    if it.full:
        for label, words in _told(it.idea):
            shown += [blocks.section(f"*{label}*"), blocks.plain(words)]
    else:
        shown.append(blocks.plain(clip(" ".join(it.idea.problem.split()), GIST)))
    ahead = _ahead(it)
    return [*shown, blocks.section(ahead)] if ahead else shown


def _ahead(it: IdeaCard) -> str:
    return next_step(it.outlook, it.committee.tz, it.idea.state, most=REASON if it.full else IN_BRIEF)


def _facts(it: IdeaCard) -> list[str]:
    scored = [f"{it.scored[0]} of {it.scored[1]} scored"] if it.scored else []
    return [STANDS[it.idea.state], byline(it), supporters(it), *scored]


def _told(idea: Idea) -> list[tuple[str, str]]:
    told = [
        ("The hassle today", idea.problem),
        ("The change proposed", idea.proposal),
        ("The effect hoped for", idea.effect),
    ]
    return [(label, words) for label, words in told if words]


def byline(it: IdeaCard) -> str:
    """Who put it in, and whose message it was made of."""
    said = f"From {person_name(it.author)}"
    if it.source_author is not None and it.source_author.id != it.author.id:
        said += f", after a message of {person_name(it.source_author)}"
    link = it.idea.source_permalink
    return f"{said} (<{link}|the message>)" if link and link.startswith("https://") and "|" not in link else said


def supporters(it: IdeaCard) -> str:
    """ "3 supporters: Ann, Ben and Cy", "7 supporters: Ann, Ben, Cy, Di, Ed and 2 more"."""
    count = it.idea.support_count
    names = [first_name(person) for person in it.supporters[:NAMED]]
    more = count - len(names)
    if not count or not names:
        return plural(count, "supporter").capitalize()
    return f"{plural(count, 'supporter')}: {listed([*names, *([f'{more} more'] if more > 0 else [])])}"


def first_name(person: Person) -> str:
    """The first word of somebody's name, safe inside mrkdwn."""
    first = person.name.split()
    return short(first[0], 30) if first else person_name(person)


def _buttons(it: IdeaCard) -> list[Block]:
    value, state = ids.pack(idea=it.idea.id), it.idea.state
    row = []
    if it.intake and state in SUPPORTABLE:
        row.append(blocks.button("Support", ids.IDEA_SUPPORT, value, label=f"Support idea {it.idea.number}"))
    if state in SCORABLE:
        row.append(blocks.button("Score", ids.SCORE_OPEN, value, label=f"Score idea {it.idea.number}"))
    if it.inside and state in VOTABLE:
        row.append(blocks.button("Open a vote", ids.REVIEW_OPEN, value, style="primary"))
    if it.inside and state in SUPPORTABLE:
        row.append(blocks.button("Ask the author", ids.IDEA_ASK, value))
    row.append(blocks.button("More", ids.IDEA_MORE, value, label=f"What you can do with idea {it.idea.number}"))
    return [blocks.buttons(*row)]


def received(it: IdeaCard, *, again: bool) -> Message:
    """The receipt of whoever put it in: where it is, and by when there is an answer."""
    thanks = "is back with" if again else "is with"
    text = (
        f"{'Good news' if again else 'Thank you'}: your idea *{idea_ref(it.idea)}* {thanks} "
        f"*{esc(it.committee.name)}*. You will have an answer by {when(it.idea.answer_due, it.committee.tz)}."
    )
    return Message(text, [blocks.section(text), blocks.buttons(_more(it.idea))])


def _more(idea: Idea) -> ButtonElement:
    return blocks.button("See or change it", ids.IDEA_MORE, ids.pack(idea=idea.id))


def declined(idea: Idea, decider: Person | None, reason: str) -> Message:
    """The author hears that the chair said no, and why."""
    head = f"{person_name(decider)} has looked at your idea *{idea_ref(idea)}*, and it will not go ahead this time."
    thanks = "Thank you for putting it in. If things change, it can be brought back; and the next idea is welcome."
    text = f"{head}\nThe reason: {esc(clip(reason, ON_CARD))}\n{thanks}"
    shown = [blocks.section(head), blocks.section("*The reason*"), blocks.plain(reason), blocks.context(thanks)]
    return Message(clip_mrkdwn(text, MESSAGE), shown)


def promise_missed(it: IdeaCard, *, own: bool) -> Message:
    """Whoever presides hears, once, that an answer is late; it may be to an idea of their `own`."""
    voting = it.idea.state is IdeaState.IN_REVIEW
    who = "You were" if own else f"{person_name(it.author)} was"
    head = (
        f"{who} promised an answer to *{idea_ref(it.idea)}* by {when(it.idea.answer_due, it.committee.tz)}, "
        f"and {'have' if own else 'has'} none yet.{'' if own else _knows(it.author)}"
    )
    todo = "The vote is still open." if voting else "Open a vote, ask the author, or decline it with a reason."
    value = ids.pack(idea=it.idea.id)
    row = [] if voting else [blocks.button("Open a vote", ids.REVIEW_OPEN, value, style="primary")]
    row.append(blocks.button("More", ids.IDEA_MORE, value))
    return Message(f"{head} {todo}", [blocks.section(f"{head} {todo}"), blocks.buttons(*row)])


def _knows(author: Person) -> str:
    here = author.active and author.slack_id
    return f" {person_name(author)} has been told so." if here else f" {person_name(author)} is no longer here."


def answer_late(it: IdeaCard) -> Message:
    """The author hears, once, that the answer is late."""
    ahead = next_step(it.outlook, it.committee.tz, it.idea.state)
    text = (
        f"We promised you an answer to *{idea_ref(it.idea)}* by today and do not have one yet. Sorry about that. "
        f"The committee knows.\n{ahead}"
    )
    return Message(clip_mrkdwn(text, MESSAGE), [blocks.section(text), blocks.buttons(_more(it.idea))])


def listing(which: Which, page: Page[IdeaLine]) -> Message:
    """A page of a list, for somebody's eyes."""
    if not page.items:
        return Message(NOTHING[which], [blocks.section(NOTHING[which])])
    title = f"{TITLES[which]} ({page.total})"
    shown: list[Block] = [blocks.header(title)]
    for line in page.items:
        value = ids.pack(idea=line.idea.id)
        look = blocks.button("Show", ids.IDEA_SHOW, value, label=f"Show idea {line.idea.number}")
        shown.append(blocks.section(_line(line), accessory=look))
    shown += blocks.pager(ids.IDEA_PAGE, page.number, page.pages, which=which.value)
    where = f", page {page.number} of {page.pages}" if page.pages > 1 else ""
    text = "\n".join([f"*{title}*{where}", *(_line(line).replace("\n", " – ") for line in page.items)])
    return Message(clip_mrkdwn(text, MESSAGE), shown)


def _line(line: IdeaLine) -> str:
    idea = line.idea
    due = idea.state in (IdeaState.SUBMITTED, IdeaState.IN_REVIEW) and idea.answered_at is None
    facts = [STANDS[idea.state], person_name(line.author), plural(idea.support_count, "supporter")]
    if due and idea.clock_stopped_at is None:
        facts.append(f"answer by {when(idea.answer_due, line.committee.tz)}")
    return f"*{idea_ref(idea, 150)}*\n{' · '.join(facts)}"
