"""Where in Slack somebody is shown: the messages to put right once their name is gone.

A card can always be shown anew, so every card that may show them is. A message said once is only touched if it names
them; where it has nothing left to say, delivery puts a word in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import (
    Ballot,
    Base,
    Decision,
    Digest,
    Elector,
    Event,
    Idea,
    Intervention,
    Member,
    Milestone,
    Notice,
    NoticeState,
    Person,
    Question,
    Reminder,
)
from workflows import dossier, homes, reminders

BATCH = 500
ABOUT_WORK = ("countered", "handed_back", "claimed", "confirmed", "sent_back")
Which = sa.ColumnElement[bool]
Ids = Sequence[int] | sa.Select[int]


def show_again(session: Session, person: Person) -> int:
    """Have everything in Slack shown anew that may show this person; how many messages."""
    ideas = sorted(_ideas(session, person))
    parts = [ideas[at : at + BATCH] for at in range(0, len(ideas), BATCH)]
    found = [*(which for part in parts for which in _cards(part)), *_said_once(session, person)]
    found.append(sa.and_(Notice.kind == homes.KIND, Notice.about_id != person.id))
    return sum(_mark(session, which) for which in found)


def _ideas(session: Session, person: Person) -> set[int]:
    """The ideas in whose life this person had a part."""
    found: set[int] = set()
    for model in dossier.links():
        query = _idea_ids(model)
        if query is not None:
            found.update(session.scalars(query.where(dossier.linked(model, person))).all())
    return {idea for idea in found if idea}  # an event need not be about an idea


def _idea_ids(model: type[Base]) -> sa.Select[int] | None:
    if model is Idea:
        return sa.select(Idea.id)
    if hasattr(model, "idea_id"):
        return sa.select(model.idea_id)
    if hasattr(model, "ballot_id"):
        return sa.select(Ballot.idea_id).join(model, model.ballot_id == Ballot.id)
    if hasattr(model, "intervention_id"):
        return sa.select(Intervention.idea_id).join(model, model.intervention_id == Intervention.id)
    return None


def _cards(ideas: Sequence[int]) -> Iterator[Which]:
    ballots = sa.select(Ballot.id).where(Ballot.idea_id.in_(ideas))
    yield _about(ideas, "idea.card", "idea.committee_card")
    yield _about(sa.select(Question.id).where(Question.idea_id.in_(ideas)), "idea.question")
    yield _about(ballots, "ballot.card", "ballot.casting", "ballot.verdict", "decision.author")
    electors = sa.select(Elector.id).where(Elector.ballot_id.in_(ballots))
    asked = sa.select(Reminder.morning_id).where(Reminder.kind == reminders.BALLOT, Reminder.about_id.in_(electors))
    yield Notice.id.in_(asked)
    yield _about(sa.select(Intervention.id).where(Intervention.idea_id.in_(ideas)), "work.card", "work.offer")


def _said_once(session: Session, person: Person) -> Iterator[Which]:
    yield _about(sa.select(Idea.id).where(dossier.linked(Idea, person)), "idea.promise_missed", "idea.answer_late")
    theirs = sa.or_(Question.asked_by_id == person.id, Idea.author_id == person.id)
    asked = sa.select(Question.id).join(Idea, Idea.id == Question.idea_id).where(theirs)
    yield _about(asked, "idea.asked", "idea.answered_question", "idea.unanswered")
    of_question = sa.and_(Reminder.kind == reminders.QUESTION, Reminder.about_id.in_(asked))
    yield Notice.id.in_(sa.select(Reminder.morning_id).where(of_question))
    yield _about(sa.select(Decision.id).where(Decision.decided_by_id == person.id), "idea.declined")
    yield _about(sa.select(Member.committee_id).where(Member.person_id == person.id), "setup.welcome")
    yield _about(sa.select(Notice.id).where(Notice.person_id == person.id), "trouble.parked")
    yield _about([digest.id for digest in dossier.digests_naming(session, person)], "digest.weekly")
    yield _about(_digests_awaiting(person), "digest.awaited")
    yield from _of_work(person)


def _of_work(person: Person) -> Iterator[Which]:
    acted = sa.select(Event.idea_id).where(Event.actor_id == person.id, Event.kind.startswith("work."))
    had_part = sa.or_(dossier.linked(Intervention, person), Intervention.idea_id.in_(acted))
    works = sa.select(Intervention.id).where(had_part)
    yield _about(works, *(f"work.{kind}" for kind in ABOUT_WORK), "reminders.snoozed")
    steps = sa.select(Milestone.id).where(Milestone.intervention_id.in_(works))
    of_work = sa.and_(Reminder.kind == "work", Reminder.about_id.in_(works))
    of_steps = sa.and_(Reminder.kind == "milestone", Reminder.about_id.in_(steps))
    yield Notice.id.in_(sa.select(Reminder.morning_id).where(sa.or_(of_work, of_steps)))


def _digests_awaiting(person: Person) -> sa.Select[int]:
    """The digests of weeks in which this person was asked for a vote: the chair was told whose was missing."""
    asked = sa.select(Ballot.id).join(Elector, Elector.ballot_id == Ballot.id).where(Elector.person_id == person.id)
    open_then = asked.where(
        Ballot.committee_id == Digest.committee_id,
        Ballot.opened_at < Digest.until,
        sa.or_(Ballot.closed_at.is_(None), Ballot.closed_at > Digest.until),
    )
    return sa.select(Digest.id).where(open_then.exists())


def _about(ids: Ids, *kinds: str) -> Which:
    return sa.and_(Notice.kind.in_(kinds), Notice.about_id.in_(ids))


def _mark(session: Session, which: Which) -> int:
    marked = (
        sa.update(Notice)
        .where(which, Notice.state == NoticeState.SENT, sa.or_(Notice.posted_ts.is_not(None), Notice.is_card))
        .values(wanted=Notice.wanted + 1, trace=session.info.get("trace"))
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    session.info["owes"] = True
    return len(session.scalars(marked).all())
