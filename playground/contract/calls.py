"""One Web API call: is there such a method, and are these its arguments?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playground.contract.call_rules import call_rules
from playground.contract.data import table
from playground.contract.layout import check_view
from playground.contract.message import check_message, message_parts
from playground.contract.methods import METHODS, Method
from playground.contract.problems import Problem, pointer, warning

Arguments = Mapping[str, Any]

CHANNEL, PERSON, TIMESTAMP = r"[CGD][A-Z0-9]{2,}", r"[UW][A-Z0-9]{2,}", r"\d{10}\.\d{6}"
IDENTIFIERS = {
    "channel": (CHANNEL, "channel_not_found"),
    "channel_id": (CHANNEL, "channel_not_found"),
    "user": (PERSON, "user_not_found"),
    "user_id": (PERSON, "user_not_found"),
    "usergroup": (r"S[A-Z0-9]{2,}", "no_such_subteam"),
    "ts": (TIMESTAMP, "message_not_found"),
    "message_ts": (TIMESTAMP, "message_not_found"),
    "timestamp": (TIMESTAMP, "bad_timestamp"),
    "thread_ts": (TIMESTAMP, "invalid_thread_ts"),
}
BY_NAME = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.scheduleMessage"})
MISSING = {
    ("chat.meMessage", "text"): "no_text",
    ("conversations.create", "name"): "invalid_name_required",
    ("conversations.open", "users"): "users_list_not_supplied",
    ("pins.add", "timestamp"): "no_item_specified",
    ("reactions.add", "name"): "invalid_name",
    ("reactions.add", "timestamp"): "no_item_specified",
    ("users.info", "user"): "user_not_found",
    ("users.lookupByEmail", "email"): "users_not_found",
}
MISTYPED = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "post_at": "invalid_time",
    "limit": "invalid_limit",
}
MESSAGES = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.scheduleMessage", "chat.update"})


def decode(method: str, args: Arguments) -> dict[str, Any]:
    """`args` with the structures that a form carries as JSON text parsed; what does not parse stays text."""
    spec = METHODS.get(method)
    return {name: _decoded(value, spec.arguments.get(name, ()) if spec else ()) for name, value in args.items()}


def _decoded(value: Any, kinds: Sequence[str]) -> Any:
    if not isinstance(value, str) or not {"array", "object"} & set(kinds):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def check_call(method: str, args: Arguments, *, untrusted: Sequence[str] = ()) -> list[Problem]:
    """Everything Slack would refuse about a call, the gravest first, then warnings.

    `args` are decoded (see `decode`); a None counts as not given. `untrusted` are texts that people wrote.
    """
    spec = METHODS.get(method)
    if spec is None:
        return [_no_method(method)]
    given = {name: value for name, value in args.items() if value is not None and name != "token"}
    found = [*_names(spec, given), *_missing(spec, given), *_types(spec, given)]
    found += [*_identifiers(method, given), *call_rules(method, given)]
    if method in MESSAGES:
        found += check_message(given, method=method, untrusted=untrusted)
    else:
        found += message_parts(given, untrusted=untrusted)
    if method.startswith("views.") and isinstance(given.get("view"), dict):
        found += check_view(given["view"], untrusted=untrusted)
    return sorted(dict.fromkeys(found), key=lambda problem: problem.severity)


def _no_method(method: str) -> Problem:
    for name, reason in table("webapi")["retired"].items():
        if method == name or (name.endswith(".") and method.startswith(name)):
            return Problem("method_deprecated", "", f"{method}: {reason}")
    return Problem("unknown_method", "", f"{method} is no method of the Web API that this workspace knows")


def _names(spec: Method, given: Arguments) -> Iterator[Problem]:
    for name in given:
        if name not in spec.arguments:
            yield Problem("invalid_arg_name", pointer("", name), f"{spec.name} has no argument {name}")


def _missing(spec: Method, given: Arguments) -> Iterator[Problem]:
    names = {name for name, value in given.items() if value not in ("", [])}
    if any(way <= names for way in spec.required):
        return
    nearest = min(spec.required, key=lambda way: len(way - names))
    for name in sorted(nearest - names):
        code = MISSING.get((spec.name, name), "invalid_arguments")
        yield Problem(code, pointer("", name), f"missing required field: {name}")


def _types(spec: Method, given: Arguments) -> Iterator[Problem]:
    for name, value in given.items():
        kinds = spec.arguments.get(name, ("any",))
        if not _fits(value, kinds):
            code = MISTYPED.get(name, "invalid_arguments")
            expected = " or ".join(kind.removeprefix("=") for kind in kinds)
            yield Problem(code, pointer("", name), f"must be {expected}, not {type(value).__name__}")


def _fits(value: Any, kinds: Sequence[str]) -> bool:
    """A form knows only text, so text that reads as a number or a boolean is one."""
    if isinstance(value, list | dict):
        return ("array" if isinstance(value, list) else "object") in kinds or "any" in kinds
    written = str(value).lower()
    return (
        "any" in kinds
        or f"={written}" in kinds
        or ("string" in kinds and not isinstance(value, bool))
        or ("boolean" in kinds and written in ("true", "false", "1", "0"))
        or ("number" in kinds and bool(re.fullmatch(r"-?\d+(\.\d+)?", written)))
    )


def _identifiers(method: str, given: Arguments) -> Iterator[Problem]:
    for name, (pattern, code) in IDENTIFIERS.items():
        value, where = given.get(name), pointer("", name)
        if value is None or isinstance(value, list | dict) or (method, name) == ("chat.unfurl", "ts"):
            continue  # absent, reported as mistyped, or the composer's own kind of ts
        if not isinstance(value, str):
            yield Problem(code, where, f"{value!r} is a number and loses digits; send the text that Slack gave")
        elif not re.fullmatch(pattern, value) and value != "COMPOSER":
            yield from _odd_identifier(method, name, value, code)


def _odd_identifier(method: str, name: str, value: str, code: str) -> Iterator[Problem]:
    """A message may be addressed to a person, or to a channel by its name."""
    if name != "channel" or method not in BY_NAME:
        yield Problem(code, pointer("", name), f"{value[:40]!r} is no {name} of Slack")
    elif method == "chat.postEphemeral" or not re.fullmatch(PERSON, value):
        yield warning("channel_by_name", "/channel", f"{value[:40]!r}: names change; use the ID")
