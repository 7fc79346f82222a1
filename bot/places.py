"""What Slack says of channels and user groups. Asked before a gesture, never inside one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import log
from workflows.committees import Place

NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "missing_scope"})
LOG = log.get(__name__)

Groups = list[tuple[str, str]]
"""User groups: id and name."""


def look_at(client: WebClient, channels: Iterable[str]) -> dict[str, Place]:
    """What these channels are. The bot joins the public ones that it is not in yet."""
    return {channel: _enter(client, _described(client, channel)) for channel in dict.fromkeys(channels) if channel}


def describe(client: WebClient, channels: Iterable[str]) -> list[Place]:
    """What these channels are now; the bot joins none."""
    return [_described(client, channel) for channel in channels]


def _described(client: WebClient, channel: str) -> Place:
    try:
        found: dict[str, Any] = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        if error.response.get("error") not in NOT_THERE:
            raise
        # Slack hides private channels from outsiders.
        return Place(slack_id=channel, is_private=True, bot_inside=False, is_hidden=True)
    return Place(
        slack_id=channel,
        name=found.get("name") or "",
        is_private=bool(found.get("is_private")),
        is_archived=bool(found.get("is_archived")),
        is_shared=bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared")),
        bot_inside=bool(found.get("is_member")),
    )


def _enter(client: WebClient, place: Place) -> Place:
    if place.bot_inside or place.is_private or place.is_archived or place.is_shared:
        return place
    try:
        client.conversations_join(channel=place.slack_id)
    except SlackApiError as error:
        LOG.warning("channel.not_joined", channel=place.slack_id, error=error.response.get("error"))
        return place
    return place.model_copy(update={"bot_inside": True})


def likely(client: WebClient) -> list[str]:
    """Channels to suggest where none is in sight: the public ones that the bot is in already."""
    try:
        found = client.users_conversations(types="public_channel", exclude_archived=True, limit=20)["channels"]
    except SlackApiError as error:
        LOG.warning("channels.unknown", error=error.response.get("error"))
        return []
    return [channel["id"] for channel in found if not channel.get("is_ext_shared")]


def groups(client: WebClient) -> Groups:
    """The user groups there are; none where the plan or the scopes know none."""
    try:
        found = client.usergroups_list()["usergroups"]
    except SlackApiError as error:
        LOG.info("usergroups.unknown", error=error.response.get("error"))
        return []
    return [(group["id"], group.get("name") or group["handle"]) for group in found if not group.get("date_delete")]


def group_members(client: WebClient, group: str) -> list[str] | None:
    """Who is in a user group; None if Slack does not tell."""
    try:
        users: list[str] = client.usergroups_users_list(usergroup=group)["users"]
    except SlackApiError as error:
        LOG.warning("usergroup.unknown", usergroup=group, error=error.response.get("error"))
        return None
    return users
