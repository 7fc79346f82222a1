"""Seats: who sits on a committee, as which role, since when; those who left keep their history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from db.models import Committee, Idea, IdeaState, Member, Person, Role
from workflows import homes, notices, people

SCORED = (IdeaState.SUBMITTED, IdeaState.IN_REVIEW, IdeaState.LAPSED)
MOST = 500
"""Ideas whose cards are shown anew, the newest: nobody looks at older ones, and Slack takes one edit a second."""
IN_ORDER = sa.case({Role.CHAIR: 0, Role.DEPUTY: 1}, value=Member.role, else_=2)


def taken(session: Session, committee: Committee) -> list[Member]:
    """Every seat that is taken, also by those who can no longer act; chair and deputy first."""
    chosen = sa.select(Member).join(Member.person).options(contains_eager(Member.person))
    chosen = chosen.where(Member.committee_id == committee.id, Member.until.is_(None))
    return list(session.scalars(chosen.order_by(IN_ORDER, Member.id)))


def members(session: Session, committee: Committee) -> list[Member]:
    """Those who can act for the committee (not gone, no bots), with their person; chair and deputy first."""
    return [seat for seat in taken(session, committee) if can_act(seat.person)]


def has_seat(session: Session, committee: Committee, person: Person) -> bool:
    """Whether this person sits on this committee."""
    seat = sa.select(Member.id).where(
        Member.committee_id == committee.id, Member.person_id == person.id, Member.until.is_(None)
    )
    return session.scalar(seat) is not None


def of_person(session: Session, person: Person) -> list[Committee]:
    """The committees this person sits on, by name."""
    theirs = sa.select(Committee).join(Member, Member.committee_id == Committee.id)
    theirs = theirs.where(Member.person_id == person.id, Member.until.is_(None), Committee.dissolved_at.is_(None))
    return list(session.scalars(theirs.order_by(Committee.name, Committee.id)))


def can_act(person: Person) -> bool:
    """Whether somebody can sit on a committee at all."""
    return person.active and not person.is_bot and not person.is_stranger and person.erased_at is None


def chair(session: Session, committee: Committee) -> Person | None:
    """The chair, unless the seat is vacant or its holder gone."""
    return _holder(session, committee, Role.CHAIR)


def deputy(session: Session, committee: Committee) -> Person | None:
    """The deputy, unless the seat is vacant or its holder gone."""
    return _holder(session, committee, Role.DEPUTY)


def presiding(session: Session, committee: Committee) -> Person | None:
    """Who speaks for the committee: the chair, else the deputy."""
    return chair(session, committee) or deputy(session, committee)


def _holder(session: Session, committee: Committee, role: Role) -> Person | None:
    return next((seat.person for seat in members(session, committee) if seat.role == role), None)


def resized(session: Session, committee: Committee) -> None:
    """There are more or fewer members: the cards before the committee say how many of them have scored."""
    which = sa.select(Idea.id).where(Idea.committee_id == committee.id, Idea.state.in_(SCORED))
    notices.touch(session, "idea.committee_card", session.scalars(which.order_by(Idea.id.desc()).limit(MOST)).all())


def seat_all(session: Session, committee: Committee, wanted: Mapping[int, Role], now: datetime) -> dict[int, Role]:
    """Seat exactly these people by choice (person id -> role). Those who came by the user group stay.

    Returns the offices that somebody has from now on and had not before.
    """
    seats = {seat.person_id: seat for seat in taken(session, committee)}
    before = {person_id: seat.role for person_id, seat in seats.items()}
    for seat in seats.values():
        if seat.person_id in wanted or seat.from_group:
            seat.role = Role.MEMBER  # offices are vacant for a moment, or the unique key would refuse a swap
        else:
            seat.until = now
    session.flush()
    for person_id, role in wanted.items():
        if person_id in seats:
            seats[person_id].role, seats[person_id].from_group = role, False
        else:
            session.add(Member(committee_id=committee.id, person_id=person_id, role=role, since=now))
    session.flush()
    homes.touch(session, [*seats, *wanted], now)
    if any(seat.until for seat in seats.values()) or set(wanted) - set(seats):
        resized(session, committee)
    return {who: role for who, role in wanted.items() if role is not Role.MEMBER and before.get(who) is not role}


def sync_group(session: Session, committee: Committee, slack_ids: Iterable[str], now: datetime) -> int:
    """Keep the seats in step with the user group: who joined it gets one, who left it leaves; how many did either.

    Those chosen by name keep their seat either way. Open ballots keep the electorate they were opened with.
    """
    session.get_one(Committee, committee.id, with_for_update={"key_share": True})
    inside = {people.seen(session, committee.workspace_id, slack_id, now=now).id for slack_id in set(slack_ids)}
    seats = {seat.person_id: seat for seat in taken(session, committee)}
    left = [seat for seat in seats.values() if seat.from_group and seat.person_id not in inside]
    joined = sorted(inside - set(seats))
    for seat in left:
        seat.until = now
    for person_id in joined:
        session.add(Member(committee_id=committee.id, person_id=person_id, from_group=True, since=now))
    session.flush()
    homes.touch(session, [*joined, *(seat.person_id for seat in left)], now)
    if joined or left:
        resized(session, committee)
    return len(joined) + len(left)
