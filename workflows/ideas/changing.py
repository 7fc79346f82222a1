"""What its author and the chair may do to an idea: edit, withdraw, decline, bring back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Committee, Decision, DecisionOutcome, Idea, IdeaState, Person
from workflows import homes, lifecycle, notices, promises, writing
from workflows.errors import Gone
from workflows.ideas.finding import get, seated
from workflows.ideas.history import happened
from workflows.ideas.proposal import Proposal
from workflows.permissions import Action, require

EDITABLE = frozenset({IdeaState.SUBMITTED, IdeaState.LAPSED})


def edit(session: Session, actor: Person, idea: Idea, proposal: Proposal, *, now: datetime) -> None:
    """Change the words while nobody has decided on them; the event keeps the old ones."""
    get(session, idea.id, lock=True)
    check_editable(session, actor, idea)
    before = {name: getattr(idea, name) for name, new in proposal if getattr(idea, name) != new}
    if not before:
        return
    for name in before:
        setattr(idea, name, getattr(proposal, name))
    happened(session, idea, "idea.edit", actor, now, detail={"before": before})


def check_editable(session: Session, actor: Person, idea: Idea) -> None:
    """Raise what `edit` would raise, before anything is typed."""
    require(session, Action.EDIT, actor, idea=idea)
    if idea.state not in EDITABLE:
        raise Gone(f"Idea #{idea.number} {lifecycle.STANDS[idea.state]}, so its words stay as they are.")


def withdraw(session: Session, actor: Person, idea: Idea, why: str | None = None, *, now: datetime) -> None:
    """The author takes the idea back."""
    get(session, idea.id, lock=True)
    lifecycle.move(session, idea, "withdraw", actor=actor, now=now, why=writing.optional(why, "why") or None)
    _closed(session, idea, now)


def decline(session: Session, actor: Person, idea: Idea, why: str, *, now: datetime) -> Decision:
    """The chair says no without a vote; the author hears why."""
    get(session, idea.id, lock=True)
    lifecycle.check(session, idea, "decline", actor)
    reason = writing.required(why, "why", "Say why in a line or two: the author will read it.")
    decision = Decision(
        idea_id=idea.id,
        committee_id=idea.committee_id,
        outcome=DecisionOutcome.DECLINED,
        reason=reason,
        decided_by_id=actor.id,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    lifecycle.move(session, idea, "decline", actor=actor, now=now, why=reason, decision=decision)
    if idea.author_id != actor.id:
        key = f"idea.declined:{decision.id}"
        notices.owe(session, "idea.declined", key, about_id=decision.id, person=idea.author_id, now=now)
    _closed(session, idea, now)
    return decision


def reopen(session: Session, actor: Person, idea: Idea, *, now: datetime) -> None:
    """The chair brings a declined or lapsed idea back, with a new promise to its author."""
    get(session, idea.id, lock=True)
    lifecycle.move(session, idea, "reopen", actor=actor, now=now)
    promises.renew(idea, session.get_one(Committee, idea.committee_id), now)
    session.flush()
    key = f"idea.received:{idea.id}:{int(now.timestamp())}"
    notices.owe(session, "idea.received", key, about_id=idea.id, person=idea.author_id, detail={"again": True}, now=now)
    homes.touch(session, [idea.author_id, *seated(session, idea.committee_id)], now)


def _closed(session: Session, idea: Idea, now: datetime) -> None:
    """Those who had the idea on their list have it no longer."""
    homes.touch(session, [idea.author_id, *seated(session, idea.committee_id)], now)
