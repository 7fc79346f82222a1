"""The channels that committees use: looked at once a day, for Slack does not tell apps all that befalls them.

That a channel was made private is a message in it, and we do not ask Slack for what is said in channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot import log, payload, places
from bot.house import House
from workflows.committees import looking

PRIVATE_NAME = "privategroup"
"""What Slack calls every private channel to those who typed or pressed something there."""
PRIVATE_TYPES = ("G", "group")
LOG = log.get(__name__)


def look(house: House, workspace_id: str, now: datetime) -> int:
    """Ask Slack about the channels of the committees whose day has come; how many channels were looked at."""
    with house.sessions.begin(workspace_id) as session:
        due = looking.due(session, now)
    seen = 0
    for one in due:
        try:
            described = places.describe(house.installations.client(workspace_id), one.channels)
        except (SlackApiError, OSError) as error:  # next time; other workspaces have their turn
            LOG.warning("channels.unknown", committee=one.committee_id, error=str(error))
            return seen
        with house.sessions.begin(workspace_id) as session:
            seen += looking.found(session, one, described, now)
    return seen


def overhear(house: House, body: Mapping[str, Any]) -> None:
    """Take note if a request lets us know by the way that its channel is private."""
    event = body.get("event") or {}
    workspace_id, channel = payload.workspace_of(body), payload.channel_of(body)
    private = body.get("channel_name") == PRIVATE_NAME or event.get("channel_type") in PRIVATE_TYPES
    if private and workspace_id and channel:
        with house.sessions.begin(workspace_id) as session:
            looking.hidden(session, channel, house.clock())
