"""The Events API: what the app hears about, in Slack's envelope, retried until it answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from playground import organisation
from playground.channels import EVENT_SUFFIX, PUBLIC, Channel
from playground.delivery import EVENTS, Answer, Request
from playground.faults import DUPLICATE, REORDER, RETRY
from playground.values import Json

if TYPE_CHECKING:
    from playground.workspace import Workspace

RETRY_DELAYS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
MEMBERS_ONLY = ("message", "app_mention", "reaction_", "member_", "pin_", "file_")
LAST_WORDS = frozenset({"app_uninstalled", "tokens_revoked"})
NO_EVENT_TS = frozenset({"app_uninstalled", "tokens_revoked"})


class _Outbox(threading.local):
    """The events of whoever acts in this thread, delivered when the act is complete."""

    waiting: list[Request] | None = None


class Events:
    """Sends each change the app subscribed to and may see."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self._outbox = _Outbox()
        self._held: list[Request] = []
        self._holding = threading.Lock()

    def emit(self, kind: str, event: Json, *, channel: Channel | None = None) -> None:
        """Tell the app of `event`, if it listens and may see `channel`."""
        slack = self._slack
        if not self._listening() or not self._concerns(kind, channel):
            return
        body = {"type": kind} | event
        if kind not in NO_EVENT_TS:
            body.setdefault("event_ts", slack.next_ts())
        request = Request(EVENTS, self._envelope(body, channel))
        if self._outbox.waiting is not None:
            self._outbox.waiting.append(request)
        else:
            slack.courier.put(lambda: self.send(request))

    @contextmanager
    def acting(self) -> Iterator[None]:
        """A person's act: its changes are one, and its events are answered before it ends."""
        slack = self._slack
        if self._outbox.waiting is not None:
            with slack.lock:
                yield
            return
        waiting: list[Request] = []
        self._outbox.waiting = waiting
        try:
            with slack.lock:
                yield
        finally:
            self._outbox.waiting = None
        for request in waiting:
            self.send(request)

    def send(self, request: Request) -> None:
        """Deliver an event with the faults and retries that befall it."""
        faults = self._slack.faults
        if faults.for_event(REORDER):
            with self._holding:
                self._held.append(request)
            return
        self._attempt(request)
        if faults.for_event(DUPLICATE):
            self._attempt(request)
        if faults.for_event(RETRY):
            self._attempt(Request(EVENTS, request.payload, 1, "http_timeout"))
        self.release()

    def release(self) -> None:
        """Deliver what was held back for being reordered."""
        with self._holding:
            held, self._held = self._held, []
        for request in held:
            self._attempt(request)

    def _attempt(self, request: Request) -> None:
        answer = self._slack.send(request)
        if answer.ok or answer.headers.get("x-slack-no-retry") == "1":
            return
        if request.retry_num < len(RETRY_DELAYS):
            self._retry(request, answer)

    def _retry(self, request: Request, answer: Answer) -> None:
        again = Request(EVENTS, request.payload, request.retry_num + 1, answer.failure)
        delay = RETRY_DELAYS[request.retry_num]
        if not delay:
            self._slack.courier.put(lambda: self._attempt(again))
            return
        self._slack.courier.at(self._slack.now() + delay, lambda: self._attempt(again))

    def _listening(self) -> bool:
        """Nobody is told before an app has connected for the first time."""
        transport = self._slack.app.transport
        return transport is not None and (transport is not self._slack.sockets or self._slack.sockets.ever_open)

    def _concerns(self, kind: str, channel: Channel | None) -> bool:
        slack = self._slack
        if not slack.bot.installed and kind not in LAST_WORDS:
            return False
        name = f"message.{EVENT_SUFFIX[channel.kind]}" if kind == "message" and channel else kind
        if not slack.app.manifest.hears(name):
            return False
        if channel is None or slack.bot.user_id in channel.members:
            return True
        return channel.kind == PUBLIC and not kind.startswith(MEMBERS_ONLY)

    def _envelope(self, event: Json, channel: Channel | None) -> Json:
        slack = self._slack
        shared = bool(channel and channel.shared_with)
        return {
            "token": slack.app.verification_token,
            "team_id": slack.team_id,
            "context_team_id": slack.team_id,
            "context_enterprise_id": slack.enterprise or None,
            "api_app_id": slack.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": slack.ids.next("Ev"),
            "event_time": slack.unix(),
            "authorizations": [
                {
                    "enterprise_id": slack.enterprise or None,
                    "team_id": None if organisation.is_whole(slack) else slack.team_id,
                    "user_id": slack.bot.user_id,
                    "is_bot": True,
                    "is_enterprise_install": organisation.is_whole(slack),
                }
            ],
            "is_ext_shared_channel": shared,
            "event_context": f"1-{event['type']}-{slack.team_id}-{channel.id if channel else ''}",
        }
