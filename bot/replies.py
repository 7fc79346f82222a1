"""Answers to whoever just did something: a page on their screen, or a line for their eyes only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.models.views import View
from slack_sdk.webhook import WebhookClient

from bot import payload
from bot.views.message import Message

TIMEOUT_S = 5


def show(client: WebClient, body: Mapping[str, Any], view: View) -> None:
    """Open a page; from inside a page, on top of it."""
    inside = (body.get("view") or {}).get("type") == "modal"
    (client.views_push if inside else client.views_open)(trigger_id=body["trigger_id"], view=view)


def tell(client: WebClient, body: Mapping[str, Any], message: Message, *, replace: bool = False) -> None:
    """Say something for their eyes only, where they did it; where nothing can be said, by direct message.

    `replace` puts it in the place of the message they acted on, which only they see.
    """
    url = body.get("response_url")
    if url is None:
        client.chat_postMessage(channel=str(payload.user_of(body)), text=message.text, blocks=list(message.blocks))
        return
    shown = [block if isinstance(block, dict) else block.to_dict() for block in message.blocks]
    said = {"response_type": "ephemeral", "replace_original": replace, "text": message.text}
    WebhookClient(url, timeout=TIMEOUT_S).send_dict({**said, "blocks": shown} if shown else said)
