"""Presets, rules and what an open ballot needs, in words."""

import pytest

from tests.workflows.charter_cases import HALF, MAJORITY, Json, case_of, judged
from workflows.charter import PRESETS, charter_from, describe, needs


@pytest.mark.parametrize(
    ("key", "said", "outcome"),
    [
        ("simple_majority", "aaadd", "approved"),
        ("simple_majority", "aadd-", "declined"),
        ("two_thirds", "aad", "approved"),
        ("two_thirds", "aaadd", "declined"),
        ("consent", "ann--", "approved"),
        ("consent", "aaaad", "blocked"),
        ("unanimous", "aaan-", "approved"),
        ("unanimous", "aaaad", "declined"),
        ("unanimous", "a----", "no_quorum"),
    ],
)
def test_each_preset_decides_as_its_name_says(key: str, said: str, outcome: str) -> None:
    case = case_of(said)
    case["charter"] = dict(PRESETS[key].rules)
    assert judged(case).outcome == outcome


def test_a_preset_is_said_in_words() -> None:
    assert describe(PRESETS["simple_majority"].charter) == (
        "Passes with more than half of the votes for or against; at least half of the members who may vote must take "
        "part; an objection counts as a decline; a tie leaves things as they are; if too few take part the ballot is "
        "extended once, then the matter lapses; closes early once everyone has voted or the rest cannot change it, "
        "10 minutes after the last vote."
    )


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"pass": {"of": "seats", "at_least": "2/3"}}, "at least two thirds of the seats, vacant ones included"),
        ({"pass": {"at_least": "1/1"}}, "Passes with all of the votes for or against"),
        ({"pass": {"at_least": 3}}, "Passes with at least 3 approvals"),
        ({"pass": {"of": "cast", "more_than": "5/8"}}, "more than 5/8 of the votes cast, abstentions included"),
        ({"quorum": {"at_least": 1}}, "at least 1 member must take part"),
        ({"present": {"operations": 1, "CRM": 2}}, "among them at least 1 of operations and 2 of CRM"),
        ({"assent": ["a", "b", "c"]}, "a, b and c must approve"),
        ({"objections": 1}, "1 objection blocks it"),
        ({"objections": 2}, "2 objections block it"),
        ({"tie": "chair"}, "whoever presides breaks a tie"),
        ({"extensions": 0}, "the matter lapses"),
        ({"no_quorum": "adjourn"}, "the matter is adjourned"),
        ({"silence": "consent"}, "members silent at closing count as approving"),
        ({"proxies": 2}, "a member may vote for up to 2 absent members"),
        ({"method": "consent"}, "nobody declines or objects"),
    ],
)
def test_every_rule_a_charter_may_have_is_said_in_its_words(rules: Json, words: str) -> None:
    assert words in describe(charter_from({"quorum": HALF, "pass": MAJORITY} | rules))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (case_of("aa-----"), "needs 2 more of 7 to take part"),
        (case_of("aadd-"), "needs 1 more approval"),
        (case_of("aadd-", **{"pass": {"at_least": "2/3"}}), "needs 2 more approvals"),
        (case_of("d----"), "needs 2 more of 5 to take part, and 2 more approvals"),
        (case_of("aaa", assent=["CRM"]), "needs approval from CRM"),
        (case_of("aaa", present={"CRM": 1}), "needs more of CRM to take part"),
        (case_of("aaa"), "has what it needs"),
        (case_of("aad", method="consent"), "cannot pass as the votes stand"),
        (case_of("aaa", quorum={"at_least": 4}), "cannot reach its quorum: 4 must take part and 3 may vote"),
        (case_of("xx"), "cannot be decided: nobody may vote"),
    ],
)
def test_an_open_ballot_says_what_it_needs(case: Json, words: str) -> None:
    assert needs(judged(case)) == words
