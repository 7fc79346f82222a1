"""What waits for somebody: votes, answers, work, scores, gathered from the slices that know; the most urgent first."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Idea, IdeaState, Intervention, InterventionState, Person, Question
from workflows import ballots, committees, decisions, portfolio, prioritization, questions

MOST = 50
"""Of each kind; beyond that nobody leafs."""
S = InterventionState


class Kind(enum.StrEnum):
    """What is asked of somebody, in the order in which others wait for it."""

    CAST = "cast"
    VOTE = "vote"
    ANSWER_QUESTION = "answer_question"
    ACCEPT = "accept"
    SETTLE = "settle"
    ANSWER_IDEA = "answer_idea"
    ASSIGN = "assign"
    SCORE = "score"
    WORK = "work"


@dataclass(frozen=True)
class Waiting:
    """One thing that waits, the idea it is about, and by when, if there is a when."""

    kind: Kind
    idea: Idea
    by: datetime | date | None = None
    ballot: Ballot | None = None
    work: Intervention | None = None
    question: Question | None = None


OF_OWNER = {S.OFFERED: Kind.ACCEPT, S.ACCEPTED: Kind.WORK}


def waiting_for(session: Session, person: Person, now: datetime) -> list[Waiting]:
    """Everything that waits for this person, the most urgent first."""
    found = [*_ballots(session, person, now), *_questions(session, person), *_work(session, person)]
    found += [*_as_chair(session, person, now), *_scores(session, person)]
    order = list(Kind)
    return sorted(found, key=lambda it: order.index(it.kind))  # what the slices put first stays first


def _ballots(session: Session, person: Person, now: datetime) -> Iterator[Waiting]:
    for ballot in decisions.open_waiting_for(session, person):
        yield Waiting(Kind.CAST, ballot.idea, ballot=ballot)
    for ballot in ballots.awaiting_vote_of(session, person)[:MOST]:
        if ballot.closes_at > now:
            yield Waiting(Kind.VOTE, ballot.idea, ballot.closes_at, ballot=ballot)


def _questions(session: Session, person: Person) -> Iterator[Waiting]:
    for question, idea in questions.awaiting(session, person, MOST):
        yield Waiting(Kind.ANSWER_QUESTION, idea, question=question)


def _work(session: Session, person: Person) -> Iterator[Waiting]:
    for work in portfolio.owned_by(session, person, MOST):
        if work.state in OF_OWNER:
            yield Waiting(OF_OWNER[work.state], work.idea, work.due_on, work=work)
    for work in portfolio.to_settle_by(session, person, MOST):
        yield Waiting(Kind.SETTLE, work.idea, work.due_on, work=work)


def _scores(session: Session, person: Person) -> Iterator[Waiting]:
    for idea in prioritization.unscored_by(session, person, MOST):
        yield Waiting(Kind.SCORE, idea, idea.answer_due)


def _as_chair(session: Session, person: Person, now: datetime) -> Iterator[Waiting]:
    presided = [committee.id for committee in committees.presided_by(session, person)]
    if presided:
        for idea in session.scalars(_late(presided, now)):
            yield Waiting(Kind.ANSWER_IDEA, idea, idea.answer_due)
        for idea in session.scalars(_unassigned(presided)):
            yield Waiting(Kind.ASSIGN, idea)


def _late(presided: Sequence[int], now: datetime) -> sa.Select[Idea]:
    late = sa.select(Idea).where(Idea.committee_id.in_(presided), Idea.state == IdeaState.SUBMITTED)
    late = late.where(Idea.answered_at.is_(None), Idea.clock_stopped_at.is_(None), Idea.answer_due <= now)
    return late.order_by(Idea.answer_due, Idea.id).limit(MOST)


def _unassigned(presided: Sequence[int]) -> sa.Select[Idea]:
    going = sa.exists().where(Intervention.idea_id == Idea.id, Intervention.state != InterventionState.CANCELLED)
    approved = sa.select(Idea).where(Idea.committee_id.in_(presided), Idea.state == IdeaState.APPROVED, ~going)
    return approved.order_by(Idea.state_since, Idea.id).limit(MOST)
