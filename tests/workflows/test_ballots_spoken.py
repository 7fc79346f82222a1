"""Votes as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models import Choice
from workflows.ballots.spoken import Spoken, read

APPROVE, WITH, DECLINE, OBJECT, ABSTAIN = (
    Choice.APPROVE,
    Choice.APPROVE_WITH_CONDITIONS,
    Choice.DECLINE,
    Choice.OBJECT,
    Choice.ABSTAIN,
)


@pytest.mark.parametrize(
    ("text", "choice", "reason"),
    [
        ("approve", APPROVE, ""),
        ("Approve.", APPROVE, ""),
        ("approve because it saves an hour a day", APPROVE, "it saves an hour a day"),
        ("I approve this: long overdue", APPROVE, "long overdue"),
        ("I vote to approve it, since customers ask", APPROVE, "customers ask"),
        ("my vote is approve", APPROVE, ""),
        ("my vote: approve", APPROVE, ""),
        ("approve #12", APPROVE, ""),
        ("yes", APPROVE, ""),
        ("Yes, because it is cheap", APPROVE, "it is cheap"),
        ("+1", APPROVE, ""),
        ("+1 because cheap", APPROVE, "cheap"),
        (":+1:", APPROVE, ""),
        ("in favour", APPROVE, ""),
        ("I vote for", APPROVE, ""),
        ("approve with conditions", WITH, ""),
        ("approve with conditions: at most 5,000 a year", WITH, "at most 5,000 a year"),
        ("with conditions: a pilot first", WITH, "a pilot first"),
        ("approve if we can test it in Bonn first", WITH, "if we can test it in Bonn first"),
        ("yes, but only in Bonn", WITH, "but only in Bonn"),
        ("yes if legal agrees", WITH, "if legal agrees"),
        ("approve it provided that legal agrees", WITH, "provided that legal agrees"),
        ("approve under the condition that it is free", WITH, "that it is free"),
        ("decline", DECLINE, ""),
        ("decline because it is too dear", DECLINE, "it is too dear"),
        ("decline too dear for what it does", DECLINE, "too dear for what it does"),
        ("no, too dear", DECLINE, "too dear"),
        ("-1 – we tried that", DECLINE, "we tried that"),
        ("against because of the cost", DECLINE, "the cost"),
        ("reject: no budget", DECLINE, "no budget"),
        ("object because it breaks the law", OBJECT, "it breaks the law"),
        ("I object to the tracking", OBJECT, "to the tracking"),
        ("objection! It breaks the law", OBJECT, "It breaks the law"),
        ("veto: it breaks the law", OBJECT, "it breaks the law"),
        ("abstain", ABSTAIN, ""),
        ("I abstain because I know the vendor", ABSTAIN, "I know the vendor"),
    ],
)
def test_a_vote_is_understood(text: str, choice: Choice, reason: str) -> None:
    assert read(text) == Spoken(choice, reason)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "help",
        "hello",
        "what is this about?",
        "approve?",
        "no idea",
        "no objection",
        "no objections from me",
        "ok so what happens now",
        "for the record, I was late",
        "I do not approve",
        "I don't object",
        "don't decline it",
        "approve or decline",
        "decline to comment",
        "yes, I object",
        "no, I approve",
        "yesterday was fine",
        "nothing",
        "approvement",
    ],
)
def test_what_could_be_meant_otherwise_is_no_vote(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=200))
def test_nothing_anybody_types_breaks_it(text: str) -> None:
    found = read(text)
    assert found is None or found.reason == found.reason.strip()


@given(st.sampled_from(["approve", "decline", "object", "abstain"]), st.text(max_size=50))
def test_a_reason_after_because_is_kept_as_typed(word: str, reason: str) -> None:
    found = read(f"{word} because qq {reason}")
    assert found is not None
    assert (found.choice, found.reason[:2]) == (Choice(word), "qq")
