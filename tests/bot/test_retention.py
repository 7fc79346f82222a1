"""What is kept no longer goes, slice by slice, and nothing else does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from typer.testing import CliRunner

from bot import retaining, schedule
from bot.cli import app
from bot.settings import Settings
from db.models import (
    Base,
    Decision,
    Draft,
    Event,
    Idea,
    Notice,
    Receipt,
    Vote,
    VoteRecord,
    Workspace,
)
from tests.bot.privacy_story import a_full_month
from tests.world import TEAM, World
from tests.worlds import after
from workflows import ideas, people, retention

ALL = {
    "retain_drafts": 30, "retain_messages": 30, "retain_idea_texts": 30, "retain_vote_reasons": 30,
    "retain_event_reasons": 30, "retain_stopped_workspaces": 30,
}  # fmt: skip


def settings(**days: int) -> Settings:
    return Settings(_env_file=None, **days)


def counts(world: World) -> dict[str, int]:
    with world.bot.house.sessions.everywhere() as session:
        return {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def apply(world: World, *, after: float = 0, **days: int) -> int:
    return retaining.apply(world.bot.house.sessions, settings(**days), world.now + timedelta(days=after))


def the(world: World, query: sa.Select[Any]) -> list[Any]:
    with world.session() as session:
        return list(session.scalars(query))


def withdrawn(world: World) -> None:
    """Alice takes her idea back."""
    with world.session() as session:
        alice = people.of(session, "UAGENT")
        assert alice is not None
        ideas.withdraw(session, alice, ideas.by_number(session, 1), "no time", now=world.now)
    world.settle()


@after(a_full_month)
def test_by_default_everything_but_receipts_and_what_nobody_sent_is_kept(world: World) -> None:
    alice = world.person("Alice")
    alice.message_shortcut(alice.say("random", "The queue is half an hour long"), "idea.from_message")
    before = counts(world)
    assert before["receipt"] > 0
    assert before["draft"] > 0
    apply(world, after=40)
    assert counts(world)["draft"] == before["draft"]
    apply(world, after=5000)
    assert counts(world) == {**before, "receipt": 0, "draft": 0}


@after(a_full_month)
def test_what_is_not_old_enough_stays(world: World) -> None:
    before = counts(world)
    assert apply(world, **ALL) == 0
    assert counts(world) == before


@after(a_full_month)
def test_words_go_and_decisions_stay(world: World) -> None:
    withdrawn(world)
    before = counts(world)
    assert apply(world, after=31, **ALL) > 0
    after = counts(world)
    kept = {"idea", "vote", "vote_record", "decision", "elector", "event", "person", "intervention", "digest"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["draft"] == 0
    assert after["notice"] < before["notice"]
    assert set(the(world, sa.select(VoteRecord.reason))) == {None}
    assert set(the(world, sa.select(Vote.reason).where(Vote.choice == "decline"))) == {"(erased)"}
    assert the(world, sa.select(Idea.problem).where(Idea.number == 1)) == ["(erased)"]
    assert the(world, sa.select(Idea.problem).where(Idea.number == 2)) == ["Refunds take three calls"]
    assert the(world, sa.select(Event.why).where(Event.kind == "idea.withdraw")) == [None]
    assert len(the(world, sa.select(Decision.id))) == 1
    world.settle()
    assert "half an hour" not in world.message_of("idea.card:1").words
    assert world.problems() == []


@after(a_full_month)
def test_nothing_is_said_again_because_it_was_forgotten(world: World) -> None:
    world.advance(days=40)
    apply(world, **ALL)
    said = len(world.slack.wire.calls("chat.postMessage"))
    for job in schedule.JOBS:
        schedule.run(world.bot.house, job)
    world.bot.sender.drain()
    assert len(world.slack.wire.calls("chat.postMessage")) == said


@after(a_full_month)
def test_a_dry_run_counts_what_would_go_and_changes_nothing(world: World) -> None:
    before = counts(world)
    found = retaining.look(world.bot.house.sessions, settings(**ALL), world.now + timedelta(days=31))
    assert counts(world) == before
    told = {aged.about: aged.count for aged in found}
    assert told["drafts nobody sent"] == 1
    assert told["reasons in the history of votes"] == 2
    assert apply(world, after=31, **ALL) >= sum(told.values()) - told["messages said to one person"]


def test_the_command_counts_first(database_url: str) -> None:
    result = CliRunner().invoke(
        app, ["retention", "--dry-run"], env={"DATABASE_URL": database_url, "TOUCHSTONE_RETAIN_DRAFTS": "7"}
    )
    assert result.exit_code == 0, result.output
    assert "drafts nobody sent: kept for 7 days: 0 older" in result.output
    assert "reasons of votes: kept for good" in result.output
    assert "let go" not in result.output


def test_it_goes_slice_by_slice(world: World) -> None:
    old = world.now - timedelta(days=9)
    with world.bot.house.sessions.everywhere() as session:
        session.add_all(Receipt(key=f"event:{n}", received_at=old) for n in range(retention.SLICE + 1))
    with world.bot.house.sessions.everywhere() as session:
        assert retention.RECEIPTS.apply(session, world.now - timedelta(days=3)) == retention.SLICE
    assert apply(world) == 1


@after(a_full_month)
def test_a_workspace_that_left_is_cleared_when_its_time_is_over(world: World) -> None:
    withdrawn(world)
    with world.bot.house.sessions.everywhere() as session:
        session.get_one(Workspace, TEAM).stopped_at = world.now
        session.add(Workspace(id="T0STAYS", created_at=world.now))
    assert apply(world, after=29, **ALL) >= 0
    assert counts(world)["idea"] == 2
    apply(world, after=31, **ALL)
    left = {name: count for name, count in counts(world).items() if count}
    assert left == {"workspace": 1}


def test_a_workspace_that_came_back_is_left_alone(world: World) -> None:
    world.committee()
    with world.bot.house.sessions.everywhere() as session:
        assert retention.clear(session, TEAM, world.now + timedelta(days=99)) == 0
    assert counts(world)["committee"] == 1


def test_what_is_still_under_way_is_not_forgotten_by_a_setting(world: World) -> None:
    for name in ("retain_messages", "retain_vote_reasons", "retain_idea_texts"):
        with pytest.raises(ValidationError, match="30 days or more"):
            settings(**{name: 7})
    world.committee()
    world.idea(world.committee(name="Second", intake_channel="CRANDOM", committee_channel="CRANDOM",
                               digest_channel="CRANDOM"))  # fmt: skip
    owed = len(the(world, sa.select(Notice.id)))
    apply(world, after=60, **ALL)
    assert len(the(world, sa.select(Notice.id))) == owed
    assert the(world, sa.select(Draft.id)) == []


def test_the_scheduler_applies_it(world: World) -> None:
    assert any(job.ask is schedule.let_go for job in schedule.JOBS)
