"""Committee law by worked cases and by the corners its sentences have."""

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from tests.workflows.charter_cases import CLOSES, MAJORITY, Json, case_of, judged
from workflows.charter import judge, presiding, read_case

WORKED = [
    json.loads(line)
    for line in (Path(__file__).with_name("cases") / "charter-cases.jsonl").read_text("utf-8").splitlines()
]
BEFORE = "2026-03-04T09:00:00Z"


@pytest.mark.parametrize("worked", WORKED, ids=[worked["name"] for worked in WORKED])
def test_the_worked_cases_of_committee_law_come_out_as_written(worked: Json) -> None:
    printed = judged(worked["case"]).as_dict()
    assert printed.pop("reason").endswith(".")
    assert printed == worked["verdict"]
    assert list(printed) == list(worked["verdict"])


@pytest.mark.parametrize(
    ("said", "rules", "outcome", "following"),
    [
        ("nnn", {"tie": "revote"}, "tied", "revote"),  # nobody for and nobody against is a tie
        ("nnn", {}, "declined", None),
        ("aadd", {"tie": "chair"}, "declined", None),  # nobody presides
        ("aadd", {"tie": "revote", "pass": {"at_least": "1/2"}}, "approved", None),  # knows no tie
        ("aadd", {"tie": "revote", "pass": {"of": "cast", "more_than": "1/2"}}, "declined", None),  # nor does this
        ("aadd", {"tie": "revote", "pass": {"more_than": "2/4"}}, "tied", "revote"),  # exactly 1/2
        ("aaod", {"tie": "revote", "objections": 2}, "tied", "revote"),  # too few objections just count against
        ("aaoo", {"tie": "revote", "objections": 2}, "blocked", None),  # blocking comes before a tie
        ("aao", {"objections": 0}, "approved", None),
        ("aad", {"method": "consent"}, "blocked", None),
        ("nnn", {"method": "consent"}, "declined", None),
        ("ann", {"method": "consent", "assent": ["CRM"]}, "declined", None),
        ("an-", {"method": "consent", "pass": {"of": "seats", "at_least": "1/1"}}, "approved", None),
        ("---", {"silence": "consent"}, "approved", None),
        ("---", {"quorum": {"at_least": 0}}, "declined", None),  # a quorum of nobody is met by nobody
        ("aaa", {"quorum": {"at_least": 4}}, "no_quorum", "extend"),
        ("aaa", {"quorum": {"at_least": 4}, "extensions": 0}, "no_quorum", "lapse"),
        ("a---", {"no_quorum": "chair"}, "no_quorum", "chair"),
        ("xx", {"no_quorum": "lapse"}, "no_quorum", "adjourn"),
        ("", {"silence": "consent"}, "no_quorum", "adjourn"),
        ("aaa", {"pass": {"of": "eligible", "more_than": "1/1"}}, "declined", None),  # more than all never is
        ("ddd", {"pass": {"at_least": "0/1"}}, "declined", None),  # at least one approval is needed
    ],
)
def test_the_corners_of_the_law(said: str, rules: Json, outcome: str, following: str | None) -> None:
    found = judged(case_of(said, **rules))
    assert (found.outcome, found.next) == (outcome, following)


def test_the_last_vote_counts_wherever_it_stands_in_the_list_and_a_late_one_does_not_undo_it() -> None:
    case = case_of("add")
    case["votes"] = [
        {"voter": "U1", "choice": "approve", "at": "2026-03-06T16:59:59.999Z"},
        {"voter": "U1", "choice": "decline", "at": "2026-03-06T18:59:59+02:00"},
        {"voter": "U1", "choice": "decline", "at": CLOSES},
        {"voter": "U2", "choice": "decline", "at": BEFORE},
        {"voter": "U2", "choice": "approve", "at": BEFORE},
    ]
    assert judged(case).counts.approve == 2


def with_proxies(said: str, given: dict[int, int], **rules: Any) -> Json:
    case = case_of(said, **{"proxies": 1} | rules)
    for absent, holder in given.items():
        case["members"][absent - 1]["proxy"] = f"U{holder}"
    return case


@pytest.mark.parametrize(
    ("case", "approve", "silent"),
    [
        (with_proxies("a--", {2: 1, 3: 1}), 2, 1),
        (with_proxies("a--", {2: 1, 3: 2}), 2, 1),  # no chains
        (with_proxies("a--", {2: 3, 3: 2}), 1, 2),
        (with_proxies("ax-", {2: 1, 3: 1}), 2, 0),  # a recused member gives none, so it takes up no place
        (with_proxies("ad-", {2: 1, 3: 1}), 2, 0),  # nor does one who voted in person
        (with_proxies("x--", {2: 1}, quorum={"at_least": 0}), 0, 2),  # a recused holder
        (with_proxies("a--", {2: 1, 3: 1}, proxies=0), 1, 2),
        (with_proxies("a---", {2: 1, 3: 1, 4: 1}, proxies=2), 3, 1),
    ],
)
def test_proxies_lapse_in_members_order_and_never_chain(case: Json, approve: int, silent: int) -> None:
    found = judged(case)
    assert (found.counts.approve, found.counts.silent) == (approve, silent)


def test_a_represented_member_brings_their_own_functions_not_the_holders() -> None:
    case = with_proxies("a-", {2: 1}, present={"operations": 1}, assent=["operations"])
    case["members"][1]["functions"] = ["operations"]
    assert judged(case).outcome == "approved"
    case["members"][1]["functions"], case["members"][0]["functions"] = [], ["marketing"]
    assert judged(case).quorum.missing == ("operations",)


def test_a_function_named_twice_is_one_function() -> None:
    case = case_of("aa", present={"operations": 2})
    case["members"][0]["functions"] = ["operations", "operations"]
    assert judged(case).quorum.missing == ("operations",)


def test_a_proxy_set_free_may_speak_against_silence_where_the_letter_undoes_an_approval() -> None:
    """U2's own approval lets U1, who declines, speak for U3, whose silence would have been operations' assent."""
    case = with_proxies("d--aa", {2: 1, 3: 1}, silence="consent", assent=["operations"])
    case["members"][2]["functions"] = ["operations"]
    assert judged(case).outcome == "approved"
    case["votes"].append({"voter": "U2", "choice": "approve", "at": BEFORE})
    assert judged(case).outcome == "declined"


def early(said: str, **changes: Any) -> str:
    return judged(case_of(said, now=BEFORE, **{"close_early": True} | changes)).outcome


OF_ALL: Json = {"of": "eligible", "more_than": "1/2"}


@pytest.mark.parametrize(
    ("said", "changes", "outcome"),
    [
        ("aaa--", {"pass": OF_ALL}, "approved"),
        ("aa---", {"pass": OF_ALL}, "open"),
        ("ddd--", {"pass": OF_ALL}, "declined"),
        ("aaa--", {}, "approved"),
        ("aaa---", {}, "open"),
        ("aaa---", {"tie": "revote"}, "open"),
        ("aaa--", {"objections": 1}, "open"),
        ("aao--", {"objections": 1}, "blocked"),
        ("aao--", {"objections": 1, "tie": "revote"}, "blocked"),  # blocked comes before any tie
        ("aaad-", {"method": "consent"}, "blocked"),
        ("aaaa-", {"method": "consent"}, "open"),
        ("aaa--", {"pass": OF_ALL, "quorum": {"at_least": 4}}, "open"),
        ("aaa--", {"pass": OF_ALL, "quorum": {"at_least": 4}, "silence": "consent"}, "open"),
        ("aaa--", {"pass": OF_ALL, "assent": ["CRM"]}, "declined"),  # nobody left to assent
        ("-----", {"silence": "consent", "quorum": {"at_least": 0}}, "open"),
        ("aadd", {"tie": "revote"}, "tied"),
        ("aaa", {"quorum": {"at_least": 4}}, "no_quorum"),
    ],
)
def test_a_ballot_closes_early_only_when_the_rest_cannot_change_it(said: str, changes: Json, outcome: str) -> None:
    assert early(said, **changes) == outcome


def test_silent_members_consent_when_a_settled_matter_closes_early() -> None:
    found = judged(case_of("aaa--", now=BEFORE, close_early=True, silence="consent", **{"pass": OF_ALL}))
    assert (found.outcome, found.counts.approve, found.counts.silent) == ("approved", 5, 0)


def test_a_represented_member_may_still_vote_so_the_matter_is_not_settled_by_the_proxy() -> None:
    case = with_proxies("aa---", {3: 1}, close_early=True, **{"pass": OF_ALL}) | {"now": BEFORE}
    assert judged(case).outcome == "open"
    case["members"][3]["proxy"] = case["members"][4]["proxy"] = "U2"
    case["charter"]["proxies"] = 2
    assert judged(case).outcome == "approved"  # everyone has voted or is represented


def test_a_possible_tie_is_no_reason_to_wait_when_nobody_presides() -> None:
    case = case_of("aad-", now=BEFORE, close_early=True, tie="chair", **{"pass": MAJORITY})
    case["votes"].pop(0)
    assert judged(case).outcome == "open"
    blocked = case_of("ado-", now=BEFORE, close_early=True, tie="chair")
    assert judged(blocked).outcome == "declined"
    blocked["members"][0]["role"] = "chair"
    assert judged(blocked).outcome == "open"


@pytest.mark.parametrize(("minutes", "outcome"), [(59, "approved"), (60, "approved"), (61, "open")])
def test_the_grace_runs_from_the_last_counted_vote_to_the_minute(minutes: int, outcome: str) -> None:
    case = case_of("aaa", now="2026-03-03T11:00:00Z", close_early=True, grace_minutes=minutes)
    case["votes"].append({"voter": "USTRANGER", "choice": "decline", "at": "2026-03-03T10:59:00Z"})
    assert judged(case).outcome == outcome


def test_a_vote_dated_after_now_is_counted_but_closes_nothing() -> None:
    case = case_of("aaa", now="2026-03-03T09:59:59Z", close_early=True)
    assert (judged(case).outcome, judged(case).counts.approve) == ("open", 3)


def test_the_first_chair_not_recused_presides_else_the_first_deputy() -> None:
    case = case_of("xaad", tie="chair")
    for place, role in enumerate(["chair", "deputy", "chair", "deputy"]):
        case["members"][place]["role"] = role
    assert presiding(read_case(case)) == "U3"
    case["members"][2]["recused"] = True
    assert presiding(read_case(case)) == "U2"


@pytest.mark.parametrize(
    ("casting", "assent", "outcome"),
    [("approve", [], "approved"), ("approve", ["CRM"], "declined"), ("decline", [], "declined"), (None, [], "tied")],
)
def test_a_casting_vote_breaks_a_tie_but_is_no_assent(casting: str | None, assent: list[str], outcome: str) -> None:
    case = case_of("ad", tie="chair", assent=assent) | {"casting": casting}
    case["members"][0]["role"] = "chair"
    assert judged(case).outcome == outcome


def test_fractions_are_exact_where_floating_point_is_not() -> None:
    case = case_of("a" * 7 + "d" * 93, quorum={"at_least": 0}, **{"pass": {"of": "eligible", "at_least": "7/100"}})
    assert judged(case).passing.needed == 7  # 0.07 * 100 is 7.000000000000001


def test_sixty_members_are_settled_at_once() -> None:
    case = case_of("a" * 20 + "-" * 40, now=BEFORE, close_early=True, proxies=2, quorum={"at_least": 1})
    for member in case["members"][20:]:
        member["proxy"] = "U1"
    read = read_case(case)
    started = perf_counter()
    assert judge(read).outcome == "open"
    assert perf_counter() - started < 0.2
