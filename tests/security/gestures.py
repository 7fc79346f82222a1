"""Every id of the wire format as a gesture: what rides on it, what is typed, and who may make it.

`who` names those of `crew.WHO` whose gesture is taken; everybody else hears a sentence and changes nothing. The table
repeats, for Slack, what `workflows.permissions.ALLOWED` says for the verbs; it is written out so that neither can
loosen unseen.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import ids
from playground.delivery import INTERACTIVE, Request
from playground.views import View
from tests.security.crew import Crew, Things
from tests.security.laboratory import Laboratory, acted_by

Data = Callable[[Things], dict[str, Any]]

COLLEAGUES = frozenset(
    {
        "chair",
        "deputy",
        "member",
        "author",
        "supporter",
        "owner",
        "sponsor",
        "admin",
        "former member",
        "chair elsewhere",
        "member elsewhere",
    }
)
PEOPLE = COLLEAGUES | {"guest"}
CHAIR = frozenset({"chair", "deputy"})
MEMBERS = CHAIR | {"member"}
AUTHOR = frozenset({"author"})
OWNER = frozenset({"owner"})
SIDE = CHAIR | {"sponsor"}
HANDS = CHAIR | {"owner", "sponsor"}
ADMIN = frozenset({"admin"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Press:
    """A button: whose press counts, and what rides on it. `act` is its full action id, where ids come in families."""

    who: frozenset[str]
    data: Data
    act: str = ""
    own_only: bool = False
    """Shows or changes only what is the presser's own, so data of others means nothing."""


@dataclass(frozen=True)
class Form:
    """A form: whose submission counts, which button opens it, for whom of the crew, and what is typed."""

    who: frozenset[str]
    opener: str
    data: Data
    typed: dict[str, Any]
    by: str = "chair"
    own_only: bool = False


def idea(it: Things) -> dict[str, Any]:
    return {"idea": it.submitted}


def work(state: str, **more: Any) -> Data:
    return lambda it: {"work": getattr(it, state), **more}


def ballot(it: Things) -> dict[str, Any]:
    return {"ballot": it.ballot}


def waiting(it: Things) -> dict[str, Any]:
    return {"ballot": it.waiting}


def nothing(it: Things) -> dict[str, Any]:
    return {}


def ticked(it: Things) -> dict[str, Any]:
    return {"work": it.accepted, "milestone": it.milestone}


PRESSES: dict[str, Press] = {
    ids.SETUP_OPEN: Press(CHAIR | ADMIN, lambda it: {"committee": it.committee}),
    ids.COMMITTEE_CLOSE: Press(ADMIN, lambda it: {"committee": it.committee}),
    ids.HOME_PAGE: Press(PEOPLE, lambda it: {"list": "ideas", "page": 1}, "home.page.next", own_only=True),
    ids.IDEA_OPEN: Press(PEOPLE, nothing, own_only=True),
    ids.IDEA_FRESH: Press(PEOPLE, lambda it: {"draft": "idea", "committee": it.committee}, own_only=True),
    ids.IDEA_DRAFT: Press(PEOPLE, lambda it: {"draft": "idea", "committee": it.committee}, own_only=True),
    ids.IDEA_SUPPORT: Press(PEOPLE - AUTHOR, idea),
    ids.IDEA_SHOW: Press(PEOPLE, idea),
    ids.IDEA_MORE: Press(PEOPLE, idea),
    ids.IDEA_EDIT: Press(AUTHOR, idea),
    ids.IDEA_ASK: Press(MEMBERS, idea),
    ids.IDEA_ANSWER: Press(AUTHOR, lambda it: {"question": it.question}),
    ids.IDEA_WITHDRAW: Press(AUTHOR, idea),
    ids.IDEA_DECLINE: Press(CHAIR, idea),
    ids.IDEA_REOPEN: Press(CHAIR, lambda it: {"idea": it.declined}),
    ids.IDEA_PAGE: Press(PEOPLE, lambda it: {"which": "list", "page": 1}, "idea.page.next", own_only=True),
    ids.SCORE_OPEN: Press(MEMBERS, idea),
    ids.BACKLOG_PAGE: Press(COLLEAGUES, lambda it: {"committee": it.committee, "page": 1}, "backlog.page.next"),
    ids.REVIEW_OPEN: Press(CHAIR, idea),
    ids.BALLOT_VOTE: Press(MEMBERS, ballot, "ballot.vote.approve"),
    ids.BALLOT_CAST: Press(frozenset({"chair"}), waiting, "ballot.cast.approve"),
    ids.BALLOT_RECUSE: Press(MEMBERS, ballot),
    ids.WORK_ASSIGN: Press(CHAIR, lambda it: {"idea": it.approved}),
    ids.WORK_ACCEPT: Press(OWNER, work("offered")),
    ids.WORK_COUNTER: Press(OWNER, work("offered")),
    ids.WORK_COUNTER_AGREE: Press(SIDE, work("countered")),
    ids.WORK_INSIST: Press(SIDE, work("countered")),
    ids.WORK_REASSIGN: Press(SIDE, work("handed_back")),
    ids.WORK_HAND_BACK: Press(OWNER, work("offered")),
    ids.WORK_UPDATE: Press(HANDS, work("accepted", health="at_risk"), "work.update.at_risk"),
    ids.WORK_CLAIM: Press(HANDS, work("accepted")),
    ids.WORK_CONFIRM: Press(MEMBERS | {"sponsor"}, work("claimed")),
    ids.WORK_SEND_BACK: Press(MEMBERS | {"sponsor"}, work("claimed")),
    ids.WORK_MILESTONE_DONE: Press(HANDS, ticked),
    ids.WORK_SNOOZE: Press(HANDS, work("accepted", days=3)),
    ids.TROUBLE_RETRY: Press(ADMIN, lambda it: {"notice": it.notice}),
    ids.PRIVACY_ASK: Press(PEOPLE, nothing, own_only=True),
    ids.PRIVACY_AGREE: Press(ADMIN, lambda it: {"request": it.request}),
    ids.PRIVACY_REFUSE: Press(ADMIN, lambda it: {"request": it.request}),
}
"""Action id -> the button."""

FORMS: dict[str, Form] = {
    ids.IDEA_FORM: Form(
        PEOPLE, ids.IDEA_OPEN, nothing, {"title": "Shorter queues", "problem": "Half an hour"}, "author", own_only=True
    ),
    ids.IDEA_EDIT_FORM: Form(AUTHOR, ids.IDEA_EDIT, idea, {"title": "A better title"}, "author"),
    ids.IDEA_ASK_FORM: Form(MEMBERS, ids.IDEA_ASK, idea, {"text": "Which gate?"}),
    ids.IDEA_ANSWER_FORM: Form(
        AUTHOR, ids.IDEA_ANSWER, lambda it: {"question": it.question}, {"text": "Gate seven"}, "author"
    ),
    ids.IDEA_WITHDRAW_FORM: Form(AUTHOR, ids.IDEA_WITHDRAW, idea, {"why": "Second thoughts"}, "author"),
    ids.IDEA_DECLINE_FORM: Form(CHAIR, ids.IDEA_DECLINE, idea, {"why": "Not this year"}),
    ids.SCORE_FORM: Form(
        MEMBERS, ids.SCORE_OPEN, idea, {"reach": "100", "impact": "2", "confidence": "80", "effort": "3"}
    ),
    ids.REVIEW_FORM: Form(CHAIR, ids.REVIEW_OPEN, idea, {}),
    ids.BALLOT_REASON_FORM: Form(MEMBERS, "ballot.vote.decline", ballot, {"reason": "Too dear"}),
    ids.BALLOT_CAST_FORM: Form(frozenset({"chair"}), "ballot.cast.approve", waiting, {"reason": "Worth a try"}),
    ids.BALLOT_CALL_OFF_FORM: Form(
        CHAIR, ids.BALLOT_RECUSE, lambda it: {"ballot": it.ballot, "off": 1}, {"why": "Opened by mistake"}
    ),
    ids.BALLOT_RECUSE_FORM: Form(MEMBERS, ids.BALLOT_RECUSE, ballot, {"why": "I sell it"}),
    ids.BALLOT_CALL_OFF_FORM: Form(
        CHAIR, ids.BALLOT_RECUSE, lambda it: {"ballot": it.ballot, "off": 1}, {"why": "Opened by mistake"}
    ),
    ids.WORK_ASSIGN_FORM: Form(CHAIR, ids.WORK_ASSIGN, lambda it: {"idea": it.approved}, {"owner": "UOWNER"}),
    ids.WORK_COUNTER_FORM: Form(OWNER, ids.WORK_COUNTER, work("offered"), {"due_on": "2027-01-15"}, "owner"),
    ids.WORK_REASSIGN_FORM: Form(SIDE, ids.WORK_REASSIGN, work("handed_back"), {"owner": "UMEM2"}),
    ids.WORK_HAND_BACK_FORM: Form(OWNER, ids.WORK_HAND_BACK, work("offered"), {"why": "No time"}, "owner"),
    ids.WORK_UPDATE_FORM: Form(
        HANDS, "work.update.at_risk", work("accepted", health="at_risk"), {"line": "The printer is broken"}
    ),
    ids.WORK_CLAIM_FORM: Form(HANDS, ids.WORK_CLAIM, work("accepted"), {"line": "All there"}),
    ids.WORK_SEND_BACK_FORM: Form(MEMBERS | {"sponsor"}, ids.WORK_SEND_BACK, work("claimed"), {"why": "Half of it"}),
    ids.SETUP_FORM: Form(CHAIR | ADMIN, ids.SETUP_OPEN, lambda it: {"committee": it.committee}, {"name": "New name"}),
}
"""Callback id of a form -> the form."""

SHORTCUTS: dict[str, frozenset[str]] = {ids.IDEA_SHORTCUT: PEOPLE, ids.IDEA_FROM_MESSAGE: PEOPLE}
"""Callback id of a shortcut -> who may."""


@dataclass(frozen=True)
class Typed:
    """A slash command with its words: who is answered, anybody else being told why not."""

    who: frozenset[str]
    words: Callable[[Things], str] = lambda it: ""


COMMANDS: dict[tuple[str, str], Typed] = {
    ("/idea", ""): Typed(PEOPLE, lambda it: "Shorter queues"),
    ("/idea", "list"): Typed(PEOPLE),
    ("/idea", "mine"): Typed(PEOPLE),
    ("/idea", "top"): Typed(PEOPLE),
    ("/idea", "show"): Typed(PEOPLE, lambda it: str(it.submitted)),
    ("/committee", ""): Typed(COLLEAGUES),
    ("/committee", "backlog"): Typed(COLLEAGUES),
    ("/committee", "digest"): Typed(MEMBERS | ADMIN, lambda it: "preview"),
    ("/committee", "close"): Typed(ADMIN),
    ("/committee", "setup"): Typed(CHAIR | ADMIN),
    ("/committee", "privacy"): Typed(PEOPLE),
    ("/cx", ""): Typed(PEOPLE),
    ("/cx", "mine"): Typed(PEOPLE),
}
"""Command and first word -> who may, typed in the committee's own channel."""

UNPRESSED = frozenset({ids.DIGEST_OPEN_BALLOTS})
"""Ids that no button carries: they only mark something."""


def pressed(base: Request, action_id: str, data: dict[str, Any] | str | None) -> Request:
    """The press of another button where a real one was pressed."""
    value = ids.pack(**data) if isinstance(data, dict) else data
    action = base.payload["actions"][0] | {"action_id": action_id, "value": value}
    return Request(INTERACTIVE, base.payload | {"actions": [action]})


def form(lab: Laboratory, base: Request, callback_id: str, things: Things, crew: Crew) -> Request:
    """The submission of a form that was really opened and filled in, not yet sent."""
    row = FORMS[callback_id]
    person = lab.world.person(getattr(crew, row.by))
    while person.view is not None:
        person.close_view(everything=True)
    press = pressed(base, row.opener, row.data(things))
    outcome = lab.send(acted_by(lab, press, person.id))
    view = person.view
    assert view is not None, f"{callback_id} was not opened: {outcome.said}"
    _fill(person, view, row.typed)
    return lab.catch(person.submit)


def _fill(person: Any, view: View, typed: dict[str, Any]) -> None:
    offered = json.dumps(view.blocks)
    person.fill(view, {name: value for name, value in typed.items() if f'"{name}"' in offered})
