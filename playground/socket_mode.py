"""Socket Mode: envelopes over WebSockets, each to one of the app's connections, acknowledged within 3 s."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
import uuid
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.delivery import COMMANDS, EVENTS, OK, Answer, Request
from playground.values import Json, secret

if TYPE_CHECKING:
    from playground.app import App

CONNECTIONS = 10
CONNECTION_SECONDS = 3600
ABNORMAL, GOING_AWAY, POLICY = 1011, 1001, 1008
Waiting = Future[Json]


@dataclass(eq=False)
class Link:
    """One open connection and the event loop it lives in."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    waiting: set[str] = field(default_factory=set)

    def push(self, frame: Json) -> None:
        """Send from any thread."""
        asyncio.run_coroutine_threadsafe(self.socket.send_text(json.dumps(frame)), self.loop)

    def shut(self, code: int) -> None:
        asyncio.run_coroutine_threadsafe(self.socket.close(code), self.loop)


class Sockets:
    """All connections of one app; a `Transport`."""

    _by_app: ClassVar[WeakKeyDictionary[App, Sockets]] = WeakKeyDictionary()

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._links: list[Link] = []
        self._answers: dict[str, Waiting] = {}
        self._turn = itertools.count()
        self._changed = threading.Condition()
        self.ever_open = False

    @classmethod
    def of(cls, app: App) -> Sockets:
        """The connections of `app`, shared by the workspaces it is installed in."""
        return cls._by_app.setdefault(app, cls(app.id))

    def ticket(self) -> str:
        """The right to open one connection."""
        ticket = secret("")
        self._tickets.add(ticket)
        return ticket

    @property
    def count(self) -> int:
        return len(self._links)

    def wait_open(self, seconds: float = 10.0) -> None:
        """Wait until the app has connected. Raises `TimeoutError`."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._links), seconds):
                raise TimeoutError(f"No Socket Mode connection within {seconds} s.")

    def admit(self, ticket: str) -> bool:
        """Use a ticket up; False if it is none of this app's, or was used before."""
        if ticket not in self._tickets:
            return False
        self._tickets.discard(ticket)
        return True

    async def serve(self, socket: WebSocket) -> None:
        """Run one admitted connection until it ends."""
        await socket.accept()
        if self.count >= CONNECTIONS:
            await socket.send_text(json.dumps(_goodbye("too_many_websockets")))
            await socket.close(POLICY)
            return
        link = self._enter(socket)
        await socket.send_text(json.dumps(self._hello()))
        try:
            while True:
                self._answered(link, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: closed by us while receiving
            pass
        finally:
            self._leave(link)

    def send(self, request: Request) -> Answer:
        began = time.monotonic()
        link = self._next()
        if link is None:
            return Answer(0.0, failure="connection_failed")
        envelope = _envelope(request)
        waiting: Waiting = Future()
        self._answers[envelope["envelope_id"]] = waiting
        link.waiting.add(envelope["envelope_id"])
        link.push(envelope)
        try:
            answer = waiting.result(request.patience)
        except TooLate:
            return Answer(time.monotonic() - began, failure="http_timeout")
        finally:
            self._answers.pop(envelope["envelope_id"], None)
        if answer.get("lost"):
            return Answer(time.monotonic() - began, failure="connection_failed")
        return Answer(time.monotonic() - began, OK, _body(envelope, answer))

    def drop(self) -> int:
        """Cut all connections; returns how many."""
        links = list(self._links)
        for link in links:
            link.shut(ABNORMAL)
        return len(links)

    def refresh(self, reason: str) -> int:
        """Send `disconnect` on all connections; all but a warning are closed then."""
        links = list(self._links)
        for link in links:
            link.push(_goodbye(reason))
            if reason != "warning":
                link.shut(GOING_AWAY)
        return len(links)

    def close(self) -> None:
        self.drop()

    def _enter(self, socket: WebSocket) -> Link:
        link = Link(socket, asyncio.get_running_loop())
        with self._changed:
            self._links.append(link)
            self.ever_open = True
            self._changed.notify_all()
        return link

    def _leave(self, link: Link) -> None:
        with self._changed:
            self._links.remove(link)
            self._changed.notify_all()
        for envelope_id in link.waiting:
            waiting = self._answers.get(envelope_id)
            if waiting is not None and not waiting.done():
                waiting.set_result({"lost": True})

    def _next(self) -> Link | None:
        links = list(self._links)
        return links[next(self._turn) % len(links)] if links else None

    def _answered(self, link: Link, text: str) -> None:
        frame = json.loads(text)
        envelope_id = frame.get("envelope_id", "")
        link.waiting.discard(envelope_id)
        waiting = self._answers.get(envelope_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count,
            "debug_info": {
                "host": "playground",
                "build_number": 1,
                "approximate_connection_time": CONNECTION_SECONDS,
            },
            "connection_info": {"app_id": self._app_id},
        }


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}


def _envelope(request: Request) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": request.kind,
        "accepts_response_payload": request.kind != EVENTS,
        "payload": request.payload,
    }
    if request.kind == EVENTS:
        envelope |= {"retry_attempt": request.retry_num, "retry_reason": request.retry_reason}
    return envelope


def _body(envelope: Json, answer: Json) -> Any:
    """The answer's payload; what an event's answer carries is ignored."""
    payload = answer.get("payload")
    if envelope["type"] == COMMANDS and isinstance(payload, dict) and set(payload) == {"text"}:
        return payload["text"]
    return payload if envelope["accepts_response_payload"] else ""
