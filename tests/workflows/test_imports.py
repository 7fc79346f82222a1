"""Ideas from tables: what is understood, what is refused, and that a second run adds nothing."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from bot.importing import run
from db.engine import Sessions
from db.models import Idea, Notice
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import imports
from workflows.errors import WorkflowError

MAP = {"title": "action", "problem": "background", "key": "id"}
TABLE = """id,action,background
1,Shorter queues,"People wait, and wait"
2,,No title here
3,"Signs at the gate","Nobody finds gate 7
after ten."
1,Shorter queues,"People wait, and wait"
"""


def rows(text: str, mapping: dict[str, str] | None = None, delimiter: str | None = None) -> list[imports.Row]:
    return list(imports.read(io.StringIO(text, newline=""), mapping or MAP, delimiter))


def test_a_mapping_says_which_column_is_which_field() -> None:
    assert imports.mapping_from("title = Subject, problem=Body") == {"title": "Subject", "problem": "Body"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title=A", "which column is the problem"),
        ("title=A,problem=", "no mapping"),
        ("title=A,problem=B,title=C", "mapped twice"),
        ("headline=A,problem=B", "no mapping"),
    ],
)
def test_a_mapping_that_is_none_is_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(WorkflowError, match=says):
        imports.mapping_from(text)


def test_a_table_without_a_mapped_column_is_refused_naming_those_it_has() -> None:
    with pytest.raises(WorkflowError, match=r"no column background. The columns are: id, action"):
        rows("id,action\n1,x\n")


def test_words_in_angle_brackets_stay_among_real_html() -> None:
    said = imports.plain('<p>x<y and z>w</p><iframe src="a" allowfullscreen></iframe>&amp; </nobody>')
    assert said == "x<y and z>w& </nobody>"


def test_a_column_named_twice_and_missing_is_named_once() -> None:
    with pytest.raises(WorkflowError, match=r"no column c\. The columns"):
        list(imports.read(io.StringIO("a,b\n1,2\n"), {"title": "c", "problem": "c"}))


def test_semicolons_and_html_and_slashed_dates_are_understood() -> None:
    mapping = imports.mapping_from("title=t,problem=d,submitted=at")
    table = '"t";"d";"at"\n"Metro ";"<p>Sin&nbsp;ascensor.</p><p>Ni <b>rampa</b> &amp; nada</p>";"01/02/2024"\n'
    found = imports.entry(rows(table, mapping)[0], mapping)
    assert found.proposal.title == "Metro"
    assert found.proposal.problem == "Sin ascensor.\nNi rampa & nada"
    assert found.submitted is not None
    assert found.submitted.date().isoformat() == "2024-02-01"


@pytest.mark.parametrize(
    "text",
    ["a < b and c > d", "AT&T", "5 <6", "a <b and c> d", "if x<y then y>x", "<https://evil|x>", "write to <me@x.org/>"],
)
def test_text_that_only_looks_a_little_like_html_stays_as_it_is(text: str) -> None:
    assert imports.plain(text) == text


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"t": "x", "d": "y", "at": "32/01/2024"}, "is no date"),
        ({"t": "x", "d": "y", "who": "Ann"}, "no Slack user id"),
        ({"t": "x", "d": "  "}, "hassle"),
        ({"t": "x" * 141, "d": "y"}, "141 characters"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(cells: dict[str, str], says: str) -> None:
    mapping = {"title": "t", "problem": "d", "submitted": "at", "author": "who"}
    with pytest.raises(WorkflowError, match=says):
        imports.entry(imports.Row(2, cells), mapping)


def test_rows_are_taken_once_refused_ones_are_named_and_a_second_run_adds_nothing(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.committee(session)
    first = run(sessions, WORKSPACE, rows(TABLE), MAP, committee=None, now=NOW, dry_run=False)
    assert (first.new, first.known) == (2, 1)
    assert [(one.row.line, one.reason.split(",")[0]) for one in first.refused] == [(3, "Give your idea a title")]
    second = run(sessions, WORKSPACE, rows(TABLE), MAP, committee=None, now=NOW, dry_run=False)
    assert (second.new, second.known) == (0, 3)


def test_a_dry_run_says_the_same_and_leaves_nothing(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.committee(session)
    tried = run(sessions, WORKSPACE, rows(TABLE), MAP, committee=None, now=NOW, dry_run=True)
    assert (tried.new, tried.known, len(tried.refused)) == (2, 1, 1)
    with sessions.begin(WORKSPACE) as session:
        assert session.scalars(sa.select(Idea)).all() == []


def test_imported_ideas_are_quiet_and_promise_nothing(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.committee(session)
    run(sessions, WORKSPACE, rows(TABLE), MAP, committee=None, now=NOW, dry_run=False)
    with sessions.begin(WORKSPACE) as session:
        assert session.scalars(sa.select(Notice).where(Notice.kind.startswith("idea."))).all() == []
        assert {idea.answered_at for idea in session.scalars(sa.select(Idea))} == {NOW}


def test_an_unknown_committee_is_refused_naming_those_there_are(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.committee(session, name="Gate")
    with pytest.raises(WorkflowError, match="“Gate”"):
        run(sessions, WORKSPACE, rows(TABLE), MAP, committee="Lounge", now=NOW, dry_run=False)
