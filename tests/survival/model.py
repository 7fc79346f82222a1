"""A committee in dictionaries: what the state machine holds the whole system against.

The law is `workflows.charter`'s own, which has a second reading of its own; the votes it is given are the model's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from db.models import IdeaState, InterventionState
from tests.workflows.ballot_scene import rules
from workflows import charter

S = InterventionState
ELECTORS = {"Clara": "chair", "Dev": "deputy", "Mia": "member", "Max": "member", "Mona": "member"}
PRESIDE = ("Clara", "Dev")
OPEN = (IdeaState.SUBMITTED, IdeaState.IN_REVIEW, IdeaState.LAPSED)
RESTS = (IdeaState.SUBMITTED, IdeaState.LAPSED)
"""Open, and not being voted on."""

UNSETTLED = (IdeaState.SUBMITTED, IdeaState.IN_REVIEW, IdeaState.APPROVED, IdeaState.UNDERWAY)
WITH_OWNER = (S.OFFERED, S.COUNTERED, S.ACCEPTED)

CHARTERS = {
    "as it comes": rules(),
    "closing early": rules(close_early=True),
    "the chair decides": rules(tie="chair", no_quorum="chair"),
    "voting again": rules(tie="revote", no_quorum="adjourn"),
}

ENDS = {
    "approved": IdeaState.APPROVED,
    "declined": IdeaState.DECLINED,
    "lapse": IdeaState.LAPSED,
    "adjourn": IdeaState.SUBMITTED,
}


@dataclass
class Ballot:
    """A vote that is on: by which rules, who chose what and when, who stepped back, whose word it waits for."""

    closes_at: datetime
    charter: dict[str, Any]
    electors: dict[str, str]
    before: IdeaState
    recused: set[str]
    secret: bool = False
    votes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    extended: int = 0
    waits_for: str | None = None

    def hears(self, who: str, now: datetime) -> bool:
        """Whether this vote takes anything from somebody now."""
        return who in self.electors and who not in self.recused and self.runs(now)

    def runs(self, now: datetime) -> bool:
        return self.waits_for is None and now < self.closes_at

    def take(self, who: str, choice: str, now: datetime) -> None:
        if choice != self.votes.get(who, ("", now))[0]:
            self.votes[who] = choice, now

    def presiding(self) -> str | None:
        return next((who for who in PRESIDE if who not in self.recused), None)

    def verdict(self, now: datetime, casting: str | None = None) -> charter.Verdict:
        """What the law says of these votes."""
        members = [
            {"id": who, "role": role, "functions": [], "recused": who in self.recused, "proxy": None}
            for who, role in self.electors.items()
        ]
        votes = [{"voter": who, "choice": choice, "at": at} for who, (choice, at) in self.votes.items()]
        told = {"charter": self.charter, "seats": len(members), "members": members, "votes": votes, "casting": casting}
        more = {"extended": self.extended, "secret": self.secret, "closes_at": self.closes_at, "now": now}
        return charter.judge(charter.read_case({**told, **more}))


@dataclass
class Work:
    """Approved work: whose it is, by when, and how it stands."""

    owner: str
    due_on: date
    state: InterventionState = S.OFFERED
    proposed: date | None = None
    health: str | None = None
    claimed_by: str | None = None
    ticked: set[str] = field(default_factory=set)

    def reports(self, who: str) -> bool:
        """Whether somebody may say how it goes."""
        return who == self.owner or who in PRESIDE

    def accepted(self) -> None:
        self.state, self.proposed, self.health = S.ACCEPTED, None, self.health or "on_track"

    def handed_back(self) -> None:
        self.state, self.proposed = S.HANDED_BACK, None

    def offered_to(self, owner: str, due_on: date) -> None:
        self.owner, self.due_on, self.state, self.proposed, self.health = owner, due_on, S.OFFERED, None, None


@dataclass
class Matter:
    """An idea and all that hangs on it."""

    number: int
    author: str
    title: str
    state: IdeaState = IdeaState.SUBMITTED
    supporters: set[str] = field(default_factory=set)
    scorers: set[str] = field(default_factory=set)
    questions: list[str | None] = field(default_factory=list)
    """Their answers, None as long as there is none."""
    ballot: Ballot | None = None
    work: Work | None = None

    def offers(self, who: str, seated: dict[str, str]) -> list[str]:
        """What "More" offers this person."""
        rests = self.state in RESTS
        if who == self.author:
            return ["Edit", "Withdraw"] if rests else []
        if who not in PRESIDE:
            return ["Ask"] if who in seated and self.state in OPEN else []
        back = self.state in (IdeaState.DECLINED, IdeaState.LAPSED)
        wanted = {"Ask": self.state in OPEN, "Decline": rests, "Bring it back": back}
        return [label for label, there in wanted.items() if there]

    def pass_to(self, now: datetime) -> str | None:
        """Let a ballot go as the law has it; what became of it, None if nothing."""
        if self.ballot is None or self.ballot.waits_for is not None:
            return None
        verdict = self.ballot.verdict(now)
        return None if verdict.outcome == "open" else self._follow(self.ballot, verdict)

    def _follow(self, ballot: Ballot, verdict: charter.Verdict) -> str:
        match verdict.next:
            case "extend":
                ballot.extended += 1
            case "revote":
                self.ballot = Ballot(
                    ballot.closes_at, ballot.charter, ballot.electors, ballot.before, set(ballot.recused), ballot.secret
                )
            case None | "lapse" | "adjourn":
                self.end(verdict.next or verdict.outcome)
            case _:
                ballot.waits_for = ballot.presiding()
                if ballot.waits_for is None:
                    self.end("adjourn")
        return verdict.next or verdict.outcome

    def end(self, how: str) -> None:
        """The vote is over."""
        self.state, self.ballot = ENDS[how], None

    def forget(self, who: str) -> None:
        """Somebody has no name any more."""
        self.author = "" if self.author == who else self.author
        self.supporters = {"" if one == who else one for one in self.supporters}
