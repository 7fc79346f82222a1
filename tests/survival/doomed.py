"""Processes of a bot that die by SIGKILL at a named step: of a delivery, or of a gesture."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from multiprocessing.process import BaseProcess

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import main
from bot.delivery.sender import Sender
from bot.installation import new_client
from bot.rendering import RENDERINGS
from bot.settings import Settings
from db.engine import Sessions, make_engine
from playground.delivery import Answer, Request, Transport
from playground.http_delivery import WsgiTransport
from tests.bot.delivery.scene import say
from tests.survival.forked import CONTEXT

PATIENCE_S = 60
AT_STAKE = re.compile("INSERT INTO (idea|vote) ")
"""The effect of a gesture."""


def die() -> None:
    """As a machine that loses its power, or whatever kills with -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_at(step: str, nth: int = 1) -> Callable[[str], None]:
    """A hook that kills this process at the n-th of these steps."""
    left = [nth]

    def at(here: str) -> None:
        left[0] -= here == step
        if not left[0]:
            die()

    return at


def _deliver(settings: Settings, url: str, now: datetime, step: str) -> None:
    RENDERINGS["test.note"] = say
    token = settings.bot_token.get_secret_value()
    sessions = Sessions(make_engine(url))
    Sender(sessions, lambda _workspace: new_client(settings, token), lambda: now, at=dying_at(step)).drain()


def sender(settings: Settings, url: str, now: datetime, step: str) -> BaseProcess:
    """Start a sender that will die at `step` of its first delivery."""
    started = CONTEXT.Process(target=_deliver, args=(settings, url, now, step), daemon=True)
    started.start()
    return started


def ended(process: BaseProcess) -> int | None:
    """Wait for the end; how it ended, -9 if it was killed."""
    process.join(PATIENCE_S)
    return process.exitcode


def _answer(settings: Settings, url: str, now: datetime, request: Request, moment: str) -> None:
    bot = main.build(settings, clock=lambda: now, engine=make_engine(url))
    bot.installations.greet()
    doomed = threading.local()

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        doomed.now = getattr(doomed, "now", False) or bool(AT_STAKE.match(statement))

    def strike(_session: Session) -> None:
        if getattr(doomed, "now", False):
            die()

    sa.event.listen(bot.engine, "before_cursor_execute", look)
    sa.event.listen(bot.house.sessions._maker, moment, strike)
    WsgiTransport(bot.wsgi(), settings.signing_secret.get_secret_value()).send(request)


class Doomed:
    """Two replicas: one that dies of the next request, at its commit, once `condemn` has been called, and another."""

    def __init__(self, settings: Settings, url: str, clock: Callable[[], datetime], healthy: Transport) -> None:
        self._known = settings, url, clock
        self._healthy = healthy
        self._moment: str | None = None

    def condemn(self, moment: str) -> None:
        """Let it die at this event of SQLAlchemy's sessions, where the effect of the next request is at stake."""
        self._moment = moment

    def send(self, request: Request) -> Answer:
        moment, self._moment = self._moment, None
        if moment is None:
            return self._healthy.send(request)
        settings, url, clock = self._known
        process = CONTEXT.Process(target=_answer, args=(settings, url, clock(), request, moment), daemon=True)
        process.start()
        assert ended(process) == -signal.SIGKILL
        return Answer(0.0, failure="connection_failed")

    def close(self) -> None:
        self._healthy.close()
