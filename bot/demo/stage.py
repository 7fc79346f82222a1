"""Where the demo plays: the strict local Slack, the real bot beside it, and a clock that moves when told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import event
from sqlalchemy.orm import aliased

from bot import main, manifest, schedule
from bot.delivery.claims import PACE
from bot.demo import cast
from bot.settings import Settings
from db.engine import make_engine
from db.models import Notice, NoticeState
from playground.clock import Clock
from playground.server import serve
from playground.workspace import Workspace
from workflows import calendar

TEAM, NAME, DOMAIN = "T0BRIGHT", "Bright & Sons", "bright"
PATIENCE_S = 30.0
"""A busy machine may take its time to answer; what Slack would see is on the wire all the same."""

MOST_ROUNDS = 500
CHORE_S = 600
"""Jobs asked this seldom keep house: within four weeks in which nobody leaves they have nothing to do."""

SATURDAY = 5


class Stage(Protocol):
    """What a programme needs: Slack, the time, and a way to let it pass with all that falls due on the way."""

    @property
    def slack(self) -> Workspace: ...
    def deliver(self) -> None: ...
    def settle(self) -> None: ...
    def until(self, moment: datetime) -> None: ...


class Theatre:
    """A stage of our own: nothing happens between one act and the next but what the bot does."""

    def __init__(self, slack: Workspace, bot: main.Touchstone, clock: Clock) -> None:
        self.slack = slack
        self.bot = bot
        self.clock = clock

    def deliver(self) -> None:
        """Deliver all that is owed, taking the seconds that Slack's limits ask for."""
        for _ in range(MOST_ROUNDS):
            self.slack.settle()
            if self.bot.sender.drain():
                continue
            if not self._held_back():
                return
            self.clock.advance(PACE)
        raise RuntimeError("the programme does not come to rest: something is owed again and again")

    def settle(self) -> None:
        """Ask every scheduled question until none has more to do, and deliver what they owe."""
        while sum(schedule.run(self.bot.house, job) for job in schedule.JOBS if job.every_s < CHORE_S):
            self.deliver()
        self.deliver()

    def until(self, moment: datetime) -> None:
        """Let time pass, stopping at the hours at which things fall due here."""
        while (now := self.slack.now()) < moment:
            self.clock.set(min(moment, next_stop(now)))
            self.settle()

    def _held_back(self) -> bool:
        """Whether something waits only for Slack's limits of one a second."""
        now, parent = self.slack.now(), aliased(Notice)
        first = sa.exists().where(parent.id == Notice.after_id, parent.state == NoticeState.SENT)
        owed = sa.and_(Notice.state == NoticeState.OWED, Notice.due_at <= now, sa.or_(Notice.after_id.is_(None), first))
        stale = sa.and_(Notice.state == NoticeState.SENT, Notice.shown < Notice.wanted)
        free = sa.or_(Notice.lease_until.is_(None), Notice.lease_until <= now + 2 * PACE)
        with self.bot.house.sessions.everywhere() as session:
            return bool(session.scalar(sa.select(sa.exists().where(sa.or_(owed, stale), free))))


def next_stop(now: datetime) -> datetime:
    """The next moment after `now` at which things fall due; week-ends are passed over, and looked at on Monday."""
    today = now.date()
    for ahead in range(-1, 5):
        day = today + timedelta(days=ahead)
        stops = [calendar.at(day, hour, 0, tz) for tz, hour in cast.MARKS]
        later = [stop for stop in stops if stop > now and stop.weekday() < SATURDAY]
        if later:
            return min(later)
    raise AssertionError("five days hold a working day")


@contextmanager
def theatre(database_url: str, start: datetime) -> Iterator[Theatre]:
    """A stage on this database, which must be migrated and knows nobody yet."""
    clock = Clock(start, running=False)
    slack = workspace(clock, patience=PATIENCE_S)
    engine = make_engine(database_url)
    event.listen(engine, "connect", _hurry)
    with serve(slack):
        bot = main.build(settings(slack, database_url), clock=clock.now, engine=engine)
        cast.populate(slack)
        slack.connect_wsgi(bot.wsgi())
        bot.installations.greet()
        try:
            yield Theatre(slack, bot, clock)
        finally:
            engine.dispose()


def workspace(clock: Clock, **options: Any) -> Workspace:
    """The cast's Slack, with nobody in it yet; `options` go to `Workspace`."""
    return Workspace(manifest.build(), clock=clock, team_id=TEAM, name=NAME, domain=DOMAIN, **options)


def settings(slack: Workspace, database_url: str) -> Settings:
    """What the bot needs to know to live in this Slack, by signed HTTP or Socket Mode."""
    return Settings(
        bot_token=SecretStr(slack.bot.token),
        app_token=SecretStr(slack.app.app_token),
        signing_secret=SecretStr(slack.app.signing_secret),
        slack_api_url=slack.environment()["SLACK_API_URL"],
        database_url=database_url,
        _env_file=None,
    )


def _hurry(connection: Any, _record: object) -> None:
    """What a power cut takes from a stage is played again: SQLite need not wait for the disk."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")
