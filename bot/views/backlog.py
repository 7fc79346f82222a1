"""The ranked backlog, with the reasons of each rank for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot import ids
from bot.views import blocks
from bot.views.ideas import VOTABLE
from bot.views.message import Message
from bot.views.scoring import far_apart
from bot.views.text import clip_mrkdwn, esc, idea_ref, plural, short
from db.models import Committee, IdeaState
from workflows.frameworks import Framework
from workflows.pages import Page
from workflows.prioritization import BacklogLine

MESSAGE = 3900
EMPTY = "No idea is open in *{}* just now. `/idea` puts one in."
WITH_OTHERS = "Score it to see how the others did."
ANEW = "Being ranked anew: the committee has changed how it scores."


@dataclass(frozen=True)
class Sheet:
    """A page of a committee's backlog; `presides` says whether its viewer may open a vote."""

    committee: Committee
    framework: Framework
    page: Page[BacklogLine]
    presides: bool


def message(it: Sheet) -> Message:
    """The backlog, for somebody's eyes."""
    name = short(it.committee.name, 60)
    if not it.page.items:
        return Message(EMPTY.format(name), [blocks.section(EMPTY.format(name))])
    title = f"Backlog of {it.committee.name} ({it.page.total})"
    head = f"Ranked by {esc(it.framework.name)}, by the median of the scores. Not scored yet means unknown, not zero."
    shown: list[Block] = [blocks.header(title), blocks.context(head)]
    for line in it.page.items:
        shown += [blocks.section(f"{_title(line)}\n{_facts(it, line)}"), *_buttons(it, line)]
    shown += blocks.pager(ids.BACKLOG_PAGE, it.page.number, it.page.pages, committee=it.committee.id)
    lines = [f"{_title(line)}: {_facts(it, line)}".replace("\n", " – ") for line in it.page.items]
    page = f", page {it.page.number} of {it.page.pages}" if it.page.pages > 1 else ""
    return Message(clip_mrkdwn("\n".join([f"*{esc(title)}{page}*", head, *lines]), MESSAGE), shown)


def _title(line: BacklogLine) -> str:
    place = f"{line.rank}. " if line.rank is not None else ""
    return f"*{place}{idea_ref(line.idea, 150)}*"


def _facts(it: Sheet, line: BacklogLine) -> str:
    told = line.reasons is not None and line.rank is not None  # the reasons end with the count
    facts = [*([] if told else [_scored(line)]), plural(line.idea.support_count, "supporter")]
    if line.idea.state is IdeaState.IN_REVIEW:
        facts.append("being voted on")
    return "\n".join([" · ".join(facts), *_reasons(it, line)])


def _scored(line: BacklogLine) -> str:
    if line.rank is None:
        return ANEW if line.scored_by else "Not scored yet"
    return f"{line.scored_by} of {line.of} scored" + (", provisional" if line.scored_by < line.of else "")


def _reasons(it: Sheet, line: BacklogLine) -> list[str]:
    if line.reasons is None:
        return [WITH_OTHERS] if line.to_score and line.scored_by else []
    apart = far_apart(it.framework, line.reasons)
    return [esc(line.reasons.explain), *([apart] if apart else [])]


def _buttons(it: Sheet, line: BacklogLine) -> list[Block]:
    idea, value = line.idea, ids.pack(idea=line.idea.id)
    row = []
    if line.to_score:
        row.append(blocks.button("Score", ids.SCORE_OPEN, value, label=f"Score idea {idea.number}"))
    if line.reasons is not None:
        row.append(blocks.button("Change my score", ids.SCORE_OPEN, value, label=f"Change score of idea {idea.number}"))
    if it.presides and idea.state in VOTABLE:
        row.append(blocks.button("Open a vote", ids.REVIEW_OPEN, value, label=f"Open a vote on idea {idea.number}"))
    row.append(blocks.button("Show", ids.IDEA_SHOW, value, label=f"Show idea {idea.number}"))
    return [blocks.buttons(*row)]
