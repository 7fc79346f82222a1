"""A committee in dictionaries: what the state machine holds the whole system against.

The law is `workflows.charter`'s own, which has a second reading of its own; the votes it is given are the model's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from db.models import IdeaState, InterventionState
from tests.workflows.ballot_scene import rules
from workflows import charter

ELECTORS = {"Clara": "chair", "Dev": "deputy", "Mia": "member", "Max": "member", "Mona": "member"}
OPEN = (IdeaState.SUBMITTED, IdeaState.IN_REVIEW, IdeaState.LAPSED)
RESTS = (IdeaState.SUBMITTED, IdeaState.LAPSED)
"""Open, and not being voted on."""

ENDS = {
    "approved": IdeaState.APPROVED,
    "declined": IdeaState.DECLINED,
    "lapse": IdeaState.LAPSED,
    "adjourn": IdeaState.SUBMITTED,
}


@dataclass
class Ballot:
    """A vote that is on: who chose what, who stepped back, how often it was given more time."""

    closes_at: datetime
    votes: dict[str, str] = field(default_factory=dict)
    recused: set[str] = field(default_factory=set)
    extended: int = 0

    def verdict(self, now: datetime) -> charter.Verdict:
        """What the law says of these votes."""
        members = [
            {"id": who, "role": role, "functions": [], "recused": who in self.recused, "proxy": None}
            for who, role in ELECTORS.items()
        ]
        votes = [{"voter": who, "choice": choice, "at": now} for who, choice in self.votes.items()]
        told = {"charter": rules(), "seats": len(ELECTORS), "members": members, "votes": votes, "casting": None}
        more = {"extended": self.extended, "secret": False, "closes_at": self.closes_at, "now": now}
        return charter.judge(charter.read_case({**told, **more}))


@dataclass
class Work:
    """Approved work: whose it is and how it stands."""

    owner: str
    state: InterventionState = InterventionState.OFFERED
    health: str | None = None


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

    def offers(self, who: str) -> list[str]:
        """What "More" offers this person."""
        rests = self.state in RESTS
        if who == self.author:
            return ["Edit", "Withdraw"] if rests else []
        if who not in ("Clara", "Dev"):
            return ["Ask"] if who in ELECTORS and self.state in OPEN else []
        back = self.state in (IdeaState.DECLINED, IdeaState.LAPSED)
        wanted = {"Ask": self.state in OPEN, "Decline": rests, "Bring it back": back}
        return [label for label, there in wanted.items() if there]

    def pass_to(self, now: datetime) -> bool:
        """Let a ballot whose time is up end as the law has it; whether it asks for more time."""
        if self.ballot is None or now < self.ballot.closes_at:
            return False
        verdict = self.ballot.verdict(now)
        if verdict.next == "extend":
            self.ballot.extended += 1
            return True
        self.state, self.ballot = ENDS[verdict.next or verdict.outcome], None
        return False
