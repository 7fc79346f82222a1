"""`/committee`: how the committee of this channel stands, else one's own, else those that anybody may know of."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot import commands, ids
from bot.commands import Call
from bot.house import House
from bot.views import committee
from bot.views.message import Message
from db.models import Committee, Person
from workflows import committees
from workflows.errors import NotAllowed, WorkflowError
from workflows.permissions import Action, may, require

SHOWN = 5


def register(app: App, house: House) -> None:
    """Listen for the command without a subcommand."""
    commands.otherwise("/committee", status, "how your committee stands")
    commands.on("/committee", "close", "end this channel's committee, for admins")(close)

    @app.action(ids.COMMITTEE_CLOSE)
    def confirmed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        chosen = ids.number(ids.unpack(body["actions"][0].get("value")), "committee")
        with house.gesture(body) as g:
            require(g.session, Action.CLOSE, g.actor)
            committees.close(g.session, g.actor, committees.get(g.session, chosen), now=g.now)
        house.tell(client, body, Message("It is closed, and its channel has been told."), replace=True)


def close(call: Call) -> None:
    """`/committee close`: what is open, or the button that closes it."""
    with call.house.gesture(call.body) as g:
        require(g.session, Action.CLOSE, g.actor)
        here = committees.of_channel(g.session, call.body["channel_id"])
        if here is None:
            raise WorkflowError("Type `/committee close` in a channel of the committee that is to end.")
        said = committee.close_prompt(committees.status(g.session, here, g.now))
    call.answer(said)


def status(call: Call) -> None:
    """Say how the committees stand that matter here."""
    with call.house.gesture(call.body) as g:
        relevant = _relevant(g.session, g.actor, call.body["channel_id"])
        for it in relevant[:1]:
            if not may(g.session, Action.SEE_STATUS, g.actor, committee_id=it.id):
                raise NotAllowed("Guests can put in and support ideas. How the committee stands, a colleague can tell.")
        glances = [
            committee.Glance(committees.status(g.session, it, g.now), committees.has_seat(g.session, it, g.actor))
            for it in relevant[:SHOWN]
        ]
    call.answer(committee.message(glances))


def _relevant(session: Session, actor: Person, channel: str) -> list[Committee]:
    here = committees.of_channel(session, channel)
    if here is not None:
        return [here]
    return committees.of_person(session, actor) or committees.known_to(session, actor)
