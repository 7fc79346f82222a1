"""What the tests of ballots start from: a committee with rules of its own, an idea, and a vote on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Choice, Committee, Event, Idea, Notice, NoticeState, Person
from tests import builders
from workflows import ballots, ideas
from workflows.charter import PRESETS

NOW = builders.NOW
"""Wednesday 18 November 2026, 11:00 in Berlin."""
LATER = NOW + timedelta(hours=1)
CLOSING = datetime.fromisoformat("2026-11-23T16:00:00Z")
"""Three working days on, at 17:00 in Berlin."""


def rules(**changes: Any) -> dict[str, Any]:
    """A simple majority, open until its deadline unless told otherwise."""
    plain = PRESETS["simple_majority"].charter.model_dump(mode="json", by_alias=True)
    return {**plain, "close_early": False, **changes}


def close_due(session: Session, now: datetime) -> int:
    """Close what is due, as the scheduler does, in one transaction; how many."""
    return sum(ballots.close_if_due(session, ballot_id, now) for ballot_id in ballots.due(session, now))


def remind_due(session: Session, now: datetime) -> int:
    """Remind of what is due, as the scheduler does, in one transaction; how many."""
    return sum(ballots.remind(session, ballot_id, now) for ballot_id in ballots.to_remind(session, now))


ALL_MUST = {"of": "eligible", "at_least": "1/1"}


@dataclass
class Scene:
    """One vote, and everybody who has to do with it. `chair`, `deputy` and `members` are its five electors."""

    session: Session
    committee: Committee
    idea: Idea
    ballot: Ballot
    chair: Person
    deputy: Person
    members: list[Person]

    @property
    def everybody(self) -> list[Person]:
        return [self.chair, self.deputy, *self.members]

    def vote(self, *choices: str, now: datetime = LATER) -> None:
        """The electors vote in order; "-" stays silent."""
        for person, choice in zip(self.everybody, choices, strict=False):
            if choice != "-":
                reason = f"{choice} it, says {person.name}"
                ballots.vote(self.session, person, self.ballot.id, Choice(choice), reason, now=now)

    def close(self, now: datetime = CLOSING) -> int:
        return close_due(self.session, now)

    def again(self) -> Ballot:
        """The ballot as it is now."""
        return ballots.by_id(self.session, self.ballot.id, lock=True)

    def idea_again(self) -> Idea:
        return ideas.get(self.session, self.idea.id, lock=True)


def vote_on_an_idea(
    session: Session, *, author: Person | None = None, secret: bool = False, members: int = 3, **changes: Any
) -> Scene:
    """Open a vote under these rules (changes to a simple majority)."""
    committee = builders.committee(session, members=members)
    return vote_in(session, committee, author=author, secret=secret, **changes)


def vote_in(
    session: Session, committee: Committee, *, author: Person | None = None, secret: bool = False, **changes: Any
) -> Scene:
    """Open a vote in a committee that is there."""
    committee.charter = rules(**changes)
    session.flush()
    idea, chair = builders.idea(session, committee, author), builders.chair(session, committee)
    ballot = ballots.open_review(session, chair, idea, secret=secret, now=NOW)
    deputy, members = builders.deputy(session, committee), builders.plain_members(session, committee)
    return Scene(session, committee, idea, ballot, chair, deputy, members)


def owed(session: Session, kind: str) -> list[Notice]:
    """The notices of a kind that are owed."""
    found = sa.select(Notice).where(Notice.kind == kind, Notice.state == NoticeState.OWED).order_by(Notice.id)
    return list(session.scalars(found.execution_options(populate_existing=True)))


def events(session: Session, idea: Idea) -> list[str]:
    """What happened to an idea, in order."""
    return list(session.scalars(sa.select(Event.kind).where(Event.idea_id == idea.id).order_by(Event.id)))
