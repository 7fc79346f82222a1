"""The diagram of an idea's life in `docs/lifecycle.md`, drawn from `lifecycle.RULES`.

`python -m workflows.diagram > docs/lifecycle.md` draws it anew; a test keeps the two in step.
"""

from __future__ import annotations

import sys

from db.models import IdeaState
from workflows.chasing import PATIENCE, REMINDED
from workflows.lifecycle import RULES, STANDS, Rule
from workflows.permissions import ALLOWED

HEAD = """# The life of an idea

Drawn by `python -m workflows.diagram > docs/lifecycle.md` from `workflows/lifecycle.py`, the only place where an idea
changes state. A test fails when this page and that table differ.
"""
PROMISE = """## The promised answer

Every idea is promised an answer within so many working days, as its committee chose. While a question to the author
is open the clock stands still. The author is reminded {reminded} working days after the question, in the morning,
together with whatever else that morning brings. After {patience} the clock goes on without an answer, or at once if the
author has left: the promised day moves by the working days that the clock stood still, and whoever asked is told. An
answer is welcome at any time.
"""
NOBODY = "the charter or the work itself"


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, "```mermaid", *_chart(), "```", "", *_states(), "", *_moves(), "", _promise()])


def _chart() -> list[str]:
    ends = sorted({*IdeaState} - {source for rule in RULES.values() for source in rule.sources})
    arrows = [
        f"    {source} --> {rule.target}: {rule.name}" for rule in RULES.values() for source in sorted(rule.sources)
    ]
    first = f"    [*] --> {IdeaState.SUBMITTED}: submit"
    return ["stateDiagram-v2", first, *arrows, *(f"    {state} --> [*]" for state in ends)]


def _states() -> list[str]:
    return ["| state | the idea |", "|---|---|", *(f"| `{state}` | {STANDS[state]} |" for state in IdeaState)]


def _moves() -> list[str]:
    rows = (f"| `{rule.name}` | {_who(rule)} | {'yes' if rule.answers else ''} |" for rule in RULES.values())
    return ["| move | who may | answers the author |", "|---|---|---|", *rows]


def _promise() -> str:
    return PROMISE.format(reminded=" and ".join(map(str, REMINDED)), patience=PATIENCE)


def _who(rule: Rule) -> str:
    return " or ".join(sorted(ALLOWED[rule.action])) if rule.action else NOBODY


if __name__ == "__main__":
    sys.stdout.write(page())
