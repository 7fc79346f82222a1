"""A town on several replicas: a committee of many with a past, people who press until they are thanked, and the rest
that comes at the end."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import main, schedule
from bot.delivery.claims import LEASE, PACE
from db.models import Committee, Member, Notice, NoticeState, Person, Role
from playground.clock import Clock
from playground.errors import NoAnswer
from playground.messages import Message
from playground.workspace import Workspace
from tests import builders
from tests.nightly import NIGHTLY
from tests.survival.replicas import PATIENCE_S
from tests.workflows.ballot_scene import rules
from tests.workflows.work_scene import approved, plan
from tests.world import TEAM, settings_for
from workflows import ballots, ideas, interventions

OWNERS = 12 if NIGHTLY else 4
LEFT = timedelta(days=2 if NIGHTLY else 20)
"""Of the vote's time. Past half-way two hundred voters are reminded, which takes a while."""


@dataclass
class Town:
    """A committee of many, with a past: a vote on now, another overdue, late work, a week to be told of."""

    slack: Workspace
    bot: main.Touchstone
    voters: list[str] = field(default_factory=list)


def noon_zone(now: datetime) -> str:
    """A zone where it is about noon, so that reminders may be rung whenever this test runs."""
    ahead = 12 - now.hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def settle_in(session: Session, voters: list[str], now: datetime, owners: int = OWNERS) -> None:
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
    for n in range(owners):
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


def come_to_rest(town: Town) -> main.Touchstone:
    """All replicas are dead. A last one, given back, finds what they left, once their leases have ended."""
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
            return last
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
