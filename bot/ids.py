"""The wire format: every action, block and callback id, and how data rides on them.

Live messages outlast code, so these names are promises; a golden test lists them. Data is versioned JSON.
"""

from __future__ import annotations

import enum
import json
import re
from typing import Any, TypeVar

from workflows.errors import Gone

VERSION = 1
LONGEST = 200
_OLD = "This button is from an older message. Type `/idea help` to see the current ways."
E = TypeVar("E", bound=enum.StrEnum)


def pack(**data: Any) -> str:
    """Data for a button's `value` or a view's `private_metadata`."""
    return json.dumps({"v": VERSION, **data}, separators=(",", ":"), sort_keys=True)


def unpack(text: str | None) -> dict[str, Any]:
    """What `pack` packed. Raises `Gone` if it is not ours or of a version no longer understood."""
    try:
        data = json.loads(text or "")
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or type(data.get("v")) is not int or data["v"] != VERSION:
        raise Gone(_OLD)
    return data


def number(data: dict[str, Any], name: str) -> int:
    """A whole number out of unpacked data. Raises `Gone` if it is not there: the payload is not ours."""
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise Gone(_OLD)
    return value


def optional_number(data: dict[str, Any], name: str) -> int | None:
    """A whole number, or None where there is none. Raises `Gone` for anything else."""
    return None if data.get(name) is None else number(data, name)


def text(data: dict[str, Any], name: str, default: str = "") -> str:
    """A short text out of unpacked data; `default` where there is none. Raises `Gone` for anything else."""
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, str) or not value.isprintable() or len(value) > LONGEST:
        raise Gone(_OLD)
    return value


def choice(kind: type[E], value: object) -> E:
    """One of the words of `kind`. Raises `Gone` for any other."""
    try:
        return kind(str(value))
    except ValueError:
        raise Gone(_OLD) from None


def family(action_id: str) -> re.Pattern[str]:
    """An action id and its variants: `ballot.vote` and `ballot.vote.approve`, for `app.action`."""
    return re.compile(rf"^{re.escape(action_id)}(\.[a-z_0-9]+)*$")


# Set-up and home
SETUP_OPEN = "setup.open"
SETUP_FORM = "setup.form"
HOME_PAGE = "home.page"
COMMITTEE_CLOSE = "committee.close"

# Ideas
IDEA_OPEN = "idea.open"
IDEA_FORM = "idea.form"
IDEA_SHORTCUT = "idea.new"
IDEA_FROM_MESSAGE = "idea.from_message"
IDEA_SUPPORT = "idea.support"
IDEA_SHOW = "idea.show"
IDEA_FRESH = "idea.fresh"
IDEA_DRAFT = "idea.draft"
IDEA_MORE = "idea.more"
IDEA_EDIT = "idea.edit"
IDEA_EDIT_FORM = "idea.edit_form"
IDEA_ASK = "idea.ask"
IDEA_ASK_FORM = "idea.ask_form"
IDEA_ANSWER = "idea.answer"
IDEA_ANSWER_FORM = "idea.answer_form"
IDEA_WITHDRAW = "idea.withdraw"
IDEA_WITHDRAW_FORM = "idea.withdraw_form"
IDEA_DECLINE = "idea.decline"
IDEA_DECLINE_FORM = "idea.decline_form"
IDEA_REOPEN = "idea.reopen"
IDEA_PAGE = "idea.page"

# Scoring and backlog
SCORE_OPEN = "score.open"
SCORE_FORM = "score.form"
BACKLOG_PAGE = "backlog.page"

# Ballots
REVIEW_OPEN = "review.open"
REVIEW_FORM = "review.form"
BALLOT_VOTE = "ballot.vote"  # one action id a choice: ballot.vote.approve ...
BALLOT_REASON_FORM = "ballot.reason_form"
BALLOT_CAST = "ballot.cast"  # one action id a word: ballot.cast.approve ...
BALLOT_CAST_FORM = "ballot.cast_form"
BALLOT_RECUSE = "ballot.recuse"  # the menu of a ballot's card: stepping back, recusing, calling off
BALLOT_RECUSE_FORM = "ballot.recuse_form"
BALLOT_CALL_OFF_FORM = "ballot.call_off_form"

# Interventions
WORK_ASSIGN = "work.assign"
WORK_ASSIGN_FORM = "work.assign_form"
WORK_ACCEPT = "work.accept"
WORK_COUNTER = "work.counter"
WORK_COUNTER_FORM = "work.counter_form"
WORK_COUNTER_AGREE = "work.counter_agree"
WORK_INSIST = "work.insist"
WORK_REASSIGN = "work.reassign"
WORK_REASSIGN_FORM = "work.reassign_form"
WORK_HAND_BACK = "work.hand_back"
WORK_HAND_BACK_FORM = "work.hand_back_form"
WORK_UPDATE = "work.update"  # one action id a health: work.update.on_track ...
WORK_UPDATE_FORM = "work.update_form"
WORK_CLAIM = "work.claim"
WORK_CLAIM_FORM = "work.claim_form"
WORK_CONFIRM = "work.confirm"
WORK_SEND_BACK = "work.send_back"
WORK_SEND_BACK_FORM = "work.send_back_form"
WORK_MILESTONE_DONE = "work.milestone_done"
WORK_SNOOZE = "work.snooze"

# Digest and trouble
DIGEST_OPEN_BALLOTS = "digest.open_ballots"
TROUBLE_RETRY = "trouble.retry"

# Privacy
PRIVACY_ASK = "privacy.ask"
PRIVACY_AGREE = "privacy.agree"
PRIVACY_REFUSE = "privacy.refuse"
