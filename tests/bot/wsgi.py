"""Requests as Slack signs them, and as nobody should, straight into a WSGI application."""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bot.security import sign

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass
class Reply:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


def post(app: WSGIApplication, body: bytes, headers: dict[str, str], *, path: str = "/slack/events") -> Reply:
    """Send a body with exactly these headers."""
    length = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    return _send(app, {"REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", **length}, headers)


def get(app: WSGIApplication, path: str, query: str = "", headers: dict[str, str] | None = None) -> Reply:
    """Open a page."""
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
    return _send(app, asked, headers or {})


def _send(app: WSGIApplication, environ: dict[str, Any], headers: dict[str, str]) -> Reply:
    environ["SERVER_PROTOCOL"] = "HTTP/1.1"
    for name, value in headers.items():
        plain = name.upper().replace("-", "_")
        environ[plain if plain.startswith("CONTENT_") else f"HTTP_{plain}"] = value
    reply = Reply()

    def start_response(status: str, answered: list[tuple[str, str]], _exc: object = None) -> Any:
        reply.status, reply.headers = int(status.partition(" ")[0]), {key.lower(): value for key, value in answered}

    reply.text = b"".join(app(environ, start_response)).decode()
    return reply


def signed(secret: str, body: bytes, *, kind: str = JSON, at: float | None = None) -> dict[str, str]:
    """The headers of an honest request."""
    stamp = str(int(time.time() if at is None else at))
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(secret, stamp, body).decode(),
    }


def event(kind: str, team: str, event_id: str, **more: Any) -> bytes:
    """The body of an event."""
    told = {"type": kind, "event_ts": "1700000000.000100", **more}
    outer = {"type": "event_callback", "team_id": team, "api_app_id": "A1", "event_id": event_id, "event": told}
    return json.dumps({**outer, "event_time": 1700000000, "authorizations": [{"team_id": team}]}).encode()


def interaction(**payload: Any) -> bytes:
    """The body of an interaction."""
    return urlencode({"payload": json.dumps(payload)}).encode()
