"""`conversations.*`: finding, reading and managing channels and direct messages."""

from collections.abc import Callable
from decimal import Decimal

from playground.api.registry import Call, method
from playground.channels import IM, MPIM, PRIVATE, PUBLIC, Channel
from playground.errors import SlackError
from playground.messages import Message
from playground.values import Json

TYPES = {"public_channel": PUBLIC, "private_channel": PRIVATE, "im": IM, "mpim": MPIM}
READ_SCOPE = {PUBLIC: "channels:read", PRIVATE: "groups:read", IM: "im:read", MPIM: "mpim:read"}
MAX_OPEN = 8
REPLIES_IN_CHANNELS = "Slack's own pages disagree whether bot tokens may read threads in channels: do not depend on it."


@method("conversations.info")
def info(call: Call) -> Json:
    channel = call.channel()
    body = _described(call, channel)
    return {"channel": body | ({"num_members": len(channel.members)} if call.flag("include_num_members") else {})}


@method("conversations.list")
def list_channels(call: Call) -> Json:
    bot = call.bot.user_id
    return listed(call, lambda one: one.kind == PUBLIC or bot in one.members)


@method("conversations.members")
def members(call: Call) -> Json:
    channel = call.channel()
    page, cursor = call.page(channel.members)
    return {"members": page} | cursor


@method("conversations.open")
def open_dm(call: Call) -> Json:
    if call.text("channel"):
        return {"channel": _described(call, call.channel())}
    users = call.names("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > MAX_OPEN:
        raise SlackError("too_many_users")
    people = [call.slack.people.get(one) for one in users]
    if any(one.deleted for one in people):
        raise SlackError("user_disabled")
    if any(call.slack.people.is_stranger(one) for one in people):
        raise SlackError("user_not_visible")
    existed = len(call.slack.channels.all)
    channel = call.slack.channels.direct([call.bot.user_id, *users])
    again = {"no_op": True, "already_open": True} if len(call.slack.channels.all) == existed else {}
    body = _described(call, channel) if call.flag("return_im") else {"id": channel.id}
    return again | {"channel": body}


@method("conversations.close")
def close(call: Call) -> Json:
    call.channel()
    return {}


@method("conversations.history")
def history(call: Call) -> Json:
    channel = call.joined()
    found = _between(call, call.slack.messages.main(channel.id))[::-1]
    page, cursor = call.page(found)
    more = bool(cursor["response_metadata"]["next_cursor"])
    return {
        "messages": _read(call, page),
        "has_more": more,
        "pin_count": sum(one.pinned for one in found),
    } | (cursor if more else {})


@method("conversations.replies")
def replies(call: Call) -> Json:
    channel = call.joined()
    messages = call.slack.messages
    if not channel.is_dm:
        call.slack.wire.warn("replies_in_channels", REPLIES_IN_CHANNELS, name=call.method)
    try:
        parent = messages.parent(channel.id, call.text("ts"))
    except SlackError:
        raise SlackError("thread_not_found") from None
    page, cursor = call.page([parent, *_between(call, messages.replies(channel.id, parent.ts))], 1000)
    more = bool(cursor["response_metadata"]["next_cursor"])
    return {"messages": _read(call, page), "has_more": more} | (cursor if more else {})


@method("conversations.join")
def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != PUBLIC:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    already = call.bot.user_id in channel.members
    call.slack.channels.join(channel, call.bot.user_id)
    told: Json = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return {"channel": _described(call, channel)} | (told if already else {})


@method("conversations.leave")
def leave(call: Call) -> Json:
    channel = call.channel()
    if call.bot.user_id not in channel.members:
        return {"not_in_channel": True}
    call.slack.channels.leave(channel, call.bot.user_id)
    return {}


@method("conversations.invite")
def invite(call: Call) -> Json:
    channel = call.joined()
    if channel.archived:
        raise SlackError("is_archived")
    for user_id in call.names("users"):
        user = call.slack.people.get(user_id)
        if user_id == call.bot.user_id:
            raise SlackError("cant_invite_self")
        if user_id in channel.members:
            raise SlackError("already_in_channel")
        if user.deleted:
            raise SlackError("user_is_deactivated" if call.flag("force") else "cant_invite")
        call.slack.channels.join(channel, user_id, call.bot.user_id)
    return {"channel": _described(call, channel)}


@method("conversations.kick")
def kick(call: Call) -> Json:
    channel = call.joined()
    user = call.text("user")
    if user == call.bot.user_id:
        raise SlackError("cant_kick_self")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    call.slack.channels.leave(channel, user)
    return {}


@method("conversations.create")
def create(call: Call) -> Json:
    name = call.text("name")
    if not name or name != name.lower() or any(one in name for one in " .,"):
        raise SlackError("invalid_name_specials")
    kind = PRIVATE if call.flag("is_private") else PUBLIC
    channel = call.slack.channels.add(name, [call.bot.user_id], kind=kind, creator=call.bot.user_id)
    return {"channel": _described(call, channel)}


@method("conversations.archive")
def archive(call: Call) -> Json:
    channel = call.joined()
    if channel.archived:
        raise SlackError("already_archived")
    call.slack.channels.archive(channel, call.bot.user_id)
    return {}


@method("conversations.unarchive")
def unarchive(call: Call) -> Json:
    channel = call.channel()
    if not channel.archived:
        raise SlackError("not_archived")
    call.slack.channels.unarchive(channel, call.bot.user_id)
    return {}


@method("conversations.mark")
def mark(call: Call) -> Json:
    call.slack.messages.get(call.joined().id, call.text("ts"))
    return {}


@method("conversations.rename")
def rename(call: Call) -> Json:
    channel = call.joined()
    call.slack.channels.rename(channel, call.text("name"))
    return {"channel": _described(call, channel)}


@method("conversations.setTopic")
def set_topic(call: Call) -> Json:
    channel = call.joined()
    channel.topic = call.text("topic")
    call.slack.channels.changed(channel)
    return {"channel": _described(call, channel)}


@method("conversations.setPurpose")
def set_purpose(call: Call) -> Json:
    channel = call.joined()
    channel.purpose = call.text("purpose")
    call.slack.channels.changed(channel)
    return {"purpose": channel.purpose}


def listed(call: Call, shown: Callable[[Channel], bool]) -> Json:
    """One page of the conversations of the wanted types that are `shown`."""
    types = call.names("types") or ["public_channel"]
    if any(one not in TYPES for one in types):
        raise SlackError("invalid_types")
    kinds = {TYPES[one] for one in types}
    for kind in kinds:
        call.need(READ_SCOPE[kind])
    archived = not call.flag("exclude_archived")
    found = [
        one
        for one in call.slack.channels.all.values()
        if one.kind in kinds and shown(one) and (archived or not one.archived)
    ]
    page, cursor = call.page(found)
    counted = [_described(call, one) | ({} if one.kind == IM else {"num_members": len(one.members)}) for one in page]
    return {"channels": counted} | cursor


def _described(call: Call, channel: Channel) -> Json:
    return channel.json(call.slack.team_id, call.bot.user_id)


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """Those between `oldest` and `latest`, both exclusive unless `inclusive`."""
    oldest, latest = call.text("oldest") or "0", call.text("latest") or "9" * 20
    low, high, inclusive = Decimal(oldest), Decimal(latest), call.flag("inclusive")
    return [one for one in messages if low < Decimal(one.ts) < high or (inclusive and one.ts in (oldest, latest))]


def _read(call: Call, messages: list[Message]) -> list[Json]:
    metadata = call.flag("include_all_metadata")
    if metadata:
        call.need("metadata.message:read")
    return [call.slack.messages.describe(one, metadata=metadata) for one in messages]
