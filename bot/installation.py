"""The installation: what Slack says of the token, asked once, and the clients made with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.settings import Settings
from db.engine import Sessions
from workflows import people

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


def new_client(settings: Settings, token: str | None = None) -> WebClient:
    """A Web API client that never repeats a call by itself: a repeated post would be seen twice."""
    return WebClient(token=token, base_url=settings.api_url, timeout=TIMEOUT_S, retry_handlers=[])


class Installations:
    """The one installation of the configured token."""

    def __init__(self, settings: Settings, sessions: Sessions, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._sessions = sessions
        self._clock = clock
        self._found: Installation | None = None
        self._lock = threading.Lock()

    def client(self, workspace_id: str) -> WebClient:
        """A client that may act in this workspace."""
        return new_client(self._settings, self._settings.bot_token.get_secret_value())

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

    def _welcome(self, found: Installation) -> None:
        """A token that works ends the silence that a revoked one began."""
        with self._sessions.begin(found.workspace_id) as session:
            row = people.workspace(session, found.workspace_id, now=self._clock(), name=found.workspace_name)
            row.name, row.enterprise_id, row.bot_user_id = found.workspace_name, found.enterprise_id, found.bot_user_id
            row.stopped_at = row.stopped_why = None


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
