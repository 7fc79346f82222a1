"""The database really stops, as in a crash, for seconds, and starts again; a `serve` process lives through it.

People get a sentence in time, the work resumes by itself, nothing is lost or said twice, and what came late because of
it is reported.
"""

from __future__ import annotations

import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import doctor, main
from db.models import Ballot, BallotState, Idea, Notice, NoticeState, Vote
from playground.messages import Message
from playground.workspace import Workspace
from tests.nightly import NIGHTLY
from tests.survival.replicas import Replica, running, wait_until
from tests.survival.stoppable import Stoppable, stoppable
from tests.survival.town import Town, come_to_rest, left, message_of, notices_in_slack, settle_in, until_thanked
from tests.world import TEAM, settings_for
from workflows import troubles

pytestmark = pytest.mark.postgresql
AWAY_S = 10.0 if NIGHTLY else 6.5
"""Longer than `bot.outage.A_MOMENT_S`, from the first second in which somebody notices."""

SLACK_WAITS_S = 3.0
APOLOGY = "database does not answer"
VOTERS = ["UV1", "UV2", "UV3"]


@pytest.fixture
def server() -> Iterator[Stoppable]:
    with stoppable() as started:
        yield started


@pytest.fixture
def town(slack: Workspace, server: Stoppable) -> Iterator[Town]:
    with server.databases.new() as url:
        engine = main.make_engine(url)
        town = Town(slack, main.build(settings_for(slack), engine=engine), VOTERS)
        for who in VOTERS:
            slack.add_user(who.lower(), id=who, real_name=who)
            slack.channel("CCOMM").members.append(who)
        with town.bot.house.sessions.begin(TEAM) as session:
            settle_in(session, VOTERS, datetime.now(UTC), owners=1)
        yield town
        engine.dispose()


def metrics(replica: Replica) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{replica.port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def leave_something_to_do(town: Town) -> None:
    """A vote that ends and a message that falls due while the database is away."""
    soon = datetime.now(UTC) + timedelta(seconds=2)
    with town.bot.house.sessions.begin(TEAM) as session:
        ballot = session.get_one(Ballot, 2)
        ballot.closes_at, ballot.extended = soon, 1
    town.slack.faults.rate_limit("chat.postMessage", retry_after=2, channel="CIDEAS")
    alice = town.slack.person("UAGENT")
    alice.command("/idea", "Shorter queues", channel="CIDEAS")
    alice.fill(alice.view, {"problem": "People wait"})
    assert alice.submit().ok
    wait_until(lambda: not town.slack.faults.waiting, "Slack to have refused the idea's card")


def try_in_vain(town: Town, card: Message) -> None:
    """Each gets a sentence before Slack loses its patience."""
    mia, alice = town.slack.person(VOTERS[1]), town.slack.person("UAGENT")
    for answer in (mia.click(card, "Approve"), alice.command("/idea", "mine", channel="CIDEAS")):
        assert answer.ok
        assert answer.elapsed < SLACK_WAITS_S
    assert APOLOGY in mia.ephemerals("CCOMM")[-1].text
    assert APOLOGY in alice.ephemerals("CIDEAS")[-1].text
    town.slack.person(VOTERS[2]).say("CCOMM", f"<@{town.slack.bot.user_id}> approve", card.thread_ts)


def test_a_database_that_crashes_and_comes_back_costs_nothing_but_time(
    town: Town, server: Stoppable, tmp_path: Path
) -> None:
    url = town.bot.engine.url.render_as_string(hide_password=False)
    with running(town.slack, url, 1, tmp_path) as (replica,):
        town.slack.app.transport = replica.transport
        wait_until(lambda: not left(town), "the replica to have told the past")
        card = message_of(town, "ballot.card:1")
        assert card is not None
        until_thanked(town, VOTERS[0], "Approve", "you approve", card)
        leave_something_to_do(town)
        server.stop()
        began = time.monotonic()
        try_in_vain(town, card)
        assert not replica.is_ready()
        assert "touchstone_database_up 0" in metrics(replica)
        time.sleep(AWAY_S - (time.monotonic() - began))
        server.start()
        wait_until(replica.is_ready, "the replica to be ready again")
        until_thanked(town, VOTERS[1], "Approve", "you approve", card)
        wait_until(lambda: told_of_outage(town), "a word for the admins")
        wait_until(lambda: not left(town), "what waited to be in Slack")
    town.slack.app.transport.close()
    assert "Traceback" not in replica.told()
    assert replica.told().count("database.back") == 1
    last = come_to_rest(town)
    check_nothing_lost_and_nothing_twice(town)
    check_report(town, last)


def told_of_outage(town: Town) -> bool:
    with town.bot.house.sessions.begin(TEAM) as session:
        return bool(session.scalars(sa.select(Notice.id).where(Notice.kind == troubles.OUTAGE)).all())


def check_nothing_lost_and_nothing_twice(town: Town) -> None:
    with town.bot.house.sessions.begin(TEAM) as session:
        assert session.scalar(sa.select(sa.func.count(Vote.id)).where(Vote.ballot_id == 1)) == 3
        assert session.get_one(Ballot, 2).state is BallotState.CLOSED
        assert session.scalar(sa.select(sa.func.count(Idea.id)).where(Idea.title == "Shorter queues")) == 1
        sent = session.scalars(sa.select(Notice).where(Notice.state == NoticeState.SENT, Notice.posted_ts.is_not(None)))
        assert notices_in_slack(town.slack) == Counter({row.id: 1 for row in sent})
        assert not session.scalars(sa.select(Notice.key).where(Notice.state == NoticeState.PARKED)).all()


def check_report(town: Town, last: main.Touchstone) -> None:
    """The doctor tells it, and so does one message to the admin."""
    [finding] = [it for it in doctor.examine(last) if it.about == "outage"]
    ada = [one.text for one in town.slack.messages.everything() if "My database was away from" in one.text]
    assert len(ada) == 1
    for said in (finding.says, ada[0]):
        assert "was away from" in said
        assert "came late because of it and 1 vote closed late (the longest wait was" in said
