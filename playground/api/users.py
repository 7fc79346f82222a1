"""`users.*`, `usergroups.*`, `team.*`, `bots.*`: who is who."""

from playground.api.conversations import listed
from playground.api.registry import Call, given, method
from playground.errors import SlackError
from playground.people import User
from playground.values import Json


@method("users.info")
def info(call: Call) -> Json:
    return {"user": _described(call, call.slack.people.get(call.text("user")))}


@method("users.list")
def list_users(call: Call) -> Json:
    page, cursor = call.page(list(call.slack.people.users.values()), 1000)
    return {"members": [_described(call, one) for one in page], "cache_ts": call.slack.unix()} | cursor


@method("users.lookupByEmail")
def lookup_by_email(call: Call) -> Json:
    return {"user": _described(call, call.slack.people.by_email(call.text("email")))}


@method("users.getPresence")
def get_presence(call: Call) -> Json:
    call.slack.people.get(call.text("user"))
    return {"presence": "active"}


@method("users.profile.get")
def profile_get(call: Call) -> Json:
    return {"profile": _described(call, call.slack.people.get(call.text("user") or call.bot.user_id))["profile"]}


@method("users.conversations")
def conversations(call: Call) -> Json:
    user = call.text("user") or call.bot.user_id
    call.slack.people.get(user)
    return listed(call, lambda channel: user in channel.members)


@method("usergroups.list")
def usergroups_list(call: Call) -> Json:
    groups = [one for one in call.slack.people.groups.values() if call.flag("include_disabled") or not one.deleted]
    users, count = call.flag("include_users"), call.flag("include_count")
    return {"usergroups": [one.json(with_users=users, with_count=count) for one in groups]}


@method("usergroups.users.list")
def usergroups_users_list(call: Call) -> Json:
    return {"users": list(call.slack.people.get_group(call.text("usergroup")).users)}


@method("usergroups.create")
def usergroups_create(call: Call) -> Json:
    handle = call.text("handle") or call.text("name").lower().replace(" ", "-")
    people = call.slack.people
    if any(one.handle == handle for one in people.groups.values()):
        raise SlackError("handle_already_exists")
    return {"usergroup": people.add_group(handle, [], name=call.text("name")).json(with_users=True)}


@method("usergroups.update")
def usergroups_update(call: Call) -> Json:
    group = call.slack.people.get_group(call.text("usergroup"))
    for name, value in given(call, "name", "handle", "description").items():
        setattr(group, name, value)
    group.updated = call.slack.unix()
    call.slack.events.emit("subteam_updated", {"subteam": group.json(with_users=True)})
    return {"usergroup": group.json(with_users=True)}


@method("usergroups.disable")
def usergroups_disable(call: Call) -> Json:
    return _switch_group(call, call.slack.unix())


@method("usergroups.enable")
def usergroups_enable(call: Call) -> Json:
    return _switch_group(call, 0)


@method("usergroups.users.update")
def usergroups_users_update(call: Call) -> Json:
    users = call.names("users")
    for one in users:
        call.slack.people.get(one)
    return {"usergroup": call.slack.people.set_group(call.text("usergroup"), users).json(with_users=True)}


@method("team.info")
def team_info(call: Call) -> Json:
    slack = call.slack
    icon = {f"image_{size}": f"https://avatars.invalid/team_{size}.png" for size in (34, 44, 68, 88, 102, 132, 230)}
    team: Json = {"id": slack.team_id, "name": slack.name, "domain": slack.domain, "email_domain": ""}
    team |= {
        "icon": icon | {"image_default": True},
        "is_verified": False,
        "avatar_base_url": "https://avatars.invalid/",
    }
    return {"team": team | {"url": f"https://{slack.domain}.slack.com/"}}


@method("bots.info")
def bots_info(call: Call) -> Json:
    people = call.slack.people
    wanted = call.text("bot") or call.bot.bot_id
    user = next((one for one in people.users.values() if one.bot_id == wanted), None)
    if user is None:
        raise SlackError("bot_not_found")
    icons = {f"image_{size}": f"https://avatars.invalid/bot_{size}.png" for size in (36, 48, 72)}
    bot: Json = {"id": user.bot_id, "deleted": user.deleted, "name": user.real_name, "updated": user.updated}
    return {"bot": bot | {"app_id": user.app_id, "user_id": user.id, "icons": icons}}


@method("emoji.list")
def emoji_list(call: Call) -> Json:
    return {"emoji": {}, "cache_ts": str(call.slack.unix())}


def _switch_group(call: Call, deleted: int) -> Json:
    group = call.slack.people.get_group(call.text("usergroup"))
    group.deleted, group.updated = deleted, call.slack.unix()
    call.slack.events.emit("subteam_updated", {"subteam": group.json(with_users=True)})
    return {"usergroup": group.json(with_users=True)}


def _described(call: Call, user: User) -> Json:
    granted = call.bot.scopes
    email = granted is None or "users:read.email" in granted
    return call.slack.people.describe(user, email=email, locale=call.flag("include_locale"))
