"""One story, and what went to Slack, into the log and into the database because of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from bot import exporting, ids
from db.models import Ballot, Committee
from playground import contract
from playground.wire import CALL, DELIVERY
from tests import databases
from tests.security.gestures import FORMS
from tests.security.story import HOSTILE, NAME, NEVER, PING, SAID_OF, WHOM, Story, at_its_loudest, told
from tests.world import open_world, settings_for
from workflows import exports
from workflows.writing import tidy

pytestmark = pytest.mark.xdist_group("hostile story")  # it is told once, for all tests here


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
