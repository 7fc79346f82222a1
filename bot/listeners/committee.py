"""`/committee`: how the committee of this channel stands, else one's own, else those that anybody may know of."""

from __future__ import annotations

from slack_bolt import App
from sqlalchemy.orm import Session

from bot import commands
from bot.commands import Call
from bot.house import House
from bot.views import committee
from db.models import Committee, Person
from workflows import committees
from workflows.errors import NotAllowed
from workflows.permissions import Action, may

SHOWN = 5


def register(app: App, house: House) -> None:
    """Listen for the command without a subcommand."""
    commands.otherwise("/committee", status, "how your committee stands")


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
