"""What the notices of ballots say, loaded from the database as it is just before sending."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.rendering import renders
from bot.views import ballots as views
from bot.views import verdicts
from bot.views.ballots import BallotSheet
from bot.views.message import Message
from bot.views.text import esc
from db.models import Ballot, BallotState, Notice, NoticeState, Person
from workflows import ballots
from workflows.charter import describe


def sheet(session: Session, ballot: Ballot, now: datetime) -> BallotSheet:
    """All that may be shown of a ballot now."""
    recused = ballots.recused(session, ballot)
    shows_voters = ballot.state is BallotState.OPEN and not ballot.secret
    return BallotSheet(
        ballot=ballot,
        idea=ballot.idea,
        rule=esc(describe(ballots.rules(ballot))),
        tz=ballots.committee_of(session, ballot).tz,
        verdict=ballots.verdict(session, ballot, now),
        reason=(ballot.verdict or {}).get("reason", ""),
        author_recused=next((person for person in recused if person.id == ballot.idea.author_id), None),
        recused=[person for person in recused if person.id != ballot.idea.author_id],
        voted=ballots.taken_part(session, ballot) if shows_voters else [],
        said=ballots.said(session, ballot),
        waits_for=session.get(Person, ballot.waits_for_id) if ballot.waits_for_id else None,
    )


def _sheet(session: Session, notice: Notice, now: datetime) -> BallotSheet:
    return sheet(session, ballots.by_id(session, notice.about_id or 0), now)


@renders("ballot.card")
def card(session: Session, notice: Notice, now: datetime) -> Message:
    """The ballot in the idea's thread."""
    return views.card(_sheet(session, notice, now))


@renders("ballot.verdict")
def verdict(session: Session, notice: Notice, now: datetime) -> Message | None:
    """The verdict in the thread."""
    it = _sheet(session, notice, now)
    return verdicts.verdict(it) if it.ballot.state is BallotState.CLOSED else None


@renders("ballot.extended")
def extended(session: Session, notice: Notice, now: datetime) -> Message | None:
    """There is more time; nothing if that, too, is over."""
    it = _sheet(session, notice, now)
    return views.extended(it) if it.ballot.state is BallotState.OPEN else None


@renders("ballot.casting")
def casting(session: Session, notice: Notice, now: datetime) -> Message | None:
    """Asks whoever presides; once they have spoken, or somebody else is asked, it says so in place."""
    it = _sheet(session, notice, now)
    waits = it.ballot.state is BallotState.AWAITING
    asked = waits and it.ballot.waits_for_id == notice.person_id
    if not asked and notice.state is NoticeState.OWED:
        return None
    return views.settled(it) if waits and not asked else views.casting(it)


@renders("decision.author")
def author(session: Session, notice: Notice, now: datetime) -> Message | None:
    """What became of somebody's idea."""
    it = _sheet(session, notice, now)
    return verdicts.author(it) if it.ballot.state is BallotState.CLOSED else None
