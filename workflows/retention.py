"""What is kept for how long: one rule a kind, applied in slices, each of them a question that may be asked again.

A rule never takes a decision, a vote or a name's place in the record: words go, and what served its time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.models import (
    Ballot,
    Base,
    Digest,
    Draft,
    Elector,
    Event,
    Idea,
    IdeaState,
    Intervention,
    InterventionState,
    Milestone,
    Notice,
    NoticeState,
    Owned,
    Question,
    Receipt,
    Reminder,
    Vote,
    VoteRecord,
    Workspace,
)
from workflows import lifecycle, notices, reminders, wording

SLICE = 500
"""Rows of one transaction."""
OVER = (IdeaState.DONE, IdeaState.DECLINED, IdeaState.LAPSED, IdeaState.WITHDRAWN)
FINISHED = (InterventionState.DONE, InterventionState.CANCELLED)
Old = Callable[[datetime], sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Rule:
    """A kind of thing: which rows are old at a moment, and what becomes of each. `kind` names the setting."""

    kind: str
    about: str
    model: type[Base]
    old: Old
    act: Callable[[Session, Any], None]

    def count(self, session: Session, before: datetime) -> int:
        """How many there are."""
        return session.scalar(sa.select(sa.func.count()).select_from(self.model).where(self.old(before))) or 0

    def apply(self, session: Session, before: datetime) -> int:
        """Deal with the next slice; how many."""
        order = sa.inspect(self.model).primary_key
        found = session.scalars(sa.select(self.model).where(self.old(before)).order_by(*order).limit(SLICE)).all()
        for row in found:
            self.act(session, row)
        session.flush()
        return len(found)


def _delete(session: Session, row: Base) -> None:
    session.delete(row)


def _unsaid(session: Session, row: Any) -> None:
    row.reason = None


def _vote_unsaid(session: Session, vote: Vote) -> None:
    vote.reason = wording.GONE  # some choices cannot be without a reason


def _step_aside_unsaid(session: Session, elector: Elector) -> None:
    elector.recused_why = None


def _idea_unsaid(session: Session, idea: Idea) -> None:
    wording.forget(idea, title=False)
    edits = sa.select(Event).where(Event.idea_id == idea.id, Event.kind == "idea.edit")
    for event in session.scalars(edits):
        event.detail = None
    notices.refresh(session, idea.id, lifecycle.CARDS)


def _event_unsaid(session: Session, event: Event) -> None:
    event.why = None


def _closed(before: datetime) -> sa.ScalarSelect[int]:
    return sa.select(Ballot.id).where(Ballot.closed_at < before).scalar_subquery()


def _old_messages(before: datetime) -> sa.ColumnElement[bool]:
    """Said once to one person, and nothing hangs on them any more."""
    later = aliased(Notice)
    settled = Notice.state.in_((NoticeState.SENT, NoticeState.DROPPED))
    needed = (
        sa.exists().where(later.after_id == Notice.id),
        sa.exists().where(Reminder.morning_id == Notice.id),
        sa.exists().where(Digest.notice_id == Notice.id),
    )
    age = sa.func.coalesce(Notice.sent_at, Notice.due_at)
    said_once = sa.and_(Notice.person_id.is_not(None), Notice.is_card.is_(False), settled)
    return sa.and_(said_once, age < before, *(~it for it in needed))


def _old_reminders(before: datetime) -> sa.ColumnElement[bool]:
    """Rungs about finished work, closed votes and questions answered: nothing asks for them again."""
    finished = sa.select(Intervention.id).where(Intervention.state.in_(FINISHED))
    steps = sa.select(Milestone.id).where(Milestone.intervention_id.in_(finished))
    of_work = sa.and_(Reminder.kind == "work", Reminder.about_id.in_(finished))
    of_steps = sa.and_(Reminder.kind == "milestone", Reminder.about_id.in_(steps))
    voted = sa.select(Elector.id).where(Elector.ballot_id.in_(_closed(before)))
    of_votes = sa.and_(Reminder.kind == reminders.BALLOT, Reminder.about_id.in_(voted))
    answered = sa.select(Question.id).where(Question.answered_at < before)
    of_questions = sa.and_(Reminder.kind == reminders.QUESTION, Reminder.about_id.in_(answered))
    return sa.and_(Reminder.owed_at < before, sa.or_(of_work, of_steps, of_votes, of_questions))


def _old_ideas(before: datetime) -> sa.ColumnElement[bool]:
    refused = Idea.state.in_((IdeaState.DECLINED, IdeaState.WITHDRAWN))
    return sa.and_(refused, Idea.state_since < before, Idea.problem != wording.GONE)


def _old_events(before: datetime) -> sa.ColumnElement[bool]:
    over = sa.select(Idea.id).where(Idea.state.in_(OVER))
    return sa.and_(Event.at < before, Event.why.is_not(None), Event.idea_id.in_(over))


RULES: Sequence[Rule] = (
    Rule("drafts", "drafts nobody sent", Draft, lambda before: Draft.saved_at < before, _delete),
    Rule("messages", "reminders of what is over", Reminder, _old_reminders, _delete),
    Rule("messages", "messages said to one person", Notice, _old_messages, _delete),
    Rule("idea_texts", "texts of declined and withdrawn ideas", Idea, _old_ideas, _idea_unsaid),
    Rule(
        "vote_reasons",
        "reasons of votes",
        Vote,
        lambda before: sa.and_(
            Vote.ballot_id.in_(_closed(before)), Vote.reason.is_not(None), Vote.reason != wording.GONE
        ),
        _vote_unsaid,
    ),
    Rule(
        "vote_reasons",
        "reasons in the history of votes",
        VoteRecord,
        lambda before: sa.and_(VoteRecord.ballot_id.in_(_closed(before)), VoteRecord.reason.is_not(None)),
        _unsaid,
    ),
    Rule(
        "vote_reasons",
        "reasons to step aside",
        Elector,
        lambda before: sa.and_(Elector.ballot_id.in_(_closed(before)), Elector.recused_why.is_not(None)),
        _step_aside_unsaid,
    ),
    Rule("event_reasons", "reasons in the history of ideas that are over", Event, _old_events, _event_unsaid),
)
"""In one workspace; in this order, for reminders hold their messages."""

RECEIPTS = Rule("receipts", "receipts of deliveries", Receipt, lambda before: Receipt.received_at < before, _delete)
"""Of no workspace."""


def stopped(session: Session, before: datetime) -> list[str]:
    """The workspaces where the app has not been installed since then."""
    return list(session.scalars(sa.select(Workspace.id).where(Workspace.stopped_at < before).order_by(Workspace.id)))


def clear(session: Session, workspace_id: str, before: datetime) -> int:
    """Take the next slice of a workspace that left before; how many rows. A workspace that came back is left alone."""
    here = sa.select(Workspace).where(Workspace.id == workspace_id, Workspace.stopped_at < before).with_for_update()
    workspace = session.scalar(here)
    if workspace is None:
        return 0
    decided = sa.update(Idea).where(Idea.workspace_id == workspace_id, Idea.decision_id.is_not(None))
    undecided = decided.values(state=IdeaState.SUBMITTED, decision_id=None)  # ideas and decisions hold each other
    session.execute(undecided.execution_options(synchronize_session=False))
    for model in _children_first():
        gone = _take(session, model, workspace_id)
        if gone:
            return gone
    session.delete(workspace)
    return 1


def _children_first() -> list[type[Owned]]:
    order = [table.name for table in reversed(Base.metadata.sorted_tables)]
    owned = [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, Owned)]
    return [it.class_ for it in sorted(owned, key=lambda mapper: order.index(mapper.local_table.name))]  # type: ignore[attr-defined]  # a table


def _take(session: Session, model: Any, workspace_id: str) -> int:
    last = sa.select(model.id).where(model.workspace_id == workspace_id).order_by(model.id.desc()).limit(SLICE)
    gone = sa.delete(model).where(model.id.in_(last)).returning(model.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())
