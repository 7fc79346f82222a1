"""Rules 4 to 9 of the law: when a ballot is closed, what the outcome is, and what comes next."""

from collections.abc import Mapping
from datetime import timedelta

from workflows.charter.case import Case, Choice, Vote
from workflows.charter.tally import Tally, count, standing
from workflows.charter.verdict import Counts, Outcome, PassNumbers, QuorumNumbers, Verdict
from workflows.charter.words import reason


def judge(case: Case) -> Verdict:
    """The verdict of the law on this case at its `now`."""
    votes = standing(case)
    in_person = {voter: vote.choice for voter, vote in votes.items()}
    closing = case.now >= case.closes_at or _may_close_early(case, votes, in_person)
    tally = count(case, in_person, closing=closing)
    outcome = _outcome(tally) if closing else "open"
    return _verdict(tally, outcome)


def _verdict(tally: Tally, outcome: Outcome) -> Verdict:
    quorum = QuorumNumbers(tally.taking_part, _quorum_needed(tally), _quorum_met(tally), tally.absent_functions)
    passing = PassNumbers(tally.approve, _pass_needed(tally), tally.dissenting_functions)
    following = _next(tally, outcome)
    base = tally.base(tally.case.charter.passing)
    return Verdict(
        outcome=outcome,
        next=following,
        eligible=len(tally.eligible),
        base=base,
        counts=Counts(tally.approve, tally.decline, tally.object, tally.abstain, tally.silent),
        quorum=quorum,
        passing=passing,
        reason=reason(tally, outcome, following, quorum, passing),
        short=_short(tally, base),
    )


def _quorum_needed(tally: Tally) -> int:
    rule = tally.case.charter.quorum
    return rule.needed(tally.base(rule))


def _quorum_met(tally: Tally) -> bool:
    reached = tally.taking_part >= _quorum_needed(tally)
    return reached and not tally.absent_functions and bool(tally.eligible)


def _pass_needed(tally: Tally) -> int:
    rule = tally.case.charter.passing
    return max(1, rule.needed(tally.base(rule)))


def _outcome(tally: Tally) -> Outcome:
    """Rule 7."""
    if not _quorum_met(tally):
        return "no_quorum"
    if _blocked(tally):
        return "blocked"
    if _tied(tally):
        return _broken_tie(tally)
    reached = tally.approve >= (1 if tally.case.charter.method == "consent" else _pass_needed(tally))
    return _carried_if(tally, reached)


def _carried_if(tally: Tally, reached: bool) -> Outcome:
    return "approved" if reached and not tally.dissenting_functions else "declined"


def _blocked(tally: Tally) -> bool:
    charter = tally.case.charter
    by_objections = bool(charter.objections) and tally.object >= (charter.objections or 0)
    return by_objections or (charter.method == "consent" and tally.against > 0)


def _tied(tally: Tally) -> bool:
    """As many for as against under a rule that knows ties; nobody for and nobody against is a tie, too."""
    charter = tally.case.charter
    return charter.method == "majority" and charter.passing.can_tie and tally.approve == tally.against


def _broken_tie(tally: Tally) -> Outcome:
    case = tally.case
    if not _tie_matters(case):
        return "declined"
    if case.charter.tie == "revote" or case.casting is None:
        return "tied"
    return _carried_if(tally, case.casting == "approve")


def _tie_matters(case: Case) -> bool:
    """Whether a tie is anything else than a decline."""
    tie = case.charter.tie
    return tie == "revote" or (tie == "chair" and presiding(case) is not None)


def presiding(case: Case) -> str | None:
    """Who has the casting vote: the first chair, else the first deputy, who is not recused."""
    for role in ("chair", "deputy"):
        for member in case.members:
            if member.role == role and not member.recused:
                return member.id
    return None


def _next(tally: Tally, outcome: Outcome) -> str | None:
    """Rule 9."""
    case = tally.case
    if outcome == "tied":
        return "revote" if case.charter.tie == "revote" else f"casting_vote:{presiding(case)}"
    if outcome != "no_quorum":
        return None
    if not tally.eligible:
        return "adjourn"
    if case.charter.no_quorum == "extend" and case.extended >= case.charter.extensions:
        return "lapse"
    return case.charter.no_quorum


def _may_close_early(case: Case, votes: Mapping[str, Vote], in_person: Mapping[str, Choice]) -> bool:
    """Rule 8."""
    if not case.charter.close_early or case.secret or not votes:
        return False
    since = case.now - max(vote.at for vote in votes.values())
    if since // timedelta(minutes=1) < case.charter.grace_minutes:
        return False
    tally = count(case, in_person, closing=False)
    return tally.silent == 0 or _settled(tally, in_person)


def _settled(tally: Tally, in_person: Mapping[str, Choice]) -> bool:
    """Whether nothing the members still to vote could do would change whether the motion is carried.

    Two extremes stand for all the ways they could vote. Everyone still to vote approving in person gives the most
    approvals, the fewest against and the most assents there can be; everyone objecting in person (which undoes their
    proxies) gives the fewest and the most. Being carried never gets harder with an approval more (each raises `have`
    by one and `needed` by at most one) nor easier with a vote against, so if both extremes agree, all between do.
    Quorum can only grow. That voting everyone in person is the widest reach also makes a tie a matter of distance:
    each of them can move the balance by one either way, or abstain.
    """
    case = tally.case
    if not _quorum_met(tally):
        return False
    waiting = [member.id for member in tally.eligible if member.id not in in_person]
    if _tie_matters(case) and _tie_possible(Tally(case, in_person), len(waiting)):
        return False
    best = Tally(case, {**in_person, **dict.fromkeys(waiting, "approve")})
    worst = Tally(case, {**in_person, **dict.fromkeys(waiting, "object")})
    return (_outcome(best) == "approved") == (_outcome(worst) == "approved")


def _tie_possible(cast: Tally, waiting: int) -> bool:
    charter = cast.case.charter
    if charter.method != "majority" or not charter.passing.can_tie or _blocked(cast):
        return False
    return abs(cast.approve - cast.against) <= waiting


def _short(tally: Tally, base: int) -> int | None:
    if _blocked(tally):
        return None
    if tally.case.charter.method == "consent":
        return max(0, 1 - tally.approve)
    rule = tally.case.charter.passing
    grows = rule.of in {"decisive", "cast"}
    for more in range(len(tally.eligible) + 1):
        if tally.approve + more >= max(1, rule.needed(base + more * grows)):
            return more
    return None
