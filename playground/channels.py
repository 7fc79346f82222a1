"""Where people talk: public and private channels, direct messages, and who is in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from playground.errors import SlackError
from playground.values import Json

if TYPE_CHECKING:
    from playground.workspace import Workspace

Kind = Literal["public", "private", "im", "mpim"]
PUBLIC: Literal["public"] = "public"
PRIVATE: Literal["private"] = "private"
IM: Literal["im"] = "im"
MPIM: Literal["mpim"] = "mpim"
EVENT_TYPE = {PUBLIC: "channel", PRIVATE: "group", IM: "im", MPIM: "mpim"}
EVENT_SUFFIX = {PUBLIC: "channels", PRIVATE: "groups", IM: "im", MPIM: "mpim"}
JOINED_TYPE = {PUBLIC: "C", PRIVATE: "G", IM: "D", MPIM: "G"}
COMMAND_NAME = {PRIVATE: "privategroup", IM: "directmessage", MPIM: "mpdm"}


@dataclass
class Channel:
    """A conversation. `shared_with` lists other organisations' teams (Slack Connect); `restrictions` are of
    `read_only_channel`, `thread_only_channel`, `non_threadable_channel`."""

    id: str
    name: str
    kind: Kind = PUBLIC
    creator: str = ""
    created: int = 0
    members: list[str] = field(default_factory=list)
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    shared_with: list[str] = field(default_factory=list)
    restrictions: list[str] = field(default_factory=list)
    previous_names: list[str] = field(default_factory=list)

    @property
    def is_dm(self) -> bool:
        return self.kind in (IM, MPIM)

    def other(self, user_id: str) -> str:
        """The other side of a direct message."""
        return next((one for one in self.members if one != user_id), user_id)

    def json(self, team_id: str, viewer: str) -> Json:
        """The conversation object of `conversations.info`, as `viewer` sees it."""
        return self._im(team_id, viewer) if self.kind == IM else self._channel(team_id, viewer)

    def _im(self, team_id: str, viewer: str) -> Json:
        return {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": team_id,
            "updated": self.created * 1000,
            "user": self.other(viewer),
            "is_user_deleted": False,
            "priority": 0,
        }

    def _channel(self, team_id: str, viewer: str) -> Json:
        shared = bool(self.shared_with)
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == PUBLIC,
            "is_group": self.kind == PRIVATE,
            "is_im": False,
            "is_mpim": self.kind == MPIM,
            "is_private": self.kind != PUBLIC,
            "created": self.created,
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "unlinked": 0,
            "name_normalized": self.name,
            "is_shared": shared,
            "is_org_shared": False,
            "is_ext_shared": shared,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "shared_team_ids": [team_id, *self.shared_with],
            "pending_connected_team_ids": [],
            "context_team_id": team_id,
            "updated": self.created * 1000,
            "creator": self.creator,
            "is_member": viewer in self.members,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": "", "last_set": 0},
            "previous_names": list(self.previous_names),
        }


class Channels:
    """The conversations of one workspace, and what happens to them."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self.all: dict[str, Channel] = {}

    def add(self, name: str, members: list[str], *, kind: Kind = PUBLIC, id: str = "", creator: str = "") -> Channel:
        slack = self._slack
        if any(one.name == name and not one.is_dm for one in self.all.values()):
            raise SlackError("name_taken")
        channel = Channel(
            id or slack.ids.next("C"), name, kind, creator or next(iter(members), ""), slack.unix(), list(members)
        )
        self.all[channel.id] = channel
        self.changed(channel)
        if kind == PUBLIC:
            about = {"id": channel.id, "name": name, "created": channel.created, "creator": channel.creator}
            slack.events.emit("channel_created", {"channel": about})
        return channel

    def get(self, channel_id: str) -> Channel:
        try:
            return self.all[channel_id]
        except KeyError:
            raise SlackError("channel_not_found") from None

    def find(self, name: str) -> Channel:
        """The channel with this id or name, `#` or not. Raises `LookupError` if there is none."""
        for channel in self.all.values():
            if name.removeprefix("#") in (channel.id, channel.name):
                return channel
        raise LookupError(f"There is no channel {name!r}.")

    def visible(self, channel_id: str, viewer: str) -> Channel:
        """The channel, if `viewer` may know of it; private ones are not found by outsiders."""
        channel = self.get(channel_id)
        if channel.kind != PUBLIC and viewer not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def direct(self, users: list[str]) -> Channel:
        """The direct message of exactly these users, opened if need be."""
        wanted = set(users)
        for channel in self.all.values():
            if channel.is_dm and set(channel.members) == wanted:
                return channel
        slack = self._slack
        many = len(wanted) > 2  # noqa: PLR2004 - two people make a direct message, more a group one
        channel = Channel(
            slack.ids.next("C" if many else "D"),
            f"mpdm-{'--'.join(sorted(slack.people.get(one).name for one in wanted))}-1" if many else "",
            MPIM if many else IM,
            users[0],
            slack.unix(),
            list(dict.fromkeys(users)),
        )
        self.all[channel.id] = channel
        self.changed(channel)
        return channel

    def join(self, channel: Channel, user_id: str, inviter: str | None = None) -> None:
        """Put `user_id` into the channel, with the join message and `member_joined_channel`."""
        if user_id in channel.members:
            return
        channel.members.append(user_id)
        self.changed(channel)
        self._slack.messages.note(channel, user_id, "channel_join", f"<@{user_id}> has joined the channel")
        self._membership("member_joined_channel", channel, user_id, {"inviter": inviter} if inviter else {})

    def leave(self, channel: Channel, user_id: str, *, told: bool = True) -> None:
        """Take `user_id` out of the channel; a bot that is removed hears of it once more."""
        if user_id not in channel.members:
            return
        bot = self._slack.bot.user_id
        if user_id == bot:
            self._membership("member_left_channel", channel, user_id, {})
        channel.members.remove(user_id)
        self.changed(channel)
        if user_id == bot:
            name = "channel_left" if channel.kind == PUBLIC else "group_left"
            self._slack.events.emit(name, {"channel": channel.id, "actor_id": user_id})
            return
        self._membership("member_left_channel", channel, user_id, {})

    def archive(self, channel: Channel, by: str) -> None:
        self._set_archived(channel, by, archived=True)

    def unarchive(self, channel: Channel, by: str) -> None:
        self._set_archived(channel, by, archived=False)

    def convert(self, channel: Channel, by: str, *, private: bool) -> None:
        """Make a public channel private, or a private one public. Apps hear of it only as one more message in it."""
        if channel.kind != (PUBLIC if private else PRIVATE) or channel.name == "general":
            raise SlackError("channel_type_not_supported")
        channel.kind = PRIVATE if private else PUBLIC
        self.changed(channel)
        said = "*private*. Now, it can only be viewed or joined by invitation."
        if not private:
            said = "*public*. Any member in this workspace can see and join it."
        subtype = f"channel_convert_to_{channel.kind}"
        self._slack.messages.note(channel, by, subtype, f"made this channel {said}")

    def rename(self, channel: Channel, name: str) -> None:
        channel.previous_names.append(channel.name)
        channel.name = name
        self.changed(channel)
        about: Json = {"id": channel.id, "name": name, "created": channel.created}
        about |= {"is_channel": True, "is_mpim": False, "name_normalized": name}
        self._slack.events.emit("channel_rename", {"channel": about}, channel=channel)

    def change_id(self, channel: Channel) -> Channel:
        """Give the channel a new id, as Slack does when one becomes shared; messages follow."""
        old, new = channel.id, self._slack.ids.next("C")
        del self.all[old]
        channel.id = new
        self.all[new] = channel
        self._slack.messages.move(old, new)
        self.changed(channel)
        event = {"old_channel_id": old, "new_channel_id": new}
        self._slack.events.emit("channel_id_changed", event, channel=channel)
        return channel

    def changed(self, channel: Channel) -> None:
        viewers = None if channel.kind == PUBLIC else tuple(channel.members)
        body = channel.json(self._slack.team_id, "") | {"members": list(channel.members)}
        self._slack.feed.publish("channel", channel=channel.id, viewers=viewers, conversation=body)

    def _set_archived(self, channel: Channel, by: str, *, archived: bool) -> None:
        channel.archived = archived
        self.changed(channel)
        kind = "channel" if channel.kind == PUBLIC else "group"
        verb = "archive" if archived else "unarchive"
        self._slack.events.emit(f"{kind}_{verb}", {"channel": channel.id, "user": by}, channel=channel)

    def _membership(self, event: str, channel: Channel, user_id: str, extra: Json) -> None:
        body: Json = {
            "user": user_id,
            "channel": channel.id,
            "channel_type": JOINED_TYPE[channel.kind],
            "team": self._slack.people.get(user_id).team_id,
        }
        self._slack.events.emit(event, body | extra, channel=channel)
