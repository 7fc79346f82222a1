"""Many installations: each request and each message with the token of its own workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Installation

from bot import log, payload
from bot.installation import new_client
from bot.oauth.renewal import Renewal
from bot.oauth.store import Installed, Kept, States
from bot.oauth.vault import Vault
from bot.settings import Settings
from db.engine import Sessions
from db.models import Workspace
from workflows import workspaces

A_SECOND = timedelta(seconds=1)
REVOKED = "team_access_revoked"
LOG = log.get(__name__)


class ManyInstallations:
    """The installations in the database. A token is read when it is needed: another replica may have changed it."""

    def __init__(self, settings: Settings, sessions: Sessions, clock: Callable[[], datetime]) -> None:
        self.vault = Vault(settings.token_keys)
        self.store = Installed(settings.client_id, sessions.engine, self.vault)
        self.states = States(sessions.engine, clock)
        self.sessions = sessions
        self.clock = clock
        self._settings = settings
        self._renewal = Renewal(self.store, settings, clock)

    def client(self, workspace_id: str) -> WebClient:
        """A client with the workspace's own token, or with none: then Slack refuses, and nothing more is sent there."""
        row = self._workspace(workspace_id)
        kept = self._find(workspace_id, row.enterprise_id) if row is not None and row.stopped_at is None else None
        if kept is None:
            return new_client(self._settings)
        return new_client(self._settings, kept.bot.bot_token, team_id=workspace_id if kept.whole else None)

    def authorize(self, enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult | None:
        """May the bot act for this request? Not where it is not installed, and not where it was told to stop."""
        kept = self._find(team_id, enterprise_id)
        if kept is None or (team_id is not None and not self._serves(team_id, kept)):
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=kept.bot.bot_id,
            bot_user_id=kept.bot.bot_user_id,
            bot_token=kept.bot.bot_token,
            bot_scopes=list(kept.bot.bot_scopes),
            user_id=user_id,
        )

    def greet(self) -> str:
        """How many workspaces are served; Slack need not be asked."""
        with self.sessions.everywhere() as session:
            served = sa.select(sa.func.count()).select_from(Workspace).where(Workspace.stopped_at.is_(None))
            return f"{session.scalar(served)} workspaces"

    def welcome(self, installation: Installation) -> None:
        """Keep a new installation, and serve its workspace, or all of its organisation that have been served before."""
        self.store.save(installation)
        team, enterprise = installation.team_id, installation.enterprise_id
        names = {team: installation.team_name} if team else dict.fromkeys(self._of_enterprise(enterprise, resting=True))
        for workspace_id, name in names.items():
            with self.sessions.begin(workspace_id) as session:
                workspaces.resume(
                    session,
                    workspace_id,
                    now=self.clock(),
                    name=name,
                    enterprise_id=enterprise,
                    bot_user_id=installation.bot_user_id,
                )
        LOG.info("installed", workspaces=sorted(names), enterprise=enterprise)

    def forget(self, body: Mapping[str, Any]) -> list[str]:
        """Delete the tokens of what was uninstalled. An event that comes late does no harm to a newer installation."""
        team, enterprise = payload.workspace_of(body), payload.enterprise_of(body)
        whole = payload.is_for_whole_enterprise(body)
        before = (payload.told_at(body) or self.clock()) + A_SECOND  # Slack's clock ticks in whole seconds
        gone = self.store.forget(team, enterprise, whole=whole, before=before)
        LOG.info("uninstalled", workspace=team, enterprise=enterprise, whole=whole, tokens=gone)
        concerned = {*self._of_enterprise(enterprise), team} if whole else {team}
        return sorted(one for one in concerned if one and self.store.find(one, enterprise) is None)

    def renew(self, now: datetime) -> int:
        """Exchange tokens that expire soon."""
        return self._renewal.due(now)

    def tidy(self) -> int:
        """Purge installations that were replaced and states that expired; seal anew what an older key sealed."""
        return self.store.purge() + self.states.purge() + (self.store.reseal() if self.vault.has_key else 0)

    def _find(self, team_id: str | None, enterprise_id: str | None) -> Kept | None:
        kept = self.store.find(team_id, enterprise_id)
        return self._renewal.at_last(kept) if kept is not None else None

    def _workspace(self, workspace_id: str) -> Workspace | None:
        with self.sessions.everywhere() as session:
            return session.get(Workspace, workspace_id)

    def _serves(self, team_id: str, kept: Kept) -> bool:
        """Whether a workspace is served; one of an organisation may be heard of here for the first time."""
        row = self._workspace(team_id)
        if row is not None and row.enterprise_id == kept.bot.enterprise_id:
            return row.stopped_at is None
        if row is None or row.stopped_at is None:
            with self.sessions.begin(team_id) as session:
                workspaces.resume(session, team_id, now=self.clock(), enterprise_id=kept.bot.enterprise_id)
            return True
        return False

    def _of_enterprise(self, enterprise_id: str | None, *, resting: bool = False) -> Iterable[str]:
        """The known workspaces of an organisation; `resting`: those that stopped when the whole of it did."""
        if enterprise_id is None:
            return []
        found = sa.select(Workspace.id).where(Workspace.enterprise_id == enterprise_id)
        if resting:
            found = found.where(Workspace.stopped_why.is_distinct_from(REVOKED))
        with self.sessions.everywhere() as session:
            return list(session.scalars(found))
