"""What people write to Touchstone itself: kept as the beginning of an idea, if they want it to be one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.house import House
from bot.listeners import idea_form
from bot.views.mrkdwn import mentioned
from workflows import drafts, notices

Body = dict[str, Any]
KIND = "idea.offered"
BY_HAND = (None, "file_share", "thread_broadcast")
"""What Slack calls messages that somebody wrote; edits, deletions and what apps post have other names."""


def register(app: App, house: House) -> None:
    """Listen for direct messages."""

    @app.event("message")
    def written(body: Body, event: Body) -> None:
        if is_theirs(event):
            answer(house, body, event)


def is_theirs(event: Mapping[str, Any]) -> bool:
    """Whether somebody wrote this to us, and just now: no app, no edit, nothing in a channel."""
    return event.get("channel_type") == "im" and event.get("subtype") in BY_HAND and not event.get("bot_id")


def answer(house: House, body: Body, event: Body) -> None:
    """Offer to make an idea of it, once for each message; the words are kept until they are put in."""
    text = event.get("text") or ""
    house.know(body, mentioned(text)[: idea_form.MOST_NAMES])
    with house.gesture(body) as g:
        words = idea_form.words_of(g, text)
        draft = f"idea.direct:{event['ts']}" if words else None
        key = f"{KIND}:{event['channel']}:{event['ts']}"
        made = notices.owe(g.session, KIND, key, person=g.actor, detail={"draft": draft}, now=g.now)
        if made is not None and draft is not None:
            drafts.keep(g.session, g.actor, draft, words, g.now)
