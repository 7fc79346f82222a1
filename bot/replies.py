"""Answers to whoever just did something: a page on their screen, or a line for their eyes only.

A line that does not arrive undoes nothing: what was done stays done, so it costs one line in the log and no more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.views import View
from slack_sdk.webhook import WebhookClient

from bot import log, payload
from bot.views.message import Message

TIMEOUT_S = 5
SLACKS = re.compile(r"https://([a-z0-9-]+\.)*(slack|slack-gov)\.com")
LOG = log.get(__name__)


class NotTaken(Exception):
    """A `response_url` is not Slack's, or took no answer."""


UNANSWERED = (NotTaken, SlackClientError, HTTPException, OSError)
"""What keeps an answer from arriving."""


def show(client: WebClient, body: Mapping[str, Any], view: View) -> None:
    """Open a page; from inside a page, on top of it."""
    inside = (body.get("view") or {}).get("type") == "modal"
    (client.views_push if inside else client.views_open)(trigger_id=body["trigger_id"], view=view)


def tell(client: WebClient, body: Mapping[str, Any], message: Message, *, replace: bool = False) -> None:
    """Say something for their eyes only, where they did it; where nothing can be said, by direct message.

    `replace` puts it in the place of the message they acted on, which only they see.
    """
    url = body.get("response_url")
    shown = [block if isinstance(block, dict) else block.to_dict() for block in message.blocks]
    try:
        if url is None:
            client.chat_postMessage(channel=str(payload.user_of(body)), text=message.text, blocks=shown or None)
        else:
            post(client, url, message.text, shown, replace=replace)
    except UNANSWERED as error:
        LOG.warning("request.unanswered", error=why(error))


def whisper(client: WebClient, event: Mapping[str, Any], message: Message) -> None:
    """Say something in the thread or channel of an event, for the eyes of whoever caused it."""
    try:
        client.chat_postEphemeral(
            channel=event["channel"],
            user=event["user"],
            thread_ts=event.get("thread_ts"),
            text=message.text,
            blocks=list(message.blocks) or None,
        )
    except UNANSWERED as error:
        LOG.warning("request.unanswered", error=why(error))


def post(client: WebClient, url: str, text: str, blocks: list[dict[str, Any]], *, replace: bool = False) -> None:
    """Post to a `response_url`, for one person's eyes. Raises one of `UNANSWERED` if it was not taken.

    An address that is neither Slack's nor that of the Web API in use is refused: it would send the bot anywhere.
    """
    if not is_slacks(url, client.base_url):
        raise NotTaken("the response_url is not Slack's")
    said = {"response_type": "ephemeral", "replace_original": replace, "text": text}
    # Whoever waits for the ack waits for this.
    webhook = WebhookClient(url, timeout=TIMEOUT_S, ssl=client.ssl, retry_handlers=[])
    answer = webhook.send_dict({**said, "blocks": blocks} if blocks else said)
    if answer.status_code != HTTPStatus.OK:
        raise NotTaken(f"{answer.status_code} {answer.body[:80]}")


def is_slacks(url: str, api_url: str) -> bool:
    """Whether an address is Slack's own, or of the same origin as the Web API in use."""
    return (origin := _origin(url)) is not None and (origin == _origin(api_url) or bool(SLACKS.fullmatch(origin)))


def _origin(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that does not close
        return None
    return f"{parts.scheme}://{parts.netloc}".lower()


def why(error: Exception) -> str:
    """An error in few words, without what was sent."""
    return str(error)[:200] or type(error).__name__
