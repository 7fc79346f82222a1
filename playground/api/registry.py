"""How a Web API method is declared, and what it is given."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from playground import contract
from playground.channels import Channel
from playground.errors import SlackError
from playground.values import Json

if TYPE_CHECKING:
    from playground.app import Installation
    from playground.workspace import Workspace

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
T = TypeVar("T")


@dataclass
class Call:
    """One call of a method by the app: where it happens and what it asks."""

    slack: Workspace
    method: str
    args: Json
    token: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def bot(self) -> Installation:
        return self.slack.bot

    def text(self, name: str) -> str:
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name, default)
        return value.lower() in ("true", "1") if isinstance(value, str) else bool(value)

    def names(self, name: str) -> list[str]:
        """A comma-separated list, or a real one."""
        value = self.args.get(name) or []
        return [one for one in value.split(",") if one] if isinstance(value, str) else [str(one) for one in value]

    def channel(self, name: str = "channel") -> Channel:
        """The conversation meant, if the bot may know of it. Raises `channel_not_found`, `missing_scope`."""
        channel = self.slack.channels.visible(self.text(name), self.bot.user_id)
        if self.bot.scopes is not None:
            needed = contract.missing_scope(self.method, self.bot.scopes, conversation=channel.kind)
            self.need(*(needed or ()))
        return channel

    def joined(self, name: str = "channel") -> Channel:
        """The conversation meant, if the bot is in it. Raises `channel_not_found` or `not_in_channel`."""
        channel = self.channel(name)
        if self.bot.user_id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def need(self, *scopes: str) -> None:
        """Raises `missing_scope` unless one of the scopes was granted, or none is named."""
        granted = self.bot.scopes
        if scopes and granted is not None and not granted.intersection(scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))

    def page(self, items: Sequence[T], default: int = DEFAULT_LIMIT) -> tuple[list[T], Json]:
        """One page of `items` and its `response_metadata`. Raises `invalid_cursor`, `invalid_limit`."""
        try:
            limit = int(self.args.get("limit") or default)
        except ValueError:
            raise SlackError("invalid_limit") from None
        if not 0 < limit <= MAX_LIMIT:
            raise SlackError("invalid_limit")
        start = _offset(self.text("cursor"))
        rest = start + limit < len(items)
        cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if rest else ""
        return list(items[start : start + limit]), {"response_metadata": {"next_cursor": cursor}}


Handler = Callable[[Call], Json]
SERVED: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Declare the function that serves the Web API method `name`; it returns what stands beside `ok`."""

    def declare(handler: Handler) -> Handler:
        SERVED[name] = handler
        return handler

    return declare


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None


def given(call: Call, *names: str) -> dict[str, Any]:
    """The arguments among `names` that were sent."""
    return {name: call.args[name] for name in names if call.args.get(name) is not None}
