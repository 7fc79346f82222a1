"""What happens next to an idea, who has it, and by when: one answer for cards, lists and Homes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import (
    Ballot,
    BallotState,
    Committee,
    Decision,
    Event,
    Idea,
    IdeaState,
    Intervention,
    InterventionState,
    Person,
)
from workflows import committees


class Next(enum.StrEnum):
    """The next step of an idea."""

    ANSWER = "answer"
    ANSWER_LATE = "answer_late"
    AUTHOR = "author"
    VOTE = "vote"
    CASTING = "casting"
    ASSIGN = "assign"
    ACCEPT = "accept"
    DATE = "date"
    WORK = "work"
    CONFIRM = "confirm"
    AGAIN = "again"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Outlook:
    """The next step, who has it (None: the committee, or nobody), and by when. `why` is why it stands as it does."""

    step: Next
    who: Person | None = None
    by: datetime | date | None = None
    why: str = ""


def outlook(session: Session, idea: Idea, now: datetime) -> Outlook:
    """What happens next to this idea."""
    return AHEAD[idea.state](session, idea, now)


def _answer(session: Session, idea: Idea, now: datetime) -> Outlook:
    if idea.clock_stopped_at is not None:
        return Outlook(Next.AUTHOR, who=session.get_one(Person, idea.author_id))
    chair = _chair(session, idea)
    if idea.answered_at is not None:
        return Outlook(Next.ANSWER, who=chair)
    late = idea.answer_due <= now
    return Outlook(Next.ANSWER_LATE if late else Next.ANSWER, who=chair, by=idea.answer_due)


def _vote(session: Session, idea: Idea, now: datetime) -> Outlook:
    open_one = sa.select(Ballot).where(Ballot.idea_id == idea.id, Ballot.state != BallotState.CLOSED)
    ballot = session.scalar(open_one)
    if ballot is None:
        return Outlook(Next.VOTE)
    if ballot.waits_for_id is not None:
        return Outlook(Next.CASTING, who=session.get_one(Person, ballot.waits_for_id))
    return Outlook(Next.VOTE, by=ballot.closes_at)


def _assign(session: Session, idea: Idea, now: datetime) -> Outlook:
    why = _decided(session, idea)
    work = _work(session, idea)
    if work is not None and work.state is InterventionState.OFFERED:
        return Outlook(Next.ACCEPT, who=work.owner, by=work.due_on, why=why)
    if work is not None and work.state is InterventionState.COUNTERED:
        return Outlook(Next.DATE, who=work.sponsor, by=work.proposed_due_on, why=why)
    return Outlook(Next.ASSIGN, who=_chair(session, idea), why=why)


def _underway(session: Session, idea: Idea, now: datetime) -> Outlook:
    why = _decided(session, idea)
    work = _work(session, idea)
    if work is None:
        return Outlook(Next.ASSIGN, who=_chair(session, idea), why=why)
    if work.state is InterventionState.CLAIMED:
        return Outlook(Next.CONFIRM, who=work.sponsor, why=why)
    return Outlook(Next.WORK, who=work.owner, by=work.due_on, why=why)


def _over(session: Session, idea: Idea, now: datetime) -> Outlook:
    return Outlook(Next.NOTHING, why=_decided(session, idea) or _last_words(session, idea))


def _lapsed(session: Session, idea: Idea, now: datetime) -> Outlook:
    return Outlook(Next.AGAIN, who=_chair(session, idea), why=_last_words(session, idea))


AHEAD = {
    IdeaState.SUBMITTED: _answer,
    IdeaState.IN_REVIEW: _vote,
    IdeaState.APPROVED: _assign,
    IdeaState.UNDERWAY: _underway,
    IdeaState.DONE: _over,
    IdeaState.DECLINED: _over,
    IdeaState.LAPSED: _lapsed,
    IdeaState.WITHDRAWN: _over,
}


def _chair(session: Session, idea: Idea) -> Person | None:
    return committees.presiding(session, session.get_one(Committee, idea.committee_id))


def _work(session: Session, idea: Idea) -> Intervention | None:
    """The piece of work to speak of: the next one due of those with an owner."""
    going = Intervention.state.not_in([InterventionState.HANDED_BACK, InterventionState.CANCELLED])
    open_first = sa.case((Intervention.state == InterventionState.DONE, 1), else_=0)
    query = (
        sa.select(Intervention)
        .where(Intervention.idea_id == idea.id, going)
        .options(joinedload(Intervention.owner, innerjoin=True), joinedload(Intervention.sponsor, innerjoin=True))
        .order_by(open_first, Intervention.due_on, Intervention.id)
    )
    return session.scalar(query.limit(1))


def _decided(session: Session, idea: Idea) -> str:
    return session.get_one(Decision, idea.decision_id).reason if idea.decision_id else ""


def _last_words(session: Session, idea: Idea) -> str:
    moves = sa.select(Event.why).where(Event.idea_id == idea.id, Event.to_state == idea.state)
    return session.scalar(moves.order_by(Event.id.desc()).limit(1)) or ""
