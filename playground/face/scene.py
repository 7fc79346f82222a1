"""What one person sees of the workspace, as the page wants it: the sidebar, a place, a thread, forms, Home."""

from __future__ import annotations

from collections.abc import Iterable

from playground.channels import IM, PRIVATE, Channel
from playground.face.marks import Marks
from playground.messages import Message
from playground.people import User
from playground.person import Person
from playground.values import Json
from playground.views import View
from playground.workspace import Workspace

SHOWN = 300
"""How many messages of a place the page gets: the latest."""


def scene(slack: Workspace, me: Person, marks: Marks) -> Json:
    """Everything around the place a person looks at."""
    with slack.lock:
        dm = slack.channels.direct([slack.bot.user_id, me.id])
        seen = [one for one in slack.channels.all.values() if not one.is_dm and _visible(one, me.id)]
        direct = [one for one in slack.channels.all.values() if one.is_dm and me.id in one.members]
        return {
            "me": me.id,
            "now": slack.now().timestamp(),
            "team": {"id": slack.team_id, "name": slack.name},
            "app": _app(slack, dm),
            "people": [_person(slack, one) for one in slack.people.users.values()],
            "groups": [{"id": one.id, "handle": one.handle} for one in slack.people.groups.values()],
            "start": next((one.id for one in seen if me.id in one.members and not one.archived), ""),
            "channels": [_channel(slack, one, me, marks) for one in sorted(seen, key=lambda one: one.name)],
            "dms": [_channel(slack, one, me, marks) for one in direct if slack.messages.channel(one.id) or one is dm],
            "views": [_view(slack, one) for one in slack.views.stack(me.id)],
            "home": _view(slack, me.home) if me.home else None,
        }


def place(slack: Workspace, me: Person, channel_id: str) -> Json:
    """The messages of a channel or direct message, and what only this person sees there."""
    with slack.lock:
        channel = slack.channels.visible(channel_id, me.id)
        messages = slack.messages.main(channel.id)[-SHOWN:]
        since = messages[0].ts if len(messages) == SHOWN else ""
        whispers = [one for one in me.ephemerals(channel) if one.ts >= since and not one.is_reply]
        shown = sorted([*messages, *whispers], key=lambda one: one.ts)
        return {"channel": channel.id, "messages": _messages(slack, me, shown)}


def thread(slack: Workspace, me: Person, channel_id: str, ts: str) -> Json:
    """A message and its replies."""
    with slack.lock:
        channel = slack.channels.visible(channel_id, me.id)
        root = slack.messages.get(channel.id, ts)
        whispers = [one for one in me.ephemerals(channel) if one.is_reply and one.thread_ts == ts]
        replies = sorted([*slack.messages.replies(channel.id, ts), *whispers], key=lambda one: one.ts)
        return {"channel": channel.id, "messages": _messages(slack, me, [root, *replies])}


def _messages(slack: Workspace, me: Person, messages: Iterable[Message]) -> list[Json]:
    return [_message(slack, me, one) for one in messages]


def _message(slack: Workspace, me: Person, message: Message) -> Json:
    shown = message.json() if message.visible_to else slack.messages.describe(message, metadata=False)
    typed = slack.typed.get((me.id, message.channel, message.ts), {})
    return shown | {"hidden": bool(message.visible_to), "values": typed, "broadcast": message.broadcast}


def _visible(channel: Channel, viewer: str) -> bool:
    return channel.kind != PRIVATE or viewer in channel.members


def _channel(slack: Workspace, channel: Channel, me: Person, marks: Marks) -> Json:
    member = me.id in channel.members
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "private": channel.kind == PRIVATE,
        "member": member,
        "members": len(channel.members),
        "archived": channel.archived,
        "topic": channel.topic or channel.purpose,
        "with": [one for one in channel.members if one != me.id] if channel.is_dm else [],
        "app": channel.kind == IM and slack.bot.user_id in channel.members,
        "unread": marks.unread(slack, me, channel) if member else 0,
        "called": marks.called(slack, me, channel) if member else 0,
    }


def _person(slack: Workspace, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "tz": user.tz,
        "bot": user.is_bot or user.id == "USLACKBOT",
        "app": user.id == slack.bot.user_id,
        "admin": user.is_admin or user.is_owner,
        "guest": user.is_restricted or user.is_ultra_restricted,
        "stranger": slack.people.is_stranger(user),
        "deleted": user.deleted,
    }


def _app(slack: Workspace, dm: Channel) -> Json:
    manifest = slack.app.manifest
    return {
        "user": slack.bot.user_id,
        "name": slack.people.users[slack.bot.user_id].real_name,
        "dm": dm.id,
        "home": manifest.home_tab,
        "messages": manifest.messages_tab,
        "commands": [
            {"name": one["command"], "says": one.get("description", ""), "hint": one.get("usage_hint", "")}
            for one in manifest.commands()
        ],
        "shortcuts": [
            {"name": one["name"], "type": one["type"], "id": one["callback_id"], "says": one.get("description", "")}
            for one in manifest.shortcuts()
        ],
    }


def _view(slack: Workspace, view: View) -> Json:
    return slack.views.describe(view) | {"errors": view.errors}
