"""Messages: posted, edited, deleted, reacted to, threaded; and ephemerals, which only one person sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground import layout
from playground.channels import EVENT_TYPE, PUBLIC, Channel
from playground.errors import SlackError
from playground.values import Json

if TYPE_CHECKING:
    from playground.workspace import Workspace

UNTHREADABLE = frozenset({"channel_join", "channel_leave"})
TOMBSTONE = "This message was deleted."


@dataclass
class Message:
    """A message as it stands. `visible_to` is set on ephemerals; `reactions` maps a name to user ids."""

    channel: str
    ts: str
    text: str = ""
    user: str = ""
    team: str = ""
    subtype: str = ""
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    client_msg_id: str = ""
    thread_ts: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    icons: Json | None = None
    bot_profile: Json | None = None
    edited: Json | None = None
    broadcast: bool = False
    visible_to: str = ""
    inviter: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned: bool = False

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts

    @property
    def words(self) -> str:
        """All a person can read on it: text, blocks and attachments."""
        return "\n".join(filter(None, (self.text, layout.all_text(self.blocks), layout.all_text(self.attachments))))

    def json(self, *, metadata: bool = True) -> Json:
        """The message object as Slack sends it, without what only its thread knows."""
        body: Json = {"type": "message", "ts": self.ts, "text": self.text}
        for name in ("subtype", "user", "team", "bot_id", "app_id", "username", "client_msg_id", "thread_ts",
                     "blocks", "attachments", "files", "icons", "bot_profile", "edited", "inviter"):  # fmt: skip
            if value := getattr(self, name):
                body[name] = value
        if self.files:
            body |= {"upload": False, "display_as_bot": False}
        if metadata and self.metadata:
            body["metadata"] = self.metadata
        if self.reactions:
            body["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        return body | ({"pinned_to": [self.channel]} if self.pinned else {})


class Messages:
    """All messages of one workspace, by channel and `ts`."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self._all: dict[str, dict[str, Message]] = {}
        self._replies: dict[tuple[str, str], dict[str, Message]] = {}
        self.ephemerals: dict[tuple[str, str], Message] = {}

    def channel(self, channel_id: str) -> list[Message]:
        """Everything in the channel, replies too, oldest first."""
        return list(self._all.get(channel_id, {}).values())  # a new message has the highest ts: they stand in order

    def main(self, channel_id: str) -> list[Message]:
        """What `conversations.history` shows: no replies, except broadcast ones."""
        return [one for one in self.channel(channel_id) if not one.is_reply or one.broadcast]

    def replies(self, channel_id: str, thread_ts: str) -> list[Message]:
        return list(self._replies.get((channel_id, thread_ts), {}).values())

    def get(self, channel_id: str, ts: str) -> Message:
        try:
            return self._all[channel_id][ts]
        except KeyError:
            raise SlackError("message_not_found") from None

    def describe(self, message: Message, *, metadata: bool = True) -> Json:
        """The message object with its thread's figures."""
        body = message.json(metadata=metadata)
        if message.is_reply:
            parent = self._all[message.channel].get(message.thread_ts)
            return body | ({"parent_user_id": parent.user} if parent and parent.user else {})
        replies = self.replies(message.channel, message.ts)
        if not replies:
            return body
        users = list(dict.fromkeys(one.user for one in replies if one.user))
        return body | {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "reply_users": users,
            "is_locked": False,
            "subscribed": False,
        }

    def post(self, channel: Channel, message: Message) -> Message:
        """Put `message` into the channel and its thread, and tell whoever listens."""
        if message.thread_ts:
            message.thread_ts = self.parent(channel.id, message.thread_ts).ts
        self._keep(message)
        self._show("message", message)
        body = self.describe(message)
        if message.broadcast and message.is_reply:
            root = self.get(channel.id, message.thread_ts)
            body |= {"subtype": "thread_broadcast", "root": self.describe(root)}
        self._tell(channel, body)
        return message

    def parent(self, channel_id: str, thread_ts: str) -> Message:
        """The message that heads the thread. Raises `thread_not_found` or `cannot_reply_to_message`."""
        parent = self._all.get(channel_id, {}).get(thread_ts)
        if parent is None:
            raise SlackError("thread_not_found")
        if parent.subtype in UNTHREADABLE:
            raise SlackError("cannot_reply_to_message")
        return self.get(channel_id, parent.thread_ts) if parent.is_reply else parent

    def note(self, channel: Channel, user_id: str, subtype: str, text: str) -> Message:
        """A line Slack itself writes, such as that somebody joined."""
        said = Message(channel.id, self._slack.next_ts(), text, user_id, subtype=subtype)
        return self.post(channel, said)

    def whisper(self, message: Message) -> Message:
        """Show an ephemeral message; it is not part of the channel and cannot be fetched."""
        self.ephemerals[message.channel, message.ts] = message
        self._show("ephemeral", message)
        return message

    def hush(self, message: Message) -> None:
        """Take an ephemeral away."""
        self.ephemerals.pop((message.channel, message.ts), None)
        self._show("ephemeral_gone", message)

    def edit(self, channel: Channel, message: Message, by: str, **changes: Any) -> Message:
        """Change fields of a message in place; a changed text marks it as edited."""
        before = self.describe(message)
        if "text" in changes and changes["text"] != message.text:
            message.edited = {"user": by, "ts": self._slack.next_ts()}
        for name, value in changes.items():
            setattr(message, name, value)
        if message.visible_to:
            self._show("ephemeral", message)
            return message
        self._show("message_changed", message)
        self._tell(channel, self._change("message_changed", before) | {"message": self.describe(message)})
        return message

    def delete(self, channel: Channel, message: Message) -> None:
        """Remove a message; one with replies leaves a placeholder."""
        before = self.describe(message)
        if self.replies(channel.id, message.ts):
            self._all[channel.id][message.ts] = Message(
                channel.id, message.ts, TOMBSTONE, "USLACKBOT", subtype="tombstone", thread_ts=message.ts
            )
        else:
            del self._all[channel.id][message.ts]
            self._replies.get((channel.id, message.thread_ts), {}).pop(message.ts, None)
        self._show("message_deleted", message)
        self._tell(channel, self._change("message_deleted", before) | {"deleted_ts": message.ts})

    def react(self, channel: Channel, message: Message, user_id: str, name: str) -> None:
        users = message.reactions.setdefault(name, [])
        if user_id in users:
            raise SlackError("already_reacted")
        users.append(user_id)
        self._reaction("reaction_added", channel, message, user_id, name)

    def unreact(self, channel: Channel, message: Message, user_id: str, name: str) -> None:
        users = message.reactions.get(name, [])
        if user_id not in users:
            raise SlackError("no_reaction")
        users.remove(user_id)
        if not users:
            del message.reactions[name]
        self._reaction("reaction_removed", channel, message, user_id, name)

    def move(self, old: str, new: str) -> None:
        """Follow a channel that changed its id."""
        for message in self._all.pop(old, {}).values():
            message.channel = new
            self._keep(message)

    def everything(self) -> list[Message]:
        return [message for channel in self._all.values() for message in channel.values()]

    def restore(self, messages: list[Message]) -> None:
        """Put back messages from a snapshot, telling nobody."""
        for message in messages:
            self._keep(message)

    def _keep(self, message: Message) -> None:
        self._all.setdefault(message.channel, {})[message.ts] = message
        if message.is_reply:
            self._replies.setdefault((message.channel, message.thread_ts), {})[message.ts] = message

    def _show(self, kind: str, message: Message) -> None:
        channel = self._slack.channels.all[message.channel]
        viewers = None if channel.kind == PUBLIC else tuple(channel.members)
        if message.visible_to:
            viewers = (message.visible_to,)
        self._slack.feed.publish(kind, channel=message.channel, viewers=viewers, message=message.json())

    def _tell(self, channel: Channel, event: Json) -> None:
        """Send the `message` event, and `app_mention` when a person mentions the app in a channel."""
        slack = self._slack
        common = {"channel": channel.id, "channel_type": EVENT_TYPE[channel.kind]}
        event = event | common | {"event_ts": event["ts"]}
        if channel.shared_with and event.get("team"):
            event |= {"user_team": event["team"], "source_team": event["team"]}
        slack.events.emit("message", event, channel=channel)
        mentioned = f"<@{slack.bot.user_id}" in event.get("text", "")
        fresh = event.get("subtype", "") in ("", "file_share", "thread_broadcast", "bot_message")
        if mentioned and fresh and not channel.is_dm and event.get("bot_id") != slack.bot.bot_id:
            mention = {key: value for key, value in event.items() if key != "channel_type"}
            slack.events.emit("app_mention", mention | {"type": "app_mention"}, channel=channel)

    def _change(self, subtype: str, before: Json) -> Json:
        return {"subtype": subtype, "hidden": True, "ts": self._slack.next_ts(), "previous_message": before}

    def _reaction(self, event: str, channel: Channel, message: Message, user_id: str, name: str) -> None:
        self._show(event, message)
        item = {"type": "message", "channel": channel.id, "ts": message.ts}
        body: Json = {"user": user_id, "reaction": name, "item": item, "item_user": message.user}
        self._slack.events.emit(event, body, channel=channel)
