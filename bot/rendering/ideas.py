"""What the notices about ideas say, from the database as it is at that moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.views import idea_forms
from bot.views import ideas as views
from bot.views.ideas import IdeaCard
from bot.views.message import Message
from db.models import Committee, Decision, Idea, Notice, Person
from workflows import ideas, prioritization
from workflows.outlook import outlook
from workflows.promises import AWAITING


def load(
    session: Session, idea: Idea, now: datetime, *, intake: bool = True, inside: bool = False, full: bool = False
) -> IdeaCard:
    """Everything that an idea's card shows."""
    return IdeaCard(
        idea=idea,
        author=session.get_one(Person, idea.author_id),
        committee=session.get_one(Committee, idea.committee_id),
        outlook=outlook(session, idea, now),
        supporters=ideas.supporters(session, idea, views.NAMED),
        source_author=session.get(Person, idea.source_author_id) if idea.source_author_id else None,
        intake=intake,
        inside=inside,
        scored=prioritization.progress(session, idea) if inside and idea.state in ideas.OPEN else None,
        full=full,
    )


@renders("idea.card")
@renders("idea.committee_card")
def card(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The card of an idea, for the channel it stands in."""
    idea = session.get(Idea, notice.about_id)
    if idea is None:
        return None
    committee = session.get_one(Committee, idea.committee_id)
    inside = notice.channel == committee.committee_channel
    intake = notice.kind == "idea.card" or committee.intake_channel == notice.channel
    return views.card(load(session, idea, now, intake=intake, inside=inside))


@renders("idea.received")
def received(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The author's receipt; nothing if the answer was quicker."""
    idea = session.get(Idea, notice.about_id)
    if idea is None or idea.answered_at is not None:
        return None
    return views.received(load(session, idea, now), again=bool((notice.detail or {}).get("again")))


@renders("idea.offered")
def offered(session: Session, notice: Notice, now: datetime) -> Message:
    """Answers what somebody wrote to us, and offers to make an idea of it."""
    return idea_forms.offered((notice.detail or {}).get("draft"))


@renders("idea.declined")
def declined(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The author hears of a no without a vote; nothing if it has been brought back meanwhile."""
    decision = session.get(Decision, notice.about_id)
    idea = session.get(Idea, decision.idea_id) if decision else None
    if decision is None or idea is None or idea.decision_id != decision.id:
        return None
    decider = session.get(Person, decision.decided_by_id) if decision.decided_by_id else None
    return views.declined(idea, decider, decision.reason)


@renders("idea.promise_missed")
def promise_missed(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The chair hears that an answer is late; nothing if it was given meanwhile."""
    idea = _late(session, notice)
    return views.promise_missed(load(session, idea, now), own=idea.author_id == notice.person_id) if idea else None


@renders("idea.answer_late")
def answer_late(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The author hears that the answer is late; nothing if it was given meanwhile."""
    idea = _late(session, notice)
    return views.answer_late(load(session, idea, now)) if idea else None


def _late(session: Session, notice: Notice) -> Idea | None:
    idea = session.get(Idea, notice.about_id)
    gone = idea is None or idea.answered_at is not None or idea.state not in AWAITING
    return None if gone else idea
