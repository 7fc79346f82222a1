"""`chat.*`: posting, editing and deleting messages."""

from collections.abc import Callable
from typing import Any

from playground import layout
from playground.api.registry import Call, method
from playground.channels import IM, PUBLIC, Channel
from playground.errors import SlackError
from playground.messages import Message
from playground.values import Json

TEXT_KEPT = 40_000
CUSTOMISED = ("username", "icon_emoji", "icon_url")


@method("chat.postMessage")
def post_message(call: Call) -> Json:
    channel = destination(call)
    may_post(call, channel)
    message = compose(call, channel)
    call.slack.messages.post(channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": call.slack.messages.describe(message)}


@method("chat.meMessage")
def me_message(call: Call) -> Json:
    channel = call.joined()
    message = compose(call, channel)
    message.subtype = "me_message"
    call.slack.messages.post(channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral")
def post_ephemeral(call: Call) -> Json:
    slack, channel = call.slack, call.channel()
    may_post(call, channel)
    user = slack.people.users.get(call.text("user"))
    if user is None or user.deleted or user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = compose(call, channel)
    message.visible_to = user.id
    if message.thread_ts:
        parent = slack.messages.parent(channel.id, message.thread_ts)
        if not slack.messages.replies(channel.id, parent.ts):
            slack.wire.warn(
                "thread_not_active", "An ephemeral shows only in a thread that has replies.", name=call.method
            )
    slack.messages.whisper(message)
    return {"message_ts": message.ts}


@method("chat.update")
def update(call: Call) -> Json:
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    message = own_message(call, channel, "cant_update_message")
    fresh = changes(call.args, call.slack.ids)
    if _has_rich_text(message.blocks) and fresh.get("blocks") and not _has_rich_text(fresh["blocks"]):
        raise SlackError("block_mismatch")
    call.slack.messages.edit(channel, message, call.bot.user_id, **fresh)
    described = call.slack.messages.describe(message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": described}


@method("chat.delete")
def delete(call: Call) -> Json:
    channel = call.channel()
    message = own_message(call, channel, "cant_delete_message")
    call.slack.messages.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.slack.messages.get(channel.id, call.text("message_ts"))
    return {"channel": channel.id, "permalink": permalink(call, message)}


@method("chat.unfurl")
def unfurl(call: Call) -> Json:
    channel = call.channel()
    message = call.slack.messages.get(channel.id, call.text("ts"))
    unfurls: Json = call.args.get("unfurls") or {}
    attachments = [*message.attachments, *({"from_url": url} | body for url, body in unfurls.items())]
    call.slack.messages.edit(channel, message, call.bot.user_id, attachments=attachments)
    return {}


def permalink(call: Call, message: Message) -> str:
    """The address of a message, with its thread if it is a reply."""
    link = f"https://{call.slack.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return f"{link}?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else link


def destination(call: Call) -> Channel:
    """The conversation to post to: an id, a channel's name, or a user, whose direct message is opened."""
    slack, wanted = call.slack, call.text("channel")
    if wanted in slack.people.users:
        return _direct(call, wanted)
    named = [one for one in slack.channels.all.values() if one.name == wanted.removeprefix("#") and not one.is_dm]
    return slack.channels.visible(named[0].id if named else wanted, call.bot.user_id)


def _direct(call: Call, user_id: str) -> Channel:
    slack = call.slack
    user = slack.people.get(user_id)
    if user.deleted or slack.people.is_stranger(user) or user.is_bot:
        raise SlackError("channel_not_found")
    return slack.channels.direct([call.bot.user_id, user_id])


def may_post(call: Call, channel: Channel) -> None:
    """Raises what forbids the bot to post: `is_archived`, `not_in_channel`, `restricted_action_*` ..."""
    if channel.archived:
        raise SlackError("is_archived")
    public = channel.kind == PUBLIC and (call.bot.scopes is None or "chat:write.public" in call.bot.scopes)
    if call.bot.user_id not in channel.members and not (public and call.bot.scopes is not None):
        raise SlackError("not_in_channel")
    if channel.kind == IM and not call.slack.app.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    threaded = bool(call.text("thread_ts"))
    for rule, forbids in _RESTRICTIONS.items():
        if rule in channel.restrictions and forbids(threaded):
            raise SlackError(f"restricted_action_{rule}")


_RESTRICTIONS: dict[str, Callable[[bool], bool]] = {
    "read_only_channel": lambda threaded: True,
    "thread_only_channel": lambda threaded: not threaded,
    "non_threadable_channel": lambda threaded: threaded,
    "thread_locked": lambda threaded: threaded,
}


def own_message(call: Call, channel: Channel, refusal: str) -> Message:
    """The bot's own message of this `ts`. Raises `message_not_found`, or `refusal` if it is another's."""
    message = call.slack.messages.get(channel.id, call.text("ts"))
    if message.bot_id != call.bot.bot_id:
        raise SlackError(refusal)
    return message


def compose(call: Call, channel: Channel) -> Message:
    """The message these arguments make, by the bot."""
    slack, bot = call.slack, call.bot
    profile = bot_profile(call)
    message = Message(
        channel.id, slack.next_ts(), user=bot.user_id, team=slack.team_id, bot_id=bot.bot_id, app_id=slack.app.id,
        bot_profile=profile, thread_ts=call.text("thread_ts"), broadcast=call.flag("reply_broadcast"),
    )  # fmt: skip
    fill(message, call.args, slack.ids)
    if any(call.text(name) for name in CUSTOMISED):
        message.subtype, message.username = "bot_message", call.text("username") or profile["name"]
        message.icons = {"emoji": call.text("icon_emoji")} if call.text("icon_emoji") else None
    return message


def fill(message: Message, body: Json, ids: Any) -> None:
    """Put text, blocks, attachments and metadata of a request body into `message`."""
    message.text = str(body.get("text") or "")[:TEXT_KEPT]
    message.blocks = layout.stored(body.get("blocks") or [], ids)
    message.attachments = layout.stored_attachments(body.get("attachments") or [], ids)
    message.metadata = body.get("metadata") or None
    if markdown := body.get("markdown_text"):
        message.text = message.text or markdown
        message.blocks = layout.stored([{"type": "markdown", "text": markdown}], ids)
    if not message.text and message.blocks:
        message.text = layout.all_text(message.blocks)[:TEXT_KEPT] if body.get("text") is None else ""


def changes(body: Json, ids: Any) -> Json:
    """What an update does to a message: text without blocks removes them; what is not sent stays."""
    fresh: Json = {name: body[name] for name in ("text", "attachments", "metadata") if body.get(name) is not None}
    if "attachments" in fresh:
        fresh["attachments"] = layout.stored_attachments(fresh["attachments"], ids)
    if body.get("markdown_text"):
        block = {"type": "markdown", "text": body["markdown_text"]}
        return fresh | {"text": body["markdown_text"], "blocks": layout.stored([block], ids)}
    if body.get("blocks") is not None:
        fresh["blocks"] = layout.stored(body["blocks"], ids)
    elif "text" in fresh:
        fresh["blocks"] = []
    return fresh


def _has_rich_text(blocks: list[Json]) -> bool:
    return any(one["type"] == "rich_text" for one in blocks)


def bot_profile(call: Call) -> Json:
    """The `bot_profile` that Slack adds to a bot's messages."""
    slack = call.slack
    return {
        "id": call.bot.bot_id,
        "deleted": False,
        "name": slack.app.manifest.name,
        "updated": slack.people.users[call.bot.user_id].updated,
        "app_id": slack.app.id,
        "icons": {f"image_{size}": f"https://avatars.invalid/bot_{size}.png" for size in (36, 48, 72)},
        "team_id": slack.team_id,
    }
