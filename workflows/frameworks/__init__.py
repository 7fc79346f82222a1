"""Scoring frameworks as data, pure: criteria, the formula over their medians, and what scores of several people say.

`model` is what a framework is, `known` the ones everybody has heard of, `own` reads a committee's spec (its own
weighted criteria included), `summary` sums up scores. Unscored is unknown, never zero.
"""

from workflows.frameworks.known import FRAMEWORKS
from workflows.frameworks.model import Criterion, Formula, Framework, checked, rank_value, shown
from workflows.frameworks.own import framework_from
from workflows.frameworks.summary import Spread, Summary, summarise

__all__ = [
    "FRAMEWORKS",
    "Criterion",
    "Formula",
    "Framework",
    "Spread",
    "Summary",
    "checked",
    "framework_from",
    "rank_value",
    "shown",
    "summarise",
]
