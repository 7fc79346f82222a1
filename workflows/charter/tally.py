"""Rules 1 to 3 of the law: who counts, which votes count, and who is represented by whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from workflows.charter.case import Case, Choice, Member, PassRule, QuorumRule, Vote


def standing(case: Case) -> dict[str, Vote]:
    """The vote each eligible member has cast in person, by member: the last one made before closing.

    Of two votes at the same instant the later in the list is the last.
    """
    eligible = {member.id for member in case.members if not member.recused}
    last: dict[str, Vote] = {}
    for vote in case.votes:
        counts = vote.voter in eligible and vote.at < case.closes_at
        if counts and (vote.voter not in last or last[vote.voter].at <= vote.at):
            last[vote.voter] = vote
    return last


def represented(case: Case, in_person: Mapping[str, Choice]) -> dict[str, Choice]:
    """The choices of those who did not vote but whose holder did, by member."""
    held: Counter[str] = Counter()
    found: dict[str, Choice] = {}
    for member in case.members:
        if member.recused or member.id in in_person or member.proxy is None:
            continue
        # Only eligible members are in `in_person`, and nobody represented is: no recused holders, no chains.
        if member.proxy in in_person and held[member.proxy] < case.charter.proxies:
            held[member.proxy] += 1
            found[member.id] = in_person[member.proxy]
    return found


@dataclass(frozen=True)
class Tally:
    """Who chose what, proxies and (at closing) consent by silence included."""

    case: Case
    choices: Mapping[str, Choice]

    @cached_property
    def eligible(self) -> tuple[Member, ...]:
        return tuple(member for member in self.case.members if not member.recused)

    @cached_property
    def _by_choice(self) -> Counter[str]:
        return Counter(self.choices.values())

    @property
    def approve(self) -> int:
        return self._by_choice["approve"] + self._by_choice["approve_with_conditions"]

    @property
    def decline(self) -> int:
        return self._by_choice["decline"]

    @property
    def object(self) -> int:
        return self._by_choice["object"]

    @property
    def abstain(self) -> int:
        return self._by_choice["abstain"]

    @property
    def against(self) -> int:
        """Declines and objections together."""
        return self.decline + self.object

    @property
    def taking_part(self) -> int:
        return len(self.choices)

    @property
    def silent(self) -> int:
        return len(self.eligible) - self.taking_part

    @property
    def recused(self) -> int:
        return len(self.case.members) - len(self.eligible)

    def base(self, rule: QuorumRule | PassRule) -> int:
        """How many the rule's share is of."""
        match rule.of:
            case "decisive":
                return self.approve + self.against
            case "cast":
                return self.approve + self.against + self.abstain
            case "eligible":
                return len(self.eligible)
            case "seats":
                return self.case.seats - self.recused

    @cached_property
    def absent_functions(self) -> tuple[str, ...]:
        """The functions of `present` that too few taking part have, sorted."""
        there = Counter(
            function for member in self.eligible if member.id in self.choices for function in set(member.functions)
        )
        wanted = self.case.charter.present
        return tuple(sorted(function for function, least in wanted.items() if there[function] < least))

    @cached_property
    def dissenting_functions(self) -> tuple[str, ...]:
        """The functions of `assent` without a single approval, sorted."""
        assenting = {
            function
            for member in self.eligible
            if self.choices.get(member.id) in {"approve", "approve_with_conditions"}
            for function in member.functions
        }
        return tuple(sorted(set(self.case.charter.assent) - assenting))


def count(case: Case, in_person: Mapping[str, Choice], *, closing: bool) -> Tally:
    """The tally of these votes with their proxies; at closing, silence is consent if the charter says so."""
    choices: dict[str, Choice] = {**in_person, **represented(case, in_person)}
    if closing and case.charter.silence == "consent":
        for member in case.members:
            if not member.recused:
                choices.setdefault(member.id, "approve")
    return Tally(case, choices)
