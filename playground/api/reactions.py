"""`reactions.*` and `pins.*`."""

from playground.api.registry import Call, method
from playground.channels import Channel
from playground.errors import SlackError
from playground.messages import Message
from playground.values import Json


@method("reactions.add")
def add(call: Call) -> Json:
    channel, message = _target(call)
    call.slack.messages.react(channel, message, call.bot.user_id, call.text("name"))
    return {}


@method("reactions.remove")
def remove(call: Call) -> Json:
    channel, message = _target(call)
    call.slack.messages.unreact(channel, message, call.bot.user_id, call.text("name"))
    return {}


@method("reactions.get")
def get(call: Call) -> Json:
    channel, message = _target(call)
    described = call.slack.messages.describe(message) | {"permalink": ""}
    return {"type": "message", "channel": channel.id, "message": described}


@method("reactions.list")
def list_reactions(call: Call) -> Json:
    user = call.text("user") or call.bot.user_id
    found = [
        {"type": "message", "channel": one.channel, "message": call.slack.messages.describe(one)}
        for one in call.slack.messages.everything()
        if any(user in users for users in one.reactions.values())
    ]
    page, cursor = call.page(found)
    return {"items": page} | cursor


@method("pins.add")
def pin(call: Call) -> Json:
    channel, message = _target(call)
    if message.pinned:
        raise SlackError("already_pinned")
    message.pinned = True
    call.slack.feed.publish("pin", channel=channel.id, ts=message.ts)
    return {}


@method("pins.remove")
def unpin(call: Call) -> Json:
    channel, message = _target(call)
    if not message.pinned:
        raise SlackError("no_pin")
    message.pinned = False
    call.slack.feed.publish("pin", channel=channel.id, ts=message.ts)
    return {}


@method("pins.list")
def pins(call: Call) -> Json:
    channel, messages = call.joined(), call.slack.messages
    pinned = [one for one in messages.channel(channel.id) if one.pinned]
    about = {"type": "message", "channel": channel.id, "created_by": call.bot.user_id}
    return {"items": [about | {"created": int(float(one.ts)), "message": messages.describe(one)} for one in pinned]}


def _target(call: Call) -> tuple[Channel, Message]:
    channel = call.joined()
    if channel.archived:
        raise SlackError("is_archived")
    return channel, call.slack.messages.get(channel.id, call.text("timestamp"))
