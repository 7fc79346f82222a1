"""`touchstone export`: what was decided, for people and programs; no formulas, and no secrets of the ballot."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.exporting import FORMULA, defused
from db.engine import Sessions
from db.models import Committee
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows import work_scene
from tests.workflows.ballot_scene import Scene, vote_in
from workflows import exports, ideas


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)


def voted(session: Session, committee: Committee, *, secret: bool = False) -> Scene:
    """An idea that three approved and two declined."""
    scene = vote_in(session, committee, secret=secret)
    scene.vote("approve", "approve", "approve", "decline", "decline")
    scene.close()
    return scene


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, ["export", *words])
    assert result.exit_code == 0, result.output
    return result


def table(*words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(*words).stdout)))


def lines(*words: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(*words, "--format", "jsonl").stdout.splitlines()]


def test_a_decision_is_exported_with_its_tally_and_who_said_what(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        voted(session, committee)
    (row,) = table()
    assert (row["state"], row["decision"], row["decided_by"]) == ("approved", "approved", "the committee")
    assert [row[name] for name in ("approve", "decline", "object", "abstain", "silent")] == ["3", "2", "0", "0", "0"]
    assert "Member 2: decline – decline it, says Member 2" in row["said"]
    (line,) = lines()
    assert line["ballots"][0]["tally"] == {"approve": 3, "decline": 2, "object": 0, "abstain": 0, "silent": 0}  # type: ignore[index]
    assert len(line["ballots"][0]["votes"]) == 5  # type: ignore[index]


def test_a_secret_ballot_keeps_its_secret_in_every_form(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = voted(session, builders.committee(session), secret=True)
        names = [person.name for person in scene.everybody]
    (row,) = table()
    assert (row["secret"], row["approve"], row["decline"]) == ("True", "3", "2")
    assert not any(f"{name}:" in row["said"] for name in names)
    (line,) = lines()
    votes = line["ballots"][0]["votes"]  # type: ignore[index]
    assert {vote["person"] for vote in votes} == {None}
    assert [vote["choice"] for vote in votes] == ["decline", "decline"]


def test_an_open_vote_tells_nothing_yet(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        vote_in(session, builders.committee(session)).vote("approve", "decline")
    (line,) = lines()
    assert (line["state"], line["ballots"], line["decision"]) == ("in_review", [], None)


def test_a_chairs_own_decision_names_the_chair(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        idea = builders.idea(session, committee)
        ideas.decline(session, builders.chair(session, committee), idea, "Not ours to do.", now=builders.NOW)
    (row,) = table()
    assert (row["decision"], row["decided_by"], row["reason"]) == ("declined", "Clara", "Not ours to do.")
    assert row["votes_held"] == "0"


def test_work_is_exported_with_owner_and_due_date(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = work_scene.offered(session)
        owner = work.owner.name
    (row,) = table("work")
    assert (row["owner"], row["due_on"], row["state"]) == (owner, "2026-12-16", "offered")
    (line,) = lines("work")
    assert line["title"] == "Signs at the gate"


def test_what_a_spreadsheet_would_run_is_defused_in_tables_and_left_alone_in_json(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.idea(session, builders.committee(session), title="=HYPERLINK(0)", problem="@SUM(1)", proposal="-1+1")
    (row,) = table()
    assert (row["title"], row["problem"], row["proposal"]) == ("'=HYPERLINK(0)", "'@SUM(1)", "'-1+1")
    (line,) = lines()
    assert line["title"] == "=HYPERLINK(0)"


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not defused(text).lstrip(" ").startswith(FORMULA)


@pytest.mark.parametrize("cell", [12, None, True, "12", "a=b"])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert defused(cell) == cell


def test_an_export_goes_to_a_file_with_a_word_of_caution_beside_it(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session, name="Gate")
        builders.idea(session, committee)
        channel = builders.channel(session, committee, "CPRIVATE", is_private=True)
        assert channel.is_private
    result = run("--output", "out.csv")
    assert result.stdout == ""
    assert "1 exported. It names people and what they said." in result.stderr
    assert "“Gate” meets in a private channel" in result.stderr
    assert len(Path("out.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_a_file_that_cannot_be_written_is_named(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.committee(session)
    result = CliRunner().invoke(app, ["export", "--output", "no/where.csv"])
    assert (result.exit_code, "no/where.csv cannot be written" in result.stderr) == (1, True)


def test_a_committee_is_exported_without_its_neighbours(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        for name in ("Gate", "Lounge"):
            builders.idea(session, builders.committee(session, name=name), title=f"Idea of {name}")
    assert [row["title"] for row in table("--committee", "Lounge")] == ["Idea of Lounge"]
    asked = CliRunner().invoke(app, ["export"])
    assert (asked.exit_code, "“Gate”, “Lounge”" in asked.stderr) == (1, True)


def test_a_long_record_comes_whole_and_in_order(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        author = builders.chair(session, committee)
        made = [builders.idea(session, committee, author).number for _ in range(exports.BATCH + 1)]
    assert [int(row["number"]) for row in table()] == made


def test_somebody_erased_has_no_name(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        author = builders.person(session, "Alice")
        builders.idea(session, committee, author)
        author.name, author.slack_id, author.erased_at = "", None, builders.NOW
    (line,) = lines()
    assert line["author"] is None
