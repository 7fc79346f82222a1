"""The composition root: the one place that reads environment and clock and puts the parts together."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from slack_bolt import App

from bot import app as bolt
from bot import log, manifest
from bot.delivery.loop import Delivery
from bot.delivery.sender import Sender
from bot.health import Health
from bot.house import House
from bot.installation import Installations, OneInstallation, new_client
from bot.metrics import Metrics
from bot.oauth.flow import Flow
from bot.oauth.many import ManyInstallations
from bot.outage import Outage
from bot.security import Guard
from bot.settings import Settings
from bot.web import Readiness, Site
from db.engine import Sessions, make_engine

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

READ_BEHIND_OUR_BACK = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
"""Bolt looks for these by itself and draws conclusions: another token, an OAuth flow with files."""


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
    health: Health

    def wsgi(self) -> WSGIApplication:
        """The application for an HTTP server."""
        secret = self.settings.signing_secret.get_secret_value()
        guarded = Guard(self.app, secret, self.house.sessions, self.house.clock)
        page = self.house.metrics.page if self.settings.metrics and not self.settings.metrics_bind else None
        return Site(guarded, self.readiness, self.oauth(), page)

    def oauth(self) -> Flow | None:
        """The pages for whoever installs the app; None if it serves one workspace."""
        if not isinstance(self.installations, ManyInstallations):
            return None
        return Flow(self.settings, self.installations, manifest.scopes(manifest.roll().events))

    def readiness(self) -> Readiness:
        """Whether requests can be served, and the figures behind it."""
        return self.health.readiness()


def build(
    settings: Settings, *, clock: Callable[[], datetime] = system_clock, engine: sa.Engine | None = None
) -> Touchstone:
    """Put the parts together. Reaches neither Slack nor the database. Raises `ValueError` for bad settings."""
    engine = engine or make_engine(settings.database_url, pool_size=settings.threads // 2 + settings.senders)
    sessions = Sessions(engine)
    installations = (ManyInstallations if settings.many else OneInstallation)(settings, sessions, clock)
    metrics = Metrics()
    sender = Sender(sessions, installations.client, clock, metrics=metrics)
    outage = Outage()
    delivery = Delivery(sender, settings.senders, outage)
    sessions.on_commit = delivery.nudge
    house = House(settings, sessions, clock, installations, delivery.nudge, metrics, outage)
    health = Health(sessions, delivery, clock)
    metrics.watch(health.figures)
    app = bolt.build(house, new_client(settings), installations.authorize)
    return Touchstone(settings, engine, house, app, installations, sender, delivery, health)


def from_environment() -> Touchstone:
    """Touchstone as the environment says, logging."""
    settings = Settings()
    for name in READ_BEHIND_OUR_BACK:
        os.environ.pop(name, None)
    log.configure(settings.log_level, as_json=settings.log_json)
    return build(settings)
