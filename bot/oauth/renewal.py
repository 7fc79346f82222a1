"""Renewing tokens that expire. A refresh token serves once, so one replica exchanges it and the others wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from bot import log
from bot.installation import new_client
from bot.oauth.store import Installed, Kept
from bot.oauth.vault import UnreadableToken
from bot.settings import Settings
from bot.slack_errors import Fate, is_known, refusal

AHEAD = timedelta(hours=2)
"""The scheduler renews so long before the end of a token's twelve hours ..."""
AT_LAST = timedelta(minutes=10)
"""... and whoever needs the token, if the scheduler did not."""
CLAIM = timedelta(seconds=30)
"""Longer than Slack is waited for: nobody else tries before it is clear what became of it."""
TRIES, PAUSE_S = 20, 0.1
LOG = log.get(__name__)


class NotRenewed(OSError):
    """A token has expired and could not be exchanged just now. Whoever sends waits as if Slack could not be reached."""


class Renewal:
    """Exchanges refresh tokens."""

    def __init__(self, store: Installed, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    def due(self, now: datetime) -> int:
        """Renew whatever expires soon; how many were."""
        return sum(self._renewed(row, now) for row in self._store.expiring(now + AHEAD))

    def at_last(self, kept: Kept) -> Kept:
        """The installation with a token that is good now. Raises `NotRenewed`."""
        now = self._clock()
        if kept.expires_at is None or kept.expires_at > now + AT_LAST:
            return kept
        return self._exchanged(kept, now) or self._as_it_is(kept, now)

    def _renewed(self, row: int, now: datetime) -> bool:
        try:
            kept = self._store.get(row)
        except UnreadableToken:
            return False  # the vault has said so; the others have their turn
        after = self._exchanged(kept, now) if kept is not None else None
        return after is not None and kept is not None and after.expires_at != kept.expires_at

    def _as_it_is(self, kept: Kept, now: datetime) -> Kept:
        """The token while it is good, else what another replica is about to get for it."""
        for _ in range(TRIES):
            found = self._store.get(kept.id) or kept
            if found.expires_at is None or found.expires_at > now:
                return found
            time.sleep(PAUSE_S)
        raise NotRenewed("the token has expired and is not renewed yet")

    def _exchanged(self, kept: Kept, now: datetime) -> Kept | None:
        """The installation with a new token, if this is the replica to get it and Slack gave one."""
        if not kept.bot.bot_refresh_token or not self._store.claim(kept, now, now + CLAIM):
            return None
        try:
            answer = new_client(self._settings).oauth_v2_access(
                client_id=self._settings.client_id,
                client_secret=self._settings.client_secret.get_secret_value(),
                grant_type="refresh_token",
                refresh_token=kept.bot.bot_refresh_token,
            )
        except (SlackApiError, OSError) as error:
            return self._refused(kept, error)
        expires_at = now + timedelta(seconds=int(answer["expires_in"]))
        self._store.renewed(kept, answer["access_token"], answer["refresh_token"], expires_at)
        LOG.info("token.renewed", workspace=kept.bot.team_id, enterprise=kept.bot.enterprise_id)
        return self._store.get(kept.id)

    def _refused(self, kept: Kept, error: SlackApiError | OSError) -> Kept | None:
        """None if another try may help, and the claim keeps everybody from trying at once; else the token as it is."""
        code = str(error.response.get("error")) if isinstance(error, SlackApiError) else repr(error)
        LOG.error("token.not_renewed", workspace=kept.bot.team_id, enterprise=kept.bot.enterprise_id, error=code)
        passing = isinstance(error, OSError) or (is_known(code) and refusal(code).fate is Fate.TRANSIENT)
        return None if passing else kept
