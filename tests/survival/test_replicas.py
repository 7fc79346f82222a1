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
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import main
from db.models import (
    Ballot,
    BallotState,
    Digest,
    Elector,
    Idea,
    Notice,
    NoticeState,
    Person,
    Reminder,
    Vote,
    VoteRecord,
)
from playground.workspace import Workspace
from tests.databases import PostgresDatabases
from tests.nightly import NIGHTLY
from tests.survival.replicas import Replica, Spread, Storm, running, wait_until
from tests.survival.town import OWNERS, Town, come_to_rest, message_of, notices_in_slack, settle_in, vote
from tests.world import TEAM, settings_for

pytestmark = pytest.mark.postgresql
CROWD = 200
HANDS = 24
SEEDS = range(5) if NIGHTLY else range(1)
AWAY_S = 10.0 if NIGHTLY else 1.5


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
