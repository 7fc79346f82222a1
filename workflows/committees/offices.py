"""Offices: who is told that they hold one now, and what names whoever presides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Idea, IdeaState, Member, Person, Role
from workflows import homes, lifecycle, notices
from workflows.committees import seats

KIND = "committee.office"
PRESIDING = "presiding"
VACANT = "vacant"
NAMING = (IdeaState.SUBMITTED, IdeaState.LAPSED, IdeaState.APPROVED, IdeaState.UNDERWAY)
"""Where an idea's card may say that whoever presides has the next step."""


def held_by(session: Session, person: Person) -> list[Committee]:
    """The committees in which this person is chair or deputy."""
    theirs = sa.select(Committee).join(Member, Member.committee_id == Committee.id)
    theirs = theirs.where(Member.person_id == person.id, Member.until.is_(None), Member.role != Role.MEMBER)
    return list(session.scalars(theirs.where(Committee.dissolved_at.is_(None)).order_by(Committee.id)))


def presided_by(session: Session, person: Person) -> list[Committee]:
    """The committees over which this person presides: as the chair, or as the deputy while there is none."""
    return [it for it in held_by(session, person) if seats.presiding(session, it) == person]


def tell(session: Session, committee: Committee, appointed: Mapping[int, Role], now: datetime) -> None:
    """Tell people (person id -> role) of the office they hold from now on, once an appointment."""
    for person_id, role in appointed.items():
        _owe(session, committee, role.value, person_id, f"{now.timestamp():.0f}", now)


def changed(session: Session, committee: Committee, now: datetime) -> None:
    """Who presides is another one, or nobody: the cards that may name them say so."""
    which = sa.select(Idea.id).where(Idea.committee_id == committee.id, Idea.state.in_(NAMING))
    ideas = session.scalars(which.order_by(Idea.id.desc()).limit(seats.MOST)).all()
    for kind in lifecycle.CARDS:
        notices.touch(session, kind, ideas)
    homes.touch(session, [seat.person_id for seat in seats.taken(session, committee)], now)


def left(session: Session, committee: Committee, now: datetime) -> None:
    """The chair or the deputy has left the workspace, or is back: whoever presides without a chair hears of it.

    If nobody does, the committee's channel. Once a day, for several replicas may learn of it at the same time.
    """
    changed(session, committee, now)
    presiding = seats.presiding(session, committee)
    if presiding is None:
        _owe(session, committee, VACANT, None, f"{now:%Y-%m-%d}", now)
    elif seats.chair(session, committee) is None:
        _owe(session, committee, PRESIDING, presiding.id, f"{now:%Y-%m-%d}", now)


def _owe(session: Session, committee: Committee, office: str, person_id: int | None, once: str, now: datetime) -> None:
    key = f"{KIND}:{committee.id}:{office}:{person_id}:{once}"
    channel = None if person_id else committee.committee_channel
    detail = {"office": office}
    notices.owe(session, KIND, key, about_id=committee.id, person=person_id, channel=channel, detail=detail, now=now)


def holds(session: Session, committee: Committee, office: str, person_id: int | None) -> bool:
    """Whether what somebody was told of an office is still so."""
    chair, deputy = seats.chair(session, committee), seats.deputy(session, committee)
    presiding = None if chair else deputy
    holder = {Role.CHAIR.value: chair, Role.DEPUTY.value: deputy, PRESIDING: presiding}.get(office, chair or deputy)
    return (holder.id if holder else None) == person_id
