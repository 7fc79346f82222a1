"""What comes to the door of a real process and goes no further than one line in its log."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.security import LARGEST, STALE_S
from tests.bot.wsgi import FORM, JSON, event, signed
from tests.world import TEAM

Knock = tuple[str, bytes, dict[str, str], int]


def knocks(secret: str) -> Iterator[Knock]:
    """What is wrong with it, the body, the headers, and the status it gets."""
    body = event("team_rename", TEAM, "EvKnock")
    honest, once = signed(secret, body), signed(secret, body, at=time.time() - 1)
    yield "forged", body, {**honest, "X-Slack-Signature": "v0=" + "0" * 64}, 401
    yield "unsigned", body, {"Content-Type": JSON}, 401
    yield "of another body", body + b" ", honest, 401
    yield "stale", body, signed(secret, body, at=time.time() - STALE_S - 5), 401
    yield "not numeric", body, {**honest, "X-Slack-Request-Timestamp": "yesterday"}, 401
    yield "", body, once, 404
    yield "replayed", body, once, 401
    yield "wrong content type", body, signed(secret, body, kind="text/plain", at=time.time() - 2), 415
    yield "too large", b"x" * (LARGEST + 1), signed(secret, b"x"), 413
    yield "not UTF-8", b"payload=\xff\xfe", signed(secret, b"payload=\xff\xfe", kind=FORM), 400
    yield "misshapen", b'{"type": 7}', signed(secret, b'{"type": 7}'), 400


def knock(port: int, secret: str) -> int:
    """Knock in every wrong way, checking the answers; how many were turned away."""
    turned_away = 0
    for what, body, headers, status in knocks(secret):
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        door.request("POST", "/slack/events", body, headers)
        assert door.getresponse().status == status, what
        door.close()
        turned_away += status != 404  # what nobody listens to was let in
    return turned_away


def check_log(said: Path, turned_away: int) -> None:
    """One line for each that was turned away, and no traceback."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in said.read_text().splitlines() if line.startswith("{")]
    assert len([line for line in lines if line["event"] == "request.turned_away"]) == turned_away
    assert "Traceback" not in said.read_text()
    assert not [line for line in lines if "exception" in line]
