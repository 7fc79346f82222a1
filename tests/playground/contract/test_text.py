"""Escaping and injection in text that Slack parses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contract import check_text


def codes(text: str, *untrusted: str, auto_parsed: bool = False) -> set[str]:
    return {problem.code for problem in check_text(text, untrusted, auto_parsed=auto_parsed)}


@pytest.mark.parametrize(
    "text",
    [
        "Hi <@U012AB3CD>, see <https://e.example/a?b=1&amp;c=2|the plan> &amp; &lt;3",
        "> quoted\n>>> quoted on",
        "<#C012AB3CD|general> <!subteam^S012AB3CD> <mailto:a@e.example|write>",
        "<!date^1712345678^{date_short} {time}^https://e.example|5 April, 21:34 CEST>",
        "",
    ],
)
def test_well_formed_text_is_left_alone(text: str) -> None:
    assert check_text(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<not a link>", "bad_control_sequence"),
        ("<!date^1712345678^{date_short}>", "bad_control_sequence"),
        ("a < b", "unescaped_angle"),
        ("salt & pepper", "unescaped_ampersand"),
        ("a &amp;lt; b", "double_escaped"),
        ("<!channel> hello", "broadcast_mention"),
        ("<!here|here> hello", "broadcast_mention"),
    ],
)
def test_text_is_warned_about(text: str, code: str) -> None:
    assert codes(text) == {code}


@pytest.mark.parametrize(
    ("text", "untrusted", "code"),
    [
        ("You wrote: <@U012AB3CD>", "<@U012AB3CD>", "mention_injection"),
        ("<https://evil.example|Payroll>", "see <https://evil.example|Payroll>", "mention_injection"),
        ("R&D plan", "R&D", "unescaped_user_text"),
    ],
)
def test_words_of_people_must_not_act(text: str, untrusted: str, code: str) -> None:
    assert code in codes(text, untrusted)


def test_a_plain_at_everyone_matters_only_where_slack_parses_by_itself() -> None:
    assert codes("they say @everyone", "@everyone", auto_parsed=True) == {"auto_parsed_mention"}
    assert codes("they say @everyone", "@everyone") == set()


@given(st.text())
def test_escaped_words_of_people_never_act(said: str) -> None:
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert codes(escaped, said) <= {"double_escaped"}
