"""The lists of ideas that people leaf through, and which ideas somebody may see at all."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from db.models import Channel, Committee, Idea, IdeaState, Member, Person
from workflows import committees, ideas
from workflows.errors import Gone
from workflows.pages import Page, page_of

PAGE = 8
UNDECIDED = (IdeaState.SUBMITTED, IdeaState.IN_REVIEW)


class Which(enum.StrEnum):
    """Open ideas newest first, one's own newest first, or open ideas by support."""

    LIST = "list"
    MINE = "mine"
    TOP = "top"


@dataclass(frozen=True)
class ListFilter:
    """Which ideas, for whom, asked in which channel. Where somebody asks is a place they are in."""

    which: Which
    viewer: Person
    here: str | None = None


@dataclass(frozen=True)
class IdeaLine:
    """An idea on a list."""

    idea: Idea
    author: Person
    committee: Committee


def listing(session: Session, wanted: ListFilter, page: int = 1, size: int = PAGE) -> Page[IdeaLine]:
    """A page of the ideas that the viewer may see."""
    query = (
        sa.select(Idea)
        .options(selectinload(Idea.author), selectinload(Idea.committee))
        .where(visible(wanted.viewer, wanted.here))
    )
    found = page_of(session, _chosen(query, wanted), page, size)
    return found.map(lambda idea: IdeaLine(idea, idea.author, idea.committee))


def _chosen(query: sa.Select[Idea], wanted: ListFilter) -> sa.Select[Idea]:
    if wanted.which is Which.MINE:
        return query.where(Idea.author_id == wanted.viewer.id).order_by(Idea.id.desc())
    undecided = query.where(Idea.state.in_(UNDECIDED))
    newest = undecided.order_by(Idea.id.desc())
    return newest if wanted.which is Which.LIST else undecided.order_by(Idea.support_count.desc(), Idea.id.desc())


def require_visible(session: Session, idea: Idea, person: Person, here: str | None = None) -> None:
    """Raise `Gone`, as if there were no such idea, if it lives where this person may not look."""
    if session.scalar(sa.select(Idea.id).where(Idea.id == idea.id, visible(person, here))) is None:
        raise Gone(f"There is no idea #{idea.number} here. `/idea list` shows those there are.")


def show(session: Session, number: int, person: Person, here: str | None = None) -> Idea:
    """The idea of that number. Raises `Gone` if there is none that this person may see."""
    idea = ideas.by_number(session, number)
    require_visible(session, idea, person, here)
    return idea


def visible(person: Person, here: str | None) -> sa.ColumnElement[bool]:
    """One's own ideas, those of one's committees, those with cards where one is, and for colleagues those in public."""
    seats = sa.select(Member.committee_id).where(Member.person_id == person.id, Member.until.is_(None))
    ways = [Idea.author_id == person.id, Idea.committee_id.in_(seats)]
    if here:
        everybody = sa.select(Channel.slack_id).where(Channel.trouble == committees.OPEN)
        talks = sa.or_(
            Committee.intake_channel == here,
            sa.and_(Committee.committee_channel == here, Committee.committee_channel.not_in(everybody)),
        )
        ways.append(Idea.committee_id.in_(sa.select(Committee.id).where(talks)))
    if not person.is_guest:
        ways.append(Idea.committee_id.in_(_taking_ideas_in_public()))
    return sa.and_(sa.or_(*ways), sa.literal(person.active and not person.is_bot and not person.is_stranger))


def _taking_ideas_in_public() -> sa.Select[int]:
    open_door = sa.and_(Channel.slack_id == Committee.intake_channel, Channel.is_private.is_(False))
    return sa.select(Committee.id).join(Channel, sa.and_(Channel.committee_id == Committee.id, open_door))
