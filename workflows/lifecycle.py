"""The one door for an idea's state: every move it may make stands in `RULES`, and only `move` makes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Decision, Idea, IdeaState, Person, Question
from workflows import events, notices
from workflows.errors import Gone
from workflows.permissions import Action, may, require

CARDS = ("idea.card", "idea.committee_card")
S = IdeaState


@dataclass(frozen=True)
class Rule:
    """From where to where, and the action the actor must be allowed; None: the charter or the work itself moves it."""

    name: str
    sources: frozenset[IdeaState]
    target: IdeaState
    action: Action | None
    answers: bool = False
    """Whether this move is the answer that the author was promised."""


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("open_review", frozenset({S.SUBMITTED, S.LAPSED}), S.IN_REVIEW, Action.OPEN_REVIEW),
        Rule("approve", frozenset({S.IN_REVIEW}), S.APPROVED, None, answers=True),
        Rule("vote_down", frozenset({S.IN_REVIEW}), S.DECLINED, None, answers=True),
        Rule("decline", frozenset({S.SUBMITTED, S.LAPSED}), S.DECLINED, Action.DECLINE, answers=True),
        Rule("call_off", frozenset({S.IN_REVIEW}), S.SUBMITTED, Action.CALL_OFF),
        Rule("call_off_lapsed", frozenset({S.IN_REVIEW}), S.LAPSED, Action.CALL_OFF),
        Rule("adjourn", frozenset({S.IN_REVIEW}), S.SUBMITTED, None),
        Rule("lapse", frozenset({S.IN_REVIEW}), S.LAPSED, None, answers=True),
        Rule("withdraw", frozenset({S.SUBMITTED, S.LAPSED}), S.WITHDRAWN, Action.WITHDRAW, answers=True),
        Rule("reopen", frozenset({S.DECLINED, S.LAPSED}), S.SUBMITTED, Action.REOPEN),
        Rule("start", frozenset({S.APPROVED}), S.UNDERWAY, None),
        Rule("finish", frozenset({S.UNDERWAY}), S.DONE, None),
    )
}

STANDS = {
    S.SUBMITTED: "is with the committee",
    S.IN_REVIEW: "is being voted on",
    S.APPROVED: "has been approved",
    S.UNDERWAY: "is underway",
    S.DONE: "is done",
    S.DECLINED: "has been declined",
    S.LAPSED: "has lapsed",
    S.WITHDRAWN: "has been withdrawn",
}


def check(session: Session, idea: Idea, name: str, actor: Person | None) -> Rule:
    """The rule `name`, if the idea stands where it starts and `actor` may; raises as `move` does."""
    rule = RULES[name]
    if rule.action is not None:  # first: how an idea stands is not for everybody
        if actor is None:
            raise TypeError(f"{name} is somebody's act")
        require(session, rule.action, actor, idea=idea)
    if idea.state not in rule.sources:
        raise Gone(f"Idea #{idea.number} {STANDS[idea.state]}, so this is no longer possible.")
    return rule


def possible(session: Session, idea: Idea, name: str, actor: Person) -> bool:
    """Whether `actor` could make this move now."""
    rule = RULES[name]
    return idea.state in rule.sources and rule.action is not None and may(session, rule.action, actor, idea=idea)


def move(
    session: Session,
    idea: Idea,
    name: str,
    *,
    actor: Person | None,
    now: datetime,
    why: str | None = None,
    decision: Decision | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Move an idea by the rule `name`, write the event, and mark its cards stale.

    The caller holds the idea's row lock. Raises `Gone` if the idea does not stand where the rule starts, and
    `NotAllowed` if `actor` may not. A move into a decided state takes its `decision`.
    """
    rule = check(session, idea, name, actor)
    events.record(
        session, f"idea.{name}", now, committee_id=idea.committee_id, idea_id=idea.id, actor=actor, why=why,
        detail=detail, from_state=idea.state, to_state=rule.target,
    )  # fmt: skip
    _settle(idea, rule, decision, now)
    session.flush()
    notices.refresh(session, idea.id, CARDS)
    _show_questions(session, idea)


def _show_questions(session: Session, idea: Idea) -> None:
    """Questions still open may have ended, or be of interest again."""
    asked = sa.select(Question.id).where(Question.idea_id == idea.id, Question.answered_at.is_(None))
    for question_id in session.scalars(asked).all():
        notices.refresh(session, question_id, ("idea.question",))


def _settle(idea: Idea, rule: Rule, decision: Decision | None, now: datetime) -> None:
    idea.state, idea.state_since = rule.target, now
    if rule.target in (S.SUBMITTED, S.LAPSED, S.WITHDRAWN):
        idea.decision_id = None
    elif decision is not None:
        idea.decision_id = decision.id
    if rule.answers and idea.answered_at is None:
        idea.answered_at = now
    if rule.answers:
        idea.clock_stopped_at = None
