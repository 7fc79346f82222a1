"""What the tests of work start from: an approved idea, its chair, and an owner in another zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from db.models import Committee, Decision, DecisionOutcome, Idea, IdeaState, Intervention, InterventionKind, Person
from tests import builders
from workflows import interventions
from workflows.plan import Plan

NOW = builders.NOW
"""Wednesday 18 November 2026, 10:00 UTC."""
DUE = date(2026, 12, 16)
"""A Wednesday, twenty working days on."""


def plan(**wanted: Any) -> Plan:
    return Plan(**{"title": "Signs at the gate", "kind": InterventionKind.COMMUNICATIONS, "due_on": DUE, **wanted})


@dataclass
class Work:
    """One piece of work and everybody who has to do with it."""

    session: Session
    committee: Committee
    idea: Idea
    chair: Person
    owner: Person
    it: Intervention


def approved(session: Session, committee: Committee) -> Idea:
    """An idea that the chair said yes to."""
    chair = builders.chair(session, committee)
    idea = builders.idea(session, committee)
    decision = Decision(
        idea_id=idea.id,
        committee_id=committee.id,
        outcome=DecisionOutcome.APPROVED,
        reason="All for it.",
        decided_by_id=chair.id,
        decided_at=NOW,
    )
    session.add(decision)
    session.flush()
    idea.state, idea.decision_id, idea.answered_at = IdeaState.APPROVED, decision.id, NOW
    session.flush()
    return idea


def offered(session: Session, *, zone: str = "America/New_York", now: datetime = NOW, **wanted: Any) -> Work:
    """Work that waits for its owner's yes."""
    committee = builders.committee(session)
    chair = builders.chair(session, committee)
    owner = builders.person(session, "Olu", tz=zone)
    idea = approved(session, committee)
    it = interventions.assign(session, chair, idea, plan(**wanted), owner, now=now)
    return Work(session, committee, idea, chair, owner, it)


def accepted(session: Session, **wanted: Any) -> Work:
    """Work that its owner has taken on."""
    work = offered(session, **wanted)
    interventions.accept(session, work.owner, work.it, now=wanted.get("now", NOW))
    return work
