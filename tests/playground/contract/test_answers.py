"""What the app answers Slack: acknowledgements of every kind of request, and posts to a `response_url`."""

from __future__ import annotations

from typing import Any

import pytest

from playground.contract import check_ack, check_response_url_body
from tests.playground.contract.pieces import (
    TS,
    Piece,
    field,
    home,
    modal,
    option,
    options,
    plain,
    refused,
    section,
    text_input,
    warned,
)

COMMAND = {"command": "/idea", "text": ""}
CLICK = {"type": "block_actions"}
SUGGEST = {"type": "block_suggestion"}
SUBMISSION = {"type": "view_submission", "view": {"blocks": [section(block_id="s"), field(text_input(), "f")]}}
CHALLENGE = {"type": "url_verification", "challenge": "abc"}


def errors(**by_block: Any) -> Piece:
    return {"response_action": "errors", "errors": by_block}


REFUSED: dict[str, tuple[Piece, Any, str, str]] = {
    "JSON cut short": (SUBMISSION, '{"response_action": ', "invalid_payload", ""),
    "an unknown response_action": (SUBMISSION, {"response_action": "close"}, "invalid_arguments", "/response_action"),
    "a sentence after a submission": (SUBMISSION, "Thanks", "invalid_arguments", "/response_action"),
    "a part that does not belong": (
        SUBMISSION,
        {"response_action": "clear", "view": modal()},
        "invalid_arg_name",
        "/view",
    ),
    "errors that name none": (SUBMISSION, errors(), "invalid_arguments", "/errors"),
    "an error on a block that is no input": (SUBMISSION, errors(s="Too short"), "invalid_arguments", "/errors/s"),
    "an error on a block that is not there": (SUBMISSION, errors(nope="x"), "invalid_arguments", "/errors/nope"),
    "an error without words": (SUBMISSION, errors(f=""), "invalid_arguments", "/errors/f"),
    "a push of nothing": (SUBMISSION, {"response_action": "push"}, "invalid_arguments", "/view/type"),
    "a Home tab after a form": (
        SUBMISSION,
        {"response_action": "update", "view": home()},
        "invalid_arguments",
        "/view/type",
    ),
    "a wrong view after a form": (
        SUBMISSION,
        {"response_action": "update", "view": modal(title=plain("x" * 25))},
        "invalid_arguments",
        "/view/title/text",
    ),
    "no suggestions at all": (SUGGEST, {}, "invalid_arguments", ""),
    "suggestions of both kinds": (SUGGEST, {"options": [], "option_groups": []}, "invalid_arguments", ""),
    "101 suggestions": (SUGGEST, {"options": options(101)}, "invalid_arguments", "/options"),
    "a suggestion of 76 characters": (
        SUGGEST,
        {"options": [option("a"), {"text": plain("x" * 76), "value": "b"}]},
        "invalid_arguments",
        "/options/1/text/text",
    ),
    "another challenge": (CHALLENGE, "xyz", "challenge_failed", ""),
    "a command's loud answer": (
        COMMAND,
        {"response_type": "channel", "text": "x"},
        "invalid_payload",
        "/response_type",
    ),
    "a command's original": (COMMAND, {"replace_original": True, "text": "x"}, "invalid_payload", "/replace_original"),
    "a command's wrong block": (
        COMMAND,
        {"text": "x", "blocks": [section("")]},
        "invalid_blocks",
        "/blocks/0/text/text",
    ),
    "an answer that says nothing": (COMMAND, {"response_type": "in_channel"}, "no_text", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_answer_is_refused_for(name: str) -> None:
    request, ack, code, pointer = REFUSED[name]
    assert (code, pointer) in refused(check_ack(request, ack))


TAKEN: dict[str, tuple[Piece, Any]] = {
    "nothing": (SUBMISSION, ""),
    "nothing in any spelling": (SUBMISSION, {}),
    "a field's error": (SUBMISSION, errors(f="Too short")),
    "JSON text": (SUBMISSION, '{"response_action": "errors", "errors": {"f": "Too short"}}'),
    "the end of all views": (SUBMISSION, {"response_action": "clear"}),
    "the next view": (SUBMISSION, {"response_action": "push", "view": modal(section())}),
    "an error when the view is unknown": ({"type": "view_submission"}, errors(f="Too short")),
    "suggestions": (SUGGEST, {"options": [option()]}),
    "no match": (SUGGEST, {"options": []}),
    "suggestions in groups": (SUGGEST, {"option_groups": [{"label": plain(), "options": [option()]}]}),
    "the challenge": (CHALLENGE, "abc"),
    "the challenge as an object": (CHALLENGE, {"challenge": "abc"}),
    "words after a command": (COMMAND, "Done"),
    "a message after a command": (COMMAND, {"response_type": "in_channel", "text": "Done", "blocks": [section()]}),
    "nothing after a command": (COMMAND, None),
    "nothing after a click": (CLICK, ""),
    "ok after an event": ({"type": "event_callback"}, "ok"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_an_answer_is_taken_with(name: str) -> None:
    assert check_ack(*TAKEN[name]) == []


@pytest.mark.parametrize("kind", ["block_actions", "shortcut", "message_action", "view_closed", "event_callback"])
def test_slack_ignores_what_is_said_to_a(kind: str) -> None:
    problems = check_ack({"type": kind}, {"text": "hi"})
    assert (refused(problems), warned(problems)) == ([], [("ack_body_ignored", "")])


REPLIES: dict[str, tuple[Any, str, str]] = {
    "a bare word": ("text", "invalid_payload", ""),
    "a field it does not have": ({"text": "x", "channel": "C1"}, "invalid_payload", "/channel"),
    "a flag in words": ({"text": "x", "replace_original": "true"}, "invalid_payload", "/replace_original"),
    "nothing to say": ({"response_type": "ephemeral"}, "no_text", ""),
    "a wrong block": ({"text": "x", "blocks": [section("")]}, "invalid_blocks", "/blocks/0/text/text"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_response_url_refuses(name: str) -> None:
    body, code, pointer = REPLIES[name]
    assert (code, pointer) in refused(check_response_url_body(body, slash_command=False))


def test_a_response_url_takes_an_answer_a_deletion_and_long_blocks() -> None:
    for body in ({"text": "x"}, {"delete_original": True}, {"text": "x" * 4000, "blocks": [section("x" * 2900)] * 5}):
        assert check_response_url_body(body, slash_command=False) == []


def test_a_reply_in_a_thread_must_not_replace_its_source() -> None:
    reply = {"text": "x", "thread_ts": TS, "response_type": "in_channel"}
    assert warned(check_response_url_body(reply, slash_command=False)) == [("thread_reply_overwrites", "/thread_ts")]
    assert check_response_url_body({**reply, "replace_original": False}, slash_command=False) == []


def test_a_command_has_no_original_to_delete() -> None:
    body = {"delete_original": True}
    assert refused(check_response_url_body(body, slash_command=True)) == [("invalid_payload", "/delete_original")]
