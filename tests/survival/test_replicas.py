"""Several replicas on PostgreSQL, killed at random, under a crowd that votes at once and a Slack that repeats itself.

Nothing is lost and nothing happens twice: one row a voter, the right tally, each notice and digest once, each rung of
a reminder once.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import main, manifest, schedule
from bot.delivery.claims import LEASE, PACE
from db.models import (
    Ballot,
    BallotState,
    Committee,
    Digest,
    Elector,
    Idea,
    Member,
    Notice,
    NoticeState,
    Person,
    Reminder,
    Role,
    Vote,
    VoteRecord,
)
from playground.clock import Clock
from playground.errors import NoAnswer
from playground.messages import Message
from playground.testing import slack_workspace
from playground.workspace import Workspace
from tests import builders
from tests.databases import PostgresDatabases
from tests.survival import NIGHTLY
from tests.survival.replicas import PATIENCE_S, Replica, Spread, Storm, running, wait_until
from tests.workflows.ballot_scene import rules
from tests.workflows.work_scene import approved, plan
from tests.world import TEAM, populate, settings_for
from workflows import ballots, ideas, interventions

pytestmark = pytest.mark.postgresql
OWNERS = 12 if NIGHTLY else 4
CROWD = 200
HANDS = 24
SEEDS = range(5) if NIGHTLY else range(1)
LEFT = timedelta(days=2 if NIGHTLY else 20)
"""Of the vote's time. Past half-way two hundred voters are reminded, which takes a while."""

AWAY_S = 10.0 if NIGHTLY else 1.5


@dataclass
class Town:
    """A committee of many, with a past: a vote on now, another overdue, late work, a week to be told of."""

    slack: Workspace
    bot: main.Touchstone
    voters: list[str] = field(default_factory=list)


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with slack_workspace(manifest.build(), start=None, team_id=TEAM, patience=15) as workspace:
        populate(workspace)
        yield workspace


def noon_zone(now: datetime) -> str:
    """A zone where it is about noon, so that reminders may be rung whenever this test runs."""
    ahead = 12 - now.hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def settle_in(session: Session, voters: list[str], now: datetime) -> None:
    """Write the town's past, by the verbs, at the times when it happened."""
    tz, past = noon_zone(now), now - timedelta(days=9)
    for who in ("UCHAIR", "UDEP", "UADMIN", "UAGENT", "UOWNER", *voters):
        builders.person(session, who, slack_id=who, tz=tz, is_admin=who == "UADMIN")
    session.execute(sa.update(Person).values(refreshed_at=now))
    committee = builders.committee(
        session,
        members=0,
        actor=session.scalars(sa.select(Person).where(Person.slack_id == "UADMIN")).one(),
        chair="UCHAIR",
        deputy="UDEP",
        intake_channel="CIDEAS",
        committee_channel="CCOMM",
        digest_channel="CDIGEST",
        tz=tz,
        week_days="1234567",
        digest_weekday=(now - timedelta(days=1)).isoweekday(),
        digest_hour=9,
    )
    _seat(session, committee, voters, past)
    committee.created_at, committee.charter = past, rules()
    session.flush()
    for title, closes_at in (("Open", now + LEFT), ("Overdue", now - timedelta(hours=1))):
        author = session.scalars(sa.select(Person).where(Person.slack_id == "UAGENT")).one()
        idea = ideas.submit(session, author, committee, ideas.Proposal(title=title, problem="B"), now=past)
        ballots.open_review(session, builders.chair(session, committee), idea, now=past, closes_at=closes_at)
    for n in range(OWNERS):
        _late_work(session, committee, voters[n], past, now)


def _seat(session: Session, committee: Committee, voters: list[str], since: datetime) -> None:
    for person in session.scalars(sa.select(Person).where(Person.slack_id.in_(voters)).order_by(Person.id)):
        session.add(Member(committee_id=committee.id, person_id=person.id, role=Role.MEMBER, since=since))
    session.flush()


def _late_work(session: Session, committee: Committee, who: str, past: datetime, now: datetime) -> None:
    owner = session.scalars(sa.select(Person).where(Person.slack_id == who)).one()
    chair = builders.chair(session, committee)
    due = (now - timedelta(days=4)).date()
    work = interventions.assign(session, chair, approved(session, committee), plan(due_on=due), owner, now=past)
    interventions.accept(session, owner, work, now=past)


def message_of(town: Town, key: str) -> Message | None:
    with town.bot.house.sessions.begin(TEAM) as session:
        row = session.scalars(sa.select(Notice).where(Notice.key == key)).one()
    return town.slack.messages.get(row.posted_channel or "", row.posted_ts) if row.posted_ts else None


def until_thanked(town: Town, who: str, choice: str, thanks: str, card: Message) -> None:
    """Press until the bot says thank you, as people do."""
    person = town.slack.person(who)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            person.click(card, choice)
        except NoAnswer:
            time.sleep(0.2)
        else:
            said = person.ephemerals("CCOMM")
            if said and thanks in said[-1].text:
                return
            time.sleep(0.2)
    raise AssertionError(f"{who} was never thanked: {[one.text for one in person.ephemerals()]}")


def vote(town: Town, who: str, card: Message) -> tuple[str, str]:
    """Every third changes their mind, every seventh speaks instead of pressing; how it ends."""
    number = int(who.removeprefix("UV"))
    if number % 7 == 0:
        said = f"<@{town.slack.bot.user_id}> approve"
        town.slack.person(who).say("CCOMM", said, card.thread_ts)
        return who, "approve"
    if number % 3 == 0:
        until_thanked(town, who, "Abstain", "you abstain", card)
    until_thanked(town, who, "Approve", "you approve", card)
    return who, "approve"


@contextmanager
def database_away(databases: PostgresDatabases, name: str) -> Iterator[None]:
    """For a while the database lets nobody in, and throws out whoever is there."""
    databases.run(
        f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",  # noqa: S608  # our own
    )
    yield
    databases.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def live_through_it(town: Town, replicas: list[Replica], chance: random.Random, databases: PostgresDatabases) -> None:
    """The crowd votes while replicas die and the database goes away."""
    town.slack.app.transport = Spread(replicas, chance)
    wait_until(lambda: message_of(town, "ballot.card:1"), "the card of the vote")
    card = message_of(town, "ballot.card:1")
    assert card is not None
    town.slack.faults.duplicate_events(20)
    town.slack.faults.reorder_events(10)
    storm = Storm(replicas, chance, times=12 if NIGHTLY else 2, every_s=2.0 if NIGHTLY else 1.0)
    storm.start()
    with ThreadPoolExecutor(HANDS) as pool:
        votes = [pool.submit(vote, town, who, card) for who in town.voters]
        time.sleep(chance.uniform(0.5, 3.0))
        with database_away(databases, str(town.bot.engine.url.database)):
            time.sleep(AWAY_S)
        for one in votes:
            one.result()
    storm.join()


def come_to_rest(town: Town) -> None:
    """All replicas are dead. A last one finds what they left, once their leases have ended."""
    later = Clock(datetime.now(UTC) + LEASE)
    last = main.build(settings_for(town.slack), clock=later.now, engine=town.bot.engine)
    last.installations.greet()
    town.slack.connect_wsgi(last.wsgi())
    town.slack.faults.clear()
    for minutes in (2, 6, 61):  # Slack tries again what no replica answered
        town.slack.advance(minutes=minutes)
        town.slack.settle(30)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        asked = sum(schedule.run(last.house, job) for job in schedule.JOBS)
        if not asked + last.sender.drain() and not left(town):
            return
        later.advance(PACE)
        town.slack.advance(PACE)
    raise AssertionError(f"still to come: {left(town)}")


def left(town: Town) -> list[str]:
    """What is owed by now or shows an older state."""
    n = Notice
    owed = sa.and_(n.state == NoticeState.OWED, n.due_at <= datetime.now(UTC))
    stale = sa.and_(n.state == NoticeState.SENT, n.shown < n.wanted)
    with town.bot.house.sessions.begin(TEAM) as session:
        return list(session.scalars(sa.select(n.key).where(sa.or_(owed, stale))))


def notices_in_slack(slack: Workspace) -> Counter[int]:
    """How often each notice stands in Slack, by the ids in the messages' metadata."""
    posted = [one for channel in slack.channels.all.values() for one in slack.messages.channel(channel.id)]
    told = [one.metadata["event_payload"]["notice"] for one in posted if one.metadata]
    return Counter(told)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("count", [2, 4], ids=["two replicas", "four replicas"])
def test_nothing_is_lost_and_nothing_happens_twice_while_replicas_die(
    slack: Workspace,
    postgres_databases: PostgresDatabases,
    postgresql_url: str,
    tmp_path: Path,
    count: int,
    seed: int,
) -> None:
    chance = random.Random(f"{seed} {count}")
    engine = main.make_engine(postgresql_url)
    town = Town(slack, main.build(settings_for(slack), engine=engine), [f"UV{n}" for n in range(1, CROWD + 1)])
    for who in town.voters:
        slack.add_user(who.lower(), id=who, real_name=who)
        slack.channel("CCOMM").members.append(who)
    with town.bot.house.sessions.begin(TEAM) as session:
        settle_in(session, town.voters, datetime.now(UTC))
    with running(slack, postgresql_url, count, tmp_path) as replicas:
        live_through_it(town, replicas, chance, postgres_databases)
    slack.app.transport.close()
    come_to_rest(town)
    with town.bot.house.sessions.begin(TEAM) as session:
        check_votes(session, town)
        check_notices(session, town)
        check_reminders_and_digest(session, town)
    for replica in replicas:
        assert "DeadlockDetected" not in replica.told()
    engine.dispose()


def check_votes(session: Session, town: Town) -> None:
    cast = session.execute(sa.select(Person.slack_id, Vote.choice).join(Person, Person.id == Vote.person_id)).all()
    assert sorted((who, choice.value) for who, choice in cast) == sorted((who, "approve") for who in town.voters)
    changes = session.scalar(sa.select(sa.func.count(VoteRecord.id))) or 0
    changed_their_minds = [who for who in town.voters if not int(who[2:]) % 3 and int(who[2:]) % 7]
    assert changes == len(town.voters) + len(changed_their_minds)
    assert session.scalar(sa.select(sa.func.count(Elector.id)).where(Elector.ballot_id == 1)) == len(town.voters) + 2
    card = message_of(town, "ballot.card:1")
    assert card is not None
    assert f"{len(town.voters)} for" in card.text


def check_notices(session: Session, town: Town) -> None:
    sent = session.scalars(sa.select(Notice).where(Notice.state == NoticeState.SENT, Notice.posted_ts.is_not(None)))
    assert notices_in_slack(town.slack) == Counter({row.id: 1 for row in sent})
    assert not session.scalars(sa.select(Notice.key).where(Notice.state == NoticeState.PARKED)).all()
    overdue = session.get_one(Ballot, 2)
    assert overdue.state is BallotState.OPEN
    assert overdue.extended == 1, "nobody voted: more time, once"
    assert session.scalar(sa.select(sa.func.count(Idea.id)).where(Idea.title == "Open")) == 1


def check_reminders_and_digest(session: Session, town: Town) -> None:
    assert session.scalar(sa.select(sa.func.count(Digest.id))) == 1
    assert len(town.slack.messages.channel("CDIGEST")) == 1
    rungs = Counter(session.scalars(sa.select(Reminder.key)))
    assert set(rungs.values()) == {1}
    late = session.scalars(sa.select(Reminder.person_id).where(Reminder.rung.startswith("late"))).all()
    assert len(late) == len(set(late)) == OWNERS
