"""Keeping committees in step with Slack: channels that are archived, shared or renumbered, groups that change."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot import channels, groups
from bot.house import House
from workflows import committees

Body = dict[str, Any]
GONE = {
    "channel_archive": "is_archived",
    "group_archive": "is_archived",
    "channel_deleted": "channel_not_found",
    "group_deleted": "channel_not_found",
    "channel_left": "not_in_channel",
    "group_left": "not_in_channel",
    "channel_shared": "is_ext_shared",
}
"""What befalls a channel, in the word Slack uses when one posts there then."""
BACK = ("channel_unarchive", "group_unarchive", "channel_unshared")
RENAMED = ("channel_rename", "group_rename")

ASKED_ABOUT = 12
"""Of those who joined a group, so many are asked about at once; the others in the background."""


def register(app: App, house: House) -> None:
    """Listen for what happens to channels and user groups."""

    def changed(body: Body, event: Body) -> None:
        still_shared = "is_ext_shared" if event.get("is_ext_shared") else None  # one organisation of several has left
        trouble(house, body, event["channel"], GONE.get(event["type"], still_shared))

    for kind in (*GONE, *BACK):
        app.event(kind)(changed)

    @app.event("member_left_channel")
    def left(body: Body, event: Body, context: BoltContext) -> None:
        if event["user"] == context.bot_user_id:
            trouble(house, body, event["channel"], "not_in_channel")

    @app.event("member_joined_channel")
    def joined(body: Body, event: Body, context: BoltContext) -> None:
        channels.overhear(house, body)
        if event["user"] == context.bot_user_id:
            trouble(house, body, event["channel"], None)

    @app.event("channel_id_changed")
    def renumbered(body: Body, event: Body) -> None:
        with house.news(body) as n:
            committees.renumbered(n.session, event["old_channel_id"], event["new_channel_id"])

    def renamed(body: Body, event: Body) -> None:
        with house.news(body) as n:
            committees.renamed(n.session, event["channel"]["id"], event["channel"]["name"])

    for kind in RENAMED:
        app.event(kind)(renamed)

    @app.event("subteam_members_changed")
    def group_changed(body: Body, event: Body, client: WebClient) -> None:
        if groups.follow(house.sessions, client, body["team_id"], house.clock(), only=event["subteam_id"]):
            house.know(body, (event.get("added_users") or [])[:ASKED_ABOUT])


def trouble(house: House, body: Body, channel: str, what: str | None) -> None:
    """Note what has become of a channel."""
    with house.news(body) as n:
        committees.trouble(n.session, channel, what, now=n.now)
