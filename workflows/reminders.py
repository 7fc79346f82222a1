"""Who has to be reminded of what this morning? A question asked again and again, answered once a rung.

The key of a rung makes it once, whatever restarts or replicas do. All rungs of one person's morning go into one
message; a rung whose reason has gone is left out when that message is rendered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from db.many import one_of
from db.models import Committee, Intervention, Milestone, Notice, Person, Reminder
from workflows import calendar, committees, mornings, notices
from workflows.calendar import Rung
from workflows.errors import WorkflowError
from workflows.interventions import WITH_OWNER
from workflows.ladder import Ladder, Recipient
from workflows.mornings import Line
from workflows.permissions import Action, require

OWNERS = 150
"""Owners looked at in one transaction."""
LONGEST_SNOOZE = 20  # working days
BALLOT = "ballot"
"""The kind of a rung about an elector; `workflows.ballots` owes those."""
QUESTION = "question"
"""The kind of a rung about a question to an author; `workflows.chasing` owes those."""
OF_WORK = (
    Intervention.committee_id,
    Intervention.owner_id,
    Intervention.sponsor_id,
    Intervention.state,
    Intervention.revised_at,
    Intervention.revision,
)
"""What a ladder wants to know of a promise, besides the day it is due."""
Promise = sa.Row[Any, *tuple[Any, ...]]


def owe_due(session: Session, now: datetime) -> int:
    """Owe the reminders of up to `OWNERS` owners in this workspace that have come due; how many things they were of.

    Ask again until it answers 0. Any number of replicas may ask at once: what another one has at hand is left to it.
    """
    return owe(session, owners_due(session, now, OWNERS), now)


def owners_due(session: Session, now: datetime, limit: int | None = None) -> Sequence[int]:
    """Whose work or milestones want a look now, the longest due first, from so many of each.

    What another replica has at hand is passed over, so that two of them share the morning.
    """
    works = sa.select(Intervention.owner_id).where(Intervention.remind_at <= now).order_by(Intervention.remind_at)
    steps = sa.select(Intervention.owner_id).join(Milestone, Milestone.intervention_id == Intervention.id)
    steps = steps.where(Milestone.remind_at <= now).order_by(Milestone.remind_at)
    found = session.scalars(works.limit(limit).with_for_update(skip_locked=True, key_share=True)).all()
    others = steps.limit(limit).with_for_update(skip_locked=True, of=Milestone, key_share=True)
    return list(dict.fromkeys([*found, *session.scalars(others)]))


def owe_to(session: Session, owner_id: int, now: datetime) -> int:
    """Owe the reminders of one owner."""
    return owe(session, [owner_id], now)


def owe(session: Session, owners: Sequence[int], now: datetime) -> int:
    """Owe the reminders of these owners that have come due; how many things they were of."""
    if not owners:
        return 0
    works, steps = _works_of(session, owners, now), _milestones_of(session, owners, now)
    around = _Around(session, [*works, *steps])
    lines = _climb(session, Intervention, (("work", it, around.of_work(it)) for it in works), now)
    lines += _climb(session, Milestone, (("milestone", it, around.of_milestone(it)) for it in steps), now)
    mornings.attach(session, lines, now)
    return len(works) + len(steps)


def _works_of(session: Session, owners: Sequence[int], now: datetime) -> Sequence[Promise]:
    query = sa.select(Intervention.id, Intervention.due_on, *OF_WORK)
    due = query.where(one_of(session, Intervention.owner_id, owners), Intervention.remind_at <= now)
    return session.execute(due.order_by(Intervention.id).with_for_update(skip_locked=True, key_share=True)).all()


def _milestones_of(session: Session, owners: Sequence[int], now: datetime) -> Sequence[Promise]:
    query = (
        sa.select(Milestone.id, Milestone.due_on, Milestone.done_at, *OF_WORK)
        .join(Intervention, Milestone.intervention_id == Intervention.id)
        .where(one_of(session, Intervention.owner_id, owners), Milestone.remind_at <= now)
        .order_by(Milestone.id)
    )
    return session.execute(query.with_for_update(skip_locked=True, of=Milestone, key_share=True)).all()


class _Around:
    """The committees and people around some promises, each read once."""

    def __init__(self, session: Session, promises: Sequence[Promise]) -> None:
        found = session.scalars(sa.select(Committee).where(Committee.id.in_({it.committee_id for it in promises})))
        self.committees = {it.id: it for it in found}
        self.weeks = {key: committees.week(it) for key, it in self.committees.items()}
        chairs = {key: committees.chair(session, it) for key, it in self.committees.items()}
        self.chairs = {key: Recipient(it.id, it.tz, "chair") if it else None for key, it in chairs.items()}
        ids = {it.owner_id for it in promises} | {it.sponsor_id for it in promises}
        here = sa.select(Person.id, Person.tz).where(one_of(session, Person.id, ids), Person.active)
        people = session.execute(here).all()
        self.owners = {it.id: Recipient(it.id, it.tz, "owner") for it in people}
        self.sponsors = {it.id: Recipient(it.id, it.tz, "sponsor") for it in people}

    def of_work(self, work: Promise) -> Ladder:
        """Its ladder, for those of its people who are still here; for nobody if nobody is held to it any more."""
        sponsor, chair = self.sponsors.get(work.sponsor_id), self.chairs[work.committee_id]
        return self._ladder(work, self.owners.get(work.owner_id), sponsor, chair)

    def of_milestone(self, step: Promise) -> Ladder:
        """The same, of which only the owner hears."""
        return self._ladder(step, self.owners.get(step.owner_id) if step.done_at is None else None)

    def _ladder(self, promise: Promise, *recipients: Recipient | None) -> Ladder:
        week, hour = self.weeks[promise.committee_id], self.committees[promise.committee_id].reminder_hour
        told = filter(None, recipients) if promise.state in WITH_OWNER else ()
        return Ladder(promise.due_on, promise.revised_at, week, hour, tuple(told))


def _climb(
    session: Session,
    kind: type[Intervention | Milestone],
    promises: Iterable[tuple[str, Promise, Ladder]],
    now: datetime,
) -> list[Line]:
    """What these ladders have to say now; when each wants its next look is noted."""
    lines: list[Line] = []
    looks: dict[datetime | None, list[int]] = defaultdict(list)
    for word, promise, ladder in promises:
        told, again = ladder.look(now)
        looks[again].append(promise.id)
        lines += [_line(word, promise, who, rung, ladder.hour, now) for who, rung in told]
    for moment, ids in looks.items():  # promises are many, the mornings ahead of them few
        session.execute(
            sa.update(kind).where(one_of(session, kind.id, ids)).values(remind_at=moment),
            execution_options={"synchronize_session": False},  # rows were read, no objects
        )
    return lines


def _line(kind: str, promise: Promise, who: Recipient, rung: Rung, hour: int, now: datetime) -> Line:
    day, begins = _today(who.tz, hour, now)
    return Line(who.person_id, day, begins, kind, promise.id, rung.name, promise.revision)


@lru_cache(maxsize=512)
def _today(tz: str, hour: int, now: datetime) -> tuple[date, datetime]:
    day = calendar.local_day(now, tz)
    return day, calendar.morning(day, tz, hour)


def of_morning(session: Session, notice: Notice) -> list[Reminder]:
    """The rungs that a morning's message carries, in the order they were owed."""
    return list(session.scalars(sa.select(Reminder).where(Reminder.morning_id == notice.id).order_by(Reminder.id)))


def show(session: Session, kind: str, about_ids: Sequence[int]) -> None:
    """What these rungs ask for has changed: the messages that told them say so in place."""
    notices.again(session, kind, about_ids)


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
