"""A committee's choice of framework as it is stored: `{"key": "rice"}`, or weighted criteria of its own:

    {"key": "weighted", "name": "Our yardstick", "criteria": [
        {"label": "Customer value", "hint": "...", "weight": "60%"},
        {"label": "Cost", "weight": "40%", "low": 1, "high": 5, "step": 1, "lower_is_better": true}]}

Scores run from 1 to 5 in steps of 1 unless said otherwise; weights are all percentages that add up to 100, or all
plain numbers whose proportions count. A weighted sum of scores; Fishburn, "Additive utilities with incomplete product
sets", 1967.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.errors import WorkflowError
from workflows.frameworks.known import FRAMEWORKS
from workflows.frameworks.model import Criterion, Formula, Framework

_FIELD = "framework"
_MOST_CRITERIA = 10
_LONGEST = 60
_LONGEST_HINT = 150
_LARGEST = Decimal(10_000_000)
_CRITERION_KEYS = {"key", "label", "hint", "low", "high", "step", "weight", "lower_is_better"}


def framework_from(spec: Mapping[str, Any]) -> Framework:
    """The framework a committee chose. Raises WorkflowError saying what is wrong with the spec."""
    key = spec.get("key")
    if isinstance(key, str) and key in FRAMEWORKS:
        return FRAMEWORKS[key]
    if key != "weighted":
        raise _refusal(f"“{key}” is no scoring framework. Choose {', '.join(FRAMEWORKS)} or weighted.")
    _only(spec, {"key", "name", "criteria"}, "A weighted framework")
    criteria = _criteria(spec.get("criteria"))
    name = _text(spec.get("name", "Weighted criteria"), "The name of a framework")
    return Framework("weighted", name, criteria, Formula("weighted", tuple(one.key for one in criteria)))


def _criteria(specs: object) -> tuple[Criterion, ...]:
    if not isinstance(specs, list | tuple) or not 1 <= len(specs) <= _MOST_CRITERIA:
        raise _refusal(f"A weighted framework has a list of 1 to {_MOST_CRITERIA} criteria.")
    criteria = tuple(_criterion(spec) for spec in specs)
    if len({one.key for one in criteria}) < len(criteria):
        raise _refusal("Two criteria have the same name. Give each its own.")
    _check_percentages(specs)
    return criteria


def _criterion(spec: object) -> Criterion:
    if not isinstance(spec, Mapping):
        raise _refusal("Each criterion has a label and a weight.")
    label = _text(spec.get("label"), "The label of a criterion")
    _only(spec, _CRITERION_KEYS, f"“{label}”")
    low, high = (_number(spec.get(end, usual), f"“{label}”: {end}") for end, usual in (("low", 1), ("high", 5)))
    if low >= high:
        raise _refusal(f"“{label}” needs a low end below its high end, not {low} to {high}.")
    return Criterion(
        key=_key(spec.get("key", label)),
        label=label,
        hint=_hint(spec.get("hint", ""), label),
        low=low,
        high=high,
        step=_step(spec.get("step", 1), label, high - low),
        weight=_weight(spec.get("weight"), label),
        lower_is_better=_flag(spec.get("lower_is_better", False), label),
    )


def _hint(value: object, label: str) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_HINT:
        raise _refusal(f"The hint of “{label}” is a line of at most {_LONGEST_HINT} characters.")
    return value.strip()


def _flag(value: object, label: str) -> bool:
    if not isinstance(value, bool):
        raise _refusal(f"“{label}”: lower_is_better is true or false.")
    return value


def _step(value: object, label: str, span: Decimal) -> Decimal | None:
    if value is None:
        return None
    step = _number(value, f"“{label}”: step")
    if not 0 < step <= span:
        raise _refusal(f"“{label}” needs a step above 0 and no wider than its scale, not {step}.")
    return step


def _weight(value: object, label: str) -> Decimal:
    weight = _number(value.removesuffix("%") if isinstance(value, str) else value, f"“{label}”: weight")
    if weight <= 0:
        raise _refusal(f"“{label}” needs a weight above 0.")
    return weight


def _check_percentages(specs: list[Any] | tuple[Any, ...]) -> None:
    weights = [str(spec["weight"]).strip() for spec in specs]
    percentages = [weight for weight in weights if weight.endswith("%")]
    if percentages and len(percentages) < len(weights):
        raise _refusal("Write all weights as percentages, or none.")
    total = sum(Decimal(weight.removesuffix("%")) for weight in percentages)
    if percentages and total != 100:  # noqa: PLR2004 - per cent
        raise _refusal(f"The weights add up to {total}%. Make them 100%.")


def _number(value: object, what: str) -> Decimal:
    try:
        number = Decimal("nan" if isinstance(value, bool) else str(value).strip())
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number) > _LARGEST or number != round(number, 4):
        raise _refusal(f"{what} is a number up to {_LARGEST} with at most four decimal places, not “{value}”.")
    return number


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= _LONGEST:
        raise _refusal(f"{what} is a word or a few, at most {_LONGEST} characters.")
    return value.strip()


def _key(label: object) -> str:
    """Letters, digits and underscores, whatever script the label is in."""
    plain = unicodedata.normalize("NFKC", str(label)).casefold()
    key = re.sub(r"\W+", "_", plain).strip("_")
    if not key:
        raise _refusal(f"“{label}” has neither a letter nor a digit to tell it by.")
    return key


def _only(spec: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = [str(key) for key in spec if key not in known]
    if unknown:
        raise _refusal(f"{what} has no “{unknown[0]}”.")


def _refusal(message: str) -> WorkflowError:
    return WorkflowError(message, _FIELD)
