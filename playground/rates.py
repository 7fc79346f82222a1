"""Slack's speed limits: one message a second a channel, and each method's tier a minute."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Literal

from playground import contract

if TYPE_CHECKING:
    from playground.workspace import Workspace

WINDOW_SECONDS = 60.0
POST_SECONDS = 1.0
BURST = 3
POSTING = frozenset({"chat.postMessage", "chat.meMessage", "chat.postEphemeral"})
Mode = Literal["off", "warn", "enforce"]


class Rates:
    """Watches the pace. `warn` notes what is too fast on the wire log; `enforce` answers 429 as Slack may."""

    def __init__(self, slack: Workspace, mode: Mode = "warn") -> None:
        self._slack = slack
        self.mode = mode
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._posts: dict[str, deque[float]] = defaultdict(deque)

    def check(self, method: str, channel: str) -> int:
        """Count a call; returns the seconds to wait if it has to be refused, else 0."""
        if self.mode == "off":
            return 0
        wait = self._tier(method)
        if method in POSTING and channel:
            wait = max(wait, self._post(channel))
        return wait if self.mode == "enforce" else 0

    def _tier(self, method: str) -> int:
        allowed = contract.METHODS[method].per_minute if method in contract.METHODS else None
        if not allowed:
            return 0
        return self._pace(self._calls[method], allowed, WINDOW_SECONDS, method, f"{allowed} calls a minute")

    def _post(self, channel: str) -> int:
        return self._pace(self._posts[channel], BURST, POST_SECONDS * BURST, channel, "1 message a second a channel")

    def _pace(self, times: deque[float], allowed: int, window: float, name: str, rule: str) -> int:
        now = self._slack.now().timestamp()
        while times and times[0] <= now - window:
            times.popleft()
        if len(times) < allowed:
            times.append(now)
            return 0
        self._slack.wire.warn("ratelimited", f"{name}: more than {rule}.", name=name)
        if self.mode == "warn":
            times.append(now)
        return max(1, int(times[0] + window - now))
