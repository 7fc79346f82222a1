"""Calling a vote off: one that was opened by mistake goes, and the idea is where it was before.

Only while it is open: once votes are in, the charter decides and nobody else.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Event, Idea, IdeaState, Person
from workflows import lifecycle, writing
from workflows.ballots import closing, reading
from workflows.ballots.voting import LONGEST_REASON
from workflows.errors import NotAllowed
from workflows.permissions import Action, require

BACK = {IdeaState.SUBMITTED: "call_off", IdeaState.LAPSED: "call_off_lapsed"}
"""The move that leads back to where the idea stood before the vote."""


def check_call_off(session: Session, actor: Person, ballot: Ballot, now: datetime) -> None:
    """Raise what `call_off` would raise, before anything is typed."""
    require(session, Action.CALL_OFF, actor, idea=ballot.idea)
    own = reading.elector(session, ballot, actor)
    if own is not None and own.recused:
        raise NotAllowed("You are recused from this vote yourself, so leave this to somebody who is not.")
    reading.is_open(session, ballot, now)


def call_off(session: Session, actor: Person, ballot: Ballot, why: str | None, *, now: datetime) -> None:
    """Close an open ballot without a verdict; the thread hears who did so and why. Twice is once.

    Raises `NotAllowed`, `Gone` once voting is over, or `WorkflowError` on a missing reason.
    """
    ballot = reading.by_id(session, ballot.id, lock=True)
    if ballot.outcome == reading.CALLED_OFF:
        return
    check_call_off(session, actor, ballot, now)
    given = writing.required(why, "why", "Say why, so that those who voted understand.", LONGEST_REASON)
    reason = f"{actor.name or 'Whoever presides'} called it off: {given}"
    closing.shut(session, ballot, reading.verdict(session, ballot, now), reading.CALLED_OFF, reason, now)
    idea = session.get_one(Idea, ballot.idea_id, with_for_update={"key_share": True})
    move = BACK[_before(session, idea)]
    lifecycle.move(session, idea, move, actor=actor, now=now, why=given, detail={"ballot": ballot.id})
    closing.say(session, ballot, idea, "ballot.verdict", f"ballot.verdict:{ballot.id}", now)


def _before(session: Session, idea: Idea) -> IdeaState:
    opened = sa.select(Event.from_state).where(Event.idea_id == idea.id, Event.kind == "idea.open_review")
    return IdeaState(session.scalars(opened.order_by(Event.id.desc()).limit(1)).one() or IdeaState.SUBMITTED)
