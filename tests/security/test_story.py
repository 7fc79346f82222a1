"""One story told with hostile words, a secret ballot in it: what went to Slack, into the log and into the database.

Everything people can fill in is filled in with text that would ping, link and disguise; the log is at its loudest.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import exporting, ids, log
from db.models import Ballot, Committee, Idea
from playground import contract
from playground.delivery import Request
from playground.wire import CALL, DELIVERY, RESPONSE_URL, Record
from tests import databases
from tests.security import gestures
from tests.security.crew import PUBLIC, Things, fill, open_committee
from tests.security.gestures import COMMANDS, FORMS
from tests.security.laboratory import Laboratory, Outcome, acted_by
from tests.world import World, open_world, settings_for
from workflows import ballots, exports, people
from workflows.writing import tidy

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


@pytest.fixture(scope="module")
def story(sqlite_databases: databases.SqliteDatabases) -> Iterator[Story]:
    lines = io.StringIO()
    with sqlite_databases.new() as url, databases.open_engine(url) as engine, ExitStack() as stack:
        with at_its_loudest(lines):
            world = stack.enter_context(open_world(engine))
            story = told(world, lines)
        yield story


def texts(value: Any) -> Iterator[str]:
    """Every text inside a payload."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inside in value.items():
            if key != "initial_value":  # in one's own field, as one typed it
                yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)


def test_hostile_words_never_make_it_stumble(story: Story) -> None:
    wrong = [(name, one.status, one.errors) for name, one in story.outcomes if one.status >= 500 or one.errors]
    assert not wrong, "\n".join(map(str, wrong[:10]))


def test_hostile_words_are_taken_as_words(story: Story) -> None:
    last = {name: outcome for name, outcome in story.outcomes if name in FORMS}
    assert {name for name, outcome in last.items() if not outcome.effects} <= {ids.SCORE_FORM}


def test_nothing_said_pings_links_or_disguises(story: Story) -> None:
    untrusted = [HOSTILE, tidy(HOSTILE), HOSTILE[:145], tidy(HOSTILE[:145]), HOSTILE[:60], PING, NAME, f"Alice{NAME}"]
    wrong: list[Any] = []
    for record in story.calls:
        if record.kind == CALL:
            found = contract.check_call(record.name, contract.decode(record.name, record.request), untrusted=untrusted)
        else:
            found = contract.check_response_url_body(record.request, slash_command=False, untrusted=untrusted)
        wrong += [(record.name, one) for one in found]
        wrong += [(record.name, said[:200]) for said in texts(record.request) if any(mark in said for mark in NEVER)]
    assert not wrong, "\n".join(map(str, wrong[:10]))
    assert any("&lt;!channel&gt;" in said for record in story.calls for said in texts(record.request))


def test_no_secret_is_in_the_log_the_calls_or_the_database(story: Story) -> None:
    slack, app = story.world.slack, story.world.slack.app
    settings = settings_for(slack, client_id="1.2", client_secret="cli3nt-s3cret", token_keys="k3y")
    secrets = [slack.bot.token, app.signing_secret, app.app_token, "cli3nt-s3cret", "k3y"]
    assert all(len(one) > 2 for one in secrets)
    lines = json.dumps([[*outcome.lines] for _, outcome in story.outcomes], default=repr)
    said = json.dumps([[one.request, one.response] for one in story.world.slack.wire.records], default=repr)
    places = {
        "our log": lines,
        "the libraries' log": story.log.getvalue(),
        "what was sent": said,
        "the database": repr(story.lab.tables()),
        "the settings": repr(settings) + str(settings) + str(settings.model_dump()),
        "the bot": repr(story.world.bot) + repr(story.world.bot.house),
    }
    assert "DEBUG" in story.log.getvalue().upper()
    assert [(place, one[:6]) for place, text in places.items() for one in secrets if one in text] == []


def shown_to_others(story: Story) -> Iterator[tuple[int, str, str]]:
    """Everything that went to Slack: where in the order, to whom, and all its words together."""
    for at, record in enumerate(story.world.slack.wire.records):
        if record.kind != DELIVERY:
            whom = record.request.get("user_id") or record.request.get("channel") or record.request.get("user") or ""
            yield at, str(whom), json.dumps(record.request, ensure_ascii=False)


def test_a_secret_vote_stays_with_its_voter(story: Story) -> None:
    own = {dm.id: who for who in SAID_OF for dm in [story.world.person(who)._app_dm()]}
    names = {who: story.world.slack.people.users[who].real_name[:4].rstrip("E") for who in SAID_OF}
    wrong = []
    for at, whom, words in shown_to_others(story):
        for who, why in SAID_OF.items():
            if whom == who or own.get(whom) == who:
                continue
            if why in words and (at < story.closed_after or who in words or names[who] in words):
                wrong.append((at, whom, who, words[:600]))
    assert not wrong, "\n".join(map(str, wrong))
    assert any(why in words for _, _, words in shown_to_others(story) for why in SAID_OF.values())


def test_neither_log_nor_history_nor_export_tells_of_a_secret_vote(story: Story) -> None:
    lines = [*story.log.getvalue().splitlines()]
    lines += [json.dumps(line, default=repr) for _, outcome in story.outcomes for line in outcome.lines]
    voters = (*SAID_OF, "UDEP")
    assert not [line for line in lines if any(why in line for why in SAID_OF.values())]
    assert not [line for line in lines if any(who in line for who in voters) and "ballot.vote" in line]
    with story.world.session() as session:
        ballot = session.get_one(Ballot, story.secret)
        committee = session.get_one(Committee, ballot.committee_id)
        out = io.StringIO()
        exporting.export(session, committee, exporting.What.IDEAS, exporting.Form.JSONL, out)
        [idea] = [one for one in exports.ideas_of(session, committee) if one.title == "A secret vote"]
    assert all(vote.person is None for one in idea.ballots for vote in one.votes)
    assert [one for line in out.getvalue().splitlines() if "A secret vote" in line for one in WHOM if one in line] == []
    events = [row for row in story.lab.tables()["event"] if any(str(why) in repr(row) for why in SAID_OF.values())]
    assert events == []


def home_before_the_close(story: Story, who: str) -> str:
    shown = [
        json.dumps(record.request)
        for at, record in enumerate(story.world.slack.wire.records)
        if record.name == "views.publish" and record.request.get("user_id") == who and at < story.closed_after
    ]
    return shown[-1]


def test_whoever_stepped_back_is_asked_no_more_and_not_heard(story: Story) -> None:
    assert "A secret vote" in home_before_the_close(story, "UCHAIR")
    assert "A secret vote" not in home_before_the_close(story, "UMEM2")
    refused = [one for name, one in story.outcomes if name == "ballot.vote.abstain"]
    assert [one.effects for one in refused] == [frozenset()]
    assert any("recused" in line["why"] for one in refused for line in one.lines if line["event"] == "request.refused")
