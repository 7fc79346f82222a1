"""Rehearsing cases from text: one document or a case a line, every bad one a sentence, none a traceback."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.charter_cases import case_of
from workflows.rehearsal import Judged, Refused, exit_status, rehearse, text_of

FILE = Path(__file__).with_name("cases") / "charter-cases.jsonl"
GOOD = case_of("aad")
LINE = json.dumps(GOOD)


def results(text: str | bytes, *, lines: bool | None) -> list[Judged | Refused]:
    raw = text.encode() if isinstance(text, str) else text
    return [*rehearse(text_of(io.BytesIO(raw)), lines=lines)]


def refusal(text: str | bytes, *, lines: bool | None = False) -> str:
    [found] = results(text, lines=lines)
    assert isinstance(found, Refused)
    return str(found)


def test_a_file_of_wrapped_cases_gives_a_verdict_a_line_and_status_0() -> None:
    with text_of(FILE.open("rb")) as source:
        found = [*rehearse(source, lines=True)]
    assert exit_status(found) == 0
    wanted = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    assert [result.name for result in found if isinstance(result, Judged)] == [case["name"] for case in wanted]
    for result, case in zip(found, wanted, strict=True):
        printed = json.loads(str(result))
        assert printed | case["verdict"] == printed


@pytest.mark.parametrize("text", [LINE, json.dumps(GOOD, indent=2), json.dumps({"name": "x", "case": GOOD})])
@pytest.mark.parametrize("lines", [False, None])
def test_one_document_bare_or_wrapped_on_one_line_or_many_is_one_case(text: str, lines: bool | None) -> None:
    [found] = results(text, lines=lines)
    assert isinstance(found, Judged)
    assert found.verdict.outcome == "approved"


def test_one_bad_line_names_itself_and_its_field_and_the_others_are_judged() -> None:
    bad = json.dumps(case_of("aad", tie="toss"))
    found = results(f"{LINE}\n\n{bad}\n{{\n{LINE}\n", lines=True)
    assert [type(result).__name__ for result in found] == ["Judged", "Refused", "Refused", "Judged"]
    assert str(found[1]).startswith("line 3: charter.tie: must be ")
    assert str(found[2]).startswith("line 4: not JSON: ")
    assert exit_status(found) == 1


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"{LINE}\n{LINE}", ["Judged", "Judged"]),
        (f"oops\n{LINE}", ["Refused", "Judged"]),
        ("{}\n{}", ["Refused", "Refused"]),
        (json.dumps(GOOD, indent=2)[:-1], ["Refused"]),
        (json.dumps(case_of("a"), indent=2).replace('"a', '"a" "'), ["Refused"]),
        ("", ["Refused"]),
        ("[]", ["Refused"]),
    ],
)
def test_standard_input_shows_by_itself_whether_it_is_a_case_a_line(text: str, kinds: list[str]) -> None:
    assert [type(result).__name__ for result in results(text, lines=None)] == kinds


def test_no_lines_are_no_refusals() -> None:
    assert exit_status(results("\n", lines=True)) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        (LINE + LINE, "not JSON"),
        ("[]", "the case: must be an object"),
        ('{"case": 1}', "the case: must be an object"),
        (LINE.replace('"seats": 3', '"seats": NaN'), "NaN is not a number"),
        (LINE.replace('"seats": 3', '"seats": 1e999'), "seats: must be a whole number"),
        (LINE.replace('"seats": 3', '"seats": ' + "9" * 5000), "a number in it is too long"),
        (LINE.replace('"seats": 3', '"seats": ' + "9" * 4000), "seats: must be less than"),
        (LINE.replace('"seats": 3', '"seats": 3, "seats": 4'), "seats: is there twice"),
        (LINE.replace('"U1"', '"\\ud800"'), "members.0.id: "),
        (LINE.replace('"seats"', '"\\ud800"'), "unicode"),
        ("[" * 100_000, "nested too deeply"),
        (LINE.encode("utf-16"), "not UTF-8"),
        (LINE.replace("U1", "Ü").encode("latin-1"), "not UTF-8"),
    ],
)
def test_text_that_is_no_case_is_refused_with_a_sentence(text: str | bytes, words: str) -> None:
    told = refusal(text)
    assert words in told
    assert told.encode("utf-8")


def test_a_line_that_is_not_utf8_is_refused_alone_even_at_the_end_of_good_ones() -> None:
    found = results(LINE.encode() + b"\n\xff\xfe\n" + LINE.encode(), lines=True)
    assert [type(result).__name__ for result in found] == ["Judged", "Refused", "Judged"]
    assert str(found[1]) == "line 2: not UTF-8 text; save it as UTF-8."


def test_a_source_that_stops_at_its_first_wrong_byte_is_refused_not_raised() -> None:
    strict = io.TextIOWrapper(io.BytesIO(b"\xff"), encoding="utf-8")
    [found] = rehearse(strict, lines=True)
    assert isinstance(found, Refused)


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert exit_status(results(b"\xef\xbb\xbf" + LINE.encode(), lines=False)) == 0


_keys = st.text() | st.sampled_from([*GOOD, *GOOD["charter"]])
_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=5),
    max_leaves=8,
)


@given(st.sampled_from([*GOOD, "charter", "members"]), _json)
def test_whatever_stands_in_a_field_it_is_judged_or_refused(key: str, value: Any) -> None:
    [found] = results(json.dumps(GOOD | {key: value}), lines=False)
    assert isinstance(found, Judged) or str(found).endswith(".")


@given(st.binary(max_size=60), st.sampled_from([True, False, None]))
def test_no_bytes_make_a_traceback(raw: bytes, lines: bool | None) -> None:
    assert all(str(result) for result in results(raw, lines=lines))
