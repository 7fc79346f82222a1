"""The table of permissions, walked at the verbs: every action tried by everybody, allowed as the table says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import (
    Ballot,
    Choice,
    Committee,
    Event,
    Health,
    Idea,
    IdeaState,
    Intervention,
    InterventionKind,
    InterventionState,
    Notice,
    Person,
    Question,
)
from tests import builders
from tests.builders import NOW, WORKSPACE
from tests.workflows.test_lifecycle import put
from workflows import (
    ballots,
    committees,
    ideas,
    interventions,
    notices,
    prioritization,
    privacy,
    progress,
    questions,
    troubles,
)
from workflows.ballots.casting import Word
from workflows.errors import NotAllowed, WorkflowError
from workflows.permissions import ALLOWED, Action, Standing, may, require, standings
from workflows.plan import Plan

S = Standing
LATER = NOW + timedelta(minutes=1)
PROPOSAL = ideas.Proposal(title="Refund button", problem="Three calls")
PLAN = Plan(title="Build it", kind=InterventionKind.PRODUCT, due_on=NOW.date() + timedelta(days=30))
WHO: dict[str, frozenset[Standing]] = {
    "chair": frozenset({S.COLLEAGUE, S.MEMBER, S.CHAIR}),
    "deputy": frozenset({S.COLLEAGUE, S.MEMBER, S.CHAIR}),
    "member": frozenset({S.COLLEAGUE, S.MEMBER}),
    "author": frozenset({S.COLLEAGUE, S.AUTHOR}),
    "owner": frozenset({S.COLLEAGUE, S.OWNER}),
    "sponsor": frozenset({S.COLLEAGUE, S.SPONSOR}),
    "colleague": frozenset({S.COLLEAGUE}),
    "chair elsewhere": frozenset({S.COLLEAGUE}),
    "former member": frozenset({S.COLLEAGUE}),
    "guest": frozenset({S.GUEST}),
    "admin": frozenset({S.COLLEAGUE, S.ADMIN}),
    "departed": frozenset(),
    "bot": frozenset(),
    "stranger": frozenset(),
}


@dataclass
class Scene:
    """A committee with an idea, and one person of every kind."""

    session: Session
    committee: Committee
    idea: Idea
    people: dict[str, Person]

    def question(self) -> Question:
        return questions.ask(self.session, self.people["chair"], self.idea, "Why?", now=NOW)

    def ballot(self) -> Ballot:
        return ballots.open_review(self.session, self.people["chair"], self.idea, now=NOW)

    def work(self, state: InterventionState = InterventionState.OFFERED) -> Intervention:
        put(self.session, self.idea, IdeaState.APPROVED, self.people["chair"])
        made = interventions.assign(self.session, self.people["chair"], self.idea, PLAN, self.people["owner"], now=NOW)
        made.sponsor_id = self.people["sponsor"].id
        if state is not InterventionState.OFFERED:
            interventions.accept(self.session, self.people["owner"], made, now=NOW)
        if state is InterventionState.CLAIMED:
            made.claimed_by_id, made.claimed_at, made.state = self.people["colleague"].id, NOW, state
        self.session.flush()
        return made

    def parked(self) -> Notice:
        channel = self.committee.committee_channel
        found = notices.owe(self.session, "ballot.card", "ballot.card:0", channel=channel, now=NOW)
        assert found is not None
        return found

    def request(self) -> int:
        """Somebody's wish to be forgotten."""
        privacy.ask(self.session, self.people["colleague"], now=NOW)
        return self.session.scalars(sa.select(Event.id).where(Event.kind == privacy.ASKED)).one()


def build(session: Session) -> Scene:
    committee, elsewhere = builders.committee(session), builders.committee(session)
    author = builders.person(session)
    people = {
        "chair": builders.chair(session, committee),
        "deputy": builders.deputy(session, committee),
        "member": builders.plain_members(session, committee)[0],
        "author": author,
        "owner": builders.person(session),
        "sponsor": builders.person(session),
        "colleague": builders.person(session),
        "chair elsewhere": builders.chair(session, elsewhere),
        "former member": builders.plain_members(session, committee)[1],
        "guest": builders.person(session, is_guest=True),
        "admin": builders.admin(session),
        "departed": builders.plain_members(session, committee)[2],
        "bot": builders.person(session, is_bot=True),
        "stranger": builders.person(session, is_stranger=True),
    }
    seats = {seat.person_id: seat for seat in committees.members(session, committee)}
    seats[people["former member"].id].until = NOW
    people["departed"].active = False
    return Scene(session, committee, builders.idea(session, committee, author), people)


def set_up(it: Scene, actor: Person) -> None:
    wanted = builders.blueprint(it.session, name=it.committee.name, chair=it.people["chair"].slack_id)
    committees.set_up(it.session, actor, wanted, now=LATER, committee=it.committee)


def close(it: Scene, actor: Person) -> None:
    put(it.session, it.idea, IdeaState.LAPSED, it.people["chair"])
    committees.close(it.session, actor, it.committee, now=LATER)


def reopen(it: Scene, actor: Person) -> None:
    put(it.session, it.idea, IdeaState.LAPSED, it.people["chair"])
    ideas.reopen(it.session, actor, it.idea, now=LATER)


def assign(it: Scene, actor: Person) -> None:
    put(it.session, it.idea, IdeaState.APPROVED, it.people["chair"])
    interventions.assign(it.session, actor, it.idea, PLAN, it.people["owner"], now=LATER)


def recuse(it: Scene, actor: Person) -> None:
    ballots.recuse(it.session, actor, it.ballot(), actor, "I would gain by it", now=LATER)


VERBS: dict[Action, Callable[[Scene, Person], object]] = {
    Action.SET_UP: set_up,
    Action.CLOSE: close,
    Action.SEE_STATUS: lambda it, actor: require(it.session, Action.SEE_STATUS, actor, committee=it.committee),
    Action.SUBMIT: lambda it, actor: ideas.submit(it.session, actor, it.committee, PROPOSAL, now=LATER),
    Action.SUPPORT: lambda it, actor: ideas.support(it.session, actor, it.idea, now=LATER),
    Action.EDIT: lambda it, actor: ideas.edit(it.session, actor, it.idea, PROPOSAL, now=LATER),
    Action.WITHDRAW: lambda it, actor: ideas.withdraw(it.session, actor, it.idea, now=LATER),
    Action.ASK: lambda it, actor: questions.ask(it.session, actor, it.idea, "Why?", now=LATER),
    Action.ANSWER: lambda it, actor: questions.answer(it.session, actor, it.question(), "Because", now=LATER),
    Action.DECLINE: lambda it, actor: ideas.decline(it.session, actor, it.idea, "No", now=LATER),
    Action.REOPEN: reopen,
    Action.SCORE: lambda it, actor: prioritization.score(it.session, actor, it.idea, {}, now=LATER),
    Action.OPEN_REVIEW: lambda it, actor: ballots.open_review(it.session, actor, it.idea, now=LATER),
    Action.CALL_OFF: lambda it, actor: ballots.call_off(it.session, actor, it.ballot(), "A mistake", now=LATER),
    Action.RECUSE: recuse,
    Action.VOTE: lambda it, actor: ballots.vote(it.session, actor, it.ballot().id, Choice.APPROVE, None, now=LATER),
    Action.CHAIR_DECIDES: lambda it, actor: ballots.cast(it.session, actor, it.ballot(), Word.APPROVE, None, now=LATER),
    Action.ASSIGN: assign,
    Action.ACCEPT: lambda it, actor: interventions.accept(it.session, actor, it.work(), now=LATER),
    Action.REPORT: lambda it, actor: progress.report(
        it.session, actor, it.work(InterventionState.ACCEPTED), Health.AT_RISK, now=LATER
    ),
    Action.CONFIRM: lambda it, actor: progress.confirm(
        it.session, actor, it.work(InterventionState.CLAIMED), now=LATER
    ),
    Action.PREVIEW_DIGEST: lambda it, actor: require(it.session, Action.PREVIEW_DIGEST, actor, committee=it.committee),
    Action.SEE_TROUBLE: lambda it, actor: troubles.retry(it.session, actor, it.parked(), now=LATER),
    Action.FORGET: lambda it, actor: privacy.agree(it.session, actor, it.request(), now=LATER),
}
"""Action -> the verb that asks for it; for the two that only read, the question itself."""


def refused(it: Scene, action: Action, actor: Person) -> bool:
    """Whether the verb refuses this person, everything undone. A refusal for another reason is none."""
    with it.session.begin_nested() as point:
        try:
            VERBS[action](it, actor)
        except NotAllowed:
            return True
        except WorkflowError:
            return False
        finally:
            point.rollback()
    return False


def test_every_action_has_a_rule_and_a_verb_that_asks_for_it() -> None:
    assert set(ALLOWED) == set(Action) == set(VERBS)


def test_a_verb_refuses_exactly_those_the_table_does_not_name(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        it = build(session)
        session.flush()
        found = {
            action: {who for who, actor in it.people.items() if not refused(it, action, actor)} for action in Action
        }
    assert found == {action: {who for who, is_a in WHO.items() if ALLOWED[action] & is_a} for action in Action}


def test_everybody_is_what_they_are_and_no_more(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        it = build(session)
        work = it.work()
        found = {who: standings(session, actor, idea=it.idea, work=work) for who, actor in it.people.items()}
    assert found == WHO


def test_a_refusal_says_who_may(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        it = build(session)
        with pytest.raises(NotAllowed, match=r"Only the chair or the deputy can decline this idea\."):
            require(session, Action.DECLINE, it.people["member"], idea=it.idea)
        with pytest.raises(NotAllowed, match=r"Only a member of the committee can vote\."):
            require(session, Action.VOTE, it.people["colleague"], idea=it.idea)
        assert may(session, Action.DECLINE, it.people["deputy"], idea=it.idea)
