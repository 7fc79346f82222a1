"""Every state, every move, everybody who might try: what `lifecycle.RULES` allows happens, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Decision, DecisionOutcome, Event, Idea, IdeaState, Person
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import diagram, lifecycle
from workflows.errors import Gone, NotAllowed
from workflows.lifecycle import RULES, Rule
from workflows.permissions import ALLOWED, Standing

DECIDED = (IdeaState.APPROVED, IdeaState.UNDERWAY, IdeaState.DONE, IdeaState.DECLINED)
COUNT = sa.select(sa.func.count(Event.id))
MOVERS = {
    "chair": Standing.CHAIR,
    "deputy": Standing.CHAIR,
    "member": Standing.MEMBER,
    "author": Standing.AUTHOR,
    "colleague": Standing.COLLEAGUE,
    "guest": Standing.GUEST,
    "admin": Standing.ADMIN,
    "departed chair": None,
}


def decision(session: Session, idea: Idea, chair: Person) -> Decision:
    made = Decision(
        idea_id=idea.id,
        committee_id=idea.committee_id,
        outcome=DecisionOutcome.APPROVED,
        reason="5 of 7 approved",
        decided_by_id=chair.id,
        decided_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def cast(session: Session) -> tuple[Idea, dict[str, Person]]:
    """An idea, and one person of every kind."""
    committee = builders.committee(session)
    gone = builders.committee(session)
    people = {
        "chair": builders.chair(session, committee),
        "deputy": builders.deputy(session, committee),
        "member": builders.plain_members(session, committee)[0],
        "author": builders.person(session),
        "colleague": builders.person(session),
        "guest": builders.person(session, is_guest=True),
        "admin": builders.admin(session),
        "departed chair": builders.chair(session, gone),
    }
    people["departed chair"].active = False
    return builders.idea(session, committee, people["author"]), people


def put(session: Session, idea: Idea, state: IdeaState, chair: Person) -> None:
    """An idea as it stands in this state, with the evidence of it."""
    if state in DECIDED:
        idea.decision_id, idea.answered_at = decision(session, idea, chair).id, NOW
    idea.state = state
    session.flush()


def expected(rule: Rule, state: IdeaState, mover: str) -> type[Exception] | None:
    is_colleague = mover not in ("guest", "departed chair")
    standings = {MOVERS[mover], Standing.COLLEAGUE if is_colleague else None}
    if rule.action is not None and not ALLOWED[rule.action] & standings:
        return NotAllowed  # before anything is told of where the idea stands
    return None if state in rule.sources else Gone


def attempt(session: Session, rule: Rule, idea: Idea, actor: Person, evidence: Decision) -> type[Exception] | None:
    """Try the move; what it raised. A move that was made is checked and undone."""
    state, events = idea.state, session.scalar(COUNT)
    point = session.begin_nested()
    try:
        needed = evidence if rule.target in DECIDED else None
        lifecycle.move(session, idea, rule.name, actor=actor, now=NOW, why="because", decision=needed)
    except (Gone, NotAllowed) as refused:
        assert (idea.state, session.scalar(COUNT)) == (state, events)
        return type(refused)
    else:
        written(session, idea, rule, state, actor)
        return None
    finally:
        point.rollback()


def written(session: Session, idea: Idea, rule: Rule, state: IdeaState, actor: Person) -> None:
    """The move left its event and, if it is one, its answer."""
    event = session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()
    found = (event.kind, event.from_state, event.to_state, event.actor_id, event.why, event.at)
    assert found == (f"idea.{rule.name}", state, rule.target, actor.id, "because", NOW)
    assert (idea.state, idea.state_since) == (rule.target, NOW)
    assert idea.answered_at is not None or not rule.answers
    assert (idea.decision_id is not None) == (rule.target in DECIDED)


def tried(session: Session, state: IdeaState) -> dict[tuple[str, str], type[Exception] | None]:
    """What became of every move that everybody tried from this state: (move, who) -> what it raised."""
    idea, people = cast(session)
    put(session, idea, state, people["chair"])
    evidence = decision(session, idea, people["chair"])
    return {
        (name, who): attempt(session, rule, idea, actor, evidence)
        for name, rule in RULES.items()
        for who, actor in people.items()
    }


@pytest.mark.parametrize("state", list(IdeaState))
def test_a_move_is_made_from_where_it_starts_by_those_who_may_and_by_nobody_else(
    sessions: Sessions, state: IdeaState
) -> None:
    with sessions.begin(WORKSPACE) as session:
        found = tried(session, state)
    assert found == {(name, who): expected(rule, state, who) for name, rule in RULES.items() for who in MOVERS}


def test_every_state_but_the_last_ones_can_be_left_and_every_one_reached() -> None:
    reached = {IdeaState.SUBMITTED, *(rule.target for rule in RULES.values())}
    left = {source for rule in RULES.values() for source in rule.sources}
    assert reached == set(IdeaState)
    assert set(IdeaState) - left == {IdeaState.DONE, IdeaState.WITHDRAWN}


def test_somebodys_act_needs_somebody(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _ = cast(session)
        with pytest.raises(TypeError, match="somebody's act"):
            lifecycle.move(session, idea, "withdraw", actor=None, now=NOW)


def set_bare(session: Session, idea: Idea, state: IdeaState) -> None:
    with session.begin_nested():
        idea.state = state
        session.flush()


def test_a_state_without_its_evidence_cannot_be_stored(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _ = cast(session)
        for state in DECIDED:
            with pytest.raises(sa.exc.IntegrityError):
                set_bare(session, idea, state)


def test_the_diagram_in_the_docs_is_the_one_the_rules_draw() -> None:
    drawn = Path(__file__).parents[2] / "docs" / "lifecycle.md"
    assert drawn.read_text(encoding="utf-8") == diagram.page()
