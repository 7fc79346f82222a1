"""`touchstone import`: tables as people have them, from the command line; one sentence for each that cannot be read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from bot.cli import app
from db.engine import Sessions
from db.models import Idea
from tests import builders
from tests.builders import WORKSPACE

SAMPLE = Path(__file__).parents[2] / "bot" / "data" / "ideas-uk-petitions.csv"
SAMPLE_MAP = "title=action,problem=background,proposal=additional_details,key=id,submitted=created_at"
MAP = "title=t,problem=p"
HEAD = "t,p\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)


@pytest.fixture
def committee(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.committee(session, name="Gate")


def taken(content: str | bytes, *options: str, mapping: str = MAP) -> Result:
    Path("table.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(app, ["import", "table.csv", "--map", mapping, *options])


def titles(sessions: Sessions) -> list[str]:
    with sessions.begin(WORKSPACE) as session:
        return list(session.scalars(sa.select(Idea.title).order_by(Idea.number)))


def refused_rows(path: str = "table-refused.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("committee")
def test_the_shipped_sample_is_taken_whole_and_once(sessions: Sessions) -> None:
    first, second = (CliRunner().invoke(app, ["import", str(SAMPLE), "--map", SAMPLE_MAP]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    count = len(titles(sessions))
    assert f"{count} imported, 0 here already, 0 refused." in first.stdout
    assert f"0 imported, {count} here already, 0 refused." in second.stdout
    assert count > 200


@pytest.mark.usefixtures("committee")
def test_a_dry_run_shows_the_first_rows_and_leaves_nothing(sessions: Sessions) -> None:
    result = taken(HEAD + "Shorter queues,People wait\n", "--dry-run")
    assert "1 would be imported" in result.stdout
    assert "Shorter queues" in result.stderr
    assert titles(sessions) == []


@pytest.mark.usefixtures("committee")
def test_refused_rows_are_written_down_with_line_column_and_reason(sessions: Sessions) -> None:
    result = taken("id,t,p\n1,Good,Yes\n2,,No title\n3,Long," + "x" * 3001 + "\n", "--refused", "no.csv")
    assert result.exit_code == 0
    assert "1 imported, 0 here already, 2 refused." in result.stdout
    rows = refused_rows("no.csv")
    assert [(row["line"], row["column"], row["id"]) for row in rows] == [("3", "t", "2"), ("4", "p", "3")]
    assert "3,001 characters" in rows[1]["reason"]


@pytest.mark.usefixtures("committee")
def test_a_table_of_which_nothing_can_be_taken_fails() -> None:
    assert taken(HEAD + ",no title\n").exit_code == 1


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("\ufeffT,p\nWith a mark,x\n".replace("T", "t"), [], ["With a mark"]),
        ("t,p\nCafé,zu spät\n".encode("latin-1"), ["--encoding", "latin-1"], ["Café"]),
        ("t,p\nExcel,x\n".encode("utf-16"), ["--encoding", "utf-16"], ["Excel"]),
        (b't,p\r\nDOS,"two\r\nlines"\r\nNext,x\r\n', [], ["DOS", "Next"]),
        ("t;p\nSemicolon;a, b\n", [], ["Semicolon"]),
        ("t\tp\nTab\ta, b\n", ["--delimiter", "tab"], ["Tab"]),
        (" t , p \nBlanks around names,x\n", [], ["Blanks around names"]),
        ("t,p,,\nEmpty columns,x,,,,\n", [], ["Empty columns"]),
        ("t,p\n\n,\nBlank lines,x\n", [], ["Blank lines"]),
        ("t,p\nNo end of line,x", [], ["No end of line"]),
        ('t,p\nA 5" pipe,it is 5" wide\n', [], ['A 5" pipe']),
        ("t,p\nNul,a\0b\n", [], ["Nul"]),
        ("t,p\n", [], []),
    ],
    ids=str,
)
@pytest.mark.usefixtures("committee")
def test_tables_as_people_have_them_are_taken(
    sessions: Sessions, content: str | bytes, options: list[str], expected: list[str]
) -> None:
    result = taken(content, *options)
    assert result.exit_code == 0, result.output
    assert titles(sessions) == expected


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("", [], "no table"),
        ("\n\n", [], "no table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", [], "not utf-8 text. Try --encoding latin-1"),
        (b"PK\x03\x04\x14\x00\xff\xfe", [], "a spreadsheet or an archive. Save it as CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ["--encoding", "latin-1"], "no column t, p"),
        (b"a\x00b\n", [], "no table"),
        ("t,p\nCafé,x\n".encode("latin-1"), [], "--encoding latin-1"),
        ("t,p\nExcel,x\n".encode("utf-16"), [], "--encoding utf-16"),
        ("t,p\nx,y\n", ["--encoding", "martian"], "no encoding known here"),
        ("t,p\nx,y\n", ["--delimiter", ";;"], "cannot part columns"),
        ("a,b\nx,y\n", [], "The columns are: a, b"),
        ("t,p,t\nx,y,z\n", [], "Two columns are called t"),
        ('t,p\nx,y\nz,"never closed\nand on\n', [], "opened after line 2 and never closed"),
        ("t,p\nx," + "y" * 1_000_001 + "\n", [], "Line 2 cannot be read"),
        ("t,p\nx,y\n", ["--committee", "Lounge"], "“Gate”"),
        ("t,p\nx,y\n", ["--workspace", "T0NONE"], WORKSPACE),
        ("t,p\nx,y\n", ["--author", "U0NOBODY"], "U0NOBODY"),
        ("t,p\n,y\n", ["--refused", "no/where.csv"], "cannot be written"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("committee")
def test_what_cannot_be_read_is_refused_in_one_sentence(
    sessions: Sessions, content: str | bytes, options: list[str], says: str
) -> None:
    result = taken(content, *options)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert says in result.stderr
    assert "Traceback" not in result.output
    assert titles(sessions) == []


@pytest.mark.usefixtures("committee")
def test_a_row_with_too_many_cells_is_refused_rather_than_taken_shifted(sessions: Sessions) -> None:
    taken(HEAD + "Fine,x\nQueues, long ones,they wait\n")
    assert titles(sessions) == ["Fine"]
    assert "more cells than there are columns" in refused_rows()[0]["reason"]


def test_without_a_workspace_one_hears_what_to_do_first() -> None:
    assert "start Touchstone" in taken(HEAD + "x,y\n").stderr


def test_a_file_that_is_not_there_is_named() -> None:
    result = CliRunner().invoke(app, ["import", "nowhere.csv", "--map", MAP])
    assert result.exit_code == 1
    assert "nowhere.csv cannot be read" in result.stderr


def test_an_empty_database_is_told_apart_from_a_bad_address(empty_url: str) -> None:
    unmigrated = CliRunner().invoke(app, ["import", str(SAMPLE), "--map", SAMPLE_MAP], env={"DATABASE_URL": empty_url})
    assert (unmigrated.exit_code, "touchstone migrate" in unmigrated.stderr) == (1, True)
    wrong = CliRunner().invoke(app, ["import", str(SAMPLE), "--map", SAMPLE_MAP], env={"DATABASE_URL": "mysql://x/y"})
    assert (wrong.exit_code, "DATABASE_URL" in wrong.stderr) == (1, True)


def test_whoever_stands_in_as_author_and_could_not_vote_is_named(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        chair = builders.person(session, "Clara")
        builders.committee(session, chair=chair.slack_id)
        outsider = builders.person(session, "Otto").slack_id
    as_chair = taken(HEAD + "One,x\n", "--author", str(chair.slack_id))
    assert "count as Clara's, who cannot vote on them" in as_chair.stdout
    as_outsider = taken(HEAD + "Two,x\n", "--author", str(outsider))
    assert "cannot vote" not in as_outsider.stdout
