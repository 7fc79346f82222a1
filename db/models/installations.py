"""What slack_sdk's stores keep: the bot token of each installation, sealed, and the states of installations begun.

These are plain tables, not mapped: a session inside a workspace cannot read them. They are wider than slack_sdk's own,
for a sealed token is twice as long as an open one.
"""

from __future__ import annotations

import sqlalchemy as sa

from db.models.base import Base
from db.types import UtcDateTime, UtcDateTimeOfSdk

BOTS = sa.Table(
    "slack_bots",
    Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("app_id", sa.Text, nullable=False),
    sa.Column("enterprise_id", sa.Text),
    sa.Column("enterprise_name", sa.Text),
    sa.Column("team_id", sa.Text),
    sa.Column("team_name", sa.Text),
    sa.Column("bot_token", sa.Text),
    sa.Column("bot_id", sa.Text),
    sa.Column("bot_user_id", sa.Text),
    sa.Column("bot_scopes", sa.Text),
    sa.Column("bot_refresh_token", sa.Text),
    sa.Column("bot_token_expires_at", UtcDateTimeOfSdk),
    sa.Column("is_enterprise_install", sa.Boolean, nullable=False),
    sa.Column("installed_at", UtcDateTimeOfSdk, nullable=False),
    sa.Column("renewing_until", UtcDateTime),
    sa.Index("ix_slack_bots_team", "team_id", "installed_at"),
    sa.Index("ix_slack_bots_enterprise", "enterprise_id", "installed_at"),
    sa.Index("ix_slack_bots_bot_token_expires_at", "bot_token_expires_at"),
)
"""One row an installation. `team_id` is null for a whole organisation. `renewing_until` is the claim of a replica that
is exchanging the refresh token, which serves once."""

OAUTH_STATES = sa.Table(
    "slack_oauth_states",
    Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, unique=True),
    sa.Column("expire_at", UtcDateTimeOfSdk, nullable=False, index=True),
)
"""Installations begun in a browser; a row goes when its state comes back, or when it has expired."""
