"""The change feed: every change of the workspace, for whoever wants to show it live."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from playground.values import Json


@dataclass(frozen=True)
class Change:
    """One change. `viewers` names the users who may see it; None means everybody who can see `channel`."""

    seq: int
    kind: str
    at: datetime
    channel: str | None = None
    viewers: tuple[str, ...] | None = None
    data: Json = field(default_factory=dict)


class Feed:
    """Subscribers are called in the order of the changes, in whichever thread made the change: be quick."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._numbers = itertools.count(1)
        self._subscribers: list[Callable[[Change], None]] = []
        self._changed = threading.Condition()
        self.seq = 0

    def publish(
        self, kind: str, *, channel: str | None = None, viewers: tuple[str, ...] | None = None, **data: object
    ) -> None:
        with self._changed:
            self.seq = next(self._numbers)
            change = Change(self.seq, kind, self._now(), channel, viewers, dict(data))
            for subscriber in list(self._subscribers):
                subscriber(change)
            self._changed.notify_all()

    def subscribe(self, subscriber: Callable[[Change], None]) -> Callable[[], None]:
        """Call `subscriber` with every change from now on; returns the function that ends it."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def wait(self, seconds: float) -> None:
        """Wait until the next change, at most `seconds`."""
        with self._changed:
            self._changed.wait(seconds)
