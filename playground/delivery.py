"""How Slack reaches the app: one request, one answer, whatever the transport."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from playground.values import Json

ACK_SECONDS = 3.0
EVENTS, INTERACTIVE, COMMANDS = "events_api", "interactive", "slash_commands"
OK = 200
MULTIPLE_CHOICES = 300


@dataclass(frozen=True)
class Request:
    """What Slack sends. `kind` is the Socket Mode envelope type; `patience` how long Slack waits, in real seconds."""

    kind: str
    payload: Json
    retry_num: int = 0
    retry_reason: str = ""
    patience: float = ACK_SECONDS

    @property
    def name(self) -> str:
        """What it is, for the log: `app_mention`, `block_actions`, `/idea` ..."""
        if self.kind == EVENTS:
            return str(self.payload.get("event", self.payload)["type"])
        return str(self.payload.get("type") or self.payload.get("command"))


@dataclass(frozen=True)
class Answer:
    """What came back within the time. `failure` is Slack's reason if nothing usable did, such as `http_timeout`."""

    elapsed: float
    status: int | None = None
    body: Any = ""
    failure: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.failure and self.status is not None and OK <= self.status < MULTIPLE_CHOICES


class Transport(Protocol):
    """A way to the app."""

    def send(self, request: Request) -> Answer:
        """Deliver and wait for the answer, at most the request's patience."""

    def close(self) -> None:
        """Let go of connections and threads."""
