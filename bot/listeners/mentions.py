"""`@Touchstone approve because ...` in a ballot's thread: the keyboard way to vote. Elsewhere a mention gets help."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot import replies
from bot.house import Gesture, House
from bot.views import ballots as looks
from bot.views import mentions as views
from bot.views.message import Message
from bot.views.mrkdwn import as_typed, mentioned
from db.models import Ballot, BallotState
from workflows import ballots, notices, people
from workflows.ballots import Spoken

Body = dict[str, Any]


def register(app: App, house: House) -> None:
    """Listen for mentions. The same message also arrives as `message.*`, which nobody votes by."""

    @app.event("app_mention")
    def mentioned_us(body: Body, event: Body, context: BoltContext, client: WebClient) -> None:
        if event.get("bot_id"):
            return
        with house.gesture(body) as g:
            said = answer(g, event, context.bot_user_id)
        replies.whisper(client, event, said)


def answer(g: Gesture, event: Mapping[str, Any], us: str | None) -> Message:
    """Take a vote where there is one, and say what became of it; anywhere else, how to go on."""
    thread = event.get("thread_ts")
    idea = ballots.idea_of_thread(g.session, event["channel"], thread) if thread else None
    if idea is None:
        return views.help_anywhere()
    ballot = ballots.of_idea(g.session, idea)
    if ballot is None or ballot.state is not BallotState.OPEN:
        return views.no_vote(idea)
    card = notices.card(g.session, "ballot.card", ballot.id)
    if card is not None and card.channel != event["channel"]:
        return views.elsewhere(idea)
    ballots.admit(g.session, g.actor, ballot.id, g.now)
    return _voted(g, ballot, ballots.spoken(_typed(g, event.get("text") or "", us)))


def _voted(g: Gesture, ballot: Ballot, said: Spoken | None) -> Message:
    """Vote if it is a vote that may be given in public; otherwise offer the buttons and say why."""
    if ballot.secret:
        return looks.unclear(ballot, views.TOO_PUBLIC)
    if said is None:
        return looks.unclear(ballot, views.UNCLEAR)
    if said.choice in ballots.NEEDS_REASON and not said.reason:
        return looks.unclear(ballot, views.reason_missing(said.choice))
    it = ballots.vote(g.session, g.actor, ballot.id, said.choice, said.reason, now=g.now, via="mention")
    return looks.thanks(it, it.closes_at, it.tz, said.choice)


def _typed(g: Gesture, text: str, us: str | None) -> str:
    """The words of a message, without the mention of us, with the names of the others."""
    ours = re.compile(rf"<@{re.escape(us or '')}(?:\|[^>]*)?>[,:]?")
    words = ours.sub(" ", text).strip()
    known = {who: people.of(g.session, who) for who in mentioned(words)}
    return as_typed(words, {who: person.name for who, person in known.items() if person is not None})
