"""Posts to a `response_url`: answers where something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground import contract
from playground.api.chat import changes, fill
from playground.channels import Channel
from playground.errors import SlackError
from playground.messages import Message
from playground.triggers import ResponseUrl
from playground.values import Json

if TYPE_CHECKING:
    from playground.workspace import Workspace


def answer_url(slack: Workspace, path: str, body: Json) -> None:
    """Carry out one post to the response URL at `path`. Raises `SlackError` for what Slack refuses."""
    with slack.lock:
        command = slack.triggers.urls[path].command if path in slack.triggers.urls else False
        problems = contract.check_response_url_body(body, slash_command=command)
        slack.wire.add("response_url", f"{slack.base_url}/hooks/{path}", body, verdicts=tuple(problems))
        url = slack.triggers.use(path)
        first = next((one for one in problems if one.severity == "error"), None)
        if first:
            raise SlackError(first.code, response_metadata={"messages": [one.message for one in problems]})
        say(slack, url, body)


def say(slack: Workspace, url: ResponseUrl, body: Json) -> None:
    """Show the app's answer: in place of the original, to everybody, or to one person (the default)."""
    channel = slack.channels.get(url.channel)
    original = _original(slack, url)
    if body.get("delete_original"):
        _take_away(slack, channel, original)
    elif body.get("replace_original") and not url.command:
        if original is None:
            raise SlackError("message_not_found")
        slack.messages.edit(channel, original, slack.bot.user_id, **changes(body, slack.ids))
    else:
        _add(slack, channel, url, body)


def _add(slack: Workspace, channel: Channel, url: ResponseUrl, body: Json) -> None:
    bot = slack.bot
    message = Message(
        channel.id, slack.next_ts(), user=bot.user_id, team=slack.team_id, bot_id=bot.bot_id, app_id=slack.app.id
    )
    fill(message, body, slack.ids)
    public = body.get("response_type") == "in_channel"
    if public:
        message.thread_ts = str(body.get("thread_ts") or "")
        slack.messages.post(channel, message)
    else:
        message.visible_to, message.thread_ts = url.user, url.thread_ts
        slack.messages.whisper(message)


def _original(slack: Workspace, url: ResponseUrl) -> Message | None:
    if not url.message_ts:
        return None
    ephemeral = slack.messages.ephemerals.get((url.channel, url.message_ts))
    if ephemeral is not None:
        return ephemeral
    message = slack.messages.get(url.channel, url.message_ts)
    return message if message.bot_id == slack.bot.bot_id else None


def _take_away(slack: Workspace, channel: Channel, original: Message | None) -> None:
    if original is None:
        raise SlackError("message_not_found")
    if original.visible_to:
        slack.messages.hush(original)
    else:
        slack.messages.delete(channel, original)
