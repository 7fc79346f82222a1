"""The frameworks everybody has heard of.

- RICE: reach x impact x confidence / effort. Sean McBride, "RICE: Simple prioritization for product managers",
  Intercom, 2018; the steps of impact and confidence are his.
- ICE: impact x confidence x ease, each 1 to 10. Sean Ellis; he and Morgan Brown average the three (Hacking Growth,
  2017). The product is what most teams compute today, and a weak factor cannot hide in it.
- WSJF, weighted shortest job first: cost of delay / job size, the cost of delay being value + time criticality +
  risk reduced or opportunity opened. Don Reinertsen, The Principles of Product Development Flow, 2009, in the
  relative form and on the scale (1, 2, 3, 5, 8, 13, 20) of the Scaled Agile Framework.
- Value / effort: benefit per unit of cost, the oldest of them; in requirements work Karl Wiegers, "First things
  first: prioritizing requirements", 1999.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from workflows.frameworks.model import Criterion, Formula, Framework


def _criterion(key: str, label: str, hint: str, low: str, high: str, **rest: Any) -> Criterion:
    return Criterion(key, label, hint, Decimal(low), Decimal(high), **rest)


def _chosen(key: str, label: str, hint: str, choices: str, **rest: Any) -> Criterion:
    numbers = tuple(Decimal(choice) for choice in choices.split())
    return Criterion(key, label, hint, numbers[0], numbers[-1], choices=numbers, **rest)


def _ten(key: str, label: str, hint: str) -> Criterion:
    return _chosen(key, label, hint, "1 2 3 4 5 6 7 8 9 10")


def _relative(key: str, label: str, hint: str) -> Criterion:
    return _chosen(key, label, hint, "1 2 3 5 8 13 20")


_RICE = Framework(
    "rice",
    "RICE",
    (
        _criterion("reach", "Reach", "Customers it touches in a quarter", "0", "10000000", open_ended=True),
        _chosen("impact", "Impact", "On each of them: 3 massive, 2 high, 1 medium, 0.5 low", "0.25 0.5 1 2 3"),
        _chosen("confidence", "Confidence", "100% measured, 80% some evidence, 50% a guess", "50 80 100", percent=True),
        _criterion("effort", "Effort", "Person-months, everybody's", "0.25", "1000", open_ended=True),
    ),
    Formula("product", ("reach", "impact", "confidence"), over="effort"),
)
_ICE = Framework(
    "ice",
    "ICE",
    (
        _ten("impact", "Impact", "1 hardly noticed, 10 changes everything"),
        _ten("confidence", "Confidence", "1 a guess, 10 proven"),
        _ten("ease", "Ease", "1 years of work, 10 done this week"),
    ),
    Formula("product", ("impact", "confidence", "ease")),
)
_WSJF = Framework(
    "wsjf",
    "WSJF",
    (
        _relative("value", "Value", "To customers and to us, compared with the other ideas"),
        _relative("urgency", "Urgency", "How fast that value fades if we wait"),
        _relative("risk", "Risk or opportunity", "Risk it takes away, or doors it opens"),
        _relative("size", "Size", "How big the job is"),
    ),
    Formula("sum", ("value", "urgency", "risk"), over="size"),
)
_VALUE_EFFORT = Framework(
    "value_effort",
    "Value / effort",
    (
        _ten("value", "Value", "1 little, 10 as much as we can imagine"),
        _ten("effort", "Effort", "1 a day's work, 10 the biggest thing we would do"),
    ),
    Formula("product", ("value",), over="effort"),
)

FRAMEWORKS: Mapping[str, Framework] = MappingProxyType(
    {framework.key: framework for framework in (_RICE, _ICE, _WSJF, _VALUE_EFFORT)}
)
"""By key, in the order a form shows them."""
