"""Names on the wire are promises: live messages outlast code, so a name that goes or changes is a broken button."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ids
from workflows.errors import Gone

GOLDEN = {
    "SETUP_OPEN": "setup.open",
    "SETUP_FORM": "setup.form",
    "HOME_PAGE": "home.page",
    "COMMITTEE_CLOSE": "committee.close",
    "IDEA_OPEN": "idea.open",
    "IDEA_FORM": "idea.form",
    "IDEA_SHORTCUT": "idea.new",
    "IDEA_FROM_MESSAGE": "idea.from_message",
    "IDEA_SUPPORT": "idea.support",
    "IDEA_SHOW": "idea.show",
    "IDEA_FRESH": "idea.fresh",
    "IDEA_DRAFT": "idea.draft",
    "IDEA_MORE": "idea.more",
    "IDEA_EDIT": "idea.edit",
    "IDEA_EDIT_FORM": "idea.edit_form",
    "IDEA_ASK": "idea.ask",
    "IDEA_ASK_FORM": "idea.ask_form",
    "IDEA_ANSWER": "idea.answer",
    "IDEA_ANSWER_FORM": "idea.answer_form",
    "IDEA_WITHDRAW": "idea.withdraw",
    "IDEA_WITHDRAW_FORM": "idea.withdraw_form",
    "IDEA_DECLINE": "idea.decline",
    "IDEA_DECLINE_FORM": "idea.decline_form",
    "IDEA_REOPEN": "idea.reopen",
    "IDEA_PAGE": "idea.page",
    "SCORE_OPEN": "score.open",
    "SCORE_FORM": "score.form",
    "BACKLOG_PAGE": "backlog.page",
    "REVIEW_OPEN": "review.open",
    "REVIEW_FORM": "review.form",
    "BALLOT_VOTE": "ballot.vote",
    "BALLOT_REASON_FORM": "ballot.reason_form",
    "BALLOT_CAST": "ballot.cast",
    "BALLOT_CAST_FORM": "ballot.cast_form",
    "BALLOT_RECUSE": "ballot.recuse",
    "BALLOT_RECUSE_FORM": "ballot.recuse_form",
    "BALLOT_CALL_OFF_FORM": "ballot.call_off_form",
    "WORK_ASSIGN": "work.assign",
    "WORK_ASSIGN_FORM": "work.assign_form",
    "WORK_ACCEPT": "work.accept",
    "WORK_COUNTER": "work.counter",
    "WORK_COUNTER_FORM": "work.counter_form",
    "WORK_COUNTER_AGREE": "work.counter_agree",
    "WORK_INSIST": "work.insist",
    "WORK_REASSIGN": "work.reassign",
    "WORK_REASSIGN_FORM": "work.reassign_form",
    "WORK_HAND_BACK": "work.hand_back",
    "WORK_HAND_BACK_FORM": "work.hand_back_form",
    "WORK_UPDATE": "work.update",
    "WORK_UPDATE_FORM": "work.update_form",
    "WORK_CLAIM": "work.claim",
    "WORK_CLAIM_FORM": "work.claim_form",
    "WORK_CONFIRM": "work.confirm",
    "WORK_SEND_BACK": "work.send_back",
    "WORK_SEND_BACK_FORM": "work.send_back_form",
    "WORK_MILESTONE_DONE": "work.milestone_done",
    "WORK_SNOOZE": "work.snooze",
    "DIGEST_OPEN_BALLOTS": "digest.open_ballots",
    "TROUBLE_RETRY": "trouble.retry",
    "PRIVACY_ASK": "privacy.ask",
    "PRIVACY_AGREE": "privacy.agree",
    "PRIVACY_REFUSE": "privacy.refuse",
}
"""Add to it freely; change or remove a line only with a reason that survives the buttons already in Slack."""

JSON = st.recursive(st.integers(-(2**31), 2**31) | st.text() | st.booleans(), lambda inner: st.lists(inner, max_size=3))


NAME = re.compile(r"[a-z]+\.[a-z_]+")


def test_every_name_on_the_wire_is_as_it_was_promised() -> None:
    found = {name: value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)}
    assert {name: value for name, value in found.items() if NAME.fullmatch(value)} == GOLDEN


def test_no_two_names_are_one() -> None:
    assert len(set(GOLDEN.values())) == len(GOLDEN)


@pytest.mark.parametrize("name", GOLDEN.values())
def test_a_name_is_not_a_variant_of_another(name: str) -> None:
    assert [other for other in GOLDEN.values() if ids.family(other).match(name)] == [name]


def test_data_is_packed_as_buttons_in_slack_have_it() -> None:
    assert ids.pack(idea=12, draft=None) == '{"draft":null,"idea":12,"v":1}'


@given(st.dictionaries(st.text(min_size=1).filter(lambda key: key != "v"), JSON, max_size=4))
def test_what_was_packed_comes_out(data: dict[str, object]) -> None:
    assert ids.unpack(ids.pack(**data)) == {**data, "v": ids.VERSION}


@pytest.mark.parametrize("text", [None, "", "12", "[]", "{}", '{"v":0}', '{"v":2,"idea":1}', "{", "null"])
def test_what_is_not_ours_is_an_older_message(text: str | None) -> None:
    with pytest.raises(Gone, match="older message"):
        ids.unpack(text)


@pytest.mark.parametrize("value", [None, "12", 0, -1, 2**31, True, 1.0])
def test_a_number_that_is_none_is_an_older_message(value: object) -> None:
    with pytest.raises(Gone, match="older message"):
        ids.number({"idea": value}, "idea")
