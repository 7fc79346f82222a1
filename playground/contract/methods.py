"""The Web API methods this app may call: arguments, scopes, rates; and the scopes events need."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from playground.contract.data import table

Token = Literal["bot", "app", "none"]
Conversation = Literal["public", "private", "im", "mpim"]

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
UNTIERED_PER_MINUTE = 600
SCOPE_PREFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True)
class Method:
    """A Web API method.

    `arguments` maps each name to the types it takes (`string`, `number`, `boolean`, `array`, `object`, `any`, or a
    literal after `=`). `required` holds the ways to call it: all names of one of the sets must be given. Any one of
    `scopes` lets a call through. `tier` is 1-4, or 0 for a method with a limit of its own.
    """

    name: str
    arguments: Mapping[str, tuple[str, ...]]
    required: tuple[frozenset[str], ...]
    scopes: tuple[str, ...]
    tier: int
    token: Token

    @property
    def per_minute(self) -> int:
        """Calls a minute that Slack surely lets through, for one app in one workspace."""
        return PER_MINUTE.get(self.tier, UNTIERED_PER_MINUTE)


def _method(name: str, row: Mapping[str, Any]) -> Method:
    return Method(
        name=name,
        arguments=MappingProxyType({key: tuple(kinds.split()) for key, kinds in row["arguments"].items()}),
        required=tuple(frozenset(way) for way in row["required"]),
        scopes=tuple(row["scopes"]),
        tier=row["tier"],
        token=row["token"],
    )


METHODS: Mapping[str, Method] = MappingProxyType(
    {name: _method(name, row) for name, row in table("webapi")["methods"].items()}
)
event_scopes: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {event: tuple(scopes) for event, scopes in table("webapi")["event_scopes"].items()}
)


def missing_scope(
    method: str,
    granted: Collection[str],
    *,
    arguments: Collection[str] = (),
    conversation: Conversation | None = None,
) -> tuple[str, ...] | None:
    """The bot scopes any one of which would let the call through, or None when it may pass.

    `arguments` are the names given (a custom `username` needs a scope of its own); `conversation` is the kind of
    the channel concerned, for methods whose scope depends on it. Calls without a bot token need no bot scope.
    """
    spec = METHODS[method]
    if spec.token != "bot":  # noqa: S105 - a kind of token, not a token
        return None
    needed = spec.scopes
    if conversation:
        prefix = SCOPE_PREFIX[conversation]
        needed = tuple(scope for scope in needed if scope.split(":")[0] in (prefix, "chat")) or needed
    if needed and not set(needed) & set(granted):
        return needed
    extra = {scope for name, scope in table("webapi")["argument_scopes"].items() if name in arguments}
    return tuple(sorted(extra - set(granted))) or None
