"""What an approved idea becomes: work offered to an owner with a due date, taken, countered or handed back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import (
    Committee,
    Health,
    Idea,
    IdeaState,
    Intervention,
    InterventionState,
    Milestone,
    Person,
)
from workflows import events, homes, ideas, lifecycle, notices, sponsors, writing
from workflows.calendar import local_day
from workflows.errors import Gone, WorkflowError
from workflows.permissions import Action, require
from workflows.plan import Plan

S = InterventionState
OPEN = (S.OFFERED, S.COUNTERED, S.HANDED_BACK, S.ACCEPTED, S.CLAIMED)
WITH_OWNER = (S.OFFERED, S.COUNTERED, S.ACCEPTED)
CARDS = ("work.card", "work.offer")
LONGEST_LINE = 500
LONGEST = timedelta(days=3650)
LEFT = "Its owner has left this workspace."
"""The reason of work that nobody handed back."""


def find(session: Session, work_id: int, *, lock: bool = False) -> Intervention:
    """The work with its people and idea. Raises `Gone` if there is none (here)."""
    query = (
        sa.select(Intervention)
        .where(Intervention.id == work_id)
        .options(
            joinedload(Intervention.idea, innerjoin=True).joinedload(Idea.committee, innerjoin=True),
            joinedload(Intervention.owner, innerjoin=True),
            joinedload(Intervention.sponsor, innerjoin=True),
        )
        .execution_options(populate_existing=lock)
    )
    work = session.scalar(query.with_for_update(of=Intervention, key_share=True) if lock else query)
    if work is None:
        raise Gone("This piece of work is no longer here.")
    return work


def assign(
    session: Session, actor: Person, idea: Idea, plan: Plan, owner: Person, *, now: datetime, key: str | None = None
) -> Intervention:
    """Offer work on an approved idea to an owner, who must accept. A repeated `key` finds the work already offered.

    Raises `Gone` if the idea is not approved (any more), `WorkflowError` on dates or an owner that cannot be.
    """
    require(session, Action.ASSIGN, actor, idea=idea)
    again = key and session.scalar(sa.select(Intervention.id).where(Intervention.submission_key == key))
    if again:
        return find(session, again)
    check_assign(session, actor, idea)
    committee = session.get_one(Committee, idea.committee_id)
    _check_plan(plan, owner, committee, now)
    work = _planned(session, idea, actor, owner, plan, now, key)
    notices.owe(
        session, "work.card", f"work.card:{work.id}", about_id=work.id, channel=committee.committee_channel,
        after=ideas.thread_root(session, idea), in_thread=True, card=True, now=now,
    )  # fmt: skip
    _offer(session, work, now)
    happened(session, work, "work.offered", actor, now)
    return find(session, work.id)


def _planned(
    session: Session, idea: Idea, sponsor: Person, owner: Person, plan: Plan, now: datetime, key: str | None
) -> Intervention:
    work = Intervention(
        idea_id=idea.id, committee_id=idea.committee_id, owner_id=owner.id, sponsor_id=sponsor.id, created_at=now,
        revised_at=now, remind_at=now, submission_key=key, **plan.model_dump(exclude={"milestones"}),
    )  # fmt: skip
    session.add(work)
    session.flush()
    for step in plan.milestones:
        session.add(Milestone(intervention_id=work.id, title=step.title, due_on=step.due_on, remind_at=now))
    return work


def check_assign(session: Session, actor: Person, idea: Idea) -> None:
    """Raise what `assign` would raise, before anything is typed."""
    require(session, Action.ASSIGN, actor, idea=idea)
    if idea.state not in (IdeaState.APPROVED, IdeaState.UNDERWAY):
        raise Gone(f"Idea #{idea.number} {lifecycle.STANDS[idea.state]}; work can be given once it is approved.")


def _check_plan(plan: Plan, owner: Person, committee: Committee, now: datetime) -> None:
    _check_owner(owner)
    _check_due(plan.due_on, committee, now)
    for step in plan.milestones:
        if step.due_on > plan.due_on:
            raise WorkflowError(f"“{step.title}” would come after the due date itself.", "milestones")


def _check_owner(owner: Person) -> None:
    if owner.is_bot or owner.is_stranger or not owner.active:
        raise WorkflowError("Choose a colleague who is here: bots and people who left cannot own work.", "owner")


def _check_due(due_on: date, committee: Committee, now: datetime, field: str = "due_on") -> None:
    if due_on < local_day(now, committee.tz):
        raise WorkflowError("That day has passed. Choose today or a later day.", field)
    if due_on > local_day(now, committee.tz) + LONGEST:
        raise WorkflowError("That is more than ten years away. Choose an earlier day.", field)


def _offer(session: Session, work: Intervention, now: datetime) -> None:
    notices.owe(
        session,
        "work.offer",
        f"work.offer:{work.id}:{work.revision}",
        about_id=work.id,
        person=work.owner_id,
        card=True,
        detail={"revision": work.revision},
        now=now,
    )


def happened(
    session: Session, work: Intervention, kind: str, actor: Person | None, now: datetime, why: str | None = None
) -> None:
    """Write the event and mark stale what shows this work; no `actor`: it came about by itself."""
    events.record(
        session, kind, now, committee_id=work.committee_id, idea_id=work.idea_id, actor=actor, why=why,
        detail={"work": work.id},
    )  # fmt: skip
    session.flush()
    notices.refresh(session, work.id, CARDS)
    notices.refresh(session, work.idea_id, lifecycle.CARDS)
    homes.touch(session, {work.owner_id, work.sponsor_id, actor.id if actor else work.owner_id}, now)


def require_state(work: Intervention, *states: InterventionState) -> None:
    """Raise `Gone` unless the work stands in one of these states."""
    if work.state not in states:
        raise Gone(f"“{work.title}” {STANDS[work.state]}, so this is no longer possible.")


STANDS = {
    S.OFFERED: "waits for its owner's yes",
    S.COUNTERED: "waits for an answer to another date",
    S.HANDED_BACK: "was handed back and needs an owner",
    S.ACCEPTED: "is underway",
    S.CLAIMED: "is said to be done and waits for a second person",
    S.DONE: "is done",
    S.CANCELLED: "was cancelled",
}


def _revise(work: Intervention, now: datetime) -> None:
    work.revision += 1
    work.revised_at = work.remind_at = now


def accept(session: Session, actor: Person, work: Intervention, *, now: datetime) -> None:
    """The owner's yes. The idea is underway from the first one."""
    require(session, Action.ACCEPT, actor, work=work)
    if work.state is S.ACCEPTED:
        return
    require_state(work, S.OFFERED)
    _accepted(session, work, now)
    happened(session, work, "work.accepted", actor, now)


def _accepted(session: Session, work: Intervention, now: datetime) -> None:
    work.state, work.accepted_at, work.health = S.ACCEPTED, work.accepted_at or now, work.health or Health.ON_TRACK
    idea = session.get_one(Idea, work.idea_id, with_for_update={"key_share": True})
    if idea.state is IdeaState.APPROVED:
        lifecycle.move(session, idea, "start", actor=None, now=now)


def check_owner(session: Session, actor: Person, work: Intervention) -> None:
    """Raise what `counter` and `hand_back` would raise, before anything is typed."""
    require(session, Action.ACCEPT, actor, work=work)
    require_state(work, S.OFFERED, S.ACCEPTED, S.COUNTERED)


def counter(session: Session, actor: Person, work: Intervention, due_on: date, *, now: datetime) -> None:
    """The owner proposes another date; the sponsor is asked."""
    check_owner(session, actor, work)
    _check_due(due_on, session.get_one(Committee, work.committee_id), now)
    if due_on == work.due_on:
        raise WorkflowError("That is the date it has already. Accept it, or choose another day.", "due_on")
    work.state, work.proposed_due_on = S.COUNTERED, due_on
    sponsors.ask(session, work, now)
    happened(session, work, "work.countered", actor, now, why=due_on.isoformat())


def agree(session: Session, actor: Person, work: Intervention, *, now: datetime, to: str = "") -> None:
    """The sponsor or the chair takes the owner's date: the work is accepted.

    `to` is the date they read ("2026-12-23"), unless they read none; `Gone` if the owner proposes another by now.
    """
    _require_side(session, actor, work)
    require_state(work, S.COUNTERED)
    if work.proposed_due_on is None:
        raise Gone("No other date is proposed any more.")
    if to and to != work.proposed_due_on.isoformat():
        raise Gone("The owner proposes another date by now. The newer message about it, and its card, ask you again.")
    work.due_on, work.proposed_due_on = work.proposed_due_on, None
    _revise(work, now)
    _accepted(session, work, now)
    happened(session, work, "work.agreed", actor, now)


def insist(session: Session, actor: Person, work: Intervention, *, now: datetime) -> None:
    """The sponsor or the chair keeps the first date: the owner is asked again."""
    _require_side(session, actor, work)
    require_state(work, S.COUNTERED)
    work.state, work.proposed_due_on = S.OFFERED, None
    _revise(work, now)
    _offer(session, work, now)
    happened(session, work, "work.insisted", actor, now)


def _require_side(session: Session, actor: Person, work: Intervention) -> None:
    if work.sponsor_id != actor.id:
        require(session, Action.ASSIGN, actor, work=work)


def hand_back(session: Session, actor: Person, work: Intervention, why: str | None, *, now: datetime) -> None:
    """The owner's no, with a reason; the sponsor finds somebody else."""
    check_owner(session, actor, work)
    reason = writing.required(why, "why", "Say in a line why, so that the next owner knows.", LONGEST_LINE)
    back(session, work, reason, actor, now)


def back(session: Session, work: Intervention, why: str, actor: Person | None, now: datetime) -> None:
    """The work has no owner any more, whether they said so or left; somebody else has to be found."""
    work.state, work.proposed_due_on, work.handed_back_why = S.HANDED_BACK, None, why
    _revise(work, now)
    sponsors.ask(session, work, now)
    happened(session, work, "work.handed_back", actor, now, why=why)


def check_reassign(session: Session, actor: Person, work: Intervention) -> None:
    """Raise what `reassign` would raise, before anything is typed."""
    _require_side(session, actor, work)
    require_state(work, S.HANDED_BACK, S.OFFERED, S.COUNTERED, S.ACCEPTED)


def reassign(
    session: Session, actor: Person, work: Intervention, owner: Person, due_on: date, *, now: datetime
) -> None:
    """Offer the work to another owner, or with another date."""
    check_reassign(session, actor, work)
    _check_owner(owner)
    _check_due(due_on, session.get_one(Committee, work.committee_id), now)
    before = work.owner_id
    work.owner_id, work.due_on = owner.id, due_on
    work.state, work.proposed_due_on, work.handed_back_why = S.OFFERED, None, None
    work.accepted_at = work.health = None
    _revise(work, now)
    _offer(session, work, now)
    happened(session, work, "work.offered", actor, now)
    homes.touch(session, {before}, now)
