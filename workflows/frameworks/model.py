"""What a scoring framework is: criteria people score, and a formula that makes one number of their medians."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import prod
from typing import Literal

from workflows.errors import WorkflowError

_PLACES = Decimal("0.0001")
_SHOWN = Decimal("0.01")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Criterion:
    """One thing to score.

    `choices`, where given, are the only scores there are, from low to high; else scores run from `low` to `high`,
    in steps of `step` from `low` if there is one. `percent` scores count as hundredths. `weight` and
    `lower_is_better` matter to weighted frameworks only. An `open_ended` criterion is an estimate of a quantity
    (people, months): its `high` only catches slips, and two estimates differ by their ratio, not their distance.
    """

    key: str
    label: str
    hint: str
    low: Decimal
    high: Decimal
    step: Decimal | None = None
    choices: tuple[Decimal, ...] = ()
    weight: Decimal | None = None
    percent: bool = False
    lower_is_better: bool = False
    open_ended: bool = False

    def said(self, value: Decimal) -> str:
        """The value as people write it."""
        return f"{shown(value)}%" if self.percent else shown(value)

    def knows(self, value: Decimal) -> bool:
        """Whether the value is on the scale."""
        if not value.is_finite():
            return False
        return value in self.choices if self.choices else self.low <= value <= self.high

    def place(self, value: Decimal) -> Decimal:
        """Where on its scale the value stands, from 0 at the low end to 1 at the high end."""
        if value in self.choices and len(self.choices) > 1:
            return Decimal(self.choices.index(value)) / (len(self.choices) - 1)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Formula:
    """How medians become one number: a product or sum `of` criteria, divided by the one they are `over`.

    `weighted` adds up places on the scales (0 to 100) by weight, and is again from 0 to 100.
    """

    combine: Literal["product", "sum", "weighted"]
    of: tuple[str, ...]
    over: str | None = None


@dataclass(frozen=True)
class Framework:
    """A way to score ideas that a committee chose."""

    key: str
    name: str
    criteria: tuple[Criterion, ...]
    formula: Formula

    def criterion(self, key: str) -> Criterion:
        """The criterion of that key. Raises WorkflowError if there is none."""
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise WorkflowError(f"{self.name} has no criterion “{key}”.", key)

    def share(self, key: str) -> Decimal:
        """The weight of a criterion as a part of all weights."""
        weights = {criterion.key: criterion.weight or Decimal(1) for criterion in self.criteria}
        return weights[key] / sum(weights.values())


def checked(criterion: Criterion, value: Decimal) -> Decimal:
    """The score, if the criterion knows it. Raises WorkflowError with what it may be."""
    if not criterion.knows(value):
        raise WorkflowError(f"{criterion.label} is {_allowed(criterion)}.", criterion.key)
    if criterion.step and (value - criterion.low) % criterion.step:
        start, step = criterion.said(criterion.low), criterion.said(criterion.step)
        raise WorkflowError(f"{criterion.label} goes up from {start} in steps of {step}.", criterion.key)
    if value != value.quantize(_PLACES):
        raise WorkflowError(f"{criterion.label} has at most four decimal places.", criterion.key)
    return value


def _allowed(criterion: Criterion) -> str:
    if not criterion.choices:
        return f"a number from {criterion.said(criterion.low)} to {criterion.said(criterion.high)}"
    *most, last = (criterion.said(choice) for choice in criterion.choices)
    return f"one of {', '.join(most)} or {last}"


def rank_value(framework: Framework, medians: Mapping[str, Decimal]) -> Decimal:
    """The number ideas are ranked by, higher first. Raises KeyError if a criterion has no median."""
    formula = framework.formula
    if formula.combine == "weighted":
        return sum((_weighted(framework, key, medians[key]) for key in formula.of), Decimal(0))
    factors = [_factor(framework.criterion(key), medians[key]) for key in formula.of]
    value = Decimal(prod(factors)) if formula.combine == "product" else sum(factors, Decimal(0))
    return value if formula.over is None else value / medians[formula.over]


def _factor(criterion: Criterion, value: Decimal) -> Decimal:
    return value / _HUNDRED if criterion.percent else value


def _weighted(framework: Framework, key: str, value: Decimal) -> Decimal:
    return points(framework.criterion(key), value) * framework.share(key)


def points(criterion: Criterion, value: Decimal) -> Decimal:
    """The place on the scale from 0 (worst) to 100 (best)."""
    place = (value - criterion.low) / (criterion.high - criterion.low)
    return _HUNDRED * (1 - place if criterion.lower_is_better else place)


def shown(value: Decimal) -> str:
    """The number with at most two decimal places and none for show."""
    return f"{value.quantize(_SHOWN, ROUND_HALF_UP).normalize():f}"
