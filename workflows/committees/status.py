"""How a committee stands: its rule in words, who presides, what is open, when the next digest comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Committee, Idea, IdeaState, Intervention, InterventionState, Person
from workflows import calendar
from workflows.charter import PRESETS, charter_from, describe
from workflows.committees import seats
from workflows.committees.blueprint import week_of

OPEN_WORK = (
    InterventionState.OFFERED,
    InterventionState.COUNTERED,
    InterventionState.HANDED_BACK,
    InterventionState.ACCEPTED,
    InterventionState.CLAIMED,
)
UNSETTLED = (IdeaState.SUBMITTED, IdeaState.IN_REVIEW, IdeaState.APPROVED, IdeaState.UNDERWAY)


@dataclass(frozen=True)
class Status:
    """A committee at a glance. `waiting` are ideas not yet answered, `work` pieces of work not yet done."""

    committee: Committee
    preset: str
    rule: str
    members: int
    chair: Person | None
    deputy: Person | None
    ideas: Mapping[IdeaState, int]
    ballots: int
    work: int
    next_digest: datetime

    @property
    def waiting(self) -> int:
        return self.ideas.get(IdeaState.SUBMITTED, 0)

    @property
    def busy(self) -> bool:
        """Whether anybody waits for it: for an answer, a vote, or work."""
        return bool(self.ballots or self.work or any(self.ideas.get(state) for state in UNSETTLED))


def status(session: Session, committee: Committee, now: datetime) -> Status:
    """How the committee stands at this moment."""
    seated = seats.members(session, committee)
    return Status(
        committee=committee,
        preset=PRESETS[committee.charter_preset].name if committee.charter_preset in PRESETS else "Own rule",
        rule=rule(committee),
        members=len(seated),
        chair=seats.chair(session, committee),
        deputy=seats.deputy(session, committee),
        ideas=_ideas(session, committee),
        ballots=_count(session, Ballot.committee_id == committee.id, Ballot.closed_at.is_(None)),
        work=_count(session, Intervention.committee_id == committee.id, Intervention.state.in_(OPEN_WORK)),
        next_digest=next_digest(committee, now),
    )


def rule(committee: Committee) -> str:
    """The committee's charter in words."""
    return describe(charter_from(committee.charter))


def week(committee: Committee) -> calendar.Week:
    """The committee's working week."""
    return week_of(committee.week_days, committee.holidays_country)


def next_digest(committee: Committee, now: datetime) -> datetime:
    """The next moment, after `now`, at which the committee's digest is due."""
    today = calendar.local_day(now, committee.tz)
    ahead = (committee.digest_weekday - today.isoweekday()) % 7
    due = [calendar.at(today + timedelta(days=ahead + n), committee.digest_hour, 0, committee.tz) for n in (0, 7)]
    return next(moment for moment in due if moment > now)


def _ideas(session: Session, committee: Committee) -> dict[IdeaState, int]:
    counted = sa.select(Idea.state, sa.func.count()).where(Idea.committee_id == committee.id).group_by(Idea.state)
    return {row[0]: row[1] for row in session.execute(counted)}


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).where(*conditions)) or 0
