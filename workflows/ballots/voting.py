"""Voting, and stepping back from a vote."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from db.models import Ballot, Choice, Elector, Person, Vote, VoteRecord
from db.once import insert, put
from workflows import homes, notices, reminders, writing
from workflows.ballots import reading
from workflows.ballots.opening import log, why_recused
from workflows.ballots.reading import Place
from workflows.errors import NotAllowed, WorkflowError
from workflows.permissions import Action, may, require

Via = Literal["button", "mention"]
LONGEST_REASON = 2000

ASKS = {
    Choice.APPROVE_WITH_CONDITIONS: "Say under which conditions, so that the committee can see to them.",
    Choice.DECLINE: "Say why, so that the author can learn from it.",
    Choice.OBJECT: "Say what you object to, so that it can be put right.",
}


def vote(
    session: Session,
    actor: Person,
    ballot_id: int,
    choice: Choice,
    reason: str | None,
    *,
    now: datetime,
    via: Via = "button",
) -> Place:
    """Vote, or change one's vote. The same vote again changes nothing; every change is kept in the history.

    Raises `NotAllowed` to whoever may not vote, `Gone` once the ballot is closed or its deadline has passed, and
    `WorkflowError` on a missing reason or a public vote in a secret ballot.
    """
    it = admit(session, actor, ballot_id, now, lock=True)
    if via == "mention" and it.secret:
        raise WorkflowError("This vote is secret, and everybody can read a message here. Use the buttons instead.")
    voter = {"ballot_id": ballot_id, "person_id": actor.id}
    said = {"choice": choice, "reason": _reason(choice, reason)}
    if put(session, Vote, voter, said, at=now):
        insert(session, VoteRecord, **voter, **said, at=now)
        show(session, it, now)
    return it


def admit(session: Session, actor: Person, ballot_id: int, now: datetime, *, lock: bool = False) -> Place:
    """This person's place among those who may vote now. Raises `NotAllowed`, or `Gone` once voting is over.

    `lock` keeps it so until the transaction ends.
    """
    it = reading.place(session, ballot_id, actor, lock=lock)
    if it is None:
        ballot = reading.by_id(session, ballot_id)
        require(session, Action.VOTE, actor, committee=reading.committee_of(session, ballot))
        raise NotAllowed("You joined the committee after this vote was opened, so you vote from the next one on.")
    if it.recused:
        raise NotAllowed(why_recused(it))
    reading.check_open(it, it.number, it.tz, now)
    return it


def _reason(choice: Choice, reason: str | None) -> str | None:
    if choice in reading.NEEDS_REASON:
        return writing.required(reason, "reason", ASKS[choice], LONGEST_REASON)
    return writing.optional(reason, "reason", LONGEST_REASON) or None


def recuse(session: Session, actor: Person, ballot: Ballot, person: Person, why: str | None, *, now: datetime) -> None:
    """Take a member out of an open ballot: oneself, or, for chair and deputy, somebody else with a reason.

    A vote already given counts no more. Raises `NotAllowed`, `Gone`, or `WorkflowError` with the field.
    """
    ballot = reading.by_id(session, ballot.id, lock=True)
    why = writing.optional(why, "why", LONGEST_REASON) or None
    _may_recuse(session, actor, ballot, person, why)
    reading.is_open(session, ballot, now)
    it = reading.elector(session, ballot, person)
    if it is None:
        raise WorkflowError("That person does not vote on this idea.", "person")
    if it.recused:
        return
    it.recused, it.recused_why = True, why
    log(session, ballot, "ballot.recuse", now, actor=actor, why=why, person=person.id)
    session.flush()
    show(session, it, now)


def check_recuse(session: Session, actor: Person, ballot: Ballot, now: datetime, *, other: bool) -> None:
    """Raise what `recuse` would raise to whoever means to step back, or to recuse an `other`, before they type."""
    _may_recuse_at_all(session, actor, ballot, other)
    reading.is_open(session, ballot, now)


def _may_recuse_at_all(session: Session, actor: Person, ballot: Ballot, other: bool) -> None:
    own = reading.elector(session, ballot, actor)
    if not other and own is None:
        raise NotAllowed("You do not vote on this idea, so there is nothing to step back from.")
    if other and not may(session, Action.CHAIR_DECIDES, actor, idea=ballot.idea):
        raise NotAllowed("Only the chair or the deputy can recuse somebody else.")
    if other and own is not None and own.recused:
        raise NotAllowed("You are recused from this vote yourself, so leave this to somebody who is not.")


def _may_recuse(session: Session, actor: Person, ballot: Ballot, person: Person, why: str | None) -> None:
    other = actor.id != person.id
    _may_recuse_at_all(session, actor, ballot, other)
    if other and why is None:
        raise WorkflowError("Say why, so that it can be understood later.", "why")


def show(session: Session, it: Elector | Place, now: datetime) -> None:
    """What an elector did shows on the card, in the reminders they got and in their Home."""
    notices.refresh(session, it.ballot_id, ["ballot.card"])
    reminders.show(session, reminders.BALLOT, [it.id])
    homes.touch(session, [it.person_id], now)
