"""Misbehaviour on request: what a real network and a real Slack do to an app on a bad day."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playground.values import Json

if TYPE_CHECKING:
    from playground.workspace import Workspace

RATE_LIMIT, STATUS, ERROR, TIME_OUT = "rate_limit", "status", "error", "time_out"
DUPLICATE, REORDER, RETRY = "duplicate", "reorder", "retry"


@dataclass
class Fault:
    """One misbehaviour waiting to happen `times` more. `method` may end in `*`.

    `after_effect` lets the call do its work first, so the app cannot know whether it happened.
    """

    kind: str
    method: str = ""
    times: int = 1
    status: int = 500
    code: str = ""
    retry_after: int = 1
    seconds: float = 0.0
    after_effect: bool = False
    where: Json = field(default_factory=dict)

    def applies(self, method: str, args: Json) -> bool:
        named = self.method in (method, "*") or (self.method.endswith("*") and method.startswith(self.method[:-1]))
        return named and all(args.get(key) == value for key, value in self.where.items())


class Faults:
    """Ask for a fault; it is used up by the calls or events it meets. `where` narrows calls by argument."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self._lock = threading.Lock()
        self.waiting: list[Fault] = []

    def rate_limit(self, method: str, *, times: int = 1, retry_after: int = 1, **where: str) -> None:
        """Answer 429 with `Retry-After`, in seconds."""
        self.add(Fault(RATE_LIMIT, method, times, retry_after=retry_after, where=where))

    def server_error(
        self, method: str, *, times: int = 1, status: int = 500, after_effect: bool = False, **where: str
    ) -> None:
        """Answer with an HTTP error."""
        self.add(Fault(STATUS, method, times, status=status, after_effect=after_effect, where=where))

    def refuse(self, method: str, code: str, *, times: int = 1, **where: str) -> None:
        """Answer `ok: false` with this error code."""
        self.add(Fault(ERROR, method, times, code=code, where=where))

    def time_out(
        self, method: str, *, times: int = 1, seconds: float = 0.0, after_effect: bool = False, **where: str
    ) -> None:
        """Break the connection without an answer, after `seconds`."""
        self.add(Fault(TIME_OUT, method, times, seconds=seconds, after_effect=after_effect, where=where))

    def duplicate_events(self, times: int = 1) -> None:
        """Deliver the next events twice, with the same `event_id`."""
        self.add(Fault(DUPLICATE, times=times))

    def reorder_events(self, times: int = 1) -> None:
        """Hold the next events back until a later one has been delivered."""
        self.add(Fault(REORDER, times=times))

    def retry_events(self, times: int = 1) -> None:
        """Deliver the next events again as retries, although the app answered in time."""
        self.add(Fault(RETRY, times=times))

    def drop_sockets(self) -> int:
        """Cut every Socket Mode connection without a word; returns how many."""
        return self._slack.sockets.drop()

    def refresh_sockets(self, reason: str = "refresh_requested") -> int:
        """Announce the end of every Socket Mode connection: `warning`, `refresh_requested`, `link_disabled`."""
        return self._slack.sockets.refresh(reason)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self.waiting.append(fault)
        self._slack.feed.publish("fault", viewers=(), fault=fault)

    def clear(self) -> None:
        """Forget all faults not yet used."""
        with self._lock:
            self.waiting.clear()

    def for_call(self, method: str, args: Json) -> Fault | None:
        """Use up the first fault that meets this call."""
        return self._use(lambda one: bool(one.method) and one.applies(method, args))

    def for_event(self, kind: str) -> bool:
        """Whether the next event suffers `kind`; uses it up."""
        return self._use(lambda one: one.kind == kind) is not None

    def _use(self, meets: Callable[[Fault], bool]) -> Fault | None:
        with self._lock:
            for fault in self.waiting:
                if meets(fault):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.waiting.remove(fault)
                    return fault
        return None
