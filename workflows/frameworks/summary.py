"""What several people's scores of one idea say together.

Scorers are apart on a criterion when at least a third of them stand in the lowest third of its scale and at least a
third in the highest: the RAND/UCLA appropriateness method's definition of disagreement in a panel (Fitch et al., The
RAND/UCLA Appropriateness Method User's Manual, 2001). Open-ended estimates have no thirds; there the camps are those
at half and at twice the geometric middle between the lowest and the highest, so a factor of four lies between them.
The median of two camps is nobody's opinion, so they should talk; one lone outlier is what medians are for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from workflows.frameworks.model import Criterion, Framework, points, rank_value, shown

_THIRD = 3

Scores = Mapping[str, Decimal]


@dataclass(frozen=True)
class Spread:
    """The lowest and the highest score on a criterion, and whether scorers are in two camps."""

    low: Decimal
    high: Decimal
    apart: bool


@dataclass(frozen=True)
class Summary:
    """Scores of one idea summed up.

    `medians` and `spread` have the criteria that anybody scored; `value` is None until every criterion is.
    `scored_by` counts who scored all criteria; while that is fewer than `of`, the value is provisional.
    """

    medians: Mapping[str, Decimal]
    value: Decimal | None
    scored_by: int
    of: int
    provisional: bool
    spread: Mapping[str, Spread]
    discuss: bool
    explain: str


def summarise(framework: Framework, scores_by_person: Mapping[str, Scores], of: int | None = None) -> Summary:
    """Sum up the scores, per person by criterion, of a committee `of` so many (all in the mapping, if not given)."""
    given = {one.key: _given(one, scores_by_person) for one in framework.criteria}
    medians = {key: median(scores) for key, scores in given.items() if scores}
    spread = {one.key: _spread(one, given[one.key]) for one in framework.criteria if given[one.key]}
    complete = len(medians) == len(framework.criteria)
    value = rank_value(framework, medians) if complete else None
    scored_by = sum(_complete(framework, own) for own in scores_by_person.values())
    asked = max(scored_by, len(scores_by_person) if of is None else of)
    told = _explained(framework, medians, value, scored_by, asked)
    apart = any(one.apart for one in spread.values())
    return Summary(medians, value, scored_by, asked, scored_by < asked or not complete, spread, apart, told)


def _given(criterion: Criterion, scores_by_person: Mapping[str, Scores]) -> list[Decimal]:
    """The scores on this criterion; one given on another scale, before the committee changed it, is unknown."""
    given = (own[criterion.key] for own in scores_by_person.values() if criterion.key in own)
    return [score for score in given if criterion.knows(score)]


def _complete(framework: Framework, own: Scores) -> bool:
    return all(one.key in own and one.knows(own[one.key]) for one in framework.criteria)


def _spread(criterion: Criterion, scores: list[Decimal]) -> Spread:
    low, high = _camps_of_estimates(scores) if criterion.open_ended else _camps(criterion, scores)
    return Spread(min(scores), max(scores), min(low, high) * _THIRD >= len(scores))


def _camps(criterion: Criterion, scores: list[Decimal]) -> tuple[int, int]:
    places = [criterion.place(score) for score in scores]
    return sum(place * _THIRD <= 1 for place in places), sum(place * _THIRD >= _THIRD - 1 for place in places)


def _camps_of_estimates(scores: list[Decimal]) -> tuple[int, int]:
    low, high = min(scores), max(scores)
    middle_squared = low * high
    below = sum(score < high and 4 * score**2 <= middle_squared for score in scores)
    above = sum(score > low and score**2 >= 4 * middle_squared for score in scores)
    return below, above


def _explained(framework: Framework, medians: Scores, value: Decimal | None, scored_by: int, of: int) -> str:
    scored = f"{scored_by} of {of} scored" + (", provisional" if scored_by < of else "")
    if value is None:
        lacking = [one.label for one in framework.criteria if one.key not in medians]
        return f"{framework.name}: not known yet, nobody has scored {_listed(lacking)}; {scored}."
    return f"{framework.name}: {_arithmetic(framework, medians)} = {shown(value)}; medians, {scored}."


def _arithmetic(framework: Framework, medians: Scores) -> str:
    formula = framework.formula
    if formula.combine == "weighted":
        return " + ".join(_weighted(framework, key, medians[key]) for key in formula.of)
    sign = " × " if formula.combine == "product" else " + "
    told = sign.join(_term(framework, key, medians) for key in formula.of)
    if formula.over is None:
        return told
    return f"{f'({told})' if formula.combine == 'sum' else told} ÷ {_term(framework, formula.over, medians)}"


def _term(framework: Framework, key: str, medians: Scores) -> str:
    criterion = framework.criterion(key)
    return f"{criterion.label.lower()} {criterion.said(medians[key])}"


def _weighted(framework: Framework, key: str, value: Decimal) -> str:
    criterion = framework.criterion(key)
    share = f"{shown(framework.share(key) * 100)}%"
    return f"{criterion.label} {criterion.said(value)} ({shown(points(criterion, value))} points) × {share}"


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
