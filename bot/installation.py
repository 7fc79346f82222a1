"""Installations: what the bot may act with in a workspace. Here the one of a configured token; many: `bot.oauth`."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import payload
from bot.settings import Settings
from db.engine import Sessions
from workflows import workspaces

TIMEOUT_S = 10


@dataclass(frozen=True)
class Installation:
    """What `auth.test` says: the workspace, the bot in it, and the scopes it was given."""

    workspace_id: str
    workspace_name: str
    enterprise_id: str | None
    bot_id: str
    bot_user_id: str
    scopes: frozenset[str]
    whole_enterprise: bool = False

    def serves(self, workspace_id: str | None, enterprise_id: str | None) -> bool:
        """Whether the token is good for this workspace."""
        return workspace_id == self.workspace_id or (
            self.whole_enterprise and enterprise_id is not None and enterprise_id == self.enterprise_id
        )


class Installations(Protocol):
    """Where the bot may act, and with what. There are two: `OneInstallation` and `bot.oauth.many.ManyInstallations`."""

    def client(self, workspace_id: str) -> WebClient:
        """A client that may act in this workspace; where the app is not installed Slack will refuse it.

        Raises `OSError` if the token cannot be had just now.
        """

    def authorize(self, enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult | None:
        """Bolt's question: may the bot act for this request? None if it is not installed there."""

    def greet(self) -> str:
        """Find out where the bot is; a name for it. Raises `SlackApiError` and `OSError`."""

    def forget(self, body: Mapping[str, Any]) -> list[str]:
        """Drop the tokens that, so an event says, are good no more; the workspaces left without one."""

    def renew(self, now: datetime) -> int:
        """Exchange tokens that expire soon; how many were."""

    def tidy(self) -> int:
        """Clear away what is not needed any more; how much it was."""


def new_client(settings: Settings, token: str | None = None, *, team_id: str | None = None) -> WebClient:
    """A Web API client that never repeats a call by itself: a repeated post would be seen twice.

    `team_id` says in which workspace a token of a whole organisation acts.
    """
    url, trust = settings.api_url, _trust() if settings.api_url.startswith("https:") else None
    return WebClient(token=token, base_url=url, timeout=TIMEOUT_S, ssl=trust, retry_handlers=[], team_id=team_id)


@cache
def _trust() -> ssl.SSLContext:
    """Whom to trust. Read once: reading the certificates of the system takes longer than a call."""
    return ssl.create_default_context()


class OneInstallation:
    """The one installation of the configured token."""

    def __init__(self, settings: Settings, sessions: Sessions, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._sessions = sessions
        self._clock = clock
        self._found: Installation | None = None
        self._lock = threading.Lock()

    def client(self, workspace_id: str) -> WebClient:
        """A client that may act in this workspace."""
        whole = self._found is not None and self._found.whole_enterprise
        token = self._settings.bot_token.get_secret_value()
        return new_client(self._settings, token, team_id=workspace_id if whole else None)

    def current(self) -> Installation:
        """The installation; asks Slack the first time. Raises `SlackApiError` and `OSError`."""
        with self._lock:
            if self._found is None:
                self._found = ask(self.client(""))
                self._welcome(self._found)
            return self._found

    def authorize(self, enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult | None:
        """Bolt's question: may the bot act for this request? None if it is not installed there."""
        found = self.current()
        if not found.serves(team_id, enterprise_id):
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
            bot_token=self._settings.bot_token.get_secret_value(),
            bot_scopes=sorted(found.scopes),
            user_id=user_id,
        )

    def greet(self) -> str:
        """Ask Slack which workspace the token is for."""
        return self.current().workspace_name

    def forget(self, body: Mapping[str, Any]) -> list[str]:
        """The token is the environment's: it stays there, and its workspace does without."""
        gone = payload.workspace_of(body)
        return [gone] if gone else []

    def renew(self, now: datetime) -> int:
        """A token in the environment cannot be exchanged."""
        return 0

    def tidy(self) -> int:
        """Nothing is kept."""
        return 0

    def _welcome(self, found: Installation) -> None:
        """A token that works ends the silence that a revoked one began."""
        with self._sessions.begin(found.workspace_id) as session:
            workspaces.resume(
                session,
                found.workspace_id,
                now=self._clock(),
                name=found.workspace_name,
                enterprise_id=found.enterprise_id,
                bot_user_id=found.bot_user_id,
            )


def ask(client: WebClient) -> Installation:
    """What Slack says of the client's token. Raises `SlackApiError` and `OSError`."""
    answer = client.auth_test()
    scopes = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    return Installation(
        workspace_id=answer["team_id"],
        workspace_name=answer.get("team") or "",
        enterprise_id=answer.get("enterprise_id"),
        bot_id=answer.get("bot_id") or "",
        bot_user_id=answer["user_id"],
        scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
        whole_enterprise=bool(answer.get("is_enterprise_install")),
    )
