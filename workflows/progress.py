"""How accepted work goes: updates, milestones, the claim that it is done and the second pair of eyes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import (
    Committee,
    Health,
    Idea,
    IdeaState,
    Intervention,
    InterventionState,
    Milestone,
    Person,
    Progress,
)
from workflows import ideas, interventions, lifecycle, notices, sponsors, writing
from workflows.errors import Gone, NotAllowed
from workflows.interventions import LONGEST_LINE, OPEN, happened, require_state
from workflows.permissions import Action, require

S = InterventionState


def check_report(session: Session, actor: Person, work: Intervention) -> None:
    """Raise what `report` and `claim` would raise, before anything is typed."""
    require(session, Action.REPORT, actor, work=work)
    require_state(work, S.ACCEPTED)


def report(
    session: Session,
    actor: Person,
    work: Intervention,
    health: Health,
    line: str | None = None,
    *,
    now: datetime,
    key: str | None = None,
) -> None:
    """An update: on track, at risk or late, and a line. A repeated `key` is the same update."""
    require(session, Action.REPORT, actor, work=work)
    if key and session.scalar(sa.select(Progress.id).where(Progress.submission_key == key)):
        return
    require_state(work, S.ACCEPTED)
    work.health, said = health, writing.optional(line, "line", LONGEST_LINE)
    session.add(
        Progress(intervention_id=work.id, person_id=actor.id, health=health, line=said, at=now, submission_key=key)
    )
    happened(session, work, "work.reported", actor, now, why=said or None)


def claim(session: Session, actor: Person, work: Intervention, line: str | None = None, *, now: datetime) -> None:
    """Say that it is done. A second person confirms it."""
    require(session, Action.REPORT, actor, work=work)
    if work.state is S.CLAIMED:
        return
    require_state(work, S.ACCEPTED)
    work.state, work.claimed_by_id, work.claimed_at = S.CLAIMED, actor.id, now
    work.claim_line = writing.optional(line, "line", LONGEST_LINE) or None
    sponsors.of(session, work)
    for person_id in {work.sponsor_id, work.owner_id} - {actor.id}:
        notices.owe(
            session,
            "work.claimed",
            f"work.claimed:{work.id}:{now.timestamp():.0f}:{person_id}",
            about_id=work.id,
            person=person_id,
            now=now,
        )
    happened(session, work, "work.claimed", actor, now, why=work.claim_line)


def confirm(session: Session, actor: Person, work: Intervention, *, now: datetime) -> None:
    """A second person confirms. The idea is done when all its work is."""
    require(session, Action.CONFIRM, actor, work=work)
    if work.state is S.DONE:
        return
    require_state(work, S.CLAIMED)
    if work.claimed_by_id == actor.id:
        raise NotAllowed("You said it was done, so somebody else has to confirm it.")
    work.state, work.confirmed_by_id, work.confirmed_at, work.remind_at = S.DONE, actor.id, now, None
    happened(session, work, "work.confirmed", actor, now)
    idea = session.get_one(Idea, work.idea_id, with_for_update={"key_share": True})
    if idea.state is IdeaState.UNDERWAY and not _unfinished(session, idea):
        lifecycle.move(session, idea, "finish", actor=None, now=now)
    notices.owe(
        session,
        "work.confirmed",
        f"work.confirmed:{work.id}",
        about_id=work.id,
        channel=session.get_one(Committee, work.committee_id).committee_channel,
        after=ideas.thread_root(session, idea),
        in_thread=True,
        now=now,
    )


def _unfinished(session: Session, idea: Idea) -> bool:
    query = sa.select(Intervention.id).where(Intervention.idea_id == idea.id, Intervention.state.in_(OPEN))
    return session.scalar(query.limit(1)) is not None


def check_send_back(session: Session, actor: Person, work: Intervention) -> None:
    """Raise what `send_back` would raise, before anything is typed."""
    require(session, Action.CONFIRM, actor, work=work)
    require_state(work, S.CLAIMED)
    if work.claimed_by_id == actor.id:
        raise NotAllowed("You said it was done, so somebody else has to look at it.")


def send_back(session: Session, actor: Person, work: Intervention, why: str | None, *, now: datetime) -> None:
    """A second person says that it is not done yet, and why."""
    check_send_back(session, actor, work)
    missing = writing.required(why, "why", "Say in a line what is missing.", LONGEST_LINE)
    work.state, work.claimed_by_id, work.claimed_at, work.claim_line = S.ACCEPTED, None, None, None
    work.remind_at = now
    notices.owe(
        session,
        "work.sent_back",
        f"work.sent_back:{work.id}:{now.timestamp():.0f}",
        about_id=work.id,
        person=work.owner_id,
        detail={"why": missing, "by": actor.id},
        now=now,
    )
    happened(session, work, "work.sent_back", actor, now, why=missing)
    if not session.get_one(Person, work.owner_id).active:
        interventions.back(session, work, interventions.LEFT, None, now)


def milestone_done(session: Session, actor: Person, work: Intervention, milestone_id: int, *, now: datetime) -> None:
    """Tick a milestone off."""
    require(session, Action.REPORT, actor, work=work)
    milestone = session.get(Milestone, milestone_id)
    if milestone is None or milestone.intervention_id != work.id:
        raise Gone("This milestone is no longer here.")
    require_state(work, *OPEN)
    if milestone.done_at is None:
        milestone.done_at, milestone.remind_at = now, None
        happened(session, work, "work.milestone_done", actor, now, why=milestone.title)
