"""Where installations are kept: slack_sdk's stores on our tables, the tokens sealed, the states used once."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore

from bot.oauth.vault import UnreadableToken, Vault
from db.models import BOTS, OAUTH_STATES

SEALED = ("bot_token", "bot_refresh_token")
SDK_LOG = logging.getLogger("slack_sdk.oauth")
b = BOTS.c


@dataclass(frozen=True)
class Kept:
    """An installation as it is kept, its tokens open. `whole` means all workspaces of an organisation."""

    id: int
    bot: Bot
    expires_at: datetime | None

    @property
    def whole(self) -> bool:
        return self.bot.is_enterprise_install


class Installed(SQLAlchemyInstallationStore):
    """Bot tokens only: Touchstone never acts as a person, so it keeps no person's token."""

    def __init__(self, client_id: str, engine: sa.Engine, vault: Vault) -> None:
        self._vault = vault
        super().__init__(client_id, engine, logger=SDK_LOG)

    @classmethod
    def build_bots_table(cls, metadata: sa.MetaData, table_name: str) -> sa.Table:
        return BOTS

    def save(self, installation: Installation) -> None:
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        sealed = copy(bot)
        for name in SEALED:
            if token := getattr(bot, name):
                setattr(sealed, name, self._vault.seal(token))
        super().save_bot(sealed)

    def build_bot_entity(self, row: Any) -> Bot:  # type: ignore[override]  # the key is this store's, not the class's
        bot = super().build_bot_entity(row)
        for name in SEALED:
            if sealed := row[name]:
                setattr(bot, name, self._vault.open(sealed))
        return bot

    def find(self, team_id: str | None, enterprise_id: str | None) -> Kept | None:
        """The newest installation that is good for a workspace: its own, or that of its whole organisation.

        Raises `UnreadableToken`.
        """
        own = b.team_id == team_id
        whole = sa.and_(b.is_enterprise_install, b.team_id.is_(None), b.enterprise_id == enterprise_id)
        here = [test for test, given in ((own, team_id), (whole, enterprise_id)) if given]
        if not here:
            return None
        return next(iter(self._kept(sa.or_(*here))), None)

    def get(self, row_id: int) -> Kept | None:
        """One installation, unless it has gone. Raises `UnreadableToken`."""
        return next(iter(self._kept(b.id == row_id)), None)

    def expiring(self, before: datetime) -> list[int]:
        """Installations whose tokens expire before a time."""
        soon = sa.select(b.id).where(b.client_id == self.client_id, b.bot_token_expires_at <= before)
        with self.engine.connect() as connection:
            return list(connection.scalars(soon))

    def _kept(self, where: sa.ColumnElement[bool]) -> list[Kept]:
        found = sa.select(BOTS).where(b.client_id == self.client_id, b.bot_token.is_not(None), where)
        with self.engine.connect() as connection:
            rows = connection.execute(found.order_by(b.installed_at.desc(), b.id.desc()).limit(1)).mappings().all()
        return [Kept(row["id"], self.build_bot_entity(row), row["bot_token_expires_at"]) for row in rows]

    # Renewing: the claim of one replica on a refresh token

    def claim(self, kept: Kept, now: datetime, until: datetime) -> bool:
        """Take the right to exchange the refresh token; False if another has it or has done it."""
        free = sa.or_(b.renewing_until.is_(None), b.renewing_until <= now)
        mine = sa.update(BOTS).where(b.id == kept.id, b.bot_token_expires_at == kept.expires_at, free)
        with self.engine.begin() as connection:
            return connection.execute(mine.values(renewing_until=until)).rowcount == 1

    def renewed(self, kept: Kept, token: str, refresh_token: str, expires_at: datetime) -> None:
        """Write down what a refresh token was exchanged for."""
        values = {"bot_token": self._vault.seal(token), "bot_refresh_token": self._vault.seal(refresh_token)}
        done = sa.update(BOTS).where(b.id == kept.id)
        with self.engine.begin() as connection:
            connection.execute(done.values(**values, bot_token_expires_at=expires_at, renewing_until=None))

    # Leaving and cleaning

    def forget(self, team_id: str | None, enterprise_id: str | None, *, whole: bool, before: datetime) -> int:
        """Delete the tokens of an installation that has ended, unless it was made after that; how many."""
        own = sa.and_(b.is_enterprise_install, b.enterprise_id == enterprise_id) if whole else b.team_id == team_id
        gone = sa.delete(BOTS).where(b.client_id == self.client_id, own, b.installed_at < before)
        with self.engine.begin() as connection:
            return connection.execute(gone).rowcount

    def purge(self) -> int:
        """Delete installations that newer ones of the same place have replaced; how many."""
        newer = BOTS.alias()
        later = sa.tuple_(newer.c.installed_at, newer.c.id) > sa.tuple_(b.installed_at, b.id)
        same = [newer.c[name].is_not_distinct_from(b[name]) for name in ("client_id", "enterprise_id", "team_id")]
        with self.engine.begin() as connection:
            return connection.execute(sa.delete(BOTS).where(sa.exists().where(*same, later))).rowcount

    def reseal(self) -> int:
        """Seal what older keys sealed with the newest one; how many installations. What no key opens stays."""
        return sum(self._resealed(row) for row in self.behind())

    def behind(self) -> list[Any]:
        """The installations whose tokens the newest key did not seal."""
        tokens = sa.select(b.id, b.bot_token, b.bot_refresh_token).where(b.bot_token.is_not(None))
        with self.engine.connect() as connection:
            rows = connection.execute(tokens).all()
        return [row for row in rows if not self._vault.is_newest(row.bot_token)]

    def _resealed(self, row: Any) -> int:
        tokens = {name: sealed for name in SEALED if (sealed := getattr(row, name))}
        try:
            values = {name: self._vault.seal(self._vault.open(sealed)) for name, sealed in tokens.items()}
        except UnreadableToken:
            return 0
        unchanged = sa.and_(b.id == row.id, b.bot_token == row.bot_token)  # a token renewed meanwhile is sealed anew
        with self.engine.begin() as connection:
            return connection.execute(sa.update(BOTS).where(unchanged).values(**values)).rowcount


class States(SQLAlchemyOAuthStateStore):
    """States of installations begun: each may come back once, in time."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        super().__init__(OAuthStateUtils.default_expiration_seconds, engine, logger=SDK_LOG)

    @classmethod
    def build_oauth_states_table(cls, metadata: sa.MetaData, table_name: str) -> sa.Table:
        return OAUTH_STATES

    def issue(self, *args: Any, **kwargs: Any) -> str:
        state = secrets.token_urlsafe(24)
        expire_at = self._clock() + timedelta(seconds=self.expiration_seconds)
        with self.engine.begin() as connection:
            connection.execute(sa.insert(OAUTH_STATES).values(state=state, expire_at=expire_at))
        return state

    def consume(self, state: str) -> bool:
        # One statement: two requests with the same state cannot both find it.
        mine = sa.delete(OAUTH_STATES).where(OAUTH_STATES.c.state == state)
        with self.engine.begin() as connection:
            expire_at = connection.scalar(mine.returning(OAUTH_STATES.c.expire_at))
        return expire_at is not None and expire_at > self._clock()

    def purge(self) -> int:
        """Delete states that expired; how many."""
        with self.engine.begin() as connection:
            old = sa.delete(OAUTH_STATES).where(OAUTH_STATES.c.expire_at <= self._clock().astimezone(UTC))
            return connection.execute(old).rowcount
