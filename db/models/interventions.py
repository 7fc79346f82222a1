"""Interventions: what an approved idea becomes, who owns it, by when, and how it goes."""

from __future__ import annotations

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base, Owned
from db.models.ideas import Idea
from db.models.people import Person
from db.types import words


class InterventionKind(enum.StrEnum):
    PRODUCT = "product_technology"
    MARKETING = "marketing"
    CRM = "crm"
    COMMUNICATIONS = "communications"
    TRAINING = "training"
    AUDIT = "audit"
    BRANDING = "branding"
    DATA = "data_analytics"


class InterventionState(enum.StrEnum):
    OFFERED = "offered"  # waits for the owner's yes
    COUNTERED = "countered"  # the owner proposed another date
    HANDED_BACK = "handed_back"  # the owner said no; needs a new owner
    ACCEPTED = "accepted"
    CLAIMED = "claimed"  # said to be done; waits for a second person
    DONE = "done"
    CANCELLED = "cancelled"


class Health(enum.StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LATE = "late"


class Intervention(Owned, Base):
    """A piece of work with one owner and one due date (a day in the committee's zone).

    `sponsor_id` is who answers for it on the committee (whoever assigned it). `revision` rises with every change of
    date or owner (`revised_at`), so that reminders of an older promise fall away; `remind_at` is the next moment at
    which a reminder may be due to somebody. `promise` and `kpi` are the effect hoped for.
    """

    __tablename__ = "intervention"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    title: Mapped[str]
    kind: Mapped[InterventionKind] = mapped_column(words(InterventionKind))
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    sponsor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    due_on: Mapped[date]
    proposed_due_on: Mapped[date | None]
    kpi: Mapped[str | None]
    promise: Mapped[str | None]
    state: Mapped[InterventionState] = mapped_column(words(InterventionState), default=InterventionState.OFFERED)
    health: Mapped[Health | None] = mapped_column(words(Health))
    revision: Mapped[int] = mapped_column(default=1)
    revised_at: Mapped[datetime]
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    handed_back_why: Mapped[str | None]
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    claimed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    claim_line: Mapped[str | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    submission_key: Mapped[str | None]

    idea: Mapped[Idea] = relationship(lazy="raise")
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id], lazy="raise")
    sponsor: Mapped[Person] = relationship(foreign_keys=[sponsor_id], lazy="raise")
    milestones: Mapped[list[Milestone]] = relationship(lazy="raise", order_by="Milestone.due_on")

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "submission_key"),
        sa.CheckConstraint("(proposed_due_on IS NOT NULL) = (state = 'countered')", name="countered_means_a_date"),
        sa.CheckConstraint(
            "(handed_back_why IS NOT NULL) = (state = 'handed_back')", name="handed_back_means_a_reason"
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'claimed', 'done') OR accepted_at IS NOT NULL",
            name="work_means_acceptance",
        ),
        sa.CheckConstraint(
            "(state IN ('claimed', 'done')) = (claimed_at IS NOT NULL) "
            "AND (claimed_at IS NULL) = (claimed_by_id IS NULL)",
            name="claimed_means_a_claim",
        ),
        sa.CheckConstraint(
            "(state = 'done') = (confirmed_at IS NOT NULL) AND (confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name="done_means_confirmed",
        ),
        sa.CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> claimed_by_id", name="two_pairs_of_eyes"),
        sa.Index("ix_intervention_due", "state", "due_on"),
        sa.Index("ix_intervention_of_committee", "committee_id", "state", "due_on"),
    )


class Milestone(Owned, Base):
    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    intervention_id: Mapped[int] = mapped_column(sa.ForeignKey("intervention.id"), index=True)
    title: Mapped[str]
    due_on: Mapped[date]
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    done_at: Mapped[datetime | None]


class Progress(Owned, Base):
    """An owner's update: health and a line."""

    __tablename__ = "progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    intervention_id: Mapped[int] = mapped_column(sa.ForeignKey("intervention.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    health: Mapped[Health] = mapped_column(words(Health))
    line: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    submission_key: Mapped[str | None]

    __table_args__ = (sa.UniqueConstraint("workspace_id", "submission_key"),)
