"""What is kept of a person can be shown, taken away and forgotten, in the database and in Slack."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from bot.cli import app
from db.models import Base, Decision, Idea, Notice, NoticeState, Person, Vote, VoteRecord
from tests.bot.privacy_story import ALICE, a_full_month, seen_by_others
from tests.world import World
from tests.worlds import after
from workflows import dossier, erasure, people, privacy
from workflows.errors import WorkflowError

NAMES = (ALICE, "Alice")


def run(world: World, *words: str) -> Result:
    url = world.bot.engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, ["person", *words], env={"DATABASE_URL": url})


def everything(world: World) -> str:
    """Every row of every table."""
    with world.bot.house.sessions.everywhere() as session:
        rows = [
            list(map(str, row)) for table in Base.metadata.sorted_tables for row in session.execute(sa.select(table))
        ]
    return json.dumps(rows, ensure_ascii=False)


def the_id(world: World) -> int:
    with world.session() as session:
        found = people.of(session, ALICE)
        assert found is not None
        return found.id


@after(a_full_month)
def test_nothing_but_the_decision_stays_of_somebody_who_is_erased(world: World) -> None:
    shown, kept = seen_by_others(world), everything(world)
    assert all(name in shown and name in kept for name in NAMES), "the story shows Alice"
    me = the_id(world)
    result = run(world, "erase", ALICE, "--yes")
    assert result.exit_code == 0, result.output
    world.settle()
    assert [name for name in NAMES if name in everything(world)] == []
    assert [name for name in NAMES if name in seen_by_others(world)] == []
    for gone in ("my first thought was no", "Typed and never sent"):
        assert gone in kept
        assert gone not in everything(world)
    with world.session() as session:
        assert session.scalar(sa.select(Vote.choice).where(Vote.person_id == me)) == "decline"
        assert session.scalars(sa.select(Vote.reason).where(Vote.person_id == me)).all() == ["it costs too much"]
        assert set(session.scalars(sa.select(VoteRecord.reason).where(VoteRecord.person_id == me))) == {None}
        assert "Shorter queues at the gate" in session.scalars(sa.select(Idea.title).where(Idea.author_id == me)).all()
        assert session.scalar(sa.select(sa.func.count(Decision.id))) == 1
    assert world.problems() == []


@after(a_full_month)
def test_the_texts_go_too_where_that_is_wanted(world: World) -> None:
    run(world, "erase", ALICE, "--texts", "--yes")
    world.settle()
    for gone in ("it costs too much", "Shorter queues", "Waiting for legal", "half an hour"):
        assert gone not in everything(world), gone
        assert gone not in seen_by_others(world), gone
    assert "A button for refunds" in seen_by_others(world)


@after(a_full_month)
def test_a_dry_run_says_what_would_go_and_changes_nothing(world: World) -> None:
    before = everything(world)
    result = run(world, "erase", ALICE, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "1 drafts would go" in result.output
    assert "the work on idea #2 needs another owner" in result.output
    assert everything(world) == before


def test_a_guest_who_was_forgotten_comes_back_as_a_guest(world: World) -> None:
    world.committee()
    gus = world.person("Gus")

    def told() -> str:
        gus.command("/committee", "backlog", "CIDEAS")
        return gus.ephemerals()[-1].text

    assert "can see how the committee stands" in told()
    assert run(world, "erase", gus.id, "--yes").exit_code == 0
    assert "I have just forgotten you" in told()
    assert "can see how the committee stands" in told()


@after(a_full_month)
def test_forgetting_twice_is_forgetting_once(world: World) -> None:
    me = the_id(world)
    assert run(world, "erase", ALICE, "--yes").exit_code == 0
    world.settle()
    before = everything(world)
    with world.session() as session:
        assert erasure.erase(session, session.get_one(Person, me), now=world.now).done == {}
    again = run(world, "erase", ALICE, "--yes")
    assert again.exit_code == 1
    assert "erased already" in again.output
    assert everything(world) == before


@after(a_full_month)
def test_somebody_who_comes_back_is_somebody_new(world: World) -> None:
    me = the_id(world)
    run(world, "erase", ALICE, "--yes")
    world.settle()
    world.slack.people.change(ALICE, real_name="Alice Again")
    world.settle()
    with world.session() as session:
        assert people.of(session, ALICE) is None
    world.person("Alice").command("/idea", "mine", "CIDEAS")
    assert the_id(world) != me


@after(a_full_month)
def test_an_export_has_every_row_that_has_to_do_with_somebody(world: World, tmp_path: Path) -> None:
    file = tmp_path / "alice.json"
    result = run(world, "export", ALICE, "--output", str(file))
    assert result.exit_code == 0, result.output
    stored = json.loads(file.read_text(encoding="utf-8"))["stored"]
    assert stored["person"][0]["name"] == "Alice"
    assert {"idea", "vote", "vote_record", "elector", "member", "draft", "notice", "intervention", "digest"} <= set(
        stored
    )
    assert [vote["reason"] for vote in stored["vote_record"]] == ["my first thought was no", "it costs too much"]
    assert json.loads(run(world, "export", ALICE).stdout)["stored"].keys() == stored.keys()


def test_nobody_known_gets_a_sentence(world: World) -> None:
    for command in (("export", "UNOBODY"), ("erase", "UNOBODY", "--yes")):
        result = run(world, *command)
        assert result.exit_code == 1
        assert "Nobody with the Slack id UNOBODY" in result.output


def test_every_table_that_refers_to_people_is_in_the_dossier() -> None:
    referring = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    assert {sa.inspect(model).local_table.name for model in dossier.links()} == referring


@after(a_full_month)
def test_one_sees_what_is_kept_and_asks_and_an_admin_agrees(world: World) -> None:
    alice, ada = world.person("Alice"), world.person("Ada")
    alice.command("/committee", "privacy", "CIDEAS")
    told = alice.ephemerals()[-1]
    assert "1 idea you wrote" in told.words
    assert "1 draft you have not sent yet" in told.words
    alice.click(told, "Ask to be forgotten")
    world.settle()
    assert "asks to be forgotten" in world.dms("Ada")[-1].words
    ada.click(world.dms("Ada")[-1], "Forget them")
    world.settle()
    assert "Touchstone now forgets you" in world.dms("Alice")[-1].text
    assert "has been forgotten; Ada agreed" in world.dms("Ada")[-1].text
    assert [name for name in NAMES if name in everything(world)] == []
    assert [name for name in NAMES if name in seen_by_others(world)] == []
    assert world.problems() == []


def test_an_admin_may_say_not_now_and_nothing_changes(world: World) -> None:
    world.committee()
    alice, ada = world.person("Alice"), world.person("Ada")
    alice.command("/committee", "privacy", "CIDEAS")
    told = alice.ephemerals()[-1]
    alice.click(told, "Ask to be forgotten")
    world.settle()
    ada.click(world.dms("Ada")[-1], "Not now")
    world.settle()
    assert "did not agree" in world.dms("Alice")[-1].text
    with world.session() as session:
        assert people.of(session, ALICE) is not None


def test_only_an_admin_can_answer_and_only_once(world: World) -> None:
    world.committee()
    alice, ada = world.person("Alice"), world.person("Ada")
    alice.command("/committee", "privacy", "CIDEAS")
    alice.click(alice.ephemerals()[-1], "Ask to be forgotten")
    world.settle()
    asked = world.dms("Ada")[-1]
    with world.session() as session:
        request = session.scalars(sa.select(Notice.about_id).where(Notice.kind == "privacy.asked")).one()
        assert request is not None
        chair = people.of(session, "UCHAIR")
        assert chair is not None
        with pytest.raises(WorkflowError, match="Only a workspace admin"):
            privacy.agree(session, chair, request, now=world.now)
    ada.click(asked, "Forget them")
    with world.session() as session:
        admin = people.of(session, "UADMIN")
        assert admin is not None
        with pytest.raises(WorkflowError, match="answered already"):
            privacy.refuse(session, admin, request, now=world.now)


def test_a_farewell_that_cannot_be_delivered_does_not_keep_somebody_for_ever(world: World) -> None:
    world.committee()
    alice = world.person("Alice")
    alice.command("/committee", "privacy", "CIDEAS")
    alice.click(alice.ephemerals()[-1], "Ask to be forgotten")
    world.settle()
    world.slack.faults.refuse("chat.postMessage", "internal_error", times=10_000, channel=ALICE)
    world.person("Ada").click(world.dms("Ada")[-1], "Forget them")
    world.advance(hours=25)
    with world.session() as session:
        assert people.of(session, ALICE) is None
        left = sa.select(Notice).where(Notice.state == NoticeState.OWED, Notice.kind == "privacy.farewell")
        assert session.scalars(left).all() == []
