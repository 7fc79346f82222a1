"""The score form, and the page that says how everybody scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import forms, ids
from bot.views import blocks
from bot.views.text import clip, esc, idea_ref, listed
from db.models import Idea
from workflows.frameworks import Criterion, Framework, Summary, shown

TOLD = 700
MOST_STEPS = 25
ALONE = "You score on your own: how the others see it is shown once your score is in."
APART = ":speech_balloon: *Worth discussing:* scorers are far apart on {}."


@dataclass(frozen=True)
class Sheet:
    """What the score form shows. `summary` is None unless this person may see the others' scores.

    `mark` tells the framework that the form asks by.
    """

    idea: Idea
    framework: Framework
    mark: str
    own: Mapping[str, Decimal] = field(default_factory=dict)
    summary: Summary | None = None


def form(it: Sheet) -> View:
    """The form: one field a criterion, filled with one's own scores."""
    told: list[Block] = [
        blocks.section(f"*{idea_ref(it.idea, 150)}*"),
        blocks.plain(clip(it.idea.problem, TOLD)),
        *([blocks.plain(clip(it.idea.proposal, TOLD))] if it.idea.proposal else []),
        *([blocks.section(line) for line in standing(it)] if it.summary else [blocks.context(ALONE)]),
    ]
    inputs = [_input(it.framework, one, it.own.get(one.key)) for one in it.framework.criteria]
    return blocks.modal(
        f"Score idea #{it.idea.number}",
        [*told, *inputs],
        callback_id=ids.SCORE_FORM,
        submit="Score",
        private_metadata=ids.pack(idea=it.idea.id, mark=it.mark),
    )


def _input(framework: Framework, criterion: Criterion, own: Decimal | None) -> Block:
    steps = list(_steps(criterion))
    initial = exact(own) if own is not None and criterion.knows(own) else None
    hint = _hint(framework, criterion)
    if steps:
        options = [blocks.option(criterion.said(step), exact(step)) for step in steps]
        return forms.input_select(criterion.key, criterion.label, options, hint=hint, initial=initial)
    return forms.input_number(
        criterion.key,
        criterion.label,
        hint=hint,
        decimals=True,
        initial=initial,
        least=exact(criterion.low),
        most=exact(criterion.high),
    )


def _steps(criterion: Criterion) -> Iterator[Decimal]:
    """The scores there are, from low to high; none if there are too many to choose from."""
    if criterion.choices or criterion.step is None:
        yield from criterion.choices
    elif (criterion.high - criterion.low) / criterion.step < MOST_STEPS:
        for n in range(int((criterion.high - criterion.low) / criterion.step) + 1):
            yield criterion.low + n * criterion.step


def _hint(framework: Framework, criterion: Criterion) -> str | None:
    parts = [criterion.hint]
    if framework.formula.combine == "weighted":
        parts.append(f"counts {shown(framework.share(criterion.key) * 100)}%")
    parts += ["lower is better"] if criterion.lower_is_better else []
    return ". ".join(part[:1].upper() + part[1:] for part in parts if part) or None


def exact(value: Decimal) -> str:
    """A number for the wire: all its digits, no exponent, no zeros for show."""
    return f"{value.normalize():f}"


def page(it: Sheet) -> View:
    """What is shown once one's score is in."""
    told = [blocks.section(f"*{idea_ref(it.idea, 150)}*\nYour score is in. You can change it while the idea is open.")]
    told += [blocks.section(line) for line in standing(it)]
    return blocks.modal("Scored", told, close="Done")


def standing(it: Sheet) -> Iterator[str]:
    """What all scores say, in mrkdwn: the value, each criterion, and what to talk about. Nobody is named."""
    if it.summary is None:
        return
    yield esc(it.summary.explain)
    yield "\n".join(_line(it, one) for one in it.framework.criteria if one.key in it.summary.medians)
    apart = far_apart(it.framework, it.summary)
    if apart:
        yield apart


def _line(it: Sheet, criterion: Criterion) -> str:
    summary, own = it.summary, it.own.get(criterion.key)
    if summary is None:
        return ""
    median, spread = summary.medians[criterion.key], summary.spread[criterion.key]
    within = (
        "" if spread.low == spread.high else f", from {criterion.said(spread.low)} to {criterion.said(spread.high)}"
    )
    mine = f"; you: {criterion.said(own)}" if own is not None else ""
    return f"• *{esc(criterion.label)}*: median {criterion.said(median)}{within}{mine}"


def far_apart(framework: Framework, summary: Summary) -> str:
    """The criteria on which scorers are in two camps, in mrkdwn; empty if there are none."""
    camps = [
        f"{esc(one.label)} ({one.said(spread.low)} to {one.said(spread.high)})"
        for one in framework.criteria
        if (spread := summary.spread.get(one.key)) is not None and spread.apart
    ]
    return APART.format(listed(camps)) if camps else ""
