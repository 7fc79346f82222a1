"""An app of a few lines that answers as it is told and remembers what it got; and calls made by hand."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import httpx
from slack_sdk.signature import SignatureVerifier

HTTP = httpx.Client(trust_env=False)


class StubApp:
    """A WSGI app. `answers` maps a request's name to what it answers: a body, or (status, body, headers)."""

    def __init__(self, slack) -> None:
        self.verifier = SignatureVerifier(slack.app.signing_secret)
        self.answers: dict[str, Any] = {}
        self.requests: list[tuple[str, dict, dict]] = []
        slack.connect_wsgi(self)

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read().decode()
        headers = {key[5:].lower().replace("_", "-"): value for key, value in environ.items() if key[:5] == "HTTP_"}
        assert self.verifier.is_valid_request(body, headers), "a wrong signature"
        payload = decoded(environ["CONTENT_TYPE"], body)
        name = str(payload.get("event", payload).get("type") or payload.get("command"))
        self.requests.append((name, payload, headers))
        answer = self.answers.get(name, "")
        answer = answer(payload) if callable(answer) else answer
        status, answer, extra = answer if isinstance(answer, tuple) else (200, answer, {})
        text = answer if isinstance(answer, str) else json.dumps(answer)
        kind = "text/plain" if isinstance(answer, str) else "application/json"
        start_response(f"{status} Whatever", [("Content-Type", kind), *extra.items()])
        return [text.encode()]

    def got(self, name: str) -> list[dict]:
        return [payload for one, payload, _ in self.requests if one == name]


def decoded(content_type: str, body: str) -> dict:
    if content_type == "application/json":
        return json.loads(body)
    form = dict(parse_qsl(body, keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form


def call(slack, method: str, token: str | None = None, **args: Any) -> dict:
    """Call a method and return the body, whatever it says."""
    token = slack.bot.token if token is None else token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return HTTP.post(f"{slack.base_url}/api/{method}", json=args, headers=headers).json()


def form(slack, method: str, **args: str) -> dict:
    """Call a method as a form, with the token among the arguments."""
    return HTTP.post(f"{slack.base_url}/api/{method}", data={"token": slack.bot.token} | args).json()


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(httpx.URL(url).query.decode())


def plain(text: str) -> dict:
    return {"type": "plain_text", "text": text}


def button(action_id: str, text: str, value: str = "v", **more: Any) -> dict:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": value} | more


def actions(*elements: dict, block_id: str = "acts") -> dict:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def section(text: str, **more: Any) -> dict:
    return {"type": "section", "text": plain(text)} | more


def ask(block_id: str, label: str, element: dict | None = None, **more: Any) -> dict:
    """An input block."""
    element = {"type": "plain_text_input", "action_id": "x"} | (element or {})
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element} | more


def modal(*blocks: dict, **more: Any) -> dict:
    view = {"type": "modal", "callback_id": "form", "title": plain("Form"), "blocks": list(blocks)}
    return view | {"submit": plain("Send")} | more
