"""Home: what it shows of somebody, loaded as things are now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.slack_errors import refusal
from bot.views import home, trouble
from bot.views.committee import Glance
from bot.views.home import Desk, HomePage, MyIdea
from bot.views.message import Home
from bot.views.text import mention
from db.models import Notice, Person
from workflows import calendar, catalogue, committees, homes, outlook, troubles
from workflows.catalogue import ListFilter, Which
from workflows.pages import Page, sliced
from workflows.permissions import Action, may
from workflows.waiting import waiting_for

AT_A_TIME = 6
"""Things of a list that a page shows."""
PARKED = 3
GLANCES = 5


@renders(homes.KIND)
def render(session: Session, notice: Notice, now: datetime) -> Home | None:
    """The Home of the notice's person, its lists at the pages they were turned to."""
    person = session.get(Person, notice.person_id)
    if person is None or not person.active:
        return None
    pages = notice.detail or {}
    return home.home(
        HomePage(
            viewer=person,
            today=calendar.local_day(now, person.tz),
            waiting=sliced(waiting_for(session, person, now), pages.get(home.WAITING, 1), AT_A_TIME),
            ideas=_ideas(session, person, pages.get(home.IDEAS, 1), now),
            glances=_glances(session, person, now),
            desk=_desk(session, person),
            begun=bool(committees.in_workspace(session)),
        )
    )


def _ideas(session: Session, person: Person, page: int, now: datetime) -> Page[MyIdea]:
    found = catalogue.listing(session, ListFilter(Which.MINE, person), page, AT_A_TIME)
    return found.map(lambda it: MyIdea(it.idea, it.committee.tz, outlook.outlook(session, it.idea, now)))


def _glances(session: Session, person: Person, now: datetime) -> list[Glance]:
    own = committees.of_person(session, person)
    shown = own or committees.known_to(session, person)
    seen = [it for it in shown if may(session, Action.SEE_STATUS, person, committee_id=it.id)]
    return [Glance(committees.status(session, it, now), inside=bool(own)) for it in seen[:GLANCES]]


def _desk(session: Session, person: Person) -> Desk:
    known = committees.known_to(session, person)
    changeable = [it for it in known if may(session, Action.SET_UP, person, committee_id=it.id)]
    return Desk(
        changeable=changeable,
        founds=may(session, Action.SET_UP, person),
        troubled=[(channel, it) for it in changeable for channel in committees.troubled(session, it)],
        parked=list(_parked(session, person)),
    )


def _parked(session: Session, person: Person) -> Iterator[Block]:
    """The latest messages that could not be delivered, one a destination."""
    if not may(session, Action.SEE_TROUBLE, person):
        return
    seen: set[tuple[str | None, int | None]] = set()
    for notice in troubles.parked(session):
        where = (notice.channel, notice.person_id)
        if where not in seen and len(seen) < PARKED:
            seen.add(where)
            yield from _told(session, notice)


def _told(session: Session, notice: Notice) -> Sequence[Block]:
    person = session.get(Person, notice.person_id) if notice.person_id else None
    place = f"<#{notice.channel}>" if notice.channel else mention(person.slack_id if person else None)
    count = len(troubles.alike(session, notice))
    return [
        block
        for block in trouble.parked(place, refusal(notice.error or ""), count, notice.id).blocks
        if isinstance(block, Block)
    ]
