"""What people do in a town with faults, by what Slack shows them: a button that is not there is not pressed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Ballot, Idea, Notice
from playground import acts, layout
from playground.layout import Place, label
from playground.messages import Message
from playground.views import View
from tests.world import World
from workflows import ballots

CHANNELS = ("CIDEAS", "CCOMM")
FORGOTTEN = "I have just forgotten you"


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


def asked(world: World, who: str, what: str, number: int) -> Message | None:
    """The last direct message about an idea that has such a button."""
    person = world.person(who)
    about = (one for one in reversed(world.dms(who)) if f"#{number} " in one.text)
    return next((one for one in about if what in person.buttons(one)), None)


def press(world: World, who: str, where: Message | None, which: str, times: int = 1) -> bool:
    """Press a button by what it says or by its action id, if it is there; whether it was."""
    if where is None or which not in {name for one in places(where) for name in (label(one), one.action_id)}:
        return False
    for _ in range(times):
        world.person(who).click(where, which)
    return True


def choose(world: World, who: str, where: Message | None, menu: str, entry: str) -> bool:
    """Choose from a menu by its action id, if it is there; whether it was."""
    if where is None or menu not in {one.action_id for one in places(where)}:
        return False
    world.person(who).select(where, menu, entry)
    return True


def places(where: Message | View) -> list[Place]:
    """Every button and menu on a message or form."""
    return list(layout.places(acts.blocks(where)))


@dataclass(frozen=True, repr=False)
class Handle:
    """A button or menu about a piece of work, and the message it is on."""

    where: Message
    place: Place

    def __repr__(self) -> str:
        return f"{self.action} {self.carries}"

    @property
    def action(self) -> str:
        return self.place.action_id

    @property
    def carries(self) -> dict[str, Any]:
        """The data that ride on it."""
        element = self.place.element
        told: dict[str, Any] = json.loads(element.get("value") or element["options"][0]["value"])
        return told

    def use(self, world: World, who: str) -> None:
        if self.place.element["type"] == "overflow":
            world.person(who).select(self.where, self.place.block_id, "Tomorrow")
        else:
            world.person(who).click(self.where, self.action, value=self.place.element["value"])


def handles(where: Message | None, work_id: int) -> list[Handle]:
    """What a message offers to do about a piece of work."""
    if where is None:
        return []
    found = [Handle(where, one) for one in places(where) if one.action_id.startswith("work.")]
    return [one for one in found if one.carries.get("work") == work_id]


def fill(world: World, who: str, values: dict[str, Any], *, taken: bool = True) -> None:
    """Fill the form that is open and send it, which must be `taken` or refused; then nothing is open any more."""
    person = world.person(who)
    form = person.view
    assert form is not None, f"no form was opened; {who} was told: {last_word(world, who)}"
    person.fill(form, values)
    told = person.submit()
    refused = isinstance(told.body, dict) and told.body.get("response_action") in ("errors", "push")
    assert told.ok, told
    assert refused != taken, told
    put_away(world, who)


def last_word(world: World, who: str) -> str:
    """What the bot said last for somebody's eyes only, on the page that is open if there is one."""
    heard, page = world.person(who).ephemerals(), world.person(who).view
    if page is not None:
        return layout.all_text(page.blocks)
    return heard[-1].text if heard else ""


def put_away(world: World, who: str) -> None:
    person = world.person(who)
    if person.view is not None:
        person.close_view(everything=True)


def offered(world: World, who: str, number: int) -> list[str] | None:
    """What "More" offers; the page stays open. None if the card is still to come."""
    if not press(world, who, card(world, number), "More"):
        return None
    person = world.person(who)
    if person.view is None and FORGOTTEN in last_word(world, who):
        press(world, who, card(world, number), "More")
    assert person.view is not None, last_word(world, who)
    return person.buttons(person.view)


def notices_in_slack(world: World) -> Iterator[int]:
    """The notices that messages in Slack carry, once for each message."""
    for message in world.slack.messages.everything():
        if message.metadata:
            yield message.metadata["event_payload"]["notice"]
