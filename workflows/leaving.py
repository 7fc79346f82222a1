"""Somebody leaves the workspace: their work goes back, and whoever presides now answers for what was theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Event, Intervention, InterventionState, Person
from workflows import ballots, committees, homes, interventions, people, sponsors, traces
from workflows.committees import offices, seats
from workflows.interventions import LEFT, WITH_OWNER
from workflows.people import Profile

TO_SETTLE = (InterventionState.HANDED_BACK, InterventionState.COUNTERED, InterventionState.CLAIMED)


def refresh(session: Session, person: Person, profile: Profile, now: datetime) -> None:
    """Take over what the directory says of somebody now, and what follows if they have left or come back."""
    was_here, nameless = committees.can_act(person), not person.name
    people.refresh(person, profile, now)
    session.flush()
    changed = committees.can_act(person) != was_here
    presided(session, committees.held_by(session, person) if changed else [], now)
    for committee in committees.of_person(session, person) if changed else []:
        seats.resized(session, committee)
    if nameless and person.name and _has_acted(session, person):
        traces.show_again(session, person)
    if not person.active:
        leave(session, person, now)


def _has_acted(session: Session, person: Person) -> bool:
    """Whether something may show them already: Slack could not be asked who they were when they first acted."""
    return session.scalar(sa.select(Event.id).where(Event.actor_id == person.id).limit(1)) is not None


def presided(session: Session, over: Iterable[Committee], now: datetime) -> None:
    """A chair or deputy of these committees has left or come back: whoever presides now is named, told and asked."""
    for committee in over:
        offices.left(session, committee, now)
        ballots.ask_anew(session, committee, now)


def leave(session: Session, person: Person, now: datetime) -> None:
    """See to the work that is still in the hands of somebody who has left. Leaving twice is leaving once."""
    for work in _works(session, Intervention.owner_id == person.id, WITH_OWNER):
        interventions.back(session, work, LEFT, None, now)
    for work in _works(session, Intervention.sponsor_id == person.id, TO_SETTLE):
        sponsors.ask(session, work, now)
        homes.touch(session, [work.sponsor_id], now)


def _works(
    session: Session, whose: sa.ColumnElement[bool], states: Sequence[InterventionState]
) -> Iterator[Intervention]:
    theirs = sa.select(Intervention).where(whose, Intervention.state.in_(states)).order_by(Intervention.id)
    theirs = theirs.with_for_update(key_share=True).execution_options(populate_existing=True)
    yield from session.scalars(theirs).all()
