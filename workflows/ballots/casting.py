"""The word of whoever presides: a casting vote on a tie, or how to go on when too few took part."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Ballot, BallotState, Choice, Person
from workflows import decisions, writing
from workflows.ballots import closing, reading
from workflows.ballots.voting import ASKS, LONGEST_REASON
from workflows.charter import Verdict
from workflows.errors import Gone, NotAllowed, WorkflowError
from workflows.permissions import Action, require


class Word(enum.StrEnum):
    """What whoever presides may say. A tie knows only the first two."""

    APPROVE = "approve"
    DECLINE = "decline"
    ADJOURN = "adjourn"
    EXTEND = "extend"


def words_for(ballot: Ballot) -> tuple[Word, ...]:
    """What may be said on this ballot while it waits."""
    tied = (ballot.verdict or {}).get("outcome") == "tied"
    return (Word.APPROVE, Word.DECLINE) if tied else tuple(Word)


def cast(session: Session, actor: Person, ballot: Ballot, word: Word, reason: str | None, *, now: datetime) -> None:
    """Give the word that an awaiting ballot waits for.

    Raises `NotAllowed` to everybody but whom it waits for (or, if they have left, chair and deputy), `Gone` if it
    waits no longer, and `WorkflowError` if a decline has no reason.
    """
    ballot = reading.by_id(session, ballot.id, lock=True)
    check_word(session, actor, ballot)
    if word not in words_for(ballot):
        raise WorkflowError("A tie can only be approved or declined.")
    if word is Word.DECLINE:
        why = writing.required(reason, "reason", ASKS[Choice.DECLINE], LONGEST_REASON)
    else:
        why = writing.optional(reason, "reason", LONGEST_REASON)
    if word is Word.EXTEND:
        closing.extend(session, ballot, now, by=actor)
        return
    verdict = reading.verdict(session, ballot, now)
    closing.conclude(session, ballot, *_outcome(session, ballot, word, verdict, now), now, by=actor, why=why or None)


def _outcome(session: Session, ballot: Ballot, word: Word, verdict: Verdict, now: datetime) -> tuple[Verdict, str]:
    if word is Word.ADJOURN:
        return verdict, "adjourned"
    ballot.casting, ballot.casting_at = Choice(word), now
    session.flush()
    if verdict.outcome == "no_quorum":
        return verdict, "approved" if word is Word.APPROVE else "declined"
    judged = reading.verdict(session, ballot, now)
    return judged, judged.outcome


def check_word(session: Session, actor: Person, ballot: Ballot) -> None:
    """Raise `NotAllowed` or `Gone` unless this ballot waits for the word of this person."""
    require(session, Action.CHAIR_DECIDES, actor, idea=ballot.idea)
    number = ballot.idea.number
    if ballot.state is BallotState.CLOSED:
        raise Gone(f"The vote on #{number} is closed: {reading.OUTCOMES[ballot.outcome or '']}.")
    if ballot.state is BallotState.OPEN:
        raise Gone(f"The vote on #{number} is open again, so the members have the word.")
    if not decisions.waits_for(session, ballot, actor):
        raise NotAllowed("You are not the one this waits for; the card in the thread says who is.")
