"""The app manifest, made from what the bot registers and from the methods it calls. `manifest.yaml` is its output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from slack_bolt import App

from bot import ids
from bot.app import listen
from bot.commands import COMMANDS
from bot.house import House
from bot.oauth.flow import REDIRECT

SLACK = "/slack/events"
NAME = "Touchstone"
ABOUT = "Ideas, decided in the open and followed through"
COLOUR = "#1f3a5f"
LONG = (
    "Touchstone is an innovation committee that lives in Slack. Anybody submits an idea; the committee asks, scores "
    "and votes under rules it chose itself; what is approved gets an owner, a date and kind reminders; and every week "
    "a digest tells what came of it. Type /idea help to begin."
)

SHORTCUTS = {
    ids.IDEA_SHORTCUT: ("New idea", "Tell the committee what would make things better"),
    ids.IDEA_FROM_MESSAGE: ("Turn into an idea", "Begin an idea with this message"),
}

HINTS = {
    "/idea": "[what would be better] | list | mine | top | show 12 | help",
    "/committee": "setup | backlog | digest preview | help",
    "/cx": "mine | help",
}

METHODS: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history", "metadata.message:read"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.join": ("channels:join",),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history", "metadata.message:read"),
    "oauth.v2.access": (),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": ("channels:read",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
"""Every Web API method the bot calls, with the scopes it needs in channels, private channels and direct messages."""

EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unarchive": ("channels:read",),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.im": ("im:history",),
    "subteam_members_changed": ("usergroups:read",),
    "team_access_granted": (),
    "team_access_revoked": (),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""Every event the bot may listen to, with the scopes Slack wants for it."""

MESSAGES = ("message.im",)
"""What a listener for `message` hears: what people write to Touchstone itself."""


@dataclass
class Roll:
    """Stands in for Bolt's app while features register, and writes down what they listen to."""

    commands: list[str] = field(default_factory=list)
    events: set[str] = field(default_factory=set)
    shortcuts: list[tuple[str, str]] = field(default_factory=list)

    def command(self, name: str, *_: object, **__: object) -> Callable[[Any], Any]:
        self.commands.append(name)
        return _as_it_is

    def event(self, constraint: str | dict[str, Any], *_: object, **__: object) -> Callable[[Any], Any]:
        name = constraint if isinstance(constraint, str) else constraint["type"]
        self.events |= set(MESSAGES if name == "message" else (name,))
        return _as_it_is

    def global_shortcut(self, callback_id: str, *_: object, **__: object) -> Callable[[Any], Any]:
        self.shortcuts.append((callback_id, "global"))
        return _as_it_is

    def message_shortcut(self, callback_id: str, *_: object, **__: object) -> Callable[[Any], Any]:
        self.shortcuts.append((callback_id, "message"))
        return _as_it_is

    def action(self, *_: object, **__: object) -> Callable[[Any], Any]:
        return _as_it_is

    view = options = view_submission = view_closed = action


def _as_it_is(listener: Any) -> Any:
    return listener


def roll() -> Roll:
    """What every feature listens to."""
    taken = Roll()
    listen(cast(App, taken), cast(House, None))
    return taken


def scopes(events: set[str]) -> list[str]:
    """The bot scopes for the methods called, the commands and these events."""
    wanted = {scope for needed in METHODS.values() for scope in needed}
    wanted |= {scope for event in events for scope in EVENTS[event]}
    return sorted(wanted | {"commands"})


@dataclass(frozen=True)
class Reach:
    """How far the app is to reach. `oauth`: workspaces install it themselves; `org`: whole organisations may too;
    `rotation`: its tokens expire, which cannot be switched off again. All need HTTP."""

    oauth: bool = False
    org: bool = False
    rotation: bool = False


def build(url: str | None = None, reach: Reach = Reach()) -> dict[str, Any]:
    """The manifest: for Socket Mode, or with `url` (`https://host/slack/events`) for HTTP."""
    taken = roll()
    address = {"request_url": url} if url else {}
    back = {"redirect_urls": [url.removesuffix(SLACK) + REDIRECT]} if url and reach.oauth else {}
    return {
        "display_information": {
            "name": NAME,
            "description": ABOUT,
            "long_description": LONG,
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [_shortcut(callback_id, kind) for callback_id, kind in taken.shortcuts],
            "slash_commands": [_command(name, url) for name in taken.commands],
        },
        "oauth_config": {**back, "scopes": {"bot": scopes(taken.events)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": sorted(taken.events)},
            "interactivity": {
                "is_enabled": True,
                **address,
                **({"message_menu_options_url": url} if url else {}),
            },
            "org_deploy_enabled": reach.org,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": reach.rotation,
        },
    }


def _shortcut(callback_id: str, kind: str) -> dict[str, str]:
    name, about = SHORTCUTS[callback_id]
    return {"name": name, "type": kind, "callback_id": callback_id, "description": about}


def _command(name: str, url: str | None) -> dict[str, Any]:
    made = {
        "command": name,
        "description": COMMANDS[name].capitalize(),
        "usage_hint": HINTS[name],
        "should_escape": True,
    }
    return {**made, "url": url} if url else made


def text(url: str | None = None, reach: Reach = Reach()) -> str:
    """The manifest as YAML."""
    head = "# Made by `touchstone manifest`; a test keeps it in step with what the bot registers.\n"
    made: str = yaml.safe_dump(build(url, reach), sort_keys=False, allow_unicode=True, width=120)
    return head + made
