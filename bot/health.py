"""How this process is: whether it can serve, and how much waits to be delivered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import log
from bot.delivery import claims
from bot.delivery.loop import Delivery
from bot.web import Readiness
from db import migrate
from db.engine import Sessions
from db.models import Notice, NoticeState, Workspace
from db.patience import answering

LOG = log.get(__name__)


@dataclass(frozen=True)
class Health:
    """Looks at the database and at delivery."""

    sessions: Sessions
    delivery: Delivery
    clock: Callable[[], datetime]

    def readiness(self) -> Readiness:
        """Whether requests can be served. Delivery lag is told but does not count: Slack may be the one who is slow."""
        try:
            with self.sessions.everywhere() as session:
                lag = claims.lag(session, self.clock())
            with self.sessions.engine.connect() as connection:
                fits = migrate.fits(MigrationContext.configure(connection).get_current_revision())
        except SQLAlchemyError as error:
            LOG.warning("ready.database", error=type(error).__name__)
            return Readiness(False, {"database": "unreachable"})
        facts = {
            "database": "ok",
            "migrations": "ok" if fits else "behind: run touchstone migrate",
            "delivery": "ok" if self.delivery.beats else "stopped",
            "delivery_lag_s": round(lag.total_seconds(), 3),
        }
        return Readiness(fits and self.delivery.beats, facts)

    def figures(self) -> Mapping[str, float]:
        """What `bot.metrics` tells of the queue."""
        now = self.clock()
        try:
            with answering(), self.sessions.everywhere() as session:  # whoever scrapes does not wait for long
                lag = claims.lag(session, now).total_seconds()
                return {"database_up": 1, "delivery_lag_seconds": lag, **_counts(session, now)}
        except SQLAlchemyError as error:
            LOG.warning("metrics.database", error=type(error).__name__)
            return {"database_up": 0}


def _counts(session: Session, now: datetime) -> dict[str, float]:
    owed = sa.and_(Notice.state == NoticeState.OWED, Notice.due_at <= now)
    stale = sa.and_(Notice.state == NoticeState.SENT, Notice.shown < Notice.wanted)
    return {
        "notices_owed": _count(session, Notice.id, owed),
        "notices_stale": _count(session, Notice.id, stale),
        "notices_parked": _count(session, Notice.id, Notice.state == NoticeState.PARKED),
        "workspaces_stopped": _count(session, Workspace.id, Workspace.stopped_at.is_not(None)),
    }


def _count(session: Session, column: sa.ColumnExpressionArgument[int | str], which: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count(column)).where(which)) or 0
