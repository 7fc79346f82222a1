"""A vote as it stands in Slack, for the tests of ballots and mentions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Idea
from playground.messages import Message
from tests.workflows.ballot_scene import rules
from tests.world import World
from workflows import ballots, ideas


@dataclass
class Vote:
    """An idea on the committee's table; `open` has Clara open the vote by the form."""

    world: World
    idea: Idea

    def open(self, **fields: Any) -> Vote:
        clara = self.world.person("Clara")
        clara.click(self.root, "Open a vote")
        assert clara.view is not None
        clara.fill(clara.view, fields)
        clara.submit()
        self.world.settle()
        return self

    @property
    def root(self) -> Message:
        """The idea's card in the committee channel."""
        with self.world.session() as session:
            key = ideas.thread_root(session, self.idea).key
        return self.world.message_of(key)

    @property
    def card(self) -> Message:
        """The ballot's card as it stands in the thread."""
        return self.world.message_of(f"ballot.card:{self.of().id}")

    def of(self, session: Session | None = None) -> Ballot:
        """The last ballot on the idea."""
        if session is None:
            with self.world.session() as opened:
                return self.of(opened)
        last = sa.select(Ballot).where(Ballot.idea_id == self.idea.id).order_by(Ballot.round.desc())
        found = session.scalars(last).first()
        assert found is not None
        return ballots.by_id(session, found.id)

    def press(self, name: str, choice: str, why: str | None = None) -> None:
        """Somebody presses a button on the card and, if asked, says why."""
        person = self.world.person(name)
        person.click(self.card, choice)
        if why is not None:
            assert person.view is not None
            person.fill(person.view, {"reason": why})
            person.submit()
        self.world.settle()

    def mention(self, name: str, text: str) -> Message:
        """Somebody writes to the bot in the thread; what the bot answers, for their eyes only."""
        person = self.world.person(name)
        person.say("committee", f"<@{self.world.slack.bot.user_id}> {text}", self.root)
        self.world.settle()
        return person.ephemerals("committee")[-1]

    def standing(self) -> dict[str, tuple[str, str | None]]:
        """Who stands by which vote, by name."""
        with self.world.session() as session:
            names = {it.person_id: it.person.name for it in ballots.electors(session, self.of(session))}
            votes = ballots.votes(session, self.of(session))
            return {names[it.person_id]: (it.choice.value, it.reason) for it in votes}


def idea_at(world: World, *, author: str = "UAGENT", secret: bool = False, **changes: Any) -> Vote:
    """An idea before a committee with these rules (changes to a simple majority)."""
    committee = world.committee(secret=secret)
    with world.session() as session:
        session.merge(committee).charter = rules(**changes)
    idea = world.idea(committee, author)
    world.settle()
    return Vote(world, idea)


def a_vote(world: World) -> Idea:
    """A story: a vote has been opened. Gives back what it is on; `on_the_table` finds it again."""
    return idea_at(world).open().idea


def on_the_table(world: World) -> Vote:
    """The vote of that story."""
    return Vote(world, world.told)
