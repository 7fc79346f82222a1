"""The words that somebody put before a committee, taken out of its record: what they decided stays.

A text that the record cannot do without is replaced by `GONE`. Used when a person wants more forgotten than the name,
and when the time is over for which words are kept.
"""

from __future__ import annotations

from copy import deepcopy

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import (
    Decision,
    Digest,
    Event,
    Idea,
    Intervention,
    Notice,
    Person,
    Progress,
    Question,
    Vote,
)

GONE = "(erased)"
TITLED = ("new", "top", "ballots", "decided")


def erase(session: Session, person: Person) -> int:
    """Take out every text this person wrote; how many things lost theirs."""
    return (
        _ideas(session, person)
        + _questions(session, person)
        + _votes(session, person)
        + _decisions(session, person)
        + _work(session, person)
        + _history(session, person)
    )


def forget(idea: Idea, *, title: bool) -> None:
    """Take the words out of an idea; `title`: what people call it, too."""
    idea.problem, idea.proposal, idea.effect = GONE, "", ""
    idea.source_text = idea.source_permalink = None
    if title:
        idea.title = GONE


def _ideas(session: Session, person: Person) -> int:
    found = session.scalars(sa.select(Idea).where(Idea.author_id == person.id)).all()
    for idea in found:
        forget(idea, title=True)
    numbers = {idea.number for idea in found}
    for digest in session.scalars(sa.select(Digest)) if numbers else ():
        _retitle(digest, numbers)
    return len(found)


def _retitle(digest: Digest, numbers: set[int]) -> None:
    content = deepcopy(digest.content)
    lines = [line for part in TITLED for line in content.get(part, []) if line["number"] in numbers]
    for line in lines:
        line["title"] = GONE
    if lines:
        digest.content = content


def _questions(session: Session, person: Person) -> int:
    asked = session.scalars(sa.select(Question).where(Question.asked_by_id == person.id)).all()
    for question in asked:
        question.text = GONE
    to_them = sa.select(Question).join(Idea, Idea.id == Question.idea_id)
    answered = session.scalars(to_them.where(Idea.author_id == person.id, Question.answer.is_not(None))).all()
    for question in answered:
        question.answer = GONE
    return len(asked) + len(answered)


def _votes(session: Session, person: Person) -> int:
    said = session.scalars(sa.select(Vote).where(Vote.person_id == person.id, Vote.reason.is_not(None))).all()
    for vote in said:
        vote.reason = GONE
    return len(said)


def _decisions(session: Session, person: Person) -> int:
    alone = sa.select(Decision).where(Decision.decided_by_id == person.id, Decision.ballot_id.is_(None))
    found = session.scalars(alone).all()
    for decision in found:
        decision.reason = GONE
    return len(found)


def _work(session: Session, person: Person) -> int:
    lines = session.scalars(sa.select(Progress).where(Progress.person_id == person.id, Progress.line != "")).all()
    for progress in lines:
        progress.line = ""
    claimed = sa.and_(Intervention.claimed_by_id == person.id, Intervention.claim_line.is_not(None))
    returned = sa.and_(Intervention.owner_id == person.id, Intervention.handed_back_why.is_not(None))
    works = session.scalars(sa.select(Intervention).where(sa.or_(claimed, returned))).all()
    for work in works:
        if work.claimed_by_id == person.id:
            work.claim_line = None
        if work.owner_id == person.id and work.handed_back_why is not None:
            work.handed_back_why = GONE
    return len(lines) + len(works)


def _history(session: Session, person: Person) -> int:
    told = session.scalars(sa.select(Event).where(Event.actor_id == person.id, Event.why.is_not(None))).all()
    for event in told:
        event.why = None
    sent_back = sa.select(Notice).where(Notice.kind == "work.sent_back", Notice.detail["by"].as_integer() == person.id)
    for notice in session.scalars(sent_back):
        notice.detail = {**(notice.detail or {}), "why": GONE}
    return len(told)
