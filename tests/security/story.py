"""A story told with hostile words, a secret ballot in it, and a log at its loudest.

Everything people can fill in is filled in with text that would ping, link and disguise.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot import ids, log
from db.models import Ballot, Committee, Idea
from playground.delivery import Request
from playground.wire import CALL, RESPONSE_URL, Record
from tests.security import gestures
from tests.security.crew import PUBLIC, Things, fill, open_committee
from tests.security.gestures import COMMANDS, FORMS
from tests.security.laboratory import Laboratory, Outcome, acted_by
from tests.world import World
from workflows import ballots, people

PING = "<!channel> @everyone <@UADMIN> #general <https://evil.example|your bank> [b](https://evil.example)"
DISGUISE = "\u202egnp.exe\u202c \u2067x\u2069 \u200b\u200d\ufeff \x00\x07\x1b[31m \ud800 & < > 😀👩\u200d🚀 '\"`*_~"
HOSTILE = f"Q{PING} {DISGUISE}"
NAME = "Eve<!here>@here\u202e\x00"
BAD = ("\x00\u200b\u202e\ud800", "<!channel>" * 1000)
"""Sent to every field before the words that stay."""
NEVER = ("\u202e", "\u2067", "\x00", "\x07", "\x1b")
SAID_OF = {"UMEM1": "zephyr of doubt", "UMEM3": "quagmire of cost"}
"""Why two members vote as they do, in secret."""
OF_THEIR_OWN = (ids.IDEA_WITHDRAW_FORM, ids.IDEA_DECLINE_FORM, ids.REVIEW_FORM)
"""Forms that would take from under others the idea that they are about."""
LAST = (*OF_THEIR_OWN, ids.BALLOT_CALL_OFF_FORM)


WHOM = ("UMEM1", "UMEM3", "UDEP", "Mia", "Mona", "Dev")
"""The voters, and what they are called."""


@dataclass
class Story:
    """What was done, and what came of it."""

    lab: Laboratory
    things: Things
    log: io.StringIO
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    secret: int = 0
    closed_after: int = 0

    @property
    def world(self) -> World:
        return self.lab.world

    @property
    def calls(self) -> list[Record]:
        return [one for one in self.world.slack.wire.records if one.kind in (CALL, RESPONSE_URL)]

    def send(self, name: str, request: Request, who: str) -> Outcome:
        again = acted_by(self.lab, request, who)
        if "view" in again.payload:
            again.payload["view"] = {**again.payload["view"], "id": f"V{self.world.slack.next_ts()}"}
        outcome = self.lab.send(again)
        self.outcomes.append((name, outcome))
        return outcome


def typed(request: Request, text: str) -> Request:
    """The form with this text in every field that takes text."""
    payload = json.loads(json.dumps(request.payload))
    for block in payload["view"]["state"]["values"].values():
        for element in block.values():
            if element["type"] == "plain_text_input":
                element["value"] = text
    if "milestones" in payload["view"]["state"]["values"] and text.startswith("Q"):
        payload["view"]["state"]["values"]["milestones"]["milestones"]["value"] = f"2026-12-01 {text[:80]}"
    return Request(request.kind, payload)


def fill_in(story: Story, base: Request, name: str, things: Things) -> None:
    """A form, first with what cannot be taken or says nothing, then with hostile words."""
    request = gestures.form(story.lab, base, name, things, PUBLIC)
    who, start = request.payload["user"]["id"], story.lab.snapshot()
    for text in BAD:
        outcome = story.send(name, typed(request, text), who)
        if outcome.changed:
            story.lab.restore(start)
    start.close()
    story.send(name, typed(request, HOSTILE[:60] if name == ids.SETUP_FORM else HOSTILE[:145]), who)
    story.world.clock.advance(timedelta(minutes=1))


def press(story: Story, base: Request, who: str, action_id: str, **data: Any) -> Outcome:
    story.world.clock.advance(timedelta(seconds=5))
    return story.send(action_id, gestures.pressed(base, action_id, data), who)


def vote_in_secret(story: Story, base: Request, committee: Committee) -> None:
    """Two decline with their reasons, one approves, one steps back."""
    idea = story.world.idea(committee, "UAGENT2", title="A secret vote")
    with story.world.session() as session:
        chair = people.of(session, "UCHAIR")
        assert chair is not None
        about = session.get_one(Idea, idea.id)
        story.secret = ballots.open_review(session, chair, about, secret=True, now=story.world.now).id
    story.world.settle()
    for who, why in SAID_OF.items():
        press(story, base, who, "ballot.vote.decline", ballot=story.secret)
        person = story.world.person(who)
        assert person.view is not None
        person.fill(person.view, {"reason": why})
        person.submit()
    press(story, base, "UDEP", "ballot.vote.approve", ballot=story.secret)
    press(story, base, "UMEM2", ids.BALLOT_RECUSE, ballot=story.secret)
    max_ = story.world.person("UMEM2")
    assert max_.view is not None
    max_.submit()
    press(story, base, "UMEM2", "ballot.vote.abstain", ballot=story.secret)
    story.world.settle()


def look_around(story: Story, clara: Any) -> None:
    """Everybody opens every list; words are searched for."""
    for who in ("UCHAIR", "UMEM1", "UMEM2", "UAGENT", "UOWNER", "UADMIN"):
        story.world.person(who).open_home()
    for (name, word), row in COMMANDS.items():
        for text in (f"{word} {row.words(story.things)}".strip(), f"{word} {PING} \u202e".strip()):
            request = story.lab.catch(lambda name=name, text=text: clara.command(name, text, "CIDEAS"))
            story.world.clock.advance(timedelta(seconds=5))
            story.send(f"{name} {word}", request, "UCHAIR")
    story.world.settle()


def told(world: World, lines: io.StringIO) -> Story:
    for who in ("UAGENT", "UMEM1"):
        world.slack.people.users[who].real_name += NAME
    committee = open_committee(world)
    lab = Laboratory(world)
    ideas = [world.idea(committee).id for _ in OF_THEIR_OWN]
    world.settle()
    clara = world.person("Clara")
    base = lab.catch(lambda: clara.click(world.message_of("idea.card:1"), "More"))
    story = Story(lab, fill(world, committee, PUBLIC), lines)
    world.settle()
    for name in FORMS:
        if name not in LAST:
            fill_in(story, base, name, story.things)
    for name, idea_id in zip(OF_THEIR_OWN, ideas, strict=True):
        fill_in(story, base, name, replace(story.things, submitted=idea_id))
    with world.session() as session:
        opened = session.scalars(sa.select(Ballot.id).where(Ballot.idea_id == ideas[-1])).one()
    fill_in(story, base, ids.BALLOT_CALL_OFF_FORM, replace(story.things, ballot=opened))
    with world.session() as session:
        committee = session.get_one(Committee, committee.id)
    vote_in_secret(story, base, committee)
    world.person("UMEM3").say("committee", f"<@{world.slack.bot.user_id}> decline {PING}")
    look_around(story, clara)
    story.closed_after = len(world.slack.wire.records)
    world.advance(days=9)
    world.person("Mona").open_home()
    world.settle()
    return story


class Heard(logging.StreamHandler[io.StringIO]):
    """Writes as in production, but what was said before not again: Bolt repeats itself at its loudest."""

    def __init__(self, lines: io.StringIO) -> None:
        super().__init__(lines)
        self.setFormatter(log.formatter(as_json=True))
        self.before: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        fresh = record.getMessage() not in self.before
        self.before.add(record.getMessage())
        return fresh or bool(record.exc_info)


@contextmanager
def at_its_loudest(lines: io.StringIO) -> Iterator[None]:
    """Everything is logged, as in production at DEBUG, and by nobody else: that would take longer than the story."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in log.NOISY}
    for name in log.NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    root.handlers[:] = [Heard(lines)]
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
