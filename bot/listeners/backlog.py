"""The ranked backlog: `/committee backlog` and its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import commands, ids, payload
from bot.commands import Call
from bot.house import Gesture, House
from bot.views import backlog
from bot.views.message import Message
from db.models import Committee
from workflows import committees, prioritization, ranking
from workflows.errors import Gone, WorkflowError
from workflows.permissions import Action, may

NOWHERE = "I cannot tell which committee you mean. Type `/committee backlog` in its channel."


def register(app: App, house: House) -> None:
    """Listen for the command and the buttons that turn pages."""
    commands.on("/committee", "backlog", "open ideas, ranked, and why")(command)

    @app.action(ids.family(ids.BACKLOG_PAGE))
    def turn(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        data = ids.unpack(body["actions"][0].get("value"))
        with house.gesture(body) as g:
            committee = _still_visible(g, body, ids.number(data, "committee"))
            said = _page(g, committee, ids.number(data, "page"))
        house.tell(client, body, said, replace=True)


def command(call: Call) -> None:
    """The backlog of the committee meant, from its first page or the one named."""
    number = commands.page(call.rest) or 1
    with call.house.gesture(call.body) as g:
        committee = committees.meant(g.session, g.actor, call.body.get("channel_id"))
        if committee is None:
            raise WorkflowError(NOWHERE)
        said = _page(g, committee, number)
    call.answer(said)


def _still_visible(g: Gesture, body: Mapping[str, Any], committee_id: int) -> Committee:
    committee = committees.get(g.session, committee_id)
    here = committees.of_channel(g.session, payload.channel_of(body) or "")
    if here is not committee and not committees.visible_to(g.session, committee, g.actor):
        raise Gone("That committee is no longer here.")
    return committee


def _page(g: Gesture, committee: Committee, number: int) -> Message:
    sheet = backlog.Sheet(
        committee=committee,
        framework=ranking.framework_of(committee),
        page=prioritization.backlog(g.session, committee, g.actor, number),
        presides=may(g.session, Action.OPEN_REVIEW, g.actor, committee_id=committee.id),
    )
    return backlog.message(sheet)
