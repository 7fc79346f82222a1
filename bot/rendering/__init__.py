"""From a notice to what Slack shows: one file a feature loads what its views need.

A rendering is called inside a transaction, just before sending; None means that the notice's reason has gone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.views.message import Home, Message
from db.models import Notice

Rendering = Callable[[Session, Notice, datetime], Message | Home | None]
RENDERINGS: dict[str, Rendering] = {}


def renders(kind: str) -> Callable[[Rendering], Rendering]:
    """Register the rendering of a notice kind."""

    def register(rendering: Rendering) -> Rendering:
        if kind in RENDERINGS:
            raise ValueError(f"{kind} is rendered twice")
        RENDERINGS[kind] = rendering
        return rendering

    return register
