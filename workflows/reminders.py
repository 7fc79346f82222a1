"""Who has to be reminded of what this morning? A question asked again and again, answered once a rung.

The key of a rung makes it once, whatever restarts or replicas do. All rungs of one person's morning go into one
message; a rung whose reason has gone is left out when that message is rendered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.models import Committee, Intervention, Milestone, Notice, Person, Reminder
from workflows import calendar, committees, mornings, notices
from workflows.errors import WorkflowError
from workflows.interventions import WITH_OWNER
from workflows.ladder import Ladder, Recipient
from workflows.mornings import Line
from workflows.permissions import Action, require

OWNERS = 100
"""Owners looked at in one transaction."""
LONGEST_SNOOZE = 20  # working days
BALLOT = "ballot"
"""The kind of a rung about an elector; `workflows.ballots` owes those."""
QUESTION = "question"
"""The kind of a rung about a question to an author; `workflows.chasing` owes those."""
T = TypeVar("T", Committee, Intervention, Person)


@dataclass(frozen=True)
class Due:
    """A rung that has come, of one thing for one person."""

    kind: str
    about_id: int
    revision: int
    hour: int
    who: Recipient
    rung: calendar.Rung


def owe_due(session: Session, now: datetime) -> int:
    """Owe the reminders of up to `OWNERS` owners in this workspace that have come due; how many things they were of.

    Ask again until it answers 0. Any number of replicas may ask at once: what another one has at hand is left to it.
    """
    return owe(session, owners_due(session, now, OWNERS), now)


def owners_due(session: Session, now: datetime, limit: int | None = None) -> Sequence[int]:
    """Whose work or milestones want a look now."""
    works = sa.select(Intervention.owner_id).where(Intervention.remind_at <= now)
    steps = sa.select(Intervention.owner_id).join(Milestone, Milestone.intervention_id == Intervention.id)
    return session.scalars(works.union(steps.where(Milestone.remind_at <= now)).limit(limit)).all()


def owe_to(session: Session, owner_id: int, now: datetime) -> int:
    """Owe the reminders of one owner."""
    return owe(session, [owner_id], now)


def owe(session: Session, owners: Sequence[int], now: datetime) -> int:
    """Owe the reminders of these owners that have come due; how many things they were of."""
    works = list(_works_of(session, owners, now)) if owners else []
    steps = list(_milestones_of(session, owners, now)) if owners else []
    around = _Around(session, works, steps)
    rungs = [rung for work in works for rung in _of_work(around, work, now)]
    rungs += [rung for step in steps for rung in _of_milestone(around, step, now)]
    mornings.attach(session, [_line(rung, now) for rung in rungs], now)
    return len(works) + len(steps)


class _Around:
    """The works of some milestones, and the committees and people around them all, each read once."""

    def __init__(self, session: Session, works: Sequence[Intervention], steps: Sequence[Milestone]) -> None:
        self.works = _by_id(session, Intervention, {it.intervention_id for it in steps})
        found = [*works, *self.works.values()]
        self.committees = _by_id(session, Committee, {it.committee_id for it in found})
        self.weeks = {key: committees.week(it) for key, it in self.committees.items()}
        self.chairs = {key: committees.chair(session, it) for key, it in self.committees.items()}
        owners = {it.owner_id for it in found if it.owner_id is not None}
        self.people = _by_id(session, Person, owners | {it.sponsor_id for it in found})

    def ladder(self, work: Intervention, due_on: date, parts: Iterable[tuple[Person, str]]) -> Ladder:
        """The ladder of one promise of this work, for those of its people who are still here."""
        week, hour = self.weeks[work.committee_id], self.committees[work.committee_id].reminder_hour
        recipients = tuple(Recipient(person.id, person.tz, part) for person, part in parts if person.active)
        return Ladder(due_on, work.revised_at, week, hour, recipients)


def _by_id(session: Session, kind: type[T], ids: Collection[int]) -> dict[int, T]:
    return {it.id: it for it in session.scalars(sa.select(kind).where(kind.id.in_(ids)))} if ids else {}


def _works_of(session: Session, owners: Sequence[int], now: datetime) -> Iterable[Intervention]:
    query = sa.select(Intervention).where(Intervention.owner_id.in_(owners), Intervention.remind_at <= now)
    return session.scalars(query.order_by(Intervention.id).with_for_update(skip_locked=True, key_share=True)).all()


def _milestones_of(session: Session, owners: Sequence[int], now: datetime) -> Iterable[Milestone]:
    query = (
        sa.select(Milestone)
        .join(Intervention, Milestone.intervention_id == Intervention.id)
        .where(Intervention.owner_id.in_(owners), Milestone.remind_at <= now)
        .order_by(Milestone.id)
    )
    return session.scalars(query.with_for_update(skip_locked=True, of=Milestone, key_share=True)).all()


def _of_work(around: _Around, work: Intervention, now: datetime) -> list[Due]:
    if work.state not in WITH_OWNER or work.owner_id is None:
        work.remind_at = None
        return []
    parts = [(around.people[work.owner_id], "owner"), (around.people[work.sponsor_id], "sponsor")]
    chair = around.chairs[work.committee_id]
    ladder = around.ladder(work, work.due_on, [*parts, (chair, "chair")] if chair else parts)
    work.remind_at = ladder.wake_at(now)
    return [Due("work", work.id, work.revision, ladder.hour, *it) for it in ladder.due(now)]


def _of_milestone(around: _Around, milestone: Milestone, now: datetime) -> list[Due]:
    work = around.works[milestone.intervention_id]
    if milestone.done_at is not None or work.state not in WITH_OWNER or work.owner_id is None:
        milestone.remind_at = None
        return []
    ladder = around.ladder(work, milestone.due_on, [(around.people[work.owner_id], "owner")])
    milestone.remind_at = ladder.wake_at(now)
    return [Due("milestone", milestone.id, work.revision, ladder.hour, *it) for it in ladder.due(now)]


def _line(due: Due, now: datetime) -> Line:
    morning = calendar.local_day(now, due.who.tz)
    begins = calendar.morning(morning, due.who.tz, due.hour)
    return Line(due.who.person_id, morning, begins, due.kind, due.about_id, due.rung.name, due.revision)


def of_morning(session: Session, notice: Notice) -> list[Reminder]:
    """The rungs that a morning's message carries, in the order they were owed."""
    return list(session.scalars(sa.select(Reminder).where(Reminder.morning_id == notice.id).order_by(Reminder.id)))


def show(session: Session, kind: str, about_ids: Sequence[int]) -> None:
    """What these rungs ask for has changed: the messages that told them say so in place."""
    told = sa.select(Reminder.morning_id).where(Reminder.kind == kind, Reminder.about_id.in_(about_ids))
    notices.again(session, session.scalars(told).all())


def stands(reminder: Reminder, work: Intervention, milestone: Milestone | None) -> bool:
    """Whether a rung still has its reason: the thing is not done, moved or handed on."""
    ticked = milestone is not None and milestone.done_at is not None
    return work.state in WITH_OWNER and work.revision == reminder.revision and not ticked


def subject(session: Session, reminder: Reminder) -> tuple[Intervention, Milestone | None] | None:
    """What a rung of work is about, whether or not it still `stands`; None if it is no longer here."""
    milestone = session.get(Milestone, reminder.about_id) if reminder.kind == "milestone" else None
    if reminder.kind == "milestone" and milestone is None:
        return None
    query = (
        sa.select(Intervention)
        .where(Intervention.id == (milestone.intervention_id if milestone else reminder.about_id))
        .options(joinedload(Intervention.idea, innerjoin=True), joinedload(Intervention.owner, innerjoin=True))
    )
    work = session.scalar(query)
    return (work, milestone) if work else None


def snooze(session: Session, actor: Person, work: Intervention, days: int, *, now: datetime) -> datetime:
    """Tell `actor` of this work once more in that many working days; the ladder goes on as it was.

    Returns the moment. Raises `WorkflowError` if `days` is not between 1 and 20.
    """
    require(session, Action.REPORT, actor, work=work)
    if not 1 <= days <= LONGEST_SNOOZE:
        raise WorkflowError(f"A reminder can sleep for 1 to {LONGEST_SNOOZE} working days.")
    committee = session.get_one(Committee, work.committee_id)
    week = committees.week(committee)
    day = calendar.add_working_days(calendar.local_day(now, actor.tz), days, week)
    moment = calendar.at(day, committee.reminder_hour, 0, actor.tz)
    notices.owe(
        session,
        "reminders.snoozed",
        f"reminders.snoozed:{work.id}:{work.revision}:{actor.id}:{day}",
        about_id=work.id,
        person=actor,
        due_at=moment,
        detail={"revision": work.revision},
        now=now,
    )
    return moment
