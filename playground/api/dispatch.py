"""One Web API request, from bytes to answer: arguments, faults, token, scope, contract, effect, log."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from playground import contract
from playground.api import SERVED
from playground.api.registry import Call
from playground.contract import Problem
from playground.errors import SlackError
from playground.faults import ERROR, RATE_LIMIT, STATUS, Fault
from playground.values import Json

if TYPE_CHECKING:
    from playground.workspace import Workspace

OK, TOO_MANY, INTERNAL = 200, 429, 500
BY_CLIENT = frozenset({"oauth.v2.access", "apps.uninstall"})
NONE: Sequence[Problem] = ()
SELF_CHECKED = frozenset({"conversations.list", "users.conversations"})


@dataclass(frozen=True)
class Reply:
    """What goes back. `broken` means no answer at all: the connection ends after `seconds`."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    seconds: float = 0.0


def parse(content_type: str, body: bytes, query: str) -> Json:
    """The arguments of a request. Raises `SlackError` for what cannot be read."""
    args: Json = dict(parse_qsl(query, keep_blank_values=True))
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" and body:
        try:
            sent = json.loads(body)
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(sent, dict):
            raise SlackError("json_not_object")
        return args | sent
    if kind not in ("application/x-www-form-urlencoded", "application/json", ""):
        raise SlackError("invalid_form_data")
    return args | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def serve(workspaces: Sequence[Workspace], method: str, headers: Mapping[str, str], body: bytes, query: str) -> Reply:
    """Answer one call."""
    began = time.monotonic()
    try:
        args = parse(headers.get("content-type", ""), body, query)
    except SlackError as refusal:
        args, slack, problems = {}, workspaces[0], NONE
        reply = Reply(OK, _refusal(refusal))
    else:
        token = _token(headers, args)
        args |= _client(headers, method)
        slack = _home(workspaces, token, args)
        args = contract.decode(method, args) if method in contract.METHODS else args
        args = _without_sdk_extras(method, args)
        reply, problems = _faulted(slack, method, args, token)
    _log(slack, method, args, reply, problems, time.monotonic() - began)
    return reply


def _faulted(slack: Workspace, method: str, args: Json, token: str) -> tuple[Reply, Sequence[Problem]]:
    fault = slack.faults.for_call(method, args)
    if fault is None:
        return _answered(slack, method, args, token)
    if not fault.after_effect:
        return _misbehaved(fault), ()
    _, problems = _answered(slack, method, args, token)
    return _misbehaved(fault), problems


def _misbehaved(fault: Fault) -> Reply:
    if fault.kind == RATE_LIMIT:
        return _limited(fault.retry_after)
    if fault.kind == ERROR:
        return Reply(OK, {"ok": False, "error": fault.code})
    if fault.kind == STATUS:
        return Reply(fault.status, {"ok": False, "error": "internal_error"})
    return Reply(INTERNAL, {}, broken=True, seconds=fault.seconds)


def _answered(slack: Workspace, method: str, args: Json, token: str) -> tuple[Reply, Sequence[Problem]]:
    problems: list[Problem] = []
    try:
        with slack.lock:
            _admit(slack, method, token)
            if wait := slack.rates.check(method, str(args.get("channel") or "")):
                return _limited(wait), problems
            _check_scope(slack, method, args)
            problems = contract.check_call(method, args)
            _raise_first(problems)
            call = Call(slack, method, args, token)
            body = {"ok": True} | SERVED[method](call)
    except SlackError as refusal:
        return Reply(OK, _refusal(refusal)), problems
    scopes = slack.bot.scopes
    return Reply(OK, body, {"x-oauth-scopes": ",".join(sorted(scopes))} if scopes else {}), problems


def _admit(slack: Workspace, method: str, token: str) -> None:
    """Raises unless the method exists and the token may call it."""
    if method not in SERVED or method not in contract.METHODS:
        raise SlackError("unknown_method", req_method=method)
    wants = contract.METHODS[method].token
    if wants == "none":  # a kind of token, not a token
        return
    if not token:
        raise SlackError("not_authed")
    if token in slack.bot.revoked:
        raise SlackError("token_revoked")
    kind = "app" if token == slack.app.app_token else "bot"
    if kind == "bot" and not slack.bot.knows(token) and not slack.steps.owns(token):
        raise SlackError("invalid_auth")
    if kind == "bot" and slack.bot.expired(token, slack.now()):
        raise SlackError("token_expired")
    if kind != wants:
        raise SlackError("not_allowed_token_type")
    if kind == "bot" and not slack.bot.installed:
        raise SlackError("account_inactive")


def _check_scope(slack: Workspace, method: str, args: Json) -> None:
    granted = slack.bot.scopes
    if granted is None or method in SELF_CHECKED:
        return
    given = [name for name, value in args.items() if value not in (None, "")]
    needed = contract.missing_scope(method, granted, arguments=given)
    if needed:
        raise SlackError("missing_scope", needed=",".join(needed), provided=",".join(sorted(granted)))


def _raise_first(problems: Sequence[Problem]) -> None:
    """Refuse the call as Slack does: one code, all complaints under `response_metadata.messages`."""
    errors = [one for one in problems if one.severity == "error"]
    if errors:
        said = [f"[ERROR] {one.message} [json-pointer:{one.pointer}]" for one in errors]
        raise SlackError(errors[0].code, response_metadata={"messages": said}, errors=[one.message for one in errors])


def _without_sdk_extras(method: str, args: Json) -> Json:
    """The arguments without the token, and without the `team_id` that slack_sdk adds where a method knows none."""
    known = contract.METHODS[method].arguments if method in contract.METHODS else {}
    extras = {"token", "team_id"} - ({"team_id"} & set(known))
    return {name: value for name, value in args.items() if name not in extras}


def _refusal(refusal: SlackError) -> Json:
    return {"ok": False, "error": refusal.code} | refusal.extra


def _limited(seconds: int) -> Reply:
    return Reply(TOO_MANY, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})


def _token(headers: Mapping[str, str], args: Json) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else str(args.get("token") or "")


def _client(headers: Mapping[str, str], method: str) -> Json:
    """The client id and secret of HTTP Basic, for the calls that take them."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if method not in BY_CLIENT or scheme.lower() != "basic":
        return {}
    name, _, password = base64.b64decode(value).decode().partition(":")
    return {"client_id": name, "client_secret": password}


def _home(workspaces: Sequence[Workspace], token: str, args: Json) -> Workspace:
    """The workspace the token or code belongs to, of several the one named; the first if none knows it."""
    named = [one for one in workspaces if one.team_id == args.get("team_id")]
    for one in [*named, *workspaces]:
        if token in one.bot.revoked or one.bot.knows(token) or one.steps.owns(token):
            return one
        if args.get("code") in one.grants or (one.bot.refresh and args.get("refresh_token") == one.bot.refresh):
            return one
    return next((one for one in workspaces if token == one.app.app_token), workspaces[0])


def _log(slack: Workspace, method: str, args: Json, reply: Reply, problems: Sequence[Problem], elapsed: float) -> None:
    retry_after = int(reply.headers["Retry-After"]) if "Retry-After" in reply.headers else None
    slack.wire.add(
        "call",
        method,
        args,
        response=None if reply.broken else reply.body,
        status=None if reply.broken else reply.status,
        elapsed=elapsed,
        retry_after=retry_after,
        note="no answer" if reply.broken else "",
        verdicts=tuple(problems),
    )
