"""What people do in a town with faults, by what Slack shows them: a button that is not there is not pressed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Idea, Notice
from playground.messages import Message
from tests.world import World
from workflows import ballots

CHANNELS = ("CIDEAS", "CCOMM")


def shown(world: World, key: str) -> Message | None:
    """The message of the notice with this key, if it stands in Slack by now."""
    with world.session() as session:
        row = session.scalars(sa.select(Notice).where(Notice.key == key)).one_or_none()
    return world.slack.messages.get(row.posted_channel or "", row.posted_ts) if row and row.posted_ts else None


def card(world: World, number: int) -> Message | None:
    """An idea's card, in the channel where ideas come in."""
    return shown(world, f"idea.card:{number}")


def table(world: World, number: int) -> Message | None:
    """An idea's card before the committee."""
    return shown(world, f"idea.committee_card:{number}:CCOMM")


def last_ballot(session: Session, number: int) -> Ballot | None:
    """The last vote on an idea."""
    found = sa.select(Ballot.id).join(Idea, Idea.id == Ballot.idea_id).where(Idea.number == number)
    ballot_id = session.scalars(found.order_by(Ballot.id.desc())).first()
    return ballots.by_id(session, ballot_id) if ballot_id else None


def ballot_card(world: World, number: int) -> Message | None:
    """The card of the last vote on an idea."""
    with world.session() as session:
        ballot = last_ballot(session, number)
    return shown(world, f"ballot.card:{ballot.id}") if ballot else None


def asked(world: World, who: str, label: str, number: int) -> Message | None:
    """The last direct message about an idea that has such a button."""
    person = world.person(who)
    about = (one for one in reversed(world.dms(who)) if f"#{number} " in one.text)
    return next((one for one in about if label in person.buttons(one)), None)


def press(world: World, who: str, where: Message | None, label: str, times: int = 1) -> bool:
    """Press a button, if it is there; whether it was."""
    person = world.person(who)
    if where is None or label not in person.buttons(where):
        return False
    for _ in range(times):
        person.click(where, label)
    return True


def fill(world: World, who: str, values: dict[str, Any]) -> None:
    """Fill the form that is open and send it; whatever is open afterwards is closed."""
    person = world.person(who)
    assert person.view is not None, "no form was opened"
    person.fill(person.view, values)
    person.submit()
    put_away(world, who)


def put_away(world: World, who: str) -> None:
    person = world.person(who)
    if person.view is not None:
        person.close_view(everything=True)


def offered(world: World, who: str, number: int) -> list[str] | None:
    """What "More" offers; the page stays open. None if the card is still to come."""
    if not press(world, who, card(world, number), "More"):
        return None
    person = world.person(who)
    assert person.view is not None
    return person.buttons(person.view)


def notices_in_slack(world: World) -> Iterator[int]:
    """The notices that messages in Slack carry, once for each message."""
    for message in world.slack.messages.everything():
        if message.metadata:
            yield message.metadata["event_payload"]["notice"]
