"""The app's answers to Slack: acknowledgements, and posts to a `response_url`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from playground.contract.data import table
from playground.contract.layout import check_part, check_view
from playground.contract.message import check_message
from playground.contract.problems import Problem, pointer, warning

Request = Mapping[str, Any]
Check = Callable[[Any, Request, Sequence[str]], Iterator[Problem]]

MESSAGE_FIELDS = frozenset(
    {"text", "blocks", "attachments", "markdown_text", "metadata", "thread_ts", "reply_broadcast"}
    | {"response_type", "replace_original", "delete_original"}
    | {"mrkdwn", "unfurl_links", "unfurl_media", "parse", "link_names"}
)
RESPONSE_ACTIONS = {"errors": {"errors"}, "update": {"view"}, "push": {"view"}, "clear": set[str]()}
OPTION_LISTS = {"options": "Option", "option_groups": "OptionGroup"}


def check_ack(request: Request, ack: Any, *, untrusted: Sequence[str] = ()) -> list[Problem]:
    """What Slack would refuse, or silently ignore, in the answer to `request`.

    `request` is the decoded payload (an interaction, a slash command's form, an event); `ack` the body of the HTTP
    200 or the payload of the Socket Mode answer: None, text, or an object. Pointers are into `ack`.
    """
    kind = str(request.get("type") or ("slash_command" if "command" in request else ""))
    try:
        body = _parsed(ack)
    except ValueError:
        return [Problem("invalid_payload", "", "looks like JSON but does not parse")]
    return list(CHECKS.get(kind, _ignored)(body, request, untrusted))


def _parsed(ack: Any) -> Any:
    """An empty answer in any spelling is None."""
    if isinstance(ack, str):
        text = ack.strip()
        if text[:1] in ("{", "["):
            return json.loads(text) or None
        return None if text.lower() in ("", "ok") else ack
    return ack or None


def _ignored(body: Any, _: Request, __: Sequence[str]) -> Iterator[Problem]:
    if body is not None:
        yield warning("ack_body_ignored", "", "Slack ignores this body; use response_url or the Web API")


def _command(body: Any, _: Request, untrusted: Sequence[str]) -> Iterator[Problem]:
    if isinstance(body, str):
        body = {"text": body}
    if body is not None:
        yield from check_response_url_body(body, slash_command=True, untrusted=untrusted)


def _challenge(body: Any, request: Request, _: Sequence[str]) -> Iterator[Problem]:
    answered = body.get("challenge") if isinstance(body, dict) else body
    if answered != request.get("challenge"):
        yield Problem("challenge_failed", "", "url_verification is answered with its challenge")


def _submission(body: Any, request: Request, untrusted: Sequence[str]) -> Iterator[Problem]:
    if body is None:
        return
    action = body.get("response_action") if isinstance(body, dict) else None
    if not isinstance(action, str) or action not in RESPONSE_ACTIONS:
        yield Problem("invalid_arguments", "/response_action", f"must be one of {', '.join(RESPONSE_ACTIONS)}")
        return
    for extra in body.keys() - RESPONSE_ACTIONS[action] - {"response_action"}:
        yield Problem("invalid_arg_name", pointer("", extra), f"is no part of response_action {action}")
    if action == "errors":
        yield from _field_errors(body.get("errors"), request)
    elif action != "clear":
        yield from _next_view(body.get("view"), untrusted)


def _next_view(view: Any, untrusted: Sequence[str]) -> Iterator[Problem]:
    yield from check_view(view, untrusted=untrusted)
    if isinstance(view, dict) and view.get("type") == "home":
        yield Problem("invalid_arguments", "/view/type", "a submission is followed by a modal")


def _field_errors(errors: Any, request: Request) -> Iterator[Problem]:
    if not isinstance(errors, dict) or not errors:
        yield Problem("invalid_arguments", "/errors", "must map block ids to messages")
        return
    inputs = _input_ids(request)
    for block_id, message in errors.items():
        where = pointer("", "errors", block_id)
        if not isinstance(message, str) or not message:
            yield Problem("invalid_arguments", where, "must be a message in plain text")
        if inputs is not None and block_id not in inputs:
            yield Problem("invalid_arguments", where, "no input block of the submitted view has this block_id")


def _input_ids(request: Request) -> set[str] | None:
    """None when the request does not say what the view held."""
    view = request.get("view")
    blocks = view.get("blocks") if isinstance(view, Mapping) else None
    if not isinstance(blocks, list):
        return None
    inputs = [block for block in blocks if isinstance(block, dict) and block.get("type") == "input"]
    return {block_id for block in inputs if isinstance(block_id := block.get("block_id"), str)}


def _suggestions(body: Any, _: Request, untrusted: Sequence[str]) -> Iterator[Problem]:
    given = [name for name in OPTION_LISTS if isinstance(body, dict) and name in body]
    if len(given) != 1 or not isinstance(body[given[0]], list):
        yield Problem("invalid_arguments", "", "must hold exactly one list, options or option_groups")
        return
    name, most = given[0], table("limits")["options"]
    if len(body[name]) > most:
        yield Problem("invalid_arguments", pointer("", name), f"no more than {most} items allowed")
    for index, option in enumerate(body[name]):
        where = pointer("", name, index)
        yield from check_part(option, OPTION_LISTS[name], code="invalid_arguments", at=where, untrusted=untrusted)


CHECKS: Mapping[str, Check] = {
    "slash_command": _command,
    "view_submission": _submission,
    "block_suggestion": _suggestions,
    "url_verification": _challenge,
}


def check_response_url_body(body: Any, *, slash_command: bool, untrusted: Sequence[str] = ()) -> list[Problem]:
    """What Slack would refuse in a post to a `response_url`.

    `slash_command` says that the address came with a command, which has no original message to replace.
    """
    if not isinstance(body, dict):
        return [Problem("invalid_payload", "", "must be a JSON object")]
    found = [
        Problem("invalid_payload", pointer("", extra), f"a response has no field {extra}")
        for extra in body
        if extra not in MESSAGE_FIELDS
    ]
    found += _reply_flags(body, slash_command)
    if body.get("delete_original") is not True:
        found += check_message(body, untrusted=untrusted)
    return found


def _reply_flags(body: Mapping[str, Any], slash_command: bool) -> Iterator[Problem]:
    if body.get("response_type") not in (None, "ephemeral", "in_channel"):
        yield Problem("invalid_payload", "/response_type", "must be ephemeral or in_channel")
    for flag in ("replace_original", "delete_original"):
        value = body.get(flag)
        if value is not None and not isinstance(value, bool):
            yield Problem("invalid_payload", pointer("", flag), "must be true or false")
        if slash_command and value is True:
            yield Problem("invalid_payload", pointer("", flag), "a slash command has no original message")
    if body.get("thread_ts") and body.get("replace_original") is not False and not slash_command:
        yield warning("thread_reply_overwrites", "/thread_ts", "without replace_original: false it replaces the source")
