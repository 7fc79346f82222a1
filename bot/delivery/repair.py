"""Repair: whether a message whose sending was cut short stands in Slack after all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from bot.delivery.parcel import EVENT_TYPE, Parcel

SLACK_CLOCKS_DIFFER = timedelta(minutes=5)
PAGE = 200
MOST_PAGES = 3


def find(client: WebClient, parcel: Parcel) -> tuple[str, str] | None:
    """The channel and ts of the message that carries this notice's id, if Slack has it.

    Raises `SlackApiError` and `OSError` if Slack cannot be asked.
    """
    channel = parcel.arguments["channel"]
    if channel[0] in "UW":
        channel = client.conversations_open(users=channel)["channel"]["id"]
    for message in _messages(client, channel, parcel):
        data = message.get("metadata") or {}
        payload = data.get("event_payload") or {}
        if data.get("event_type") == EVENT_TYPE and payload.get("notice") == parcel.claim.notice_id:
            return channel, message["ts"]
    return None


def _messages(client: WebClient, channel: str, parcel: Parcel) -> Iterator[dict[str, Any]]:
    thread = parcel.arguments.get("thread_ts")
    asked: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{(parcel.since - SLACK_CLOCKS_DIFFER).timestamp():.6f}",
        "include_all_metadata": True,
        "limit": PAGE,
    }
    for _ in range(MOST_PAGES):
        answer = client.conversations_replies(**asked, ts=thread) if thread else client.conversations_history(**asked)
        yield from answer["messages"]
        asked["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
        if not asked["cursor"]:
            return
