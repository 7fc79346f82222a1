"""The button under what could not be delivered."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import ids
from bot.house import House
from bot.views import trouble
from bot.views.message import Message
from db.models import Notice
from workflows import troubles


def register(app: App, house: House) -> None:
    """Listen for admins who want it tried again."""

    @app.action(ids.TROUBLE_RETRY)
    def retry(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        notice_id = ids.number(ids.unpack(body["actions"][0].get("value")), "notice")
        with house.gesture(body) as gesture:
            notice = gesture.session.get(Notice, notice_id)
            count = troubles.retry(gesture.session, gesture.actor, notice, now=gesture.now) if notice else 0
        if body.get("response_url"):  # a message; a Home shows the difference by itself
            house.tell(client, body, Message(trouble.retried(count)))
