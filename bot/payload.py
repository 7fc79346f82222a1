"""What a payload from Slack says about itself: its kind, where it comes from, and the keys that make it once."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slack_bolt.request import internals as bolt

Body = Mapping[str, Any]


class Kind(enum.StrEnum):
    EVENT = "event"
    COMMAND = "command"
    ACTION = "block_actions"
    SUBMISSION = "view_submission"
    CLOSED = "view_closed"
    SHORTCUT = "shortcut"
    MESSAGE_SHORTCUT = "message_action"
    OPTIONS = "block_suggestion"
    OTHER = "other"


def kind(body: Body) -> Kind:
    """What kind of payload this is."""
    if "command" in body:
        return Kind.COMMAND
    if body.get("type") == "event_callback":
        return Kind.EVENT
    try:
        return Kind(body.get("type", ""))
    except ValueError:
        return Kind.OTHER


def workspace_of(body: Body) -> str | None:
    """The id of the workspace in which it happened."""
    payload = dict(body)
    return bolt.extract_team_id(payload) or body.get("team_id")


def enterprise_of(body: Body) -> str | None:
    """The id of the organisation the workspace belongs to, if it does."""
    return bolt.extract_enterprise_id(dict(body))


def is_for_whole_enterprise(body: Body) -> bool:
    """Whether it speaks of an installation in all workspaces of an organisation."""
    return bool(bolt.extract_is_enterprise_install(dict(body)))


def told_at(body: Body) -> datetime | None:
    """When Slack saw it happen, to the second; None if it does not say."""
    stamp = body.get("event_time")
    return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int) else None


def user_of(body: Body) -> str | None:
    """The Slack id of whoever did it."""
    return bolt.extract_user_id(dict(body))


def channel_of(body: Body) -> str | None:
    """The channel in which it happened."""
    return bolt.extract_channel_id(dict(body))


def thread_of(body: Body) -> str | None:
    """The ts of the thread in which it happened; None outside threads."""
    return bolt.extract_thread_ts(dict(body))


def from_outside(body: Body) -> bool:
    """Whether the payload itself says that its sender belongs to another workspace, by a shared channel.

    Inside one organisation people's home workspaces differ, which says nothing.
    """
    user = body.get("user")
    event = body.get("event") or {}
    own = user.get("team_id") if isinstance(user, Mapping) else event.get("user_team")
    return bool(own) and own != workspace_of(body) and not enterprise_of(body)


def delivery_key(body: Body, workspace_id: str | None) -> str | None:
    """What two deliveries of the same thing to a workspace have in common; None if a second one does no harm."""
    for kind, name in (("event", "event_id"), ("trigger", "trigger_id")):
        if body.get(name):
            return f"{kind}:{workspace_id}:{body[name]}"
    return None


def gesture_key(body: Body) -> str:
    """What a gesture and its repetitions have in common: the form that was open, the button as pressed."""
    view = body.get("view") or {}
    if kind(body) is Kind.SUBMISSION:
        return f"view:{view.get('id')}:{view.get('callback_id')}"
    action = (body.get("actions") or [{}])[0]
    if action.get("action_ts"):
        return f"action:{user_of(body)}:{action.get('action_id')}:{action['action_ts']}"
    return delivery_key(body, workspace_of(body)) or f"view:{view.get('id')}"
