"""A whole world for a test: a strict Slack, the real bot, a database, and a clock that stands still until moved.

Ask for the fixture `world` (`@after(story)` of tests.worlds: it begins where that story has ended). Slack's requests go
signed straight into the bot's WSGI application; its calls go over loopback HTTP. Nothing is sent until `settle()`,
which delivers what is owed and asks every scheduled question.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from pydantic import SecretStr
from sqlalchemy.orm import Session, aliased

from bot import main, manifest, schedule
from bot.delivery.claims import PACE
from bot.directory import profile_of
from bot.settings import Settings
from db.models import Committee, Idea, Notice, NoticeState
from db.models import Workspace as WorkspaceRow
from playground import snapshot
from playground.channels import Channel
from playground.clock import Clock
from playground.messages import Message
from playground.person import Person
from playground.testing import slack_workspace
from playground.workspace import Workspace
from workflows import committees, ideas, people

# Plain lines: drawing a traceback in colour with all its variables takes a second.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
    ]
)

TEAM = "T0TOUCH"
START = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""A Wednesday, 11:00 in Berlin."""

CAPTURE = "TOUCHSTONE_CAPTURE"
MOST_ROUNDS = 200
OFTEN_S = 15
"""Jobs that come at least so often are asked whenever the world settles, the others once in their time."""
PATIENCE_S = 20.0
"""A busy machine may take longer than Slack waits; that acks are quick is shown where it is measured."""

BERLIN = "Europe/Berlin"

PEOPLE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("UADMIN", "Ada", {"tz": BERLIN, "is_admin": True}),
    ("UCHAIR", "Clara", {"tz": BERLIN}),
    ("UDEP", "Dev", {"tz": "Asia/Kolkata"}),
    ("UMEM1", "Mia", {"tz": BERLIN}),
    ("UMEM2", "Max", {"tz": BERLIN}),
    ("UMEM3", "Mona", {"tz": "Europe/London"}),
    ("UMEM4", "Mehmet", {"tz": "Europe/Istanbul"}),
    ("UMEM5", "Mei", {"tz": "Asia/Singapore"}),
    ("UAGENT", "Alice", {"tz": "America/New_York"}),
    ("UAGENT2", "Bob", {"tz": "America/Sao_Paulo"}),
    ("UOWNER", "Olga", {"tz": BERLIN}),
    ("UGUEST", "Gus", {"tz": BERLIN, "is_restricted": True}),
    ("UGONE", "Gone", {"tz": BERLIN, "deleted": True}),
    ("UOTHER", "Otto", {"team_id": "T0OTHER"}),
    ("UROBOT", "Robbie", {"is_bot": True}),
)
CHANNELS = (("CIDEAS", "ideas"), ("CCOMM", "committee"), ("CDIGEST", "digest"), ("CRANDOM", "random"))
PRIVATE = ("CSECRET", "secret")


class World:
    """Slack, the bot and the time. `slack` is the playground's workspace, `bot` what `bot.main` put together."""

    def __init__(self, slack: Workspace, bot: main.Touchstone, clock: Clock) -> None:
        self.slack = slack
        self.bot = bot
        self.clock = clock
        self.told: Any = None
        self._turns: dict[str, datetime] = {}

    @property
    def team(self) -> str:
        """The workspace's id."""
        return self.slack.team_id

    # People and places

    def person(self, name: str) -> Person:
        """Somebody acting in Slack, by first name ("Alice") or id."""
        found = next((slack_id for slack_id, known, _ in PEOPLE if known == name), name)
        return self.slack.person(found)

    def channel(self, name: str) -> Channel:
        """A channel by name or id."""
        return self.slack.channel(name)

    def session(self) -> AbstractContextManager[Session]:
        """A transaction in the world's workspace, to look or to prepare."""
        return self.bot.house.sessions.begin(self.team)

    def committee(self, **wanted: Any) -> Committee:
        """A committee on #ideas, #committee and #digest: Clara chairs, Dev is deputy, Mia, Max and Mona are members."""
        chosen: dict[str, Any] = {
            "name": "Innovation",
            "intake_channel": "CIDEAS",
            "committee_channel": "CCOMM",
            "digest_channel": "CDIGEST",
            "chair": "UCHAIR",
            "deputy": "UDEP",
            "members": ["UMEM1", "UMEM2", "UMEM3"],
            "tz": BERLIN,
            **wanted,
        }
        blueprint = committees.Blueprint.model_validate(chosen)
        named = [blueprint.chair, blueprint.deputy, *blueprint.members, "UADMIN"]
        with self.session() as session:
            self._meet(session, *(str(who) for who in named if who))
            admin = people.seen(session, self.team, "UADMIN", now=self.now)
            return committees.set_up(session, admin, blueprint, now=self.now)

    def idea(self, committee: Committee, author: str = "UAGENT", **told: Any) -> Idea:
        """An idea submitted by the verb, its cards owed; `settle()` to see them."""
        text = {"title": "A button for refunds", "problem": "Refunds take three calls", "proposal": "One button"}
        with self.session() as session:
            self._meet(session, self.person(author).id)
            who = people.seen(session, self.team, self.person(author).id, now=self.now)
            home = session.get_one(Committee, committee.id)
            return ideas.submit(session, who, home, ideas.Proposal(**{**text, **told}), now=self.now)

    def _meet(self, session: Session, *slack_ids: str) -> None:
        """Take over what Slack's directory says of people, as the bot would, without a call for each."""
        for slack_id in people.unknown(session, slack_ids, self.now):
            told = self.slack.people.describe(self.slack.people.users[slack_id], locale=True)
            person = people.seen(session, self.team, slack_id, now=self.now)
            people.refresh(person, profile_of(told, self.team), self.now)

    # Time

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def settle(self) -> None:
        """Ask every scheduled question, deliver all that is owed, and wait for what Slack tells of it.

        Takes the seconds that Slack's limits ask for, no more.
        """
        for _ in range(MOST_ROUNDS):
            self.slack.settle()
            if self.bot.sender.drain():
                continue
            if sum(schedule.run(self.bot.house, job) for job in self._due()):
                continue
            if not self._held_back():
                return
            self.clock.advance(PACE)
        raise AssertionError(f"the world does not come to rest; still waiting: {self.waiting()}")

    def advance(self, by: timedelta | None = None, **parts: float) -> None:
        """Let time pass (`hours=3`) and settle."""
        self.slack.advance(by, **parts)
        self.settle()

    def at(self, moment: datetime) -> None:
        """Let time pass until a moment and settle."""
        self.advance(moment - self.now)

    def _due(self) -> list[schedule.Job]:
        """The jobs whose turn it is: each that has nothing seldom about it, the others as often as in production."""
        due = [job for job in schedule.JOBS if self.now >= self._turns.get(job.name, self.now)]
        self._turns |= {job.name: self.now + timedelta(seconds=job.every_s) for job in due if job.every_s > OFTEN_S}
        return due

    def _held_back(self) -> bool:
        """Whether something waits only for Slack's limits of one a second."""
        soon = self.now + PACE
        n = Notice
        owed = sa.and_(n.state == NoticeState.OWED, n.due_at <= self.now)
        stale = sa.and_(n.state == NoticeState.SENT, n.shown < n.wanted)
        waits = sa.or_(n.lease_until.is_(None), n.lease_until <= soon + PACE)
        parent = aliased(Notice)
        ready = sa.or_(n.after_id.is_(None), sa.exists().where(parent.id == n.after_id, parent.state == "sent"))
        with self.bot.house.sessions.everywhere() as session:
            stopped = session.scalar(sa.select(sa.exists().where(WorkspaceRow.stopped_at.is_not(None))))
            held = sa.select(sa.exists().where(sa.or_(sa.and_(owed, ready), stale), waits))
            return not stopped and bool(session.scalar(held))

    # What stands in Slack and what does not yet

    def waiting(self) -> list[str]:
        """The keys of notices owed and not sent, with what went wrong."""
        with self.session() as session:
            rows = session.scalars(sa.select(Notice).where(Notice.state.in_(["owed", "parked"])).order_by(Notice.id))
            return [f"{row.key} {row.state} {row.error or ''}".strip() for row in rows]

    def message_of(self, key: str) -> Message:
        """The message in Slack of the notice with this key."""
        with self.session() as session:
            notice = session.scalars(sa.select(Notice).where(Notice.key == key)).one()
            assert notice.posted_ts, f"{key} is {notice.state} {notice.error or ''}"
            return self.slack.messages.get(notice.posted_channel or "", notice.posted_ts)

    def dms(self, name: str) -> list[Message]:
        """What the bot wrote to somebody directly, oldest first."""
        return [one for one in self.person(name).dms() if one.user == self.slack.bot.user_id]

    def problems(self) -> list[str]:
        """Everything the contract with Slack objects to in what went over the wire."""
        return [f"{record.name}: {problem}" for record, problem in self.slack.wire.problems()]


def populate(slack: Workspace) -> None:
    """Put the usual people and channels into a workspace. Everybody from here is in every public channel."""
    for slack_id, name, facts in PEOPLE:
        slack.add_user(name, id=slack_id, real_name=name, **facts)
    here = [slack_id for slack_id, _, facts in PEOPLE if not {"deleted", "team_id", "is_bot"} & set(facts)]
    for slack_id, name in CHANNELS:
        slack.add_channel(name, here, id=slack_id)
    slack.add_channel(PRIVATE[1], ["UADMIN", "UCHAIR"], id=PRIVATE[0], private=True, bot=False)


def settings_for(slack: Workspace, **more: Any) -> Settings:
    """The settings of a bot that serves this workspace."""
    return Settings(
        bot_token=SecretStr(slack.bot.token),
        signing_secret=SecretStr(slack.app.signing_secret),
        app_token=SecretStr(slack.app.app_token),
        slack_api_url=slack.environment()["SLACK_API_URL"],
        _env_file=None,
        **more,
    )


@contextmanager
def open_world(engine: sa.Engine, *, start: datetime = START, kept: Path | None = None) -> Iterator[World]:
    """A world of its own on this database, or the one whose Slack was kept in a file."""
    clock = Clock(start, running=False)
    with slack_workspace(
        manifest.build(), clock=clock, team_id=TEAM, name="Touchstone HQ", domain="touchstone", patience=PATIENCE_S
    ) as slack:
        snapshot.load(slack, kept) if kept else populate(slack)
        bot = main.build(settings_for(slack), clock=clock.now, engine=engine)
        slack.connect_wsgi(bot.wsgi())
        bot.installations.greet()
        world = World(slack, bot, clock)
        yield world
        capture(slack)


def capture(slack: Workspace) -> None:
    """Write down what went over the wire, for an independent judge, if the environment says where."""
    folder = os.environ.get(CAPTURE)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        slack.wire.write_capture(Path(folder) / f"{uuid.uuid4().hex}.jsonl")
