"""What the tests of delivery share: a kind of notice that says its own text, and short ways to owe and to look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.delivery.sender import Sender
from bot.rendering import RENDERINGS, Rendering
from bot.views.blocks import section
from bot.views.message import Message
from db.models import Notice
from playground.messages import Message as Posted
from tests.world import TEAM, World
from workflows import notices, people

SECOND = timedelta(seconds=1)


@contextmanager
def rendering(kind: str, function: Rendering) -> Iterator[None]:
    RENDERINGS[kind] = function
    try:
        yield
    finally:
        del RENDERINGS[kind]


def say(session: Session, notice: Notice, now: datetime) -> Message | None:
    """What the tests' notices say: their text, or nothing once it is withdrawn."""
    text = (notice.detail or {}).get("text", notice.key)
    return Message(text, [section(text)]) if text else None


@pytest.fixture
def kinds() -> Iterator[None]:
    with rendering("test.note", say):
        yield


def owe(world: World, key: str, **more: Any) -> int:
    """Owe a note; in #random unless said otherwise."""
    wanted = {"channel": "CRANDOM"} if not {"person", "channel"} & set(more) else {}
    with world.session() as session:
        people.workspace(session, TEAM, now=world.now)
        notice = notices.owe(session, "test.note", key, now=world.now, **wanted, **more)
        assert notice is not None
        return notice.id


def notice(world: World, notice_id: int) -> Notice:
    with world.session() as session:
        return session.get_one(Notice, notice_id)


def change(world: World, notice_id: int, text: str | None) -> None:
    with world.session() as session:
        row = session.get_one(Notice, notice_id)
        row.detail, row.wanted = {"text": text}, row.wanted + 1


def texts(world: World, channel: str = "CRANDOM") -> list[str]:
    return [message.text for message in world.slack.messages.channel(channel)]


def posted(world: World, notice_id: int) -> Posted:
    row = notice(world, notice_id)
    return world.slack.messages.get(row.posted_channel or "", row.posted_ts or "")


def other_sender(world: World) -> Sender:
    """The sender of another replica."""
    return Sender(world.bot.house.sessions, world.bot.installations.client, world.clock.now)
