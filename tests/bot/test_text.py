"""Text from people on the screen: it pings nobody, links nowhere, fits, and stays readable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import blocks, text
from playground import contract

LIVE = re.compile(r"(?<!\w)[@#][a-zA-Z]")


@dataclass
class Somebody:
    slack_id: str | None
    name: str


@dataclass
class SomeIdea:
    number: int
    title: str


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain words", "plain words"),
        ("<!channel> look", "&lt;!channel&gt; look"),
        ("<https://evil|x>", "&lt;https://evil|x&gt;"),
        ("Q&A", "Q&amp;A"),
        ("&amp;", "&amp;amp;"),
        ("ask @everyone", "ask @\u2060everyone"),
        ("in #general", "in #\u2060general"),
        ("#12 and 5 @ 3", "#12 and 5 @ 3"),
        ("me@example.org", "me@example.org"),
        ("bell\x07 and turn\u202e", "bell and turn"),
        ("two\r\nlines", "two\nlines"),
        ("שלום 👩‍👩‍👧", "שלום 👩‍👩‍👧"),
    ],
)
def test_text_from_people_is_made_harmless(typed: str, shown: str) -> None:
    assert text.esc(typed) == shown


@given(st.text())
def test_escaped_text_mentions_nobody_and_opens_nothing(typed: str) -> None:
    safe = text.esc(typed)
    assert "<" not in safe
    assert ">" not in safe
    assert not LIVE.search(" " + safe)


@given(st.text(), st.integers(1, 50))
def test_clipped_text_fits(typed: str, n: int) -> None:
    assert len(text.clip(typed, n)) <= n


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (26, "Signs at the gate, please"),
        (25, "Signs at the gate, please"),
        (24, "Signs at the gate,…"),
        (18, "Signs at the gate…"),
        (6, "Signs…"),
        (4, "Sig…"),
    ],
)
def test_text_is_cut_at_a_words_end_where_one_is_near(n: int, shown: str) -> None:
    assert text.clip("Signs at the gate, please", n) == shown
    assert text.clip_mrkdwn("Signs at the gate, please", n) == shown


def test_a_word_without_end_is_cut_where_there_is_no_more_room() -> None:
    assert text.clip("a " + "x" * 50, 10) == "a xxxxxxx…"


@given(
    st.lists(st.sampled_from(["<@U123>", "a b", "&amp;", "<!date^1^{time}|x>", "words "])).map("".join),
    st.integers(1, 60),
)
def test_clipped_mrkdwn_fits_and_breaks_nothing(typed: str, n: int) -> None:
    clipped = text.clip_mrkdwn(typed, n)
    assert len(clipped) <= n
    assert clipped.count("<") == clipped.count(">")
    assert not re.search(r"&(?!amp;)", clipped)


@given(st.text(max_size=4000))
def test_any_text_makes_a_section_that_slack_takes(typed: str) -> None:
    made = [
        blocks.section(text.esc(typed) or "–").to_dict(),
        blocks.plain(typed).to_dict(),
        blocks.header(typed).to_dict(),
    ]
    problems = contract.check_blocks(made, "message")
    assert [problem for problem in problems if problem.severity == "error"] == []


@pytest.mark.parametrize(("n", "said"), [(0, "no votes"), (1, "1 vote"), (2, "2 votes"), (10_000, "10000 votes")])
def test_numbers_take_their_plural(n: int, said: str) -> None:
    assert text.plural(n, "vote") == said


def test_a_plural_that_takes_more_than_an_s() -> None:
    assert text.plural(2, "reply", "replies") == "2 replies"


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_read_as_people_say_them(items: list[str], said: str) -> None:
    assert text.listed(items) == said


def test_a_moment_is_shown_in_the_readers_zone_and_says_its_own_where_it_cannot() -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert text.when(moment, "Europe/Berlin") == (
        "<!date^1774747800^{date_short_pretty} at {time}|Sun 29 Mar 2026, 03:30 CEST>"
    )


def test_a_day_is_written_out() -> None:
    assert text.day(date(2026, 1, 2)) == "Fri 2 Jan 2026"


def test_people_are_called_by_name_without_a_ping_and_the_erased_by_none() -> None:
    assert text.person_name(Somebody("U1", "Ann <!here>")) == "Ann &lt;!here&gt;"
    assert text.person_name(None) == text.person_name(Somebody(None, "")) == "somebody"
    assert text.mention(None) == "somebody"


def test_an_idea_is_called_by_number_and_title_on_one_line() -> None:
    assert text.idea_ref(SomeIdea(12, "A\nlong & winding title"), 10) == "#12 A long &amp;…"


@pytest.mark.parametrize(("page", "ways"), [(1, ["next"]), (2, ["previous", "next"]), (3, ["previous"])])
def test_a_pager_offers_only_pages_there_are(page: int, ways: list[str]) -> None:
    row = blocks.pager("idea.page", page, 3, scope="mine")[1].to_dict()
    assert [one["action_id"].rpartition(".")[2] for one in row["elements"]] == ways


def test_one_page_needs_no_pager() -> None:
    assert blocks.pager("idea.page", 1, 1) == []
