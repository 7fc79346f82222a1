"""Who answers for work on its committee, and what they are asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Committee, Intervention, InterventionState, Person
from workflows import committees, notices

S = InterventionState


def of(session: Session, work: Intervention) -> Person | None:
    """The sponsor; one who has left is followed, for good, by whoever presides. None: nobody does."""
    sponsor = session.get_one(Person, work.sponsor_id)
    if committees.can_act(sponsor):
        return sponsor
    presiding = committees.presiding(session, session.get_one(Committee, work.committee_id))
    work.sponsor_id = presiding.id if presiding else work.sponsor_id
    return presiding


def ask(session: Session, work: Intervention, now: datetime) -> None:
    """Ask whoever answers for it, or the committee's channel, for what work in this state waits for.

    The same person is asked the same thing once.
    """
    kind, about, detail = _asks(work)
    sponsor = of(session, work)
    channel = None if sponsor else session.get_one(Committee, work.committee_id).committee_channel
    key = f"{kind}:{work.id}:{about}:{sponsor.id if sponsor else channel}"
    notices.owe(session, kind, key, about_id=work.id, person=sponsor, channel=channel, detail=detail, now=now)


def _asks(work: Intervention) -> tuple[str, str, dict[str, str] | None]:
    """The notice, what makes it one, and its detail."""
    if work.state is S.COUNTERED:
        due_on = str(work.proposed_due_on)
        return "work.countered", f"{work.revision}:{due_on}", {"due_on": due_on}
    if work.state is S.CLAIMED and work.claimed_at is not None:
        return "work.claimed", f"{work.claimed_at.timestamp():.0f}", None
    return "work.handed_back", str(work.revision), None
