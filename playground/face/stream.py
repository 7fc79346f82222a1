"""Telling open pages that something changed, by server-sent events. Pages then read anew what they show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from playground.channels import PUBLIC
from playground.feed import Change
from playground.person import Person
from playground.workspace import Workspace

SILENT = frozenset({"typed"})
FOR_ALL = frozenset({"wire", "fault", "clock", "user"})
HEARTBEAT_SECONDS = 15.0


def concerns(slack: Workspace, me: Person, change: Change) -> bool:
    """Whether this person's page shows anything of the change. That something went over the wire is told to all."""
    if change.kind in SILENT:
        return False
    if change.kind in FOR_ALL:
        return True
    if change.viewers is not None:
        return me.id in change.viewers
    channel = slack.channels.all.get(change.channel or "")
    return channel is None or channel.kind == PUBLIC or me.id in channel.members


async def changes(slack: Workspace, me: Person) -> AsyncIterator[str]:
    """The changes this person may see, as events; a comment now and then finds out that the page has gone."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[Change] = asyncio.Queue()

    def heard(change: Change) -> None:
        if concerns(slack, me, change) and not loop.is_closed():
            loop.call_soon_threadsafe(waiting.put_nowait, change)

    forget = slack.feed.subscribe(heard)
    try:
        yield ": hello\n\n"
        while True:
            try:
                change = await asyncio.wait_for(waiting.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
            else:
                told = {"seq": change.seq, "kind": change.kind, "channel": change.channel}
                yield f"data: {json.dumps(told)}\n\n"
    finally:
        forget()
