"""`touchstone demo`: four weeks of a committee on the real ideas that are shipped, in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.demo import cast, keeping, stage, telling
from db.engine import Sessions
from db.models import Idea, IdeaState
from playground.testing import slack_workspace
from playground.workspace import Workspace
from tests import builders
from tests.builders import WORKSPACE
from tests.databases import open_engine

pytestmark = pytest.mark.xdist_group("demo")  # it is played once, for all tests here


def run(*words: str) -> subprocess.CompletedProcess[str]:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TOUCHSTONE_"))}
    command = [sys.executable, "-m", "bot", "demo", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=quiet | {"COLUMNS": "120"})


@dataclass(frozen=True)
class Played:
    """A demo that has been played: what it said, what went over the wire, and its database."""

    status: int
    said: str
    complained: str
    wire: list[dict[str, Any]]
    database: str
    kept: Path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    database, capture = f"sqlite:///{folder / 'demo.db'}", folder / "wire.jsonl"
    kept = folder / "kept.zip"
    done = run("--capture", str(capture), "--database-url", database, "--keep", str(kept))
    wire = [json.loads(line) for line in capture.read_text(encoding="utf-8").splitlines()]
    return Played(done.returncode, done.stdout, done.stderr.strip(), wire, database, kept)


def counted(played: Played, what: str) -> int:
    found = re.search(rf"^\s+{what}\s+([\d,]+)\s*$", played.said, re.MULTILINE)
    assert found, what
    return int(found[1].replace(",", ""))


def test_one_worker_plays_it_for_all(request: pytest.FixtureRequest) -> None:
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    assert alone or request.node.nodeid.endswith("@demo")


def test_it_ends_well_and_logs_nothing(played: Played) -> None:
    assert played.status == 0, played.complained
    assert (counted(played, "contract problems"), counted(played, "undelivered")) == (0, 0)
    assert played.complained == ""


def test_it_prints_the_last_digest_and_three_decisions(played: Played) -> None:
    for said in (
        "Better Service: the week to Fri 2 Oct 2026",
        "Done – worth celebrating",
        "Top of the backlog",
        "an approval, and what came of it",
        "a decline, with its dissent",
        "a vote with too few voices at first",
        "2 of 7 took part, and 4 must",
        "approves with a condition",
        "is not going ahead",
    ):
        assert said in played.said
    assert "Open Government Licence v3.0" in played.said
    assert not re.search(r"<!date|<@U|&amp;", played.said)


def test_it_says_how_much_there_was(played: Played) -> None:
    assert counted(played, "ideas") > 200
    assert counted(played, "digests") == 4
    assert counted(played, "ballots closed") >= 7
    assert counted(played, "of them done") == 2
    assert counted(played, "calls to Slack") == sum("method" in record for record in played.wire)


@pytest.fixture
def sessions_after(played: Played) -> Iterator[Sessions]:
    with open_engine(played.database) as engine:
        yield Sessions(engine)


def test_at_the_end_there_is_an_idea_in_every_state(sessions_after: Sessions) -> None:
    with sessions_after.everywhere() as session:
        states = set(session.scalars(sa.select(Idea.state).distinct()))
    assert states == set(IdeaState)


def test_people_used_slack_and_nothing_else(played: Played) -> None:
    asked = {place: record["request"] for place, record in enumerate(played.wire) if "request" in record}
    kinds = {request.get("type") or request.get("command") for request in asked.values()}
    assert {"block_actions", "view_submission", "event_callback", "/idea", "/committee"} <= kinds
    born = {request["trigger_id"]: place for place, request in asked.items() if "trigger_id" in request}
    opened = [place for place, record in enumerate(played.wire) if record.get("method") == "views.open"]
    assert opened
    assert all(born[played.wire[place]["args"]["trigger_id"]] < place for place in opened)


def test_it_says_where_the_database_is(played: Played) -> None:
    assert played.database in played.said


def read(file: Path) -> dict[str, list[str]]:
    """What stands in each conversation of a season that was kept."""
    with zipfile.ZipFile(file) as packed:
        messages = json.loads(packed.read(keeping.SLACK))["messages"]
    told: dict[str, list[str]] = {}
    for message in messages:
        told.setdefault(message["channel"], []).append(f"{message['text']} {json.dumps(message['blocks'])}")
    return {channel: [re.sub(r'"block_id": "[^"]*"', "", text) for text in texts] for channel, texts in told.items()}


def test_the_season_that_the_playground_begins_with_is_the_one_played_today(played: Played) -> None:
    with as_file(keeping.SHIPPED) as shipped:
        assert read(shipped) == read(played.kept), f"Make it anew: python -m bot demo --keep {shipped}"


@pytest.mark.parametrize(
    ("table", "options", "says"),
    [
        ("t,p\n" + "x,y\n" * 5, ["--map", "title=t,problem=p"], "at least 24 ideas, and there are 5"),
        ("a,b\nx,y\n", ["--map", "title=t,problem=p"], "no column t, p"),
        ("t,p\nx,y\n", ["--map", "headline=t"], "no mapping"),
    ],
)
def test_ideas_that_cannot_be_played_are_refused_in_a_sentence(
    tmp_path: Path, table: str, options: list[str], says: str
) -> None:
    (tmp_path / "ideas.csv").write_text(table, encoding="utf-8")
    done = CliRunner().invoke(app, ["demo", "--ideas", str(tmp_path / "ideas.csv"), *options])
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert says in done.stderr


def test_a_database_that_somebody_uses_is_left_alone(database_url: str, sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.committee(session)
    done = CliRunner().invoke(app, ["demo", "--database-url", database_url])
    assert (done.exit_code, "needs an empty one" in done.stderr) == (1, True)


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with slack_workspace() as workspace:
        cast.populate(workspace)
        yield workspace


@pytest.mark.parametrize(
    ("mrkdwn", "reads"),
    [
        ("*Bold* and :tada:", "Bold and 🎉"),
        ("<@UMIA> in <#CIDEAS>", "@Mia in #ideas"),
        ("by <!date^1791302400^{date_short}|Tue 6 Oct 2026, 17:00 BST>", "by Tue 6 Oct 2026, 17:00 BST"),
        ("a &lt;b&gt; &amp; [red]c[/red]", "a <b> & [red]c[/red]"),
        ("<https://slack.example/p1|the message>", "the message"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("2:30:15 and :no_such_sign:", "2:30:15 and :no_such_sign:"),
        (":large_green_circle: on track", "🟢 on track"),
        ("x" * 500, "x" * (telling.LONGEST_LINE - 1) + "…"),
    ],
)
def test_a_message_reads_in_the_terminal_as_in_slack(slack: Workspace, mrkdwn: str, reads: str) -> None:
    assert telling.plain(slack, mrkdwn).plain == reads


def test_a_sum_with_troubles_shows_them() -> None:
    found = telling.Sum({"ideas": 1200}, ["chat.update: msg_too_long"], [])
    with (console := Console(width=60)).capture() as told:
        console.print(telling.summary(found))
    assert not found.is_well
    assert [" ".join(line.split()) for line in told.get().splitlines()] == [
        "ideas 1,200",
        "contract problems 1",
        "undelivered 0",
    ]


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-09-07T07:30Z", "2026-09-07T08:00Z"),  # nine in London
        ("2026-09-07T08:00Z", "2026-09-07T13:00Z"),  # nine in New York
        ("2026-09-07T14:00Z", "2026-09-07T16:00Z"),  # the end of a vote in London
        ("2026-09-07T16:00Z", "2026-09-08T03:30Z"),  # nine in India
        ("2026-09-11T16:00Z", "2026-09-14T03:30Z"),  # over the week-end
        ("2026-12-31T15:30Z", "2026-12-31T17:00Z"),  # winter
    ],
)
def test_time_stops_where_things_fall_due(now: str, then: str) -> None:
    assert stage.next_stop(datetime.fromisoformat(now)) == datetime.fromisoformat(then)
