"""A world on SQLite that can be put back: send anything to the bot, and see what it changed, opened and said.

Requests are caught on their way out of the playground, changed at will, signed as Slack signs, and sent. After each
one the database is compared with what it was, row by row.
"""

from __future__ import annotations

import copy
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from structlog.testing import capture_logs

from playground.delivery import COMMANDS, EVENTS, Answer, Request
from playground.http_delivery import encode
from playground.wire import Record
from tests.bot.wsgi import post, signed
from tests.world import World

Json = dict[str, Any]
Tables = dict[str, tuple[Any, ...]]

NOISE = frozenset({"receipt", "person", "workspace"})
"""Tables that every request may touch: that it came, who sent it, and where."""
SPOKEN = frozenset({"call", "response_url"})
WORDS_KEPT = frozenset({"draft"})
"""What somebody typed into a form that was refused stays theirs."""


@dataclass(frozen=True)
class Outcome:
    """What came of one request. `changed` are tables beyond the noise, `said` every text that went to anybody."""

    status: int
    body: str
    changed: frozenset[str]
    lines: tuple[Json, ...]
    calls: tuple[Record, ...]

    @property
    def errors(self) -> tuple[Json, ...]:
        """What the log calls an error."""
        return tuple(line for line in self.lines if line["log_level"] in ("error", "critical"))

    @property
    def opened(self) -> list[Json]:
        """Forms put on a screen; a page with one sentence on it is an answer, not a form."""
        views = [record.request["view"] for record in self.calls if record.name in ("views.open", "views.push")]
        return [view for view in views if len(view["blocks"]) > 1 or view["blocks"][0]["type"] != "section"]

    @property
    def said(self) -> str:
        """Everything shown to anybody, the answer to the request itself included."""
        return " ".join([self.body, *(json.dumps(record.request, ensure_ascii=False) for record in self.calls)])

    @property
    def effects(self) -> frozenset[str]:
        """What changed in the record."""
        return self.changed - WORDS_KEPT


@dataclass
class Laboratory:
    """A world, and a way to put its database back."""

    world: World
    held: list[Request] = field(default_factory=list)

    def snapshot(self) -> sqlite3.Connection:
        """A copy of the database as it is."""
        copied = sqlite3.connect(":memory:", check_same_thread=False)
        with self._raw() as raw:
            raw.backup(copied)
        return copied

    def restore(self, copied: sqlite3.Connection) -> None:
        """Put the database back."""
        with self._raw() as raw:
            copied.backup(raw)

    def tables(self) -> Tables:
        """Every row of every table."""
        with self._raw() as raw:
            names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {name: tuple(raw.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in names}  # noqa: S608

    @contextmanager
    def _raw(self) -> Iterator[sqlite3.Connection]:
        with self.world.bot.engine.connect() as connection:
            connection.rollback()
            pooled = connection.connection.dbapi_connection
            assert isinstance(pooled, sqlite3.Connection)
            yield pooled

    def catch(self, gesture: Callable[[], object]) -> Request:
        """The last request that a gesture makes Slack send; that one is not delivered."""
        app = self.world.slack.app
        real, self.held = app.transport, []
        app.transport = _Held(self.held)
        try:
            gesture()
        finally:
            app.transport = real
        return self.held[-1]

    def send(self, request: Request, before: Tables | None = None) -> Outcome:
        """Send a request, signed, and look what came of it."""
        body, kind = encode(request)
        return self.send_raw(body.encode(), kind, before)

    def send_raw(self, body: bytes, kind: str, before: Tables | None = None) -> Outcome:
        """Send bytes, signed, and look what came of it."""
        before = before or self.tables()
        wire = self.world.slack.wire
        seen = wire.records[-1].seq if wire.records else 0
        headers = signed(self.world.slack.app.signing_secret, body, kind=kind)
        with capture_logs() as lines:
            reply = post(self.world.bot.wsgi(), body, headers)
        after = self.tables()
        changed = {name for name, rows in after.items() if rows != before[name]}
        return Outcome(
            status=reply.status,
            body=reply.text,
            changed=frozenset(changed - NOISE),
            lines=tuple(lines),
            calls=tuple(record for record in wire.records if record.seq > seen and record.kind in SPOKEN),
        )


class _Held:
    """A transport that answers for the app and keeps what Slack wanted to tell it."""

    def __init__(self, kept: list[Request]) -> None:
        self.kept = kept

    def send(self, request: Request) -> Answer:
        self.kept.append(request)
        return Answer(0.0, 200, "")

    def close(self) -> None:
        """Nothing is open."""


def acted_by(lab: Laboratory, request: Request, user_id: str, **changes: Any) -> Request:
    """The same request as if this person had made it just now."""
    slack, payload = lab.world.slack, copy.deepcopy(request.payload)
    user = slack.people.users[user_id]
    if request.kind == COMMANDS:
        payload |= {"user_id": user_id, "user_name": user.name}
    elif request.kind == EVENTS:
        payload["event"]["user"] = user_id
        payload["event_id"] = slack.ids.next("Ev")
    else:
        team = user.team_id or slack.team_id
        payload["user"] = payload["user"] | {"id": user_id, "name": user.name, "team_id": team}
    if "trigger_id" in payload:
        inside = (payload.get("view") or {}).get("type") == "modal"
        payload["trigger_id"] = slack.triggers.issue(user_id, payload["view"]["id"] if inside else "")
    if "response_url" in payload:
        channel = payload.get("channel_id") or payload["channel"]["id"]
        kind = "commands" if request.kind == COMMANDS else "actions"
        payload["response_url"] = slack.triggers.response_url(kind, user_id, channel)
    return Request(request.kind, payload | changes)
