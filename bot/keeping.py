"""Forms whose words survive: what was typed is kept before it is tried, and forgotten when it was taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.house import Gesture, House
from workflows import drafts


@contextmanager
def keeping(house: House, body: Mapping[str, Any], form: str, content: dict[str, Any]) -> Iterator[Gesture]:
    """A gesture that takes a form. If it fails, the words typed stay as a draft under the name `form`."""
    with house.gesture(body) as g:
        drafts.keep(g.session, g.actor, form, {**kept(g, form), **content}, g.now)
    with house.gesture(body) as g:
        yield g
        drafts.forget(g.session, g.actor, form)


def kept(g: Gesture, form: str) -> dict[str, Any]:
    """What was kept under the name `form`; nothing if nothing was."""
    draft = drafts.peek(g.session, g.actor, form)
    return dict(draft.content) if draft else {}
