"""The composition root: the one place that reads environment and clock and puts the parts together."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from sqlalchemy.exc import SQLAlchemyError

from bot import app as bolt
from bot import log, manifest
from bot.delivery import claims
from bot.delivery.loop import Delivery
from bot.delivery.sender import Sender
from bot.house import House
from bot.installation import Installations, OneInstallation, new_client
from bot.oauth.flow import Flow
from bot.oauth.many import ManyInstallations
from bot.security import Guard
from bot.settings import Settings
from bot.web import Readiness, Site
from db import migrate
from db.engine import Sessions, make_engine

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

READ_BEHIND_OUR_BACK = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
"""Bolt looks for these by itself and draws conclusions: another token, an OAuth flow with files."""

LOG = log.get(__name__)


def system_clock() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)


@dataclass
class Touchstone:
    """Everything put together and nothing started."""

    settings: Settings
    engine: sa.Engine
    house: House
    app: App
    installations: Installations
    sender: Sender
    delivery: Delivery

    def wsgi(self) -> WSGIApplication:
        """The application for an HTTP server."""
        secret = self.settings.signing_secret.get_secret_value()
        guarded = Guard(SlackRequestHandler(self.app), secret, self.house.sessions)
        return Site(guarded, self.readiness, self.oauth())

    def oauth(self) -> Flow | None:
        """The pages for whoever installs the app; None if it serves one workspace."""
        if not isinstance(self.installations, ManyInstallations):
            return None
        return Flow(self.settings, self.installations, manifest.scopes(manifest.roll().events))

    def readiness(self) -> Readiness:
        """Whether requests can be served. Delivery lag is told but does not count: Slack may be the one who is slow."""
        try:
            with self.house.sessions.everywhere() as session:
                lag = claims.lag(session, self.house.clock())
            with self.engine.connect() as connection:
                migrated = MigrationContext.configure(connection).get_current_revision() == migrate.head()
        except SQLAlchemyError as error:
            LOG.warning("ready.database", error=type(error).__name__)
            return Readiness(False, {"database": "unreachable"})
        facts = {
            "database": "ok",
            "migrations": "ok" if migrated else "behind: run touchstone migrate",
            "delivery": "ok" if self.delivery.beats else "stopped",
            "delivery_lag_s": round(lag.total_seconds(), 3),
        }
        return Readiness(migrated and self.delivery.beats, facts)


def build(
    settings: Settings, *, clock: Callable[[], datetime] = system_clock, engine: sa.Engine | None = None
) -> Touchstone:
    """Put the parts together. Reaches neither Slack nor the database. Raises `ValueError` for bad settings."""
    engine = engine or make_engine(settings.database_url, pool_size=settings.threads // 2 + settings.senders)
    sessions = Sessions(engine)
    installations = (ManyInstallations if settings.many else OneInstallation)(settings, sessions, clock)
    sender = Sender(sessions, installations.client, clock)
    delivery = Delivery(sender, settings.senders)
    sessions.on_commit = delivery.nudge
    house = House(settings, sessions, clock, installations, delivery.nudge)
    app = bolt.build(house, new_client(settings), installations.authorize)
    return Touchstone(settings, engine, house, app, installations, sender, delivery)


def from_environment() -> Touchstone:
    """Touchstone as the environment says, logging."""
    settings = Settings()
    for name in READ_BEHIND_OUR_BACK:
        os.environ.pop(name, None)
    log.configure(settings.log_level, as_json=settings.log_json)
    return build(settings)
