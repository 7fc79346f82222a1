"""Channels: which committee a channel belongs to, what is wrong with it, and what becomes of it in Slack.

A channel belongs to one committee. Channels shared with another organisation are not for committees: ideas, votes
and reasons stay inside.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Channel, Committee, Notice, NoticeState, Person
from workflows import homes, notices
from workflows.committees import seats
from workflows.committees.blueprint import Blueprint, Place
from workflows.errors import WorkflowError

OPEN = "open_to_all"
"""The trouble of a public channel whose committee takes its ideas in a private one."""


def of_channel(session: Session, slack_channel: str) -> Committee | None:
    """The committee that a channel belongs to."""
    owner = sa.select(Committee).join(Channel, Channel.committee_id == Committee.id)
    return session.scalar(owner.where(Channel.slack_id == slack_channel, Committee.dissolved_at.is_(None)))


def of_committee(session: Session, committee: Committee) -> list[Channel]:
    """The channels of a committee."""
    mine = sa.select(Channel).where(Channel.committee_id == committee.id)
    return list(session.scalars(mine.order_by(Channel.id)))


def check(session: Session, actor: Person, blueprint: Blueprint, committee: Committee | None) -> None:
    """Raise `WorkflowError` with the field for a channel that cannot be used."""
    for field, slack_id in blueprint.channels.items():
        fault = _unfit(blueprint.places.get(slack_id)) or _taken(session, actor, slack_id, committee)
        if fault:
            raise WorkflowError(fault, field)
    _check_that_private_stays_private(blueprint)


def _check_that_private_stays_private(blueprint: Blueprint) -> None:
    intake = blueprint.places.get(blueprint.intake_channel)
    if intake is None or not intake.is_private:
        return
    for field in ("committee_channel", "digest_channel"):
        place = blueprint.places.get(blueprint.channels[field])
        if place is not None and not place.is_private:
            told = "Ideas come in by a private channel, and everybody could read of them there."
            raise WorkflowError(f"{told} Choose a private channel here, too.", field)


def _unfit(place: Place | None) -> str | None:
    if place is None:
        return None
    if place.is_archived:
        return "That channel is archived. Unarchive it, or choose another."
    if place.is_shared:
        return "That channel is shared with another organisation. Choose one that is yours alone."
    if not place.bot_inside:
        return "I am not in that channel. Type /invite @Touchstone there, then save again."
    return None


def _taken(session: Session, actor: Person, slack_id: str, committee: Committee | None) -> str | None:
    row = session.scalar(sa.select(Channel).where(Channel.slack_id == slack_id))
    if row is None or (committee is not None and row.committee_id == committee.id):
        return None
    other = session.get_one(Committee, row.committee_id)
    if other.dissolved_at is not None:
        return None
    if visible_to(session, other, actor) and (not row.is_private or seats.has_seat(session, other, actor)):
        return f"The committee “{other.name}” uses that channel already. A channel belongs to one committee."
    return "Another committee uses that channel already. A channel belongs to one committee."


def visible_to(session: Session, committee: Committee, person: Person) -> bool:
    """Whether somebody may know that this committee exists: it takes ideas in public, or they sit on it or made it."""
    if committee.created_by_id == person.id:
        return True
    in_public = sa.select(Channel.id).where(
        Channel.committee_id == committee.id,
        Channel.slack_id == committee.intake_channel,
        Channel.is_private.is_(False),
    )
    return session.scalar(in_public) is not None or seats.has_seat(session, committee, person)


def settle(session: Session, committee: Committee, blueprint: Blueprint) -> None:
    """Give the committee exactly the channels of the blueprint."""
    wanted = list(dict.fromkeys(blueprint.channels.values()))
    theirs = sa.select(Channel).where(sa.or_(Channel.slack_id.in_(wanted), Channel.committee_id == committee.id))
    rows = {row.slack_id: row for row in session.scalars(theirs)}
    for slack_id in set(rows) - set(wanted):
        session.delete(rows[slack_id])
    for slack_id in wanted:
        row = rows.get(slack_id) or Channel(slack_id=slack_id)
        row.committee_id = committee.id
        _describe(row, blueprint.places.get(slack_id))
        session.add(row)
    session.flush()


def _describe(row: Channel, place: Place | None) -> None:
    if place is not None:
        row.name, row.is_private, row.trouble = place.name, place.is_private, None


def trouble(session: Session, slack_channel: str, what: str | None, *, now: datetime) -> None:
    """Note what keeps the bot out of a channel (None: nothing any more), and tell those who can help, once a day."""
    row = session.scalar(sa.select(Channel).where(Channel.slack_id == slack_channel).with_for_update(key_share=True))
    if row is None or row.trouble == what:
        return
    row.trouble = what
    committee = session.get_one(Committee, row.committee_id)
    helpers = who_can_help(session, committee) if committee.dissolved_at is None else []
    for person in helpers if what else ():
        key = f"setup.trouble:{row.id}:{person.id}:{now.date()}"
        notices.owe(session, "setup.trouble", key, about_id=row.id, person=person, now=now)
    homes.touch(session, [person.id for person in helpers], now)


def who_can_help(session: Session, committee: Committee) -> list[Person]:
    """Who set the committee up, and who presides, as long as they are here."""
    creator = session.get(Person, committee.created_by_id) if committee.created_by_id else None
    found = {p.id: p for p in (creator, seats.presiding(session, committee)) if p is not None and seats.can_act(p)}
    return [found[person_id] for person_id in sorted(found)]


def troubled(session: Session, committee: Committee) -> list[Channel]:
    """The committee's channels that cannot be used."""
    return [channel for channel in of_committee(session, committee) if channel.trouble]


def is_open(session: Session, committee: Committee, slack_channel: str) -> bool:
    """Whether everybody could read in this channel what is to stay in the private ones of the committee."""
    mine = sa.select(Channel.id).where(Channel.committee_id == committee.id, Channel.trouble == OPEN)
    return session.scalar(mine.where(Channel.slack_id == slack_channel)) is not None


def check_discretion(session: Session, committee: Committee) -> None:
    """Raise `WorkflowError` if what is put before the committee in its channel would be read by everybody."""
    if is_open(session, committee, committee.committee_channel):
        raise WorkflowError(
            "Ideas come in by a private channel, and everybody could read this in the committee's. Choose a private "
            "channel for it with `/committee setup` first."
        )


def renumbered(session: Session, old: str, new: str) -> None:
    """Slack gave a channel a new id: everything that speaks of the old one speaks of the new one."""
    if session.scalar(sa.select(Channel.id).where(Channel.slack_id == new)) is not None:
        return
    session.execute(sa.update(Channel).where(Channel.slack_id == old).values(slack_id=new))
    for column in (Committee.intake_channel, Committee.committee_channel, Committee.digest_channel):
        session.execute(sa.update(Committee).where(column == old).values({column: new}))
    waiting = Notice.state.in_([NoticeState.OWED, NoticeState.SENT])
    session.execute(sa.update(Notice).where(Notice.channel == old, waiting).values(channel=new))
    session.execute(sa.update(Notice).where(Notice.posted_channel == old).values(posted_channel=new))


def renamed(session: Session, slack_channel: str, name: str) -> None:
    """A channel has a new name."""
    session.execute(sa.update(Channel).where(Channel.slack_id == slack_channel).values(name=name))
