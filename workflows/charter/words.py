"""The law in words: a charter as one rule, a verdict as one sentence, an open ballot as what it still needs."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from workflows.charter.case import Charter, Share
from workflows.charter.tally import Tally
from workflows.charter.verdict import Outcome, PassNumbers, QuorumNumbers, Verdict

_PARTS = {
    Fraction(1, 4): "a quarter",
    Fraction(1, 3): "one third",
    Fraction(1, 2): "half",
    Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three quarters",
    Fraction(1): "all",
}
_PASS_BASES = {
    "decisive": "the votes for or against",
    "cast": "the votes cast, abstentions included",
    "eligible": "the members who may vote",
    "seats": "the seats, vacant ones included",
}
_APPROVING = {"decisive": "decisive votes", "cast": "votes cast", "eligible": "eligible members", "seats": "seats"}
_QUORUM_BASES = {"eligible": "the members who may vote", "seats": "the seats, vacant ones included,"}
_TIES = {
    "status_quo": "a tie leaves things as they are",
    "chair": "whoever presides breaks a tie",
    "revote": "a tie is voted on again",
}
_SHORTFALLS = {
    "adjourn": "if too few take part the matter is adjourned",
    "lapse": "if too few take part the matter lapses",
    "chair": "if too few take part the chair decides how to go on",
}
_NEXT = {
    "extend": "no quorum, so the ballot is extended",
    "lapse": "no quorum, so the matter lapses",
    "adjourn": "no quorum, so the matter is adjourned",
    "chair": "no quorum, so the chair decides how to go on",
    "revote": "a tie, so there is a new vote",
}


def describe(charter: Charter) -> str:
    """The whole rule as one sentence a member can hold the chair to."""
    parts = [part for part in _clauses(charter) if part]
    return f"{parts[0]}; {'; '.join(parts[1:])}."


def _clauses(charter: Charter) -> Iterator[str]:
    yield _passes(charter)
    if charter.assent:
        yield f"{_listed(charter.assent)} must approve, each with at least one member"
    yield _takes_part(charter)
    if charter.present:
        yield "among them at least " + _listed(f"{least} of {name}" for name, least in charter.present.items())
    yield _objections(charter)
    if charter.method == "majority" and charter.passing.can_tie:
        yield _TIES[charter.tie]
    yield _shortfall(charter)
    if charter.silence == "consent":
        yield "members silent at closing count as approving"
    if charter.proxies:
        yield f"a member may vote for up to {_people(charter.proxies, 'absent member')}"
    yield _closes(charter)


def _passes(charter: Charter) -> str:
    if charter.method == "consent":
        return "Passes when at least one member approves and nobody declines or objects"
    rule = charter.passing
    if isinstance(rule.at_least, int):
        return f"Passes with at least {_people(max(1, rule.at_least), 'approval')}"
    return f"Passes with {_share(rule)} of {_PASS_BASES[rule.of]}"


def _takes_part(charter: Charter) -> str:
    rule = charter.quorum
    if isinstance(rule.at_least, int):
        return f"at least {_people(rule.at_least, 'member')} must take part"
    return f"{_share(rule)} of {_QUORUM_BASES[rule.of]} must take part"


def _share(rule: Share) -> str:
    if rule.at_least == Fraction(1):
        return "all"
    part = rule.at_least if rule.more_than is None else rule.more_than
    words = _PARTS.get(part, str(part)) if isinstance(part, Fraction) else str(part)
    return f"at least {words}" if rule.more_than is None else f"more than {words}"


def _objections(charter: Charter) -> str:
    if charter.method == "consent":
        return ""
    if not charter.objections:
        return "an objection counts as a decline"
    return f"{_people(charter.objections, 'objection')} {'blocks' if charter.objections == 1 else 'block'} it"


def _shortfall(charter: Charter) -> str:
    if charter.no_quorum != "extend":
        return _SHORTFALLS[charter.no_quorum]
    if not charter.extensions:
        return _SHORTFALLS["lapse"]
    often = "once" if charter.extensions == 1 else f"up to {charter.extensions} times"
    return f"if too few take part the ballot is extended {often}, then the matter lapses"


def _closes(charter: Charter) -> str:
    if not charter.close_early:
        return "open until its deadline"
    grace = charter.grace_minutes
    after = f", {_people(grace, 'minute')} after the last vote" if grace else ""
    return f"closes early once everyone has voted or the rest cannot change it{after}"


def _people(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _listed(names: Iterable[str]) -> str:
    *most, last = dict.fromkeys(_plain(name) for name in names)
    return f"{', '.join(most)} and {last}" if most else last


def _plain(name: str) -> str:
    return " ".join(name.split())


def needs(verdict: Verdict) -> str:
    """What an open ballot still needs to pass, to stand after "it": "needs 2 more of 7 to take part"."""
    quorum = verdict.quorum
    if not verdict.eligible:
        return "cannot be decided: nobody may vote"
    if quorum.needed > verdict.eligible:
        return f"cannot reach its quorum: {quorum.needed} must take part and {verdict.eligible} may vote"
    if verdict.short is None:
        return "cannot pass as the votes stand"
    wanted = [*_wanted(verdict)]
    return f"needs {', and '.join(wanted)}" if wanted else "has what it needs"


def _wanted(verdict: Verdict) -> Iterator[str]:
    quorum, passing = verdict.quorum, verdict.passing
    if quorum.have < quorum.needed:
        yield f"{quorum.needed - quorum.have} more of {verdict.eligible} to take part"
    if quorum.missing:
        yield f"more of {_listed(quorum.missing)} to take part"
    if verdict.short:
        yield f"{verdict.short} more approval{'s' if verdict.short > 1 else ''}"
    if passing.missing:
        yield f"approval from {_listed(passing.missing)}"


def reason(tally: Tally, outcome: Outcome, following: str | None, quorum: QuorumNumbers, passing: PassNumbers) -> str:
    """The arithmetic of a verdict in one sentence."""
    parts = [_votes(tally), _seats(tally), _quorum(tally, quorum), _approvals(tally, passing)]
    return f"{'; '.join(parts)}: {_ending(tally, outcome, following)}."


def _votes(tally: Tally) -> str:
    said = [
        (tally.approve, "approves", "approve"),
        (tally.decline, "declines", "decline"),
        (tally.object, "objects", "object"),
        (tally.abstain, "abstains", "abstain"),
        (tally.silent, "has not voted", "have not voted"),
    ]
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in said if n) or "nobody may vote"


def _seats(tally: Tally) -> str:
    return f"{_people(tally.case.seats, 'seat')}, {tally.recused or 'none'} recused"


def _quorum(tally: Tally, quorum: QuorumNumbers) -> str:
    told = f"{quorum.have} of {len(tally.eligible)} took part, {quorum.needed} needed"
    return f"{told}, too few from {_listed(quorum.missing)}" if quorum.missing else told


def _approvals(tally: Tally, passing: PassNumbers) -> str:
    charter = tally.case.charter
    lacking = f", no approval from {_listed(passing.missing)}" if passing.missing else ""
    if charter.method == "consent":
        told = f"{passing.have or 'none'} for and {tally.against or 'none'} against"
        return f"{told}, consent needs some for and none against{lacking}"
    base = f"{tally.base(charter.passing)} {_APPROVING[charter.passing.of]}"
    return f"{passing.have} of {base} approve, {passing.needed} needed{lacking}"


def _ending(tally: Tally, outcome: Outcome, following: str | None) -> str:
    match outcome:
        case "open":
            return "still open"
        case "blocked" if tally.object:
            return f"blocked by {_people(tally.object, 'objection')}"
        case "tied" if following != "revote":
            return "a tie, waiting for the casting vote of whoever presides"
        case "approved" | "declined":
            return _decided(tally, outcome)
        case _:
            return _NEXT.get(following or "", outcome)


def _decided(tally: Tally, outcome: Outcome) -> str:
    charter = tally.case.charter
    if charter.method == "consent" or not charter.passing.can_tie or tally.approve != tally.against:
        return outcome
    if charter.tie == "chair" and tally.case.casting is not None and _anyone_presides(tally):
        return f"a tie, {outcome} by the casting vote"
    return f"a tie leaves things as they are, {outcome}"


def _anyone_presides(tally: Tally) -> bool:
    return any(member.role in {"chair", "deputy"} for member in tally.eligible)
