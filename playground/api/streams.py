"""`chat.startStream` and its kin: a message that grows while it is written."""

from playground import layout
from playground.api.chat import compose, may_post, own_message
from playground.api.registry import Call, method
from playground.errors import SlackError
from playground.values import Json


@method("chat.startStream")
def start(call: Call) -> Json:
    channel = call.joined()
    may_post(call, channel)
    if not channel.is_dm and not (call.text("recipient_user_id") and call.text("recipient_team_id")):
        raise SlackError("missing_recipient_user_id")
    message = compose(call, channel)
    call.slack.messages.post(channel, message)
    call.slack.streams.add((channel.id, message.ts))
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream")
def append(call: Call) -> Json:
    return _grow(call)


@method("chat.stopStream")
def stop(call: Call) -> Json:
    reply = _grow(call)
    call.slack.streams.discard((reply["channel"], reply["ts"]))
    return reply


def _grow(call: Call) -> Json:
    """Add text and blocks to a message still streaming. Raises `message_not_in_streaming_state`."""
    channel = call.joined()
    message = own_message(call, channel, "cant_update_message")
    if (channel.id, message.ts) not in call.slack.streams:
        raise SlackError("message_not_in_streaming_state")
    added = [{"type": "markdown", "text": call.text("markdown_text")}] if call.text("markdown_text") else []
    blocks = [*message.blocks, *layout.stored([*added, *(call.args.get("blocks") or [])], call.slack.ids)]
    text = message.text + call.text("markdown_text")
    call.slack.messages.edit(channel, message, call.bot.user_id, text=text, blocks=blocks)
    return {"channel": channel.id, "ts": message.ts}
