"""What the notices about work say, as it stands when they are sent."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.views import work as views
from bot.views.message import Message
from bot.views.work import WorkCard
from db.models import Decision, Idea, IdeaState, InterventionState, Milestone, Notice, Person, Progress
from workflows import interventions
from workflows.errors import Gone

S = InterventionState


def card_of(session: Session, work_id: int | None) -> WorkCard | None:
    """A piece of work with what its card shows; None if it is no longer here."""
    try:
        work = interventions.find(session, work_id or 0)
    except Gone:
        return None
    steps = sa.select(Milestone).where(Milestone.intervention_id == work.id)
    latest = sa.select(Progress).where(Progress.intervention_id == work.id).order_by(Progress.id.desc()).limit(1)
    found = session.scalars(steps.order_by(Milestone.due_on, Milestone.id)).all()
    return WorkCard(work, found, session.scalar(latest))


@renders("work.assign_prompt")
def assign_prompt(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The chair is asked, unless an owner was found already."""
    idea = session.get(Idea, notice.about_id)
    if idea is None or idea.state is not IdeaState.APPROVED:
        return None
    decision = session.get(Decision, idea.decision_id)
    return views.assign_prompt(idea, decision.conditions if decision else [])


@renders("work.card")
def card(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The card in the thread."""
    it = card_of(session, notice.about_id)
    return views.card(it) if it else None


@renders("work.offer")
def offer(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The owner's own message; one made of an older promise says so."""
    it = card_of(session, notice.about_id)
    if it is None:
        return None
    if it.work.owner_id != notice.person_id or _older_offer(session, notice):
        return views.moved_on(it.work)
    return views.offer(it, it.work.sponsor)


def _older_offer(session: Session, notice: Notice) -> bool:
    newer = sa.select(Notice.id).where(
        Notice.kind == notice.kind, Notice.about_id == notice.about_id, Notice.id > notice.id
    )
    return session.scalar(newer.limit(1)) is not None


@renders("work.countered")
def countered(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The sponsor is asked about another date, while it is the one proposed."""
    it = card_of(session, notice.about_id)
    proposed = date.fromisoformat((notice.detail or {})["due_on"])
    if it is None or it.work.state is not S.COUNTERED or it.work.proposed_due_on != proposed:
        return None
    return views.countered(it.work, proposed)


@renders("work.handed_back")
def handed_back(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The sponsor needs another owner, while there is none."""
    it = card_of(session, notice.about_id)
    if it is None or it.work.state is not S.HANDED_BACK:
        return None
    return views.handed_back(it.work, to_all=notice.person_id is None)


@renders("work.claimed")
def claimed(session: Session, notice: Notice, now: datetime) -> Message | None:
    """A second person is asked, while the claim stands."""
    it = card_of(session, notice.about_id)
    if it is None or it.work.state is not S.CLAIMED or it.work.claimed_by_id is None:
        return None
    return views.claimed(it.work, session.get_one(Person, it.work.claimed_by_id))


@renders("work.confirmed")
def confirmed(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The thread hears that it is done."""
    it = card_of(session, notice.about_id)
    if it is None or it.work.confirmed_by_id is None:
        return None
    return views.confirmed(it.work, session.get_one(Person, it.work.confirmed_by_id))


@renders("work.sent_back")
def sent_back(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The owner hears what is missing."""
    it = card_of(session, notice.about_id)
    detail = notice.detail or {}
    return views.sent_back(it.work, session.get_one(Person, detail["by"]), detail["why"]) if it else None
