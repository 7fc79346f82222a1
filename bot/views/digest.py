"""The weekly digest in Block Kit: what came in, what is open, what was decided, what is late, what got done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from slack_sdk.models.blocks import Block

from bot.views import blocks
from bot.views.message import Message
from bot.views.text import clip, day, idea_ref, listed, mention, plural, short, when
from workflows.week import Awaits, Decided, NewIdea, OpenBallot, Ranked, Week, WorkLine

AnyBlock = Block | dict[str, Any]
T = TypeVar("T")
LINES = 10
"""Lines of one kind that a digest shows; further ones are counted."""
NOTHING = "There is nothing to tell this week, so no digest would go out."
PREVIEW = "Only you see this preview. The digest itself goes out at its hour."
OUTCOMES = {
    "approved": "approved",
    "declined": "declined",
    "lapsed": "no decision, too few took part",
    "adjourned": "no decision, back in the backlog",
}

AWAITS = {
    Awaits.CASTING_VOTE: "a tie, waiting for the casting vote",
    Awaits.WORD: "too few voted, waiting for the word of whoever presides",
}


def message(week: Week, *, preview: bool = False) -> Message:
    """The digest of a week; a `preview` says that nobody else sees it."""
    parts = [part for part in (_celebrated(week), _decided(week), _open(week), _new(week), _work(week)) if part]
    title = f"{week.committee}: the week to {day(week.until.date())}"
    shown: list[AnyBlock] = [blocks.header(title)]
    if preview:
        shown.append(blocks.context(PREVIEW))
    for text in parts:
        shown.append(blocks.section(text))
    shown += [block for block in (_chart(week), _table(week)) if block]
    if not parts:
        parts = [NOTHING]
        shown.append(blocks.section(NOTHING))
    said_first = [PREVIEW] if preview else []
    text = "\n\n".join([f"*{short(title, 150)}*", *said_first, *parts, *_top_in_words(week)])
    return Message(text, shown)


def _paragraph(title: str, items: Sequence[T], line: Callable[[T], str], total: int | None = None) -> str:
    lines = [f"• {line(item)}" for item in items[:LINES]]
    more = (total if total is not None else len(items)) - len(lines)
    rest = [f"… and {more} more"] if more > 0 else []
    return "\n".join([f"*{title}*", *lines, *rest])


def _celebrated(week: Week) -> str:
    def line(work: WorkLine) -> str:
        effect = f" – hoped for: {short(work.promise, 100)}" if work.promise else ""
        return f":tada: {short(work.title, 80)} by {mention(work.owner)} (idea #{work.number}){effect}"

    return _paragraph("Done – worth celebrating", week.celebrated, line) if week.celebrated else ""


def _decided(week: Week) -> str:
    def line(it: Decided) -> str:
        return f"{idea_ref(it)}: *{OUTCOMES.get(it.outcome, it.outcome)}* ({_tally(it)})"

    return _paragraph("Decided", week.decided, line) if week.decided else ""


def _tally(it: Decided) -> str:
    if it.tally is None:
        return "by the chair"
    counts = it.tally.model_dump(include={"approve", "decline", "object", "abstain"})
    verbs = {"approve": "for", "decline": "against", "object": "objecting", "abstain": "abstaining"}
    return ", ".join(f"{n} {verbs[name]}" for name, n in counts.items() if n) or "nobody voted"


def _open(week: Week) -> str:
    def line(it: OpenBallot) -> str:
        if it.awaits is not None:
            return f"{idea_ref(it)}: {AWAITS[it.awaits]}"
        return f"{idea_ref(it)}: {it.voted} of {it.of} have voted, closes {when(it.closes_at, week.tz)}"

    return _paragraph("Open votes", week.ballots, line) if week.ballots else ""


def _new(week: Week) -> str:
    def line(it: NewIdea) -> str:
        supporters = f", {plural(it.supporters, 'supporter')}" if it.supporters else ""
        return f"{idea_ref(it)} – {mention(it.author)}{supporters}"

    title = f"{plural(week.new_ideas, 'new idea').capitalize()}"
    return _paragraph(title, week.new, line, week.new_ideas) if week.new_ideas else ""


def _work(week: Week) -> str:
    if not week.work.total:
        return ""
    counts = [f"{n} {name.lower()}" for name, n in _standings(week) if n]
    title = f"Work underway: {listed(counts)}"

    def line(work: WorkLine) -> str:
        return (
            f"late: {short(work.title, 80)} – {mention(work.owner)}, was due {day(work.due_on)} (idea #{work.number})"
        )

    return _paragraph(title, week.late, line, week.work.late if week.late else None)


def _chart(week: Week) -> dict[str, Any] | None:
    segments = [{"label": name, "value": n} for name, n in _standings(week) if n]
    if len(segments) < 2:  # noqa: PLR2004 - one segment is a full circle and says nothing
        return None
    return {
        "type": "data_visualization",
        "title": "Work underway",
        "chart": {"type": "pie", "segments": segments},
    }


def _standings(week: Week) -> list[tuple[str, int]]:
    return [
        ("On track", week.work.on_track),
        ("At risk", week.work.at_risk),
        ("Late", week.work.late),
        ("Without an owner", week.work.without_owner),
    ]


def _table(week: Week) -> dict[str, Any] | None:
    if not week.top:
        return None
    return {
        "type": "data_table",
        "caption": "Top of the backlog",
        "rows": [[_cell(text) for text in ("Rank", "Idea", "Supporters", "Scored by")], *_rows(week.top)],
    }


def _rows(top: Sequence[Ranked]) -> list[list[dict[str, Any]]]:
    return [
        [
            {"type": "raw_number", "value": rank, "text": str(rank)},
            _cell(clip(f"#{it.number} {it.title}", 100)),
            {"type": "raw_number", "value": it.supporters, "text": str(it.supporters)},
            {"type": "raw_number", "value": it.scored_by, "text": str(it.scored_by)},
        ]
        for rank, it in enumerate(top, 1)
    ]


def _cell(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": text}


def _top_in_words(week: Week) -> list[str]:
    if not week.top:
        return []
    lines = [f"{rank}. {idea_ref(it)} ({plural(it.supporters, 'supporter')})" for rank, it in enumerate(week.top, 1)]
    return ["\n".join(["*Top of the backlog*", *lines])]


def awaited(ballots: Sequence[tuple[OpenBallot, Sequence[str]]], tz: str) -> Message:
    """For the chair's eyes: who has not voted yet on what is open; the names are safe mrkdwn."""
    lines = [
        f"• {idea_ref(ballot)} (closes {when(ballot.closes_at, tz)}): {listed(list(names))}"
        for ballot, names in ballots
    ]
    text = "\n".join(["Still awaited on open votes – only you are told the names:", *lines])
    return Message(text, [blocks.section(text)])
