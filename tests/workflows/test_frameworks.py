"""Scoring frameworks: their arithmetic, a committee's own criteria, and what several people's scores say together."""

from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.errors import WorkflowError
from workflows.frameworks import FRAMEWORKS, Criterion, Framework, checked, framework_from, rank_value, shown, summarise

Spec = dict[str, Any]
OWN: Spec = {
    "key": "weighted",
    "name": "Our yardstick",
    "criteria": [
        {"label": "Customer value", "hint": "As they would say", "weight": "60%"},
        {"label": "Cost", "weight": "40%", "lower_is_better": True},
    ],
}


def scores(text: str) -> dict[str, Decimal]:
    """`reach=400 impact=2` as scores."""
    return {key: Decimal(value) for key, value in (pair.split("=") for pair in text.split())}


def one_of(criterion: Criterion) -> st.SearchStrategy[Decimal]:
    if criterion.choices:
        return st.sampled_from(criterion.choices)
    return st.decimals(criterion.low, criterion.high, places=2)


def all_of(framework: Framework) -> st.SearchStrategy[dict[str, Decimal]]:
    return st.fixed_dictionaries({one.key: one_of(one) for one in framework.criteria})


frameworks = st.sampled_from([*FRAMEWORKS.values(), framework_from(OWN)])


@pytest.mark.parametrize(
    ("spec", "given_scores", "value"),
    [
        ({"key": "rice"}, "reach=5000 impact=2 confidence=80 effort=2", "4000"),
        ({"key": "rice"}, "reach=0 impact=3 confidence=100 effort=0.5", "0"),
        ({"key": "ice"}, "impact=8 confidence=7 ease=5", "280"),
        ({"key": "wsjf"}, "value=8 urgency=5 risk=2 size=3", "5"),
        ({"key": "value_effort"}, "value=9 effort=4", "2.25"),
        (OWN, "customer_value=5 cost=1", "100"),
        (OWN, "customer_value=1 cost=5", "0"),
        (OWN, "customer_value=4 cost=3", "65"),
    ],
)
def test_each_formula_gives_the_number_its_source_does(spec: Spec, given_scores: str, value: str) -> None:
    assert rank_value(framework_from(spec), scores(given_scores)) == Decimal(value)


@given(frameworks, st.data())
def test_one_persons_scores_are_the_medians_and_every_order_of_people_gives_the_same(
    framework: Framework, data: st.DataObject
) -> None:
    people = {f"p{n}": data.draw(all_of(framework)) for n in range(data.draw(st.integers(1, 5)))}
    summary = summarise(framework, people)
    assert summary == summarise(framework, dict(reversed(people.items())))
    for key, middle in summary.medians.items():
        assert middle == median(own[key] for own in people.values())
    assert summary.value == rank_value(framework, summary.medians)
    assert not summary.provisional


@given(frameworks, st.data())
def test_a_better_score_on_a_criterion_never_ranks_lower(framework: Framework, data: st.DataObject) -> None:
    before = data.draw(all_of(framework))
    criterion = data.draw(st.sampled_from(framework.criteria))
    other = data.draw(one_of(criterion))
    after = before | {criterion.key: other}
    low_is_good = criterion.lower_is_better or criterion.key == framework.formula.over
    better, worse = (before, after) if (other < before[criterion.key]) ^ low_is_good else (after, before)
    assert rank_value(framework, better) >= rank_value(framework, worse)


@given(frameworks, st.data())
def test_who_has_not_scored_moves_no_median_and_makes_it_provisional(framework: Framework, data: st.DataObject) -> None:
    people = {f"p{n}": data.draw(all_of(framework)) for n in range(3)}
    with_silent = summarise(framework, people | {"silent": {}})
    assert with_silent.medians == summarise(framework, people).medians
    assert with_silent.value == summarise(framework, people).value
    assert (with_silent.scored_by, with_silent.of, with_silent.provisional) == (3, 4, True)


@given(frameworks, st.data())
def test_an_unscored_criterion_is_unknown_never_zero(framework: Framework, data: st.DataObject) -> None:
    lacking = data.draw(st.sampled_from(framework.criteria))
    own = data.draw(all_of(framework))
    del own[lacking.key]
    summary = summarise(framework, {"p": own})
    assert summary.value is None
    assert summary.provisional
    assert summary.scored_by == 0
    assert lacking.key not in summary.medians
    assert f"nobody has scored {lacking.label}" in summary.explain


def test_nobody_scored_is_said_so() -> None:
    summary = summarise(FRAMEWORKS["ice"], {}, of=5)
    assert (summary.value, summary.discuss) == (None, False)
    assert (
        summary.explain
        == "ICE: not known yet, nobody has scored Impact, Confidence or Ease; 0 of 5 scored, provisional."
    )


@pytest.mark.parametrize(
    ("spec", "people", "of", "sentence"),
    [
        (
            {"key": "rice"},
            ["reach=400 impact=2 confidence=80 effort=3"],
            5,
            "RICE: reach 400 × impact 2 × confidence 80% ÷ effort 3 = 213.33; medians, 1 of 5 scored, provisional.",
        ),
        (
            {"key": "wsjf"},
            ["value=8 urgency=5 risk=2 size=3", "value=13 urgency=5 risk=2 size=5"],
            2,
            "WSJF: (value 10.5 + urgency 5 + risk or opportunity 2) ÷ size 4 = 4.38; medians, 2 of 2 scored.",
        ),
        (
            OWN,
            ["customer_value=4 cost=3"],
            1,
            "Our yardstick: Customer value 4 (75 points) × 60% + Cost 3 (50 points) × 40% = 65; "
            "medians, 1 of 1 scored.",
        ),
    ],
)
def test_the_arithmetic_is_told_in_a_sentence(spec: Spec, people: list[str], of: int, sentence: str) -> None:
    given_scores = {str(n): scores(text) for n, text in enumerate(people)}
    assert summarise(framework_from(spec), given_scores, of).explain == sentence


@pytest.mark.parametrize(
    ("key", "values", "apart"),
    [
        ("impact", "1 5 9", True),
        ("impact", "2 3 8 9", True),
        ("impact", "1 8 8 8", False),  # a lone voice is what medians are for
        ("impact", "4 5 6 7", False),
        ("impact", "1 10", True),
        ("impact", "10", False),
    ],
)
def test_scorers_in_two_camps_are_asked_to_discuss(key: str, values: str, apart: bool) -> None:
    people = {str(n): {key: Decimal(value)} for n, value in enumerate(values.split())}
    summary = summarise(FRAMEWORKS["ice"], people)
    assert summary.spread[key].apart is apart
    assert summary.discuss is apart


@pytest.mark.parametrize(
    ("values", "apart"),
    [
        ("100 300", False),
        ("100 400", True),
        ("100 110 120 1000", False),
        ("100 100 1000 1000", True),
        ("0 0 500", True),
        ("0 0", False),
        ("7 7 7", False),
        ("100 200 400", True),
    ],
)
def test_estimates_are_apart_by_a_factor_of_four(values: str, apart: bool) -> None:
    people = {str(n): {"reach": Decimal(value)} for n, value in enumerate(values.split())}
    assert summarise(FRAMEWORKS["rice"], people).discuss is apart


@given(frameworks, st.data())
def test_those_who_agree_are_never_asked_to_discuss(framework: Framework, data: st.DataObject) -> None:
    own = data.draw(all_of(framework))
    assert not summarise(framework, {str(n): own for n in range(data.draw(st.integers(1, 6)))}).discuss


def test_a_score_from_a_scale_the_committee_has_left_is_unknown() -> None:
    people = {"a": scores("value=9 effort=0"), "b": scores("value=40 effort=4")}
    summary = summarise(FRAMEWORKS["value_effort"], people)
    assert (summary.medians, summary.scored_by) == ({"value": Decimal(9), "effort": Decimal(4)}, 0)


@pytest.mark.parametrize(
    ("framework", "key", "value", "sentence"),
    [
        ("rice", "impact", "4", "Impact is one of 0.25, 0.5, 1, 2 or 3."),
        ("rice", "confidence", "0.8", "Confidence is one of 50%, 80% or 100%."),
        ("rice", "effort", "0", "Effort is a number from 0.25 to 1000."),
        ("rice", "reach", "-1", "Reach is a number from 0 to 10000000."),
        ("rice", "reach", "NaN", "Reach is a number from 0 to 10000000."),
        ("rice", "reach", "sNaN", "Reach is a number from 0 to 10000000."),
        ("rice", "reach", "0.00001", "Reach has at most four decimal places."),
        ("own", "cost", "1.5", "Cost goes up from 1 in steps of 1."),
    ],
)
def test_a_score_off_the_scale_is_refused_with_what_it_may_be(
    framework: str, key: str, value: str, sentence: str
) -> None:
    criterion = (framework_from(OWN) if framework == "own" else FRAMEWORKS[framework]).criterion(key)
    with pytest.raises(WorkflowError) as refusal:
        checked(criterion, Decimal(value))
    assert (refusal.value.message, refusal.value.field) == (sentence, key)


@given(frameworks, st.data())
def test_what_a_scale_offers_it_accepts(framework: Framework, data: st.DataObject) -> None:
    criterion = data.draw(st.sampled_from(framework.criteria))
    value = data.draw(one_of(criterion))
    assume(criterion.step is None or not (value - criterion.low) % criterion.step)
    assert checked(criterion, value) == value
    assert 0 <= criterion.place(value) <= 1


def test_a_criterion_nobody_named_is_refused() -> None:
    with pytest.raises(WorkflowError, match="no criterion “karma”"):
        FRAMEWORKS["rice"].criterion("karma")


def changed(**changes: Any) -> Spec:
    first, second = OWN["criteria"]
    return OWN | {"criteria": [first | changes, second]}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({}, "no scoring framework"),
        ({"key": "moscow"}, "no scoring framework"),
        ({"key": ["rice"]}, "no scoring framework"),
        ({"key": "weighted"}, "list of 1 to 10 criteria"),
        (OWN | {"criteria": []}, "list of 1 to 10 criteria"),
        (OWN | {"criteria": ["value"]}, "a label and a weight"),
        (OWN | {"weights": []}, "has no “weights”"),
        (OWN | {"name": ""}, "name of a framework"),
        (changed(label=" "), "label of a criterion"),
        (changed(label="!"), "neither a letter nor a digit"),
        (changed(label="cost"), "the same name"),
        (changed(wait="60%"), "has no “wait”"),
        (changed(weight=None), "weight is a number"),
        (changed(weight="much"), "weight is a number"),
        (changed(weight=True), "weight is a number"),
        (changed(weight=float("inf")), "weight is a number"),
        (changed(weight="-60%"), "weight above 0"),
        (changed(weight="70%"), "add up to 110%. Make them 100%"),
        (changed(weight=60), "all weights as percentages, or none"),
        (changed(low=5, high=1), "low end below its high end"),
        (changed(high=10**9), "high is a number up to"),
        (changed(step=0), "step above 0"),
        (changed(step=9), "step above 0"),
        (changed(hint=3), "hint of “Customer value”"),
        (changed(lower_is_better="no"), "true or false"),
    ],
)
def test_a_spec_that_makes_no_framework_is_refused_with_a_sentence(spec: Spec, words: str) -> None:
    with pytest.raises(WorkflowError) as refusal:
        framework_from(spec)
    assert words in refusal.value.message
    assert refusal.value.field == "framework"


def test_plain_weights_count_by_their_proportions() -> None:
    spec = OWN | {"criteria": [{"label": "Für alle", "weight": 3}, {"label": "価値", "weight": 1, "step": None}]}
    framework = framework_from(spec)
    assert [one.key for one in framework.criteria] == ["für_alle", "価値"]
    assert framework.share("価値") == Decimal("0.25")


@pytest.mark.parametrize(("value", "text"), [("4000", "4000"), ("213.3333", "213.33"), ("0.005", "0.01"), ("0", "0")])
def test_numbers_are_shown_without_digits_for_show(value: str, text: str) -> None:
    assert shown(Decimal(value)) == text
