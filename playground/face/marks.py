"""How far each person has read each place. Whatever was there when the page was first opened counts as read."""

from __future__ import annotations

from itertools import takewhile

from playground.channels import Channel
from playground.messages import Message
from playground.person import Person
from playground.workspace import Workspace


class Marks:
    """The marks of one run."""

    def __init__(self) -> None:
        self._start = ""
        self._read: dict[tuple[str, str], str] = {}

    def begin(self, slack: Workspace) -> None:
        """The page is open: what comes from now on is unread."""
        self._start = self._start or slack.next_ts()

    def read(self, slack: Workspace, me: Person, channel_id: str) -> None:
        """This person looks at the place now."""
        messages = slack.messages.channel(channel_id)
        if messages and messages[-1].ts > self._read.get((me.id, channel_id), self._start):
            self._read[me.id, channel_id] = messages[-1].ts
            slack.feed.publish("read", channel=channel_id, viewers=(me.id,))

    def unread(self, slack: Workspace, me: Person, channel: Channel) -> int:
        """How many messages by others came since, without replies."""
        return sum(1 for one in self._fresh(slack, me, channel) if not one.is_reply or one.broadcast)

    def called(self, slack: Workspace, me: Person, channel: Channel) -> int:
        """How many of them are to this person: direct messages and mentions, in threads too."""
        return sum(1 for one in self._fresh(slack, me, channel) if channel.is_dm or me.mention in one.words)

    def _fresh(self, slack: Workspace, me: Person, channel: Channel) -> list[Message]:
        mark = self._read.get((me.id, channel.id), self._start)
        later = takewhile(lambda one: one.ts > mark, reversed(slack.messages.channel(channel.id)))
        return [one for one in later if one.user != me.id]
