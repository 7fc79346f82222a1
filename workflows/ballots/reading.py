"""Looking at a ballot: its case before the law, who may vote and has, who is awaited, what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import Ballot, BallotState, Choice, Committee, Elector, Idea, Notice, Person, Vote
from db.tenancy import lasting, plainly
from workflows import calendar, charter
from workflows.errors import Gone

NEEDS_REASON = frozenset({Choice.APPROVE_WITH_CONDITIONS, Choice.DECLINE, Choice.OBJECT})
"""The choices that say why."""
ROOTS = ("idea.committee_card", "idea.card")
CALLED_OFF = "called_off"
UNKNOWN = "This vote is no longer here."


_WHOLE = (joinedload(Ballot.idea, innerjoin=True), joinedload(Ballot.committee, innerjoin=True))
_SEEN = lasting(sa.select(Ballot).where(Ballot.id == sa.bindparam("ballot")).options(*_WHOLE))
_HELD = _SEEN.with_for_update(of=Ballot, key_share=True).execution_options(populate_existing=True)
_PLACE = (
    sa.select(
        Elector.id,
        Elector.ballot_id,
        Elector.person_id,
        Elector.recused,
        Elector.recused_why,
        Ballot.state,
        Ballot.outcome,
        Ballot.secret,
        Ballot.closes_at,
        Committee.tz,
        Idea.number,
        Idea.title,
    )
    .join(Ballot, Elector.ballot_id == Ballot.id)
    .join(Idea, Ballot.idea_id == Idea.id)
    .join(Committee, Ballot.committee_id == Committee.id)
    .where(Elector.ballot_id == sa.bindparam("ballot"), Elector.person_id == sa.bindparam("person"))
)
_PLACE_HELD = _PLACE.with_for_update(read=True, of=(Ballot, Elector))


def by_id(session: Session, ballot_id: int, *, lock: bool = False) -> Ballot:
    """The ballot with its idea, as it is now; `lock` holds it until the transaction ends. Raises `Gone`."""
    ballot = session.scalar(_HELD if lock else _SEEN, {"ballot": ballot_id})
    if ballot is None:
        raise Gone(UNKNOWN)
    return ballot


def of_idea(session: Session, idea: Idea) -> Ballot | None:
    """The ballot on this idea that is not closed yet."""
    running = sa.select(Ballot).where(Ballot.idea_id == idea.id, Ballot.state != BallotState.CLOSED)
    return session.scalar(running.options(joinedload(Ballot.idea, innerjoin=True)))


def idea_of_thread(session: Session, channel: str, thread_ts: str) -> Idea | None:
    """The idea whose card this thread hangs on."""
    card = sa.select(Notice.about_id).where(
        Notice.posted_channel == channel, Notice.posted_ts == thread_ts, Notice.kind.in_(ROOTS)
    )
    return session.scalar(sa.select(Idea).where(Idea.id.in_(card)))


def electors(session: Session, ballot: Ballot) -> list[Elector]:
    """The frozen electorate with its people, in order: chair, deputy, members; the recused among them."""
    chosen = sa.select(Elector).where(Elector.ballot_id == ballot.id).order_by(Elector.position)
    return list(session.scalars(chosen.options(joinedload(Elector.person, innerjoin=True))))


def elector(session: Session, ballot: Ballot, person: Person) -> Elector | None:
    """This person's place in the electorate."""
    return session.scalar(sa.select(Elector).where(Elector.ballot_id == ballot.id, Elector.person_id == person.id))


@dataclass(frozen=True)
class Place:
    """Somebody's place in an electorate (`id` is the elector's), and what a voter wants to know of the ballot."""

    id: int
    ballot_id: int
    person_id: int
    recused: bool
    recused_why: str | None
    state: BallotState
    outcome: str | None
    secret: bool
    closes_at: datetime
    tz: str
    number: int
    title: str


def place(session: Session, ballot_id: int, person: Person, *, lock: bool = False) -> Place | None:
    """This person's place among the electors of a ballot.

    `lock` keeps the ballot from closing and the place from being recused until the transaction ends. Others may vote
    meanwhile: voters do not wait for each other.
    """
    asked = {"ballot": ballot_id, "person": person.id}
    found = plainly(session, _PLACE_HELD if lock else _PLACE, asked).one_or_none()
    return None if found is None else Place(**found._mapping)


def votes(session: Session, ballot: Ballot) -> list[Vote]:
    """The votes that stand, those of the recused among them; the law leaves them out."""
    return list(session.scalars(sa.select(Vote).where(Vote.ballot_id == ballot.id).order_by(Vote.id)))


def vote_of(session: Session, ballot: Ballot, person: Person) -> Vote | None:
    """This person's own vote."""
    return session.scalar(sa.select(Vote).where(Vote.ballot_id == ballot.id, Vote.person_id == person.id))


def case(session: Session, ballot: Ballot, now: datetime) -> charter.Case:
    """What the law judges: the rules and electorate as frozen, the votes as they stand, at this moment."""
    return charter.read_case(
        {
            "charter": ballot.charter,
            "seats": ballot.seats,
            "members": _members(session, ballot),
            "votes": _votes(session, ballot),
            "casting": ballot.casting.value if ballot.casting else None,
            "extended": ballot.extended,
            "secret": ballot.secret,
            "closes_at": ballot.closes_at,
            "now": now,
        }
    )


# Columns, not entities: every vote and every notice of a ballot asks, and a large committee has hundreds of members.


def _members(session: Session, ballot: Ballot) -> list[dict[str, Any]]:
    columns = sa.select(Elector.person_id, Elector.role, Elector.functions, Elector.recused, Elector.proxy_id)
    found = session.execute(columns.where(Elector.ballot_id == ballot.id).order_by(Elector.position))
    return [
        {
            "id": str(person_id),
            "role": role.value,
            "functions": functions,
            "recused": recused,
            "proxy": str(proxy_id) if proxy_id else None,
        }
        for person_id, role, functions, recused, proxy_id in found
    ]


def _votes(session: Session, ballot: Ballot) -> list[dict[str, Any]]:
    columns = sa.select(Vote.person_id, Vote.choice, Vote.at).where(Vote.ballot_id == ballot.id).order_by(Vote.id)
    return [{"voter": str(who), "choice": choice.value, "at": at} for who, choice, at in session.execute(columns)]


def rules(ballot: Ballot) -> charter.Charter:
    """The charter this ballot was opened under."""
    return charter.charter_from(ballot.charter)


def verdict(session: Session, ballot: Ballot, now: datetime) -> charter.Verdict:
    """What the law says of this ballot at this moment."""
    return charter.judge(case(session, ballot, now))


def awaited(session: Session, ballot: Ballot) -> list[Person]:
    """Who may still vote and has not, as long as they are here."""
    if ballot.state is not BallotState.OPEN:
        return []
    return [it.person for it in silent(session, ballot) if it.person.active]


def taken_part(session: Session, ballot: Ballot) -> list[Person]:
    """Who has voted; in the order of the electorate, so it tells nothing of when."""
    voted = sa.select(Vote.person_id).where(Vote.ballot_id == ballot.id)
    return list(session.scalars(_people(ballot).where(~Elector.recused, Elector.person_id.in_(voted))))


def recused(session: Session, ballot: Ballot) -> list[Person]:
    """Who has stepped back or was taken out; in the order of the electorate."""
    return list(session.scalars(_people(ballot).where(Elector.recused)))


def _people(ballot: Ballot) -> sa.Select[Person]:
    mine = sa.select(Person).join(Elector, Elector.person_id == Person.id).where(Elector.ballot_id == ballot.id)
    return mine.order_by(Elector.position)


def silent(session: Session, ballot: Ballot) -> list[Elector]:
    """Those of the electorate who may vote and have not."""
    voted = {vote.person_id for vote in votes(session, ballot)}
    return [it for it in electors(session, ballot) if it.person_id not in voted and not it.recused]


def awaits(session: Session, ballot: Ballot, it: Elector) -> bool:
    """Whether this elector's vote is still awaited."""
    voted = session.scalar(sa.select(Vote.id).where(Vote.ballot_id == ballot.id, Vote.person_id == it.person_id))
    return ballot.state is BallotState.OPEN and not it.recused and voted is None


def awaiting_vote_of(session: Session, person: Person) -> list[Ballot]:
    """The open ballots that wait for this person, with their ideas, the next to close first."""
    voted = sa.exists().where(Vote.ballot_id == Ballot.id, Vote.person_id == person.id)
    mine = (
        sa.select(Ballot)
        .join(Elector, Elector.ballot_id == Ballot.id)
        .where(Elector.person_id == person.id, Elector.recused.is_(False))
        .where(Ballot.state == BallotState.OPEN, ~voted)
        .order_by(Ballot.closes_at, Ballot.id)
    )
    return list(session.scalars(mine.options(joinedload(Ballot.idea, innerjoin=True))))


@dataclass(frozen=True)
class Said:
    """A standing vote and its reason. `person` is None in a secret ballot."""

    choice: Choice
    reason: str | None
    person: Person | None


def said(session: Session, ballot: Ballot) -> list[Said]:
    """The votes and reasons that may be seen once the ballot is closed; nothing before, or of one called off.

    A secret ballot gives only reasons, without people, in the order of the alphabet: not even the order of the votes
    or of the members can be guessed from it.
    """
    if ballot.state is not BallotState.CLOSED or ballot.outcome == CALLED_OFF:
        return []
    of = {vote.person_id: vote for vote in votes(session, ballot)}
    counted = [(it, of[it.person_id]) for it in electors(session, ballot) if it.person_id in of and not it.recused]
    if not ballot.secret:
        return [Said(vote.choice, vote.reason, it.person) for it, vote in counted]
    reasons = [Said(vote.choice, vote.reason, None) for _, vote in counted if vote.choice in NEEDS_REASON]
    return sorted(reasons, key=lambda it: (it.choice, (it.reason or "").casefold()))


def is_open(session: Session, ballot: Ballot, now: datetime) -> None:
    """Raise `Gone`, saying why, unless votes still count. The clock decides, not the scheduler."""
    check_open(ballot, ballot.idea.number, committee_of(session, ballot).tz, now)


def check_open(it: Ballot | Place, number: int, tz: str, now: datetime) -> None:
    """Raise what `is_open` raises, of a ballot on the idea with this number in a committee of this zone."""
    name = f"The vote on #{number}"
    if it.state is BallotState.CLOSED:
        raise Gone(f"{name} is closed: {OUTCOMES[it.outcome or '']}.")
    if it.state is BallotState.AWAITING:
        raise Gone(f"{name} is over and waits for the word of whoever presides.")
    if now >= it.closes_at:
        there = it.closes_at.astimezone(calendar.zone(tz))
        raise Gone(f"{name} closed on {there:%A} {there.day} {there:%B at %H:%M} ({tz}), so this came too late.")


OUTCOMES = {
    "approved": "it was approved",
    "declined": "it was declined",
    "blocked": "an objection blocked it",
    "tied": "it was a tie and is voted on again",
    "lapsed": "too few took part, and it lapsed",
    "adjourned": "it went back to the committee undecided",
    CALLED_OFF: "it was called off",
}


def committee_of(session: Session, ballot: Ballot) -> Committee:
    """The committee that votes."""
    return session.get_one(Committee, ballot.committee_id)
