"""A second, naive reading of committee law to hold the engine to.

It works on the plain JSON of a case and finds whether a matter is settled by trying every way the members still to
vote could vote, so it must only meet small committees.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

Json = dict[str, Any]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def counted(case: Json) -> dict[str, Json]:
    """The vote of each eligible member that counts."""
    found: dict[str, Json] = {}
    for member in case["members"]:
        own = [
            vote
            for vote in case["votes"]
            if vote["voter"] == member["id"]
            and not member["recused"]
            and moment(vote["at"]) < moment(case["closes_at"])
        ]
        if own:
            found[member["id"]] = sorted(own, key=lambda vote: moment(vote["at"]))[-1]
    return found


def positions(case: Json, in_person: dict[str, str], *, closing: bool) -> dict[str, str | None]:
    """What each eligible member stands for: own vote, proxy, consent by silence or nothing."""
    charter = case["charter"]
    stands: dict[str, str | None] = {}
    load: dict[str, int] = {}
    for member in case["members"]:
        if member["recused"]:
            continue
        choice = in_person.get(member["id"])
        holder = member["proxy"]
        if choice is None and holder in in_person:
            load[holder] = load.get(holder, 0) + 1
            if load[holder] <= charter.get("proxies", 0):
                choice = in_person[holder]
        if choice is None and closing and charter.get("silence") == "consent":
            choice = "approve"
        stands[member["id"]] = "approve" if choice == "approve_with_conditions" else choice
    return stands


def needed(rule: Json, base: int) -> int:
    if "more_than" in rule:
        return next(n for n in range(base + 2) if n > Fraction(rule["more_than"]) * base)
    if isinstance(rule["at_least"], int):
        return rule["at_least"]
    return next(n for n in range(base + 1) if n >= Fraction(rule["at_least"]) * base)


def numbers(case: Json, stands: dict[str, str | None]) -> Json:
    charter = case["charter"]
    tally = {name: [*stands.values()].count(name) for name in ("approve", "decline", "object", "abstain")}
    seats = case["seats"] - sum(member["recused"] for member in case["members"])
    decisive = tally["approve"] + tally["decline"] + tally["object"]
    bases = {"eligible": len(stands), "seats": seats, "decisive": decisive, "cast": decisive + tally["abstain"]}
    functions = {member["id"]: member["functions"] for member in case["members"]}
    taking_part = [who for who, choice in stands.items() if choice]
    absent = [
        function
        for function, least in charter.get("present", {}).items()
        if sum(function in functions[who] for who in taking_part) < least
    ]
    quorum_needed = needed(charter["quorum"], bases[charter["quorum"].get("of", "eligible")])
    base = bases[charter["pass"].get("of", "decisive")]
    dissenting = [
        function
        for function in set(charter.get("assent", []))
        if not any(choice == "approve" and function in functions[who] for who, choice in stands.items())
    ]
    return {
        "eligible": len(stands),
        "base": base,
        "counts": {**tally, "silent": len(stands) - len(taking_part)},
        "quorum": {
            "have": len(taking_part),
            "needed": quorum_needed,
            "met": len(taking_part) >= quorum_needed and not absent and bool(stands),
            "missing": sorted(absent),
        },
        "pass": {
            "have": tally["approve"],
            "needed": max(1, needed(charter["pass"], base)),
            "missing": sorted(dissenting),
        },
    }


def presides(case: Json) -> str | None:
    fit = [member for member in case["members"] if not member["recused"]]
    chairs = [member["id"] for member in fit if member["role"] == "chair"]
    return next(iter(chairs + [member["id"] for member in fit if member["role"] == "deputy"]), None)


def at_closing(case: Json, found: Json) -> tuple[str, str | None, bool]:
    """Rules 7 and 9: outcome, next, and whether it came to a tie that matters."""
    charter, tally = case["charter"], found["counts"]
    against = tally["decline"] + tally["object"]
    outcome, following, tie = "declined", None, False
    if not found["quorum"]["met"]:
        outcome, following = "no_quorum", without_quorum(case, found)
    elif (charter.get("objections") and tally["object"] >= charter["objections"]) or (
        charter.get("method") == "consent" and against
    ):
        outcome = "blocked"
    elif charter.get("method") == "consent":
        outcome = "approved" if tally["approve"] and not found["pass"]["missing"] else "declined"
    elif is_bare_majority(charter["pass"]) and tally["approve"] == against:
        outcome, following, tie = broken_tie(case, found)
    elif tally["approve"] >= found["pass"]["needed"] and not found["pass"]["missing"]:
        outcome = "approved"
    return outcome, following, tie


def without_quorum(case: Json, found: Json) -> str:
    following: str = case["charter"].get("no_quorum", "extend")
    if found["eligible"] == 0:
        return "adjourn"
    if following == "extend" and case["extended"] >= case["charter"].get("extensions", 1):
        return "lapse"
    return following


def is_bare_majority(rule: Json) -> bool:
    return rule.get("of", "decisive") == "decisive" and Fraction(rule.get("more_than", "0/1")) == Fraction(1, 2)


def broken_tie(case: Json, found: Json) -> tuple[str, str | None, bool]:
    tie = case["charter"].get("tie", "status_quo")
    if tie == "revote":
        return "tied", "revote", True
    if tie == "status_quo" or presides(case) is None:
        return "declined", None, False
    if case["casting"] is None:
        return "tied", f"casting_vote:{presides(case)}", True
    carried = case["casting"] == "approve" and not found["pass"]["missing"]
    return ("approved" if carried else "declined"), None, True


def ways(case: Json) -> Iterator[dict[str, str]]:
    """Every way the votes in person could stand at closing, those who voted standing by theirs."""
    cast = {who: vote["choice"] for who, vote in counted(case).items()}
    waiting = [m["id"] for m in case["members"] if not m["recused"] and m["id"] not in cast]
    for choices in product(["approve", "decline", "object", "abstain", None], repeat=len(waiting)):
        yield cast | {who: choice for who, choice in zip(waiting, choices, strict=True) if choice}


def settled(case: Json) -> bool:
    cast = {who: vote["choice"] for who, vote in counted(case).items()}
    if not numbers(case, positions(case, cast, closing=False))["quorum"]["met"]:
        return False
    carried = set()
    for way in ways(case):
        outcome, _, tie = at_closing(case, numbers(case, positions(case, way, closing=True)))
        if tie:
            return False
        carried.add(outcome == "approved")
    return len(carried) == 1


def closes_early(case: Json) -> bool:
    votes = counted(case)
    charter = case["charter"]
    if not charter.get("close_early") or case["secret"] or not votes:
        return False
    last = max(moment(vote["at"]) for vote in votes.values())
    if moment(case["now"]) < last + timedelta(minutes=charter.get("grace_minutes", 0)):
        return False
    cast = {who: vote["choice"] for who, vote in votes.items()}
    return None not in positions(case, cast, closing=False).values() or settled(case)


def verdict(case: Json) -> Json:
    """The verdict without its `reason`."""
    closing = moment(case["now"]) >= moment(case["closes_at"]) or closes_early(case)
    cast = {who: vote["choice"] for who, vote in counted(case).items()}
    found = numbers(case, positions(case, cast, closing=closing))
    outcome, following, _ = at_closing(case, found) if closing else ("open", None, False)
    return {"outcome": outcome, "next": following, **found}
