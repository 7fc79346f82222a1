"""`bookmarks.*`: the links above a channel."""

from playground.api.registry import Call, given, method
from playground.errors import SlackError
from playground.values import Json


@method("bookmarks.add")
def add(call: Call) -> Json:
    channel = call.joined("channel_id")
    now = call.slack.unix()
    bookmark: Json = {
        "id": call.slack.ids.next("Bk"),
        "channel_id": channel.id,
        "title": call.text("title"),
        "link": call.text("link"),
        "emoji": call.text("emoji"),
        "icon_url": None,
        "type": call.text("type"),
        "entity_id": None,
        "date_created": now,
        "date_updated": 0,
        "rank": "U",
        "last_updated_by_user_id": call.bot.user_id,
        "last_updated_by_team_id": call.slack.team_id,
        "shortcut_id": None,
        "app_id": call.slack.app.id,
        "app_action_id": None,
    }
    _all(call, channel.id).append(bookmark)
    return {"bookmark": bookmark}


@method("bookmarks.list")
def list_bookmarks(call: Call) -> Json:
    return {"bookmarks": list(_all(call, call.joined("channel_id").id))}


@method("bookmarks.edit")
def edit(call: Call) -> Json:
    bookmark = _find(call)
    bookmark |= given(call, "title", "link", "emoji") | {"date_updated": call.slack.unix()}
    return {"bookmark": bookmark}


@method("bookmarks.remove")
def remove(call: Call) -> Json:
    bookmark = _find(call)
    _all(call, bookmark["channel_id"]).remove(bookmark)
    return {}


def _all(call: Call, channel_id: str) -> list[Json]:
    return call.slack.bookmarks.setdefault(channel_id, [])


def _find(call: Call) -> Json:
    channel = call.joined("channel_id")
    for bookmark in _all(call, channel.id):
        if bookmark["id"] == call.text("bookmark_id"):
            return bookmark
    raise SlackError("not_found")
