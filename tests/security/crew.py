"""Who is who, and two committees with something in every state: one that takes ideas in public, one in private."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import (
    Choice,
    Committee,
    Decision,
    DecisionOutcome,
    Event,
    Idea,
    IdeaState,
    InterventionKind,
    Member,
    Person,
)
from tests.workflows.ballot_scene import rules
from tests.world import TEAM, World
from workflows import ballots, ideas, interventions, notices, people, privacy, progress, questions
from workflows.plan import Plan, Step

SOON = timedelta(minutes=1)
MORE_PEOPLE = (
    ("USPON", "Sam", {}),
    ("UFORM", "Freya", {}),
    ("UCHAIR2", "Carlo", {}),
    ("UMEMB2", "Malu", {}),
    ("UAUTH2", "Anouk", {}),
    ("UOWN2", "Omar", {}),
)
WHO = {
    "chair": "UCHAIR",
    "deputy": "UDEP",
    "member": "UMEM1",
    "author": "UAGENT",
    "supporter": "UAGENT2",
    "owner": "UOWNER",
    "sponsor": "USPON",
    "admin": "UADMIN",
    "former member": "UFORM",
    "chair elsewhere": "UCHAIR2",
    "member elsewhere": "UMEMB2",
    "guest": "UGUEST",
    "departed": "UGONE",
    "bot": "UROBOT",
    "stranger": "UOTHER",
}
"""Everybody who knocks, by what they are to the public committee."""


@dataclass(frozen=True)
class Crew:
    """Who does what in a committee, as Slack ids."""

    chair: str
    members: tuple[str, ...]
    author: str
    owner: str
    sponsor: str


PUBLIC = Crew("UCHAIR", ("UMEM1", "UMEM2", "UMEM3"), "UAGENT", "UOWNER", "USPON")
PRIVATE = Crew("UCHAIR2", ("UMEMB2",), "UAUTH2", "UOWN2", "UCHAIR2")
QUIET_PEOPLE = (PRIVATE.chair, *PRIVATE.members, PRIVATE.author, PRIVATE.owner)


@dataclass(frozen=True)
class Things:
    """The row ids of one thing in every state that some button acts on."""

    committee: int
    submitted: int
    declined: int
    approved: int
    ballot: int
    waiting: int
    question: int
    offered: int
    countered: int
    accepted: int
    milestone: int
    claimed: int
    handed_back: int
    notice: int
    request: int


def open_committee(world: World) -> Committee:
    """A committee that takes ideas in #ideas. Freya sat on it once."""
    for slack_id, name, facts in MORE_PEOPLE:
        world.slack.add_user(name, id=slack_id, real_name=name, tz="Europe/Berlin", **facts)
        if slack_id in ("USPON", "UFORM"):
            world.person(slack_id).join("CIDEAS")
    world.bot.house.directory.know(TEAM, [*WHO.values(), *QUIET_PEOPLE], world.now)
    made = world.committee(members=["UMEM1", "UMEM2", "UMEM3", "UFORM"])
    with world.session() as session:
        former = sa.select(Member).join(Person, Person.id == Member.person_id).where(Person.slack_id == "UFORM")
        session.scalars(former).one().until = world.now
    return made


def quiet_committee(world: World) -> Committee:
    """A committee whose channels are all private."""
    world.slack.add_channel("quiet-ideas", list(QUIET_PEOPLE), id="CQUIET", private=True)
    world.slack.add_channel("quiet-board", list(QUIET_PEOPLE[:2]), id="CBOARD", private=True)
    quiet = world.committee(
        name="Hush", intake_channel="CQUIET", committee_channel="CBOARD", digest_channel="CBOARD",
        chair=PRIVATE.chair, deputy=None, members=list(PRIVATE.members), places=QUIET,
    )  # fmt: skip
    with world.session() as session:
        quiet = session.merge(quiet)
        quiet.created_by_id = _person(session, PRIVATE.chair).id
    return quiet


QUIET = {
    "CQUIET": {"slack_id": "CQUIET", "name": "quiet-ideas", "is_private": True},
    "CBOARD": {"slack_id": "CBOARD", "name": "quiet-board", "is_private": True},
}


def fill(world: World, committee: Committee, crew: Crew) -> Things:
    """Give a committee something in every state."""
    with world.session() as session:
        made = Filling(world, session, session.get_one(Committee, committee.id), crew).things()
    world.clock.advance(SOON)
    return made


@dataclass
class Filling:
    """The making of one committee's things, in one transaction."""

    world: World
    session: Session
    committee: Committee
    crew: Crew

    def things(self) -> Things:
        self.committee.charter = rules(tie="chair")
        work = {state: self._work(state) for state in ("offered", "countered", "accepted", "claimed", "handed_back")}
        steps = interventions.find(self.session, work["accepted"])
        self.session.refresh(steps, ["milestones"])
        return Things(
            committee=self.committee.id,
            submitted=self._idea("A plain idea").id,
            declined=self._declined(),
            approved=self._approved("An approved idea").id,
            ballot=self._ballot("An idea voted on").id,
            waiting=self._waiting(),
            question=self._question(),
            milestone=steps.milestones[0].id,
            notice=self._parked(),
            request=self._request(),
            **work,
        )

    def who(self, slack_id: str) -> Person:
        return _person(self.session, slack_id)

    def _idea(self, title: str) -> Idea:
        said = ideas.Proposal(title=f"{title} of {self.committee.name}", problem="It takes three calls")
        return ideas.submit(self.session, self.who(self.crew.author), self.committee, said, now=self.world.now)

    def _declined(self) -> int:
        idea = self._idea("A declined idea")
        ideas.decline(self.session, self.who(self.crew.chair), idea, "Not this year", now=self.world.now)
        return idea.id

    def _approved(self, title: str) -> Idea:
        idea, chair = self._idea(title), self.who(self.crew.chair)
        decision = Decision(
            idea_id=idea.id, committee_id=self.committee.id, outcome=DecisionOutcome.APPROVED, reason="Yes.",
            decided_by_id=chair.id, decided_at=self.world.now,
        )  # fmt: skip
        self.session.add(decision)
        self.session.flush()
        idea.state, idea.decision_id, idea.answered_at = IdeaState.APPROVED, decision.id, self.world.now
        return idea

    def _ballot(self, title: str, closes_at: datetime | None = None) -> Any:
        idea, chair = self._idea(title), self.who(self.crew.chair)
        return ballots.open_review(self.session, chair, idea, closes_at=closes_at, now=self.world.now)

    def _waiting(self) -> int:
        now = self.world.now
        ballot = self._ballot("A tied idea", now + SOON)
        for slack_id, choice in zip((self.crew.chair, *self.crew.members), _TIE, strict=False):
            ballots.vote(self.session, self.who(slack_id), ballot.id, choice, "because", now=now)
        ballots.close_if_due(self.session, ballot.id, now + SOON)
        assert ballot.state.value == "awaiting"
        return int(ballot.id)

    def _question(self) -> int:
        idea = self._idea("An unclear idea")
        asked = questions.ask(self.session, self.who(self.crew.chair), idea, "Which gate?", now=self.world.now)
        return asked.id

    def _work(self, state: str) -> int:
        now, chair, owner = self.world.now, self.who(self.crew.chair), self.who(self.crew.owner)
        day = now.date() + timedelta(days=30)
        plan = Plan(
            title=f"Work {state} of {self.committee.name}", kind=InterventionKind.PRODUCT, due_on=day,
            milestones=(Step(title="Half of it", due_on=day),),
        )  # fmt: skip
        work = interventions.assign(self.session, chair, self._approved(f"Idea {state}"), plan, owner, now=now)
        work.sponsor_id = self.who(self.crew.sponsor).id
        if state in ("accepted", "claimed"):
            interventions.accept(self.session, owner, work, now=now)
        if state == "claimed":
            progress.claim(self.session, owner, work, "All there", now=now)
        if state == "countered":
            interventions.counter(self.session, owner, work, day + timedelta(days=9), now=now)
        if state == "handed_back":
            interventions.hand_back(self.session, owner, work, "No time", now=now)
        return work.id

    def _request(self) -> int:
        """Its author wants to be forgotten."""
        request = Event(kind=privacy.ASKED, actor_id=self.who(self.crew.author).id, at=self.world.now)
        self.session.add(request)
        self.session.flush()
        return request.id

    def _parked(self) -> int:
        key, channel = f"parked:{self.committee.id}", self.committee.digest_channel
        notice = notices.owe(self.session, "setup.trouble", key, about_id=0, channel=channel, now=self.world.now)
        assert notice is not None
        notice.state, notice.error = notices.NoticeState.PARKED, "channel_not_found"
        return notice.id


_TIE = (Choice.APPROVE, Choice.DECLINE, Choice.ABSTAIN, Choice.ABSTAIN)


def _person(session: Session, slack_id: str) -> Person:
    found = people.of(session, slack_id)
    assert found is not None, slack_id
    return found
