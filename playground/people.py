"""Who is in the workspace: members, guests, bots, strangers from elsewhere, and user groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from playground.errors import SlackError
from playground.values import Json

if TYPE_CHECKING:
    from playground.workspace import Workspace

SIZES = (24, 32, 48, 72, 192, 512)


@dataclass
class User:
    """A person or bot, as Slack knows it. `team_id` other than the workspace's makes a stranger (Slack Connect)."""

    id: str
    name: str
    team_id: str
    real_name: str = ""
    email: str = ""
    tz: str = "Etc/UTC"
    locale: str = "en-GB"
    title: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    bot_id: str = ""
    app_id: str = ""
    deleted: bool = False
    updated: int = 0

    def json(self, now: datetime, home_team: str) -> Json:
        """The user object of `users.info`, without e-mail and locale, which need more."""
        stranger = self.team_id != home_team
        base: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "color": "9f69e7",
            "real_name": self.real_name,
            "profile": self._profile(),
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        base |= {"is_stranger": True} if stranger else self._zone(now)
        return base if self.deleted else base | self._roles()

    def _roles(self) -> Json:
        return {
            "is_admin": self.is_admin or self.is_owner,
            "is_owner": self.is_owner,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted or self.is_ultra_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_email_confirmed": not self.is_bot,
            "who_can_share_contact_card": "EVERYONE",
        }

    def _zone(self, now: datetime) -> Json:
        local = now.astimezone(ZoneInfo(self.tz))
        offset = local.utcoffset()
        return {
            "tz": self.tz,
            "tz_label": local.tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
        }

    def _profile(self) -> Json:
        first, _, last = self.real_name.partition(" ")
        profile: Json = {
            "title": self.title,
            "phone": "",
            "skype": "",
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "first_name": first,
            "last_name": last,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": f"g{self.id.lower()}",
            "team": self.team_id,
        }
        profile |= {f"image_{size}": f"https://avatars.invalid/{self.id}_{size}.png" for size in SIZES}
        return profile | ({"bot_id": self.bot_id, "api_app_id": self.app_id} if self.is_bot else {})


@dataclass
class UserGroup:
    """A user group, such as `@marketing`."""

    id: str
    team_id: str
    name: str
    handle: str
    created: int
    users: list[str] = field(default_factory=list)
    updated: int = 0
    deleted: int = 0
    description: str = ""

    def json(self, *, with_users: bool, with_count: bool = False) -> Json:
        base: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name,
            "description": self.description,
            "handle": self.handle,
            "is_external": False,
            "date_create": self.created,
            "date_update": self.updated or self.created,
            "date_delete": self.deleted,
            "auto_provision": False,
            "enterprise_subteam_id": "",
            "created_by": "USLACKBOT",
            "updated_by": "USLACKBOT",
            "prefs": {"channels": [], "groups": []},
            "channel_count": 0,
        }
        counted: Json = {"user_count": len(self.users)} if with_users or with_count else {}
        return base | counted | ({"users": list(self.users)} if with_users else {})


class People:
    """The users and groups of one workspace, and what changes about them."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self.users: dict[str, User] = {}
        self.groups: dict[str, UserGroup] = {}

    def add(self, name: str, *, id: str = "", **facts: Any) -> User:
        """Add a user; `facts` are fields of `User`. Slack tells the app by `team_join`."""
        slack = self._slack
        ZoneInfo(facts.get("tz", "Etc/UTC"))
        user = User(id or slack.ids.next("U"), name, facts.pop("team_id", slack.team_id), updated=slack.unix(), **facts)
        if user.id in self.users:
            raise ValueError(f"There is a user {user.id} already.")
        user.real_name = user.real_name or name.replace(".", " ").title()
        user.email = user.email or ("" if user.is_bot else f"{name}@{slack.domain}.example")
        self.users[user.id] = user
        slack.feed.publish("user", user=self.describe(user))
        slack.events.emit("team_join", {"user": self.describe(user)})
        return user

    def change(self, user_id: str, **facts: Any) -> User:
        """Change fields of `User`: `deleted=True` deactivates, `tz=...` moves. Slack tells by `user_change`."""
        user = self.get(user_id)
        for name, value in facts.items():
            if name not in User.__dataclass_fields__:
                raise ValueError(f"A user has no {name}.")
            setattr(user, name, value)
        user.updated = self._slack.unix()
        body = self.describe(user)
        self._slack.feed.publish("user", user=body)
        self._slack.events.emit("user_change", {"user": body, "cache_ts": user.updated})
        return user

    def get(self, user_id: str) -> User:
        try:
            return self.users[user_id]
        except KeyError:
            raise SlackError("user_not_found") from None

    def find(self, name: str) -> User:
        """The user with this id, handle or real name. Raises `LookupError` if there is none."""
        for user in self.users.values():
            if name in (user.id, user.name, user.real_name):
                return user
        raise LookupError(f"Nobody here is called {name!r}.")

    def by_email(self, email: str) -> User:
        for user in self.users.values():
            if user.email and user.email.lower() == email.lower() and not user.deleted:
                return user
        raise SlackError("users_not_found")

    def is_stranger(self, user: User) -> bool:
        return user.team_id != self._slack.team_id

    def describe(self, user: User, *, email: bool = True, locale: bool = False) -> Json:
        """The user object, with e-mail and locale as far as Slack gives them."""
        body = user.json(self._slack.now(), self._slack.team_id)
        if email and user.email:
            body["profile"]["email"] = user.email
        if self._slack.enterprise and not self.is_stranger(user):
            body["enterprise_user"] = {"id": user.id, "enterprise_id": self._slack.enterprise, "teams": [user.team_id]}
        return body | ({"locale": user.locale} if locale and not self.is_stranger(user) else {})

    def add_group(self, handle: str, users: list[str], *, name: str = "", id: str = "") -> UserGroup:
        slack = self._slack
        group = UserGroup(id or slack.ids.next("S"), slack.team_id, name or handle, handle, slack.unix(), list(users))
        self.groups[group.id] = group
        slack.events.emit("subteam_created", {"subteam": group.json(with_users=True)})
        return group

    def get_group(self, group_id: str) -> UserGroup:
        try:
            return self.groups[group_id]
        except KeyError:
            raise SlackError("no_such_subteam") from None

    def set_group(self, group_id: str, users: list[str]) -> UserGroup:
        """Replace the members of a group; Slack tells by `subteam_members_changed` and `subteam_updated`."""
        group, slack = self.get_group(group_id), self._slack
        before, previous = group.users, group.updated or group.created
        group.users, group.updated = list(users), slack.unix()
        added = [one for one in users if one not in before]
        removed = [one for one in before if one not in users]
        change: Json = {
            "subteam_id": group.id,
            "team_id": slack.team_id,
            "date_previous_update": previous,
            "date_update": group.updated,
            "added_users": added,
            "added_users_count": len(added),
            "removed_users": removed,
            "removed_users_count": len(removed),
        }
        slack.events.emit("subteam_members_changed", change)
        slack.events.emit("subteam_updated", {"subteam": group.json(with_users=True)})
        return group
