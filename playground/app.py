"""The app under test: its secrets, its manifest, and what it was granted in a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from playground import contract
from playground.values import Json, secret

if TYPE_CHECKING:
    from playground.delivery import Transport
    from playground.workspace import Workspace


HEARD_WITHOUT_MANIFEST = frozenset(
    {"app_mention", "app_home_opened", "function_executed", "member_joined_channel", "app_uninstalled"}
    | {"tokens_revoked", "reaction_added", "reaction_removed"}
    | {f"message.{kind}" for kind in ("channels", "groups", "im", "mpim")}
)


@dataclass(frozen=True)
class Command:
    """A slash command of the manifest."""

    name: str
    escape: bool = False
    url: str = ""


class Manifest:
    """What the app declares. Without a manifest all is allowed and the commonest events are heard."""

    def __init__(self, data: Json | None = None) -> None:
        self.data = deepcopy(data)
        self.open = data is None

    def _at(self, *path: str) -> Any:
        node: Any = self.data or {}
        for name in path:
            node = node.get(name) or {} if isinstance(node, dict) else {}
        return node

    @property
    def name(self) -> str:
        return self._at("features", "bot_user", "display_name") or self._at("display_information", "name") or "app"

    @property
    def scopes(self) -> frozenset[str] | None:
        """The bot scopes asked for; None means all."""
        return None if self.open else frozenset(contract.granted_scopes(self.data or {}))

    def command(self, name: str) -> Command | None:
        """The command called `name`, if the app has it."""
        if self.open:
            return Command(name)
        for one in self._at("features", "slash_commands") or []:
            if one["command"] == name:
                return Command(name, bool(one.get("should_escape")), str(one.get("url") or ""))
        return None

    def shortcut(self, callback_id: str, kind: str) -> bool:
        """Whether there is a `global` or `message` shortcut with this callback id."""
        offered = self._at("features", "shortcuts") or []
        return self.open or any(one["callback_id"] == callback_id and one["type"] == kind for one in offered)

    def hears(self, event: str) -> bool:
        """Whether the app subscribed to the event, such as `message.channels`."""
        if self.open:
            return event in HEARD_WITHOUT_MANIFEST
        return event in (self._at("settings", "event_subscriptions", "bot_events") or [])

    @property
    def home_tab(self) -> bool:
        return self.open or bool(self._at("features", "app_home", "home_tab_enabled"))

    @property
    def rotates(self) -> bool:
        """Whether tokens expire and are exchanged for new ones."""
        return self._at("settings").get("token_rotation_enabled") is True

    @property
    def for_organisations(self) -> bool:
        """Whether it is installed in all workspaces of an organisation at once."""
        return self._at("settings").get("org_deploy_enabled") is True

    @property
    def messages_tab(self) -> bool:
        return self._at("features", "app_home").get("messages_tab_enabled") is not False

    def commands(self) -> Iterator[Json]:
        yield from self._at("features", "slash_commands") or []

    def shortcuts(self) -> Iterator[Json]:
        yield from self._at("features", "shortcuts") or []


@dataclass(eq=False)
class App:
    """One app, installable in several workspaces: they share its secrets and the way Slack reaches it."""

    manifest: Manifest = field(default_factory=Manifest)
    id: str = "A0000000A1"
    client_id: str = field(default_factory=lambda: secret("100.")[:16])
    client_secret: str = field(default_factory=lambda: secret(""))
    signing_secret: str = field(default_factory=lambda: secret(""))
    verification_token: str = field(default_factory=lambda: secret(""))
    app_token: str = field(default_factory=lambda: secret("xapp-1-"))
    transport: Transport | None = None
    homes: list[Workspace] = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class Grant:
    """A person's consent to an installation, on its way through the browser; good for ten minutes."""

    user: str
    redirect_uri: str
    expires: datetime


@dataclass(eq=False)
class Installation:
    """The app in one workspace: its bot user and token. `scopes` None means all.

    With token rotation `expires` is the end of `token`, `refresh` the token to exchange, and `previous` the token
    before, with its end: at most two are good at a time.
    """

    user_id: str
    bot_id: str
    token: str = field(default_factory=lambda: secret("xoxb-"))
    scopes: frozenset[str] | None = None
    revoked: set[str] = field(default_factory=set)
    installed: bool = True
    expires: datetime | None = None
    refresh: str = ""
    previous: tuple[str, datetime | None] | None = None

    def renew(self, expires: datetime | None) -> None:
        """Give a new token, expiring if a time is given."""
        self.previous = (self.token, self.expires) if self.refresh else None
        self.token, self.refresh, self.expires = secret("xoxb-"), "", None
        if expires is not None:
            self.token, self.refresh, self.expires = secret("xoxe.xoxb-1-"), secret("xoxe-1-"), expires

    def knows(self, token: str) -> bool:
        """Whether `token` is or was a token of this installation that is not revoked."""
        return token == self.token or (self.previous is not None and token == self.previous[0])

    def expired(self, token: str, now: datetime) -> bool:
        """Whether the life of `token`, if it is one of this installation's, is over."""
        ends = dict([(self.token, self.expires), *([self.previous] if self.previous else [])])
        end = ends.get(token)
        return end is not None and now >= end
