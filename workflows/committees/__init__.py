"""Committees: how they are set up, who sits on them, which channels are theirs, how they stand.

`blueprint` is what a committee is built from, `founding` builds and changes it, `closing` ends it, `seats` and
`channels` keep people and channels in step with Slack, `looking` notices what Slack did not tell, `offices` tells who
presides, `status` is the committee at a glance.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Person
from workflows.committees.blueprint import Blueprint, Place, week_of
from workflows.committees.channels import (
    OPEN,
    check_discretion,
    is_open,
    of_channel,
    of_committee,
    renamed,
    renumbered,
    trouble,
    troubled,
    visible_to,
    who_can_help,
)
from workflows.committees.closing import CLOSED, close
from workflows.committees.founding import blueprint_of, first_draft, set_up
from workflows.committees.offices import held_by, presided_by
from workflows.committees.seats import (
    can_act,
    chair,
    deputy,
    has_seat,
    members,
    of_person,
    presiding,
    sync_group,
    taken,
)
from workflows.committees.status import Status, next_digest, rule, status, week
from workflows.errors import Gone


def in_workspace(session: Session) -> list[Committee]:
    """The committees of this workspace, by name."""
    here = sa.select(Committee).where(Committee.dissolved_at.is_(None))
    return list(session.scalars(here.order_by(Committee.name, Committee.id)))


def known_to(session: Session, person: Person) -> list[Committee]:
    """The committees whose existence this person may know of, by name."""
    return [committee for committee in in_workspace(session) if visible_to(session, committee, person)]


def get(session: Session, committee_id: int) -> Committee:
    """The committee behind a button. Raises `Gone` if there is none (here)."""
    found = session.scalar(sa.select(Committee).where(Committee.id == committee_id, Committee.dissolved_at.is_(None)))
    if found is None:
        raise Gone("That committee is no longer here.")
    return found


def meant(session: Session, person: Person, slack_channel: str | None = None) -> Committee | None:
    """The committee somebody means without naming it: that of the channel, else their own, else the only one."""
    of_here = of_channel(session, slack_channel) if slack_channel else None
    if of_here is not None:
        return of_here
    own = of_person(session, person)
    known = known_to(session, person)
    return own[0] if own else known[0] if len(known) == 1 else None


__all__ = [
    "CLOSED",
    "OPEN",
    "Blueprint",
    "Place",
    "Status",
    "blueprint_of",
    "can_act",
    "chair",
    "check_discretion",
    "close",
    "deputy",
    "first_draft",
    "get",
    "has_seat",
    "held_by",
    "in_workspace",
    "is_open",
    "known_to",
    "meant",
    "members",
    "next_digest",
    "of_channel",
    "of_committee",
    "of_person",
    "presided_by",
    "presiding",
    "renamed",
    "renumbered",
    "rule",
    "set_up",
    "status",
    "sync_group",
    "taken",
    "trouble",
    "troubled",
    "visible_to",
    "week",
    "week_of",
    "who_can_help",
]
