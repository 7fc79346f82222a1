"""Processes of a bot that die by SIGKILL at a named step."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime
from multiprocessing.process import BaseProcess

from bot.delivery.sender import Sender
from bot.installation import new_client
from bot.rendering import RENDERINGS
from bot.settings import Settings
from db.engine import Sessions, make_engine
from tests.bot.delivery.scene import say
from tests.survival.forked import CONTEXT

PATIENCE_S = 60


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
