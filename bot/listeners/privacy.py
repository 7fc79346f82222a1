"""`/committee privacy`: what is kept of oneself, and the way to be forgotten."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import commands, ids
from bot.commands import Call
from bot.house import House
from bot.views import privacy as views
from bot.views.message import Message
from workflows import dossier, privacy

Body = dict[str, Any]


def register(app: App, house: House) -> None:
    """Listen for the subcommand, for whoever wants to be forgotten, and for the admins who answer."""
    commands.on("/committee", "privacy", "what is kept of you, and how to be forgotten")(shown)

    @app.action(ids.PRIVACY_ASK)
    def ask(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            admins = privacy.ask(g.session, g.actor, now=g.now)
        house.tell(client, body, Message(views.asked(admins)), replace=True)

    @app.action(ids.PRIVACY_AGREE)
    def agree(ack: Ack, body: Body) -> None:
        ack()
        with house.gesture(body) as g:
            privacy.agree(g.session, g.actor, _request(body), now=g.now)

    @app.action(ids.PRIVACY_REFUSE)
    def refuse(ack: Ack, body: Body) -> None:
        ack()
        with house.gesture(body) as g:
            privacy.refuse(g.session, g.actor, _request(body), now=g.now)


def shown(call: Call) -> None:
    """Say what is kept of whoever asks."""
    with call.house.gesture(call.body) as g:
        counts = {table: len(rows) for table, rows in dossier.of(g.session, g.actor).items()}
    call.answer(views.kept(counts))


def _request(body: Body) -> int:
    return ids.number(ids.unpack(body["actions"][0].get("value")), "request")
