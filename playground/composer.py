"""What Slack's composer makes of names as one types: mentions of people, channels and everybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playground.channels import PUBLIC

if TYPE_CHECKING:
    from playground.workspace import Workspace

AT_NAME = re.compile(r"(?<![\w<@!])@([\w.-]*\w)")
HASH_NAME = re.compile(r"(?<![\w<#&])#([\w-]+)")
BROADCASTS = frozenset({"here", "channel", "everyone"})


def complete(slack: Workspace, text: str, *, names: bool = False) -> str:
    """`text` with `@name` and `#channel` as tokens; unknown names stay as typed.

    `names` is the form of slash commands: the name stands beside the id, and nobody is called with `@here`.
    """
    text = AT_NAME.sub(lambda found: _person(slack, found, names=names), text)
    return HASH_NAME.sub(lambda found: _channel(slack, found), text)


def _person(slack: Workspace, found: re.Match[str], *, names: bool) -> str:
    name = found.group(1)
    if name in BROADCASTS:
        return found.group() if names else f"<!{name}>"
    for user in slack.people.users.values():
        if name.lower() in (user.name.lower(), user.real_name.lower()):
            return f"<@{user.id}|{user.name}>" if names else f"<@{user.id}>"
    return found.group()


def _channel(slack: Workspace, found: re.Match[str]) -> str:
    for channel in slack.channels.all.values():
        if channel.name == found.group(1):
            return f"<#{channel.id}|{channel.name if channel.kind == PUBLIC else ''}>"
    return found.group()
