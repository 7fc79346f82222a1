"""Cases to judge: from a few letters, and at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from workflows.charter import Verdict, judge, read_case

Json = dict[str, Any]
CHOICES = ["approve", "approve_with_conditions", "decline", "object", "abstain"]
FUNCTIONS = ["marketing", "operations"]
CLOSES = "2026-03-06T17:00:00Z"
BEFORE = "2026-03-03T12:00:00Z"

HALF: Json = {"of": "eligible", "at_least": "1/2"}
MAJORITY: Json = {"of": "decisive", "more_than": "1/2"}


def case_of(said: str, *, now: str = CLOSES, seats: int | None = None, **rules: Any) -> Json:
    """A case from letters, one a member: a(pprove) d(ecline) o(bject) n(either), - silent, x recused."""
    words = {"a": "approve", "d": "decline", "o": "object", "n": "abstain"}
    return {
        "charter": {"quorum": HALF, "pass": MAJORITY} | rules,
        "seats": len(said) if seats is None else seats,
        "members": [{"id": f"U{n}", "recused": letter == "x"} for n, letter in enumerate(said, start=1)],
        "votes": [
            {"voter": f"U{n}", "choice": words[letter], "at": "2026-03-03T10:00:00Z"}
            for n, letter in enumerate(said, start=1)
            if letter in words
        ],
        "closes_at": CLOSES,
        "now": now,
    }


def judged(case: Json) -> Verdict:
    """What the engine says of this JSON."""
    return judge(read_case(case))


_fractions = st.integers(1, 6).flatmap(lambda down: st.integers(0, down).map(lambda up: f"{up}/{down}"))
_at_least = st.builds(lambda part: {"at_least": part}, _fractions | st.integers(0, 4))
_more_than = st.builds(lambda part: {"more_than": part}, st.just("1/2") | _fractions)
_some_functions = st.lists(st.sampled_from(FUNCTIONS), max_size=2, unique=True)


def _rules(bases: list[str]) -> st.SearchStrategy[Json]:
    return st.builds(lambda share, of: share | {"of": of}, _at_least | _more_than, st.sampled_from(bases))


_bare = st.just({"of": "decisive", "more_than": "1/2"})


@st.composite
def charters(draw: st.DrawFn) -> Json:
    return {
        "method": draw(st.sampled_from(["majority", "majority", "majority", "consent"])),
        "quorum": draw(st.just({"at_least": 1}) | _rules(["eligible", "seats"])),
        "present": draw(st.just({}) | st.dictionaries(st.sampled_from(FUNCTIONS), st.integers(0, 2), max_size=2)),
        "pass": draw(_bare | _rules(["decisive", "cast", "eligible", "seats"])),
        "assent": draw(st.just([]) | _some_functions),
        "objections": draw(st.none() | st.integers(0, 3)),
        "tie": draw(st.sampled_from(["status_quo", "chair", "revote"])),
        "no_quorum": draw(st.sampled_from(["extend", "adjourn", "lapse", "chair"])),
        "extensions": draw(st.integers(0, 2)),
        "silence": draw(st.sampled_from(["nothing", "consent"])),
        "proxies": draw(st.integers(0, 2)),
        "close_early": draw(st.booleans()),
        "grace_minutes": draw(st.sampled_from([0, 0, 60, 7])),
    }


@st.composite
def members(draw: st.DrawFn, most: int) -> list[Json]:
    ids = [f"U{n}" for n in range(1, draw(st.integers(0, most)) + 1)]
    return [
        {
            "id": who,
            "role": draw(st.sampled_from(["member", "member", "chair", "deputy"])),
            "functions": draw(_some_functions),
            "recused": draw(st.sampled_from([False, False, False, True])),
            "proxy": draw(st.sampled_from([None, None, *[other for other in ids if other != who]])),
        }
        for who in ids
    ]


_times = st.sampled_from(["2026-03-03T10:00:00Z", "2026-03-03T11:00:00Z", "2026-03-03T11:30:00Z"])


_odd_times = st.sampled_from([CLOSES, "2026-03-06T17:00:01Z", "2026-03-06T17:59:00+01:00", "2026-03-03T13:00:00+01:00"])


@st.composite
def votes(draw: st.DrawFn, voters: list[str], choices: list[str]) -> list[Json]:
    """Votes of some members, a few of them twice, late or by strangers."""
    choice = st.sampled_from(choices)
    cast = [
        {"voter": who, "choice": draw(choice), "at": draw(_times)}
        for who in [*voters, *voters[:2]]
        if draw(st.sampled_from([True, True, False]))
    ]
    if draw(st.sampled_from([False, False, False, True])):
        odd = draw(st.sampled_from([*voters[:2], "USTRANGER"]))
        cast.append({"voter": odd, "choice": draw(choice), "at": draw(_odd_times)})
    return cast


@st.composite
def cases(
    draw: st.DrawFn, now: str | None = None, most: int = 5, choices: list[str] | None = None, **fixed: Any
) -> Json:
    """A random valid case; `now`, the choices made and rules of the charter may be fixed."""
    electorate = draw(members(most))
    return {
        "charter": draw(charters()) | fixed,
        "seats": len(electorate) + draw(st.integers(0, 2)),
        "members": electorate,
        "votes": draw(votes([member["id"] for member in electorate], choices or CHOICES)),
        "casting": draw(st.sampled_from([None, "approve", "decline"])),
        "extended": draw(st.integers(0, 2)),
        "secret": draw(st.sampled_from([False, False, False, False, True])),
        "closes_at": CLOSES,
        "now": now or draw(st.sampled_from([BEFORE, CLOSES])),
    }
