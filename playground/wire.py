"""The wire log: what went between the app and Slack, both ways, with the time it took and the contract's verdict."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.contract import Problem
from playground.feed import Feed
from playground.values import Json

CALL = "call"
DELIVERY = "delivery"
RESPONSE_URL = "response_url"
WARNING = "warning"
HIDDEN = frozenset({"token", "client_secret", "refresh_token", "bot_access_token"})
KEPT = 20_000


@dataclass(frozen=True)
class Record:
    """One exchange. `request` and `response` are what travelled; `elapsed` is in seconds, None if never answered.

    `seq` counts them as they end, `began` as they begin: what the app calls while it is asked something ends first.
    """

    seq: int
    kind: str
    name: str
    t: float
    request: Json
    response: Any = None
    status: int | None = None
    elapsed: float | None = None
    retry_after: int | None = None
    note: str = ""
    verdicts: tuple[Problem, ...] = field(default=())
    began: int = 0

    def capture(self) -> Json | None:
        """The record in the one-object-a-line capture format; None for mere warnings."""
        build = {CALL: self._call, DELIVERY: self._delivery, RESPONSE_URL: self._response_url}.get(self.kind)
        return build() if build else None

    def _call(self) -> Json:
        line: Json = {"method": self.name, "args": self.request, "t": self.t, "response": self.response}
        extra = {"status": self.status, "retry_after": self.retry_after}
        return line | {key: value for key, value in extra.items() if value not in (None, 200)}

    def _delivery(self) -> Json:
        line: Json = {"request": self.request, "ack": self.response, "t": self.t}
        extra = {"elapsed": self.elapsed, "status": self.status}
        return line | {key: value for key, value in extra.items() if value is not None}

    def _response_url(self) -> Json:
        return {"response_url": self.name, "body": self.request, "t": self.t}


class Wire:
    """Keeps the latest records; each is published on the feed as a `wire` change."""

    def __init__(self, feed: Feed, now: Callable[[], float]) -> None:
        self._feed = feed
        self._now = now
        self._lock = threading.Lock()
        self._seq = 0
        self.records: list[Record] = []

    def begin(self) -> int:
        """The place in the order of an exchange that begins now and is added when it is over."""
        with self._lock:
            self._seq += 1
            return self._seq

    def add(self, kind: str, name: str, request: Json, *, began: int | None = None, **rest: Any) -> Record:
        with self._lock:
            self._seq += 1
            rest["began"] = began or self._seq
            record = Record(self._seq, kind, name, self._now(), without_secrets(request), **rest)
            self.records.append(record)
            del self.records[:-KEPT]
        self._feed.publish("wire", viewers=(), record=record)
        return record

    def warn(self, code: str, message: str, *, name: str = "") -> None:
        """Note something Slack would not refuse, but that is unwise or would fail elsewhere."""
        self.add(WARNING, name, {}, verdicts=(Problem(code, "", message, "warning"),))

    def calls(self, method: str | None = None) -> list[Record]:
        """Web API calls so far, of `method` or of all."""
        return [one for one in list(self.records) if one.kind == CALL and method in (None, one.name)]

    def deliveries(self, name: str | None = None) -> list[Record]:
        """What Slack sent to the app: `block_actions`, `view_submission`, `app_mention`, `/command` ..."""
        return [one for one in list(self.records) if one.kind == DELIVERY and name in (None, one.name)]

    def problems(self, severity: str = "error") -> list[tuple[Record, Problem]]:
        """Everything the contract objected to so far."""
        return [(one, v) for one in list(self.records) for v in one.verdicts if v.severity == severity]

    def clear(self) -> None:
        with self._lock:
            self.records.clear()

    def write_capture(self, path: str | Path) -> int:
        """Write the log as JSON lines for an independent checker, in the order of beginnings; how many lines."""
        ordered = sorted(self.records, key=lambda one: one.began)
        lines = [line for one in ordered if (line := one.capture()) is not None]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        Path(path).write_text(text, encoding="utf-8")
        return len(lines)


def without_secrets(request: Json) -> Json:
    """`request` with tokens and secrets left out, at the top and in an event."""
    clean = {key: value for key, value in request.items() if key not in HIDDEN}
    event = clean.get("event")
    return clean | {"event": without_secrets(event)} if isinstance(event, dict) else clean
