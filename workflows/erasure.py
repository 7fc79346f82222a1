"""Forgetting somebody: what stays is the decision, not the name.

Always gone: name, Slack id and everything the directory told; seats and proxies; drafts; what was said to them alone;
earlier wordings, votes they changed and why they stepped aside; the message an idea was made from; their name in
digests, in reasons and in every message that still stands in Slack. The words they put before the committee stay as its
record, under no name, unless these are to go, too. Forgetting twice is forgetting once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import (
    Ballot,
    Committee,
    Decision,
    Draft,
    Elector,
    Event,
    Idea,
    Intervention,
    InterventionState,
    Member,
    Notice,
    NoticeState,
    Person,
    VoteRecord,
)
from workflows import committees, dossier, leaving, traces, wording
from workflows.committees import seats

PRESIDED = "Whoever presides decided"
OPEN_WORK = (
    InterventionState.OFFERED,
    InterventionState.COUNTERED,
    InterventionState.ACCEPTED,
    InterventionState.CLAIMED,
)


@dataclass(frozen=True)
class Erased:
    """What was forgotten: things and how many of each. `left` is what somebody else has to take over now."""

    done: dict[str, int]
    left: list[str]


Step = Callable[[Session, Person, datetime], int]


def erase(session: Session, person: Person, *, now: datetime, texts: bool = False) -> Erased:
    """Forget this person; `texts`: also the words they put before the committee. Undo the transaction to only look."""
    if person.erased_at is not None:
        return Erased({}, [])
    left, over = _left(session, person), committees.held_by(session, person)
    done = {what: step(session, person, now) for what, step in STEPS.items()}
    if texts:
        done["texts put before the committee"] = wording.erase(session, person)
    session.add(Event(kind="person.erased", detail={"person": person.id, "texts": texts}, at=now))
    _nameless(person, now)
    session.flush()
    leaving.presided(session, over, now)
    leaving.leave(session, person, now)
    return Erased({what: count for what, count in done.items() if count}, left)


def _left(session: Session, person: Person) -> list[str]:
    """What would wait for this person for ever."""
    owned = sa.select(Idea.number).join(Intervention, Intervention.idea_id == Idea.id)
    owned = owned.where(Intervention.owner_id == person.id, Intervention.state.in_(OPEN_WORK))
    asked = sa.select(Idea.number).join(Ballot, Ballot.idea_id == Idea.id).where(Ballot.waits_for_id == person.id)
    chairs = sa.select(Member).where(Member.person_id == person.id, Member.until.is_(None), Member.role == "chair")
    return [
        *(f"the work on idea #{number} needs another owner" for number in session.scalars(owned)),
        *(f"the vote on idea #{number} waits for a casting word" for number in session.scalars(asked)),
        *("a committee needs another chair" for _ in session.scalars(chairs)),
    ]


def _nameless(person: Person, now: datetime) -> None:
    person.slack_id, person.name, person.tz, person.locale = None, "", "UTC", None
    person.is_admin = person.is_guest = person.active = False
    person.refreshed_at, person.erased_at = None, now


def _drafts(session: Session, person: Person, now: datetime) -> int:
    gone = sa.delete(Draft).where(Draft.person_id == person.id).returning(Draft.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def _seats(session: Session, person: Person, now: datetime) -> int:
    mine = session.scalars(sa.select(Member).where(Member.person_id == person.id, Member.until.is_(None))).all()
    for seat in mine:
        seat.until = now
        seats.resized(session, session.get_one(Committee, seat.committee_id))
    for seat in session.scalars(sa.select(Member).where(Member.proxy_id == person.id)):
        seat.proxy_id = None
    return len(mine)


def _reasons_to_step_aside(session: Session, person: Person, now: datetime) -> int:
    said = session.scalars(
        sa.select(Elector).where(Elector.person_id == person.id, Elector.recused_why.is_not(None))
    ).all()
    for elector in said:
        elector.recused_why = None
    for event in session.scalars(sa.select(Event).where(dossier.recused(person), Event.why.is_not(None))):
        event.why = None
    return len(said)


def _changed_votes(session: Session, person: Person, now: datetime) -> int:
    said = session.scalars(
        sa.select(VoteRecord).where(VoteRecord.person_id == person.id, VoteRecord.reason.is_not(None))
    ).all()
    for record in said:
        record.reason = None
    return len(said)


def _earlier_wordings(session: Session, person: Person, now: datetime) -> int:
    edits = sa.select(Event).where(Event.kind == "idea.edit", Event.actor_id == person.id, Event.detail.is_not(None))
    found = session.scalars(edits).all()
    for event in found:
        event.detail = None
    return len(found)


def _sources(session: Session, person: Person, now: datetime) -> int:
    """Messages that somebody made an idea of: they were not written for a committee."""
    found = session.scalars(sa.select(Idea).where(Idea.source_author_id == person.id)).all()
    for idea in found:
        idea.source_author_id = idea.source_permalink = idea.source_text = None
    return len(found)


def _digests(session: Session, person: Person, now: datetime) -> int:
    found = dossier.digests_naming(session, person)
    for digest in found:
        content = deepcopy(digest.content)
        for line in _named_lines(content):
            line.update({key: None for key in ("author", "owner") if line.get(key) == person.slack_id})
        digest.content = content
    return len(found)


def _named_lines(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for part in ("new", "late", "celebrated") for line in content.get(part, [])]


def _presided(session: Session, person: Person, now: datetime) -> int:
    """A verdict by casting vote or by the chair's word says whose it was."""
    moves = sa.select(Event).where(Event.actor_id == person.id, Event.to_state.is_not(None), Event.why.is_not(None))
    told = [event for event in session.scalars(moves) if "ballot" in (event.detail or {})]
    for event in told:
        event.why = _unnamed(event.why, person)
        ballot = session.get_one(Ballot, (event.detail or {})["ballot"])
        if ballot.verdict:
            ballot.verdict = {**ballot.verdict, "reason": _unnamed(ballot.verdict.get("reason"), person)}
        for decision in session.scalars(sa.select(Decision).where(Decision.ballot_id == ballot.id)):
            decision.reason = _unnamed(decision.reason, person)
    return len(told)


def _unnamed(reason: str | None, person: Person) -> str:
    known = (reason or "").replace(f"{person.name} decided", PRESIDED, 1) if person.name else reason or ""
    # Names change; what follows the charter's own sentence is the name as it was then.
    return known if PRESIDED in known else re.sub(r"(?<=[.] )[^.:]{1,80} decided(?=[.:])", PRESIDED, known, count=1)


def _messages_to_them(session: Session, person: Person, now: datetime) -> int:
    """What was said to them alone: not said any more if it was still to come, its place in Slack forgotten."""
    mine = sa.update(Notice).where(Notice.person_id == person.id).execution_options(synchronize_session=False)
    session.execute(mine.where(Notice.state == NoticeState.OWED).values(state=NoticeState.DROPPED))
    parked = mine.where(Notice.state == NoticeState.PARKED)
    session.execute(parked.values(state=NoticeState.DROPPED))
    settled = mine.values(posted_channel=None, posted_ts=None, detail=None, shown=Notice.wanted, uncertain=False)
    return len(session.scalars(settled.returning(Notice.id)).all())


STEPS: dict[str, Step] = {
    "messages in Slack to be shown anew": lambda session, person, now: traces.show_again(session, person),
    "drafts": _drafts,
    "seats on committees": _seats,
    "reasons to step aside": _reasons_to_step_aside,
    "reasons in the history of votes": _changed_votes,
    "earlier wordings of ideas": _earlier_wordings,
    "messages that ideas were made from": _sources,
    "digests that name them": _digests,
    "decisions that name them": _presided,
    "messages to them": _messages_to_them,
}
"""In this order: what shows somebody has to be found before they are gone."""
