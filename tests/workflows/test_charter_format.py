"""What a case may look like, and the field named when it does not."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.workflows.charter_cases import MAJORITY, Json
from workflows.charter import CaseError, read_case

WHOLE: Json = {
    "charter": {"quorum": {"of": "eligible", "at_least": "1/2"}, "pass": MAJORITY},
    "seats": 5,
    "members": [
        {"id": f"U{n}", "role": "member", "functions": [], "recused": False, "proxy": None} for n in range(1, 6)
    ],
    "votes": [{"voter": "U1", "choice": "approve", "at": "2026-03-03T10:00:00Z"}],
    "casting": None,
    "extended": 0,
    "secret": False,
    "closes_at": "2026-03-06T17:00:00Z",
    "now": "2026-03-06T17:00:00Z",
}


def broken(path: str, value: Any) -> Json:
    case = deepcopy(WHOLE)
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    place: Any = case
    for step in way:
        place = place[step]
    place[last] = value
    return case


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("quorom", 1, "quorom"),
        ("charter/assents", [], "charter.assents"),
        ("charter/passing", MAJORITY, "charter.passing"),
        ("charter/method", "unanimity", "charter.method"),
        ("charter/quorum", {}, "charter.quorum"),
        ("charter/quorum", {"at_least": "1/2", "more_than": "1/2"}, "charter.quorum"),
        ("charter/quorum/of", "decisive", "charter.quorum.of"),
        ("charter/quorum/at_least", "3/2", "charter.quorum.at_least"),
        ("charter/quorum/at_least", "-1/2", "charter.quorum.at_least"),
        ("charter/quorum/at_least", "1/0", "charter.quorum.at_least"),
        ("charter/quorum/at_least", "half", "charter.quorum.at_least"),
        ("charter/quorum/at_least", 0.5, "charter.quorum.at_least"),
        ("charter/quorum/at_least", True, "charter.quorum.at_least"),
        ("charter/quorum/at_least", -1, "charter.quorum.at_least"),
        ("charter/pass/more_than", 2, "charter.pass.more_than"),
        ("charter/pass/more_than", "1/" + "9" * 5000, "charter.pass.more_than"),
        ("charter/present", {"operations": "one"}, "charter.present.operations"),
        ("charter/assent", "operations", "charter.assent"),
        ("charter/objections", -1, "charter.objections"),
        ("charter/grace_minutes", 1.5, "charter.grace_minutes"),
        ("charter/close_early", "yes", "charter.close_early"),
        ("seats", 4, "seats"),
        ("seats", "5", "seats"),
        ("seats", 10**12, "seats"),
        ("members/1/id", "U1", "members.1.id"),
        ("members/1/proxy", "U2", "members.1.proxy"),
        ("members/1/proxy", "U9", "members.1.proxy"),
        ("members/1/role", "boss", "members.1.role"),
        ("members/1", None, "members.1"),
        ("votes/0/choice", "yes", "votes.0.choice"),
        ("votes/0/at", "2026-03-03T10:00:00", "votes.0.at"),
        ("votes/0/at", 1772532000, "votes.0.at"),
        ("closes_at", "2026-03-06", "closes_at"),
        ("closes_at", "0001-01-01T00:00:00+10:00", "closes_at"),
        ("now", "soon", "now"),
        ("casting", "abstain", "casting"),
        ("extended", -1, "extended"),
        ("secret", 1, "secret"),
    ],
)
def test_a_case_that_breaks_the_format_is_refused_by_the_name_of_the_field(path: str, value: Any, field: str) -> None:
    with pytest.raises(CaseError) as refusal:
        read_case(broken(path, value))
    assert f"{field}: " in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("key", ["charter", "seats", "members", "votes", "closes_at", "now"])
def test_what_a_case_cannot_do_without_is_missed_by_name(key: str) -> None:
    case = deepcopy(WHOLE)
    del case[key]
    with pytest.raises(CaseError, match=f"^{key}: is missing"):
        read_case(case)


def test_a_case_can_be_built_from_real_moments_but_not_naive_ones() -> None:
    moment = datetime(2026, 3, 6, 17, tzinfo=UTC)
    assert read_case(WHOLE | {"now": moment}).now == moment
    with pytest.raises(CaseError, match="now: has no time zone"):
        read_case(WHOLE | {"now": moment.replace(tzinfo=None)})
