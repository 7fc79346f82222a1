"""Ballots: the frozen electorate, the votes and their history, and the decision that follows."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base, Owned
from db.models.ideas import Idea
from db.models.people import Committee, Person, Role
from db.types import words


class BallotState(enum.StrEnum):
    OPEN = "open"
    AWAITING = "awaiting"  # closed for votes, waits for a casting vote or the chair's word
    CLOSED = "closed"


class Choice(enum.StrEnum):
    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    DECLINE = "decline"
    OBJECT = "object"
    ABSTAIN = "abstain"


NEEDS_REASON = "choice IN ('approve', 'abstain') OR length(coalesce(reason, '')) > 0"


class Ballot(Owned, Base):
    """One vote on one idea under a charter frozen at opening. `extended` counts extensions so far.

    `outcome`, `verdict` and `closed_at` are the evidence of the closing; `waits_for` is the casting voter or chair
    of an awaiting ballot.
    """

    __tablename__ = "ballot"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[BallotState] = mapped_column(words(BallotState), default=BallotState.OPEN)
    charter: Mapped[dict[str, Any]]
    seats: Mapped[int]
    secret: Mapped[bool] = mapped_column(default=False)
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    extended: Mapped[int] = mapped_column(default=0)
    casting: Mapped[Choice | None] = mapped_column(words(Choice))
    casting_at: Mapped[datetime | None]
    waits_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    verdict: Mapped[dict[str, Any] | None]

    idea: Mapped[Idea] = relationship(lazy="raise")
    committee: Mapped[Committee] = relationship(lazy="raise")
    electors: Mapped[list[Elector]] = relationship(back_populates="ballot", lazy="raise", order_by="Elector.position")
    votes: Mapped[list[Vote]] = relationship(back_populates="ballot", lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("idea_id", "round"),
        sa.Index(
            "uq_ballot_one_open_an_idea",
            "idea_id",
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        ),
        sa.Index("ix_ballot_due", "state", "closes_at"),
        sa.Index("ix_ballot_of_committee", "committee_id", "closed_at"),
        sa.CheckConstraint(
            "(state = 'open') = (verdict IS NULL) AND (state = 'closed') = (closed_at IS NOT NULL) "
            "AND (outcome IS NULL) = (closed_at IS NULL)",
            name="closed_means_a_verdict",
        ),
        sa.CheckConstraint("(state = 'awaiting') = (waits_for_id IS NOT NULL)", name="awaiting_means_somebody"),
        sa.CheckConstraint("closes_at > opened_at", name="closes_after_opening"),
        sa.CheckConstraint("casting IS NULL OR casting IN ('approve', 'decline')", name="casting_decides"),
        sa.CheckConstraint("(casting IS NULL) = (casting_at IS NULL)", name="casting_has_a_time"),
        sa.CheckConstraint("seats > 0 AND round > 0 AND extended >= 0", name="counts_are_counts"),
        sa.UniqueConstraint("id", "idea_id"),
    )


class Elector(Owned, Base):
    """A member as the ballot froze them: who may vote, for which functions, by which proxy."""

    __tablename__ = "elector"

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    position: Mapped[int]
    role: Mapped[Role] = mapped_column(words(Role))
    functions: Mapped[list[str]] = mapped_column(default=list)
    proxy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recused: Mapped[bool] = mapped_column(default=False)
    recused_why: Mapped[str | None]

    ballot: Mapped[Ballot] = relationship(back_populates="electors", lazy="raise")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("ballot_id", "person_id"),
        sa.UniqueConstraint("ballot_id", "position"),
        sa.CheckConstraint("proxy_id IS NULL OR proxy_id <> person_id", name="no_proxy_to_oneself"),
    )


class Vote(Owned, Base):
    """The vote that stands: one a voter a ballot. Only electors can have one (foreign key)."""

    __tablename__ = "vote"

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    choice: Mapped[Choice] = mapped_column(words(Choice))
    reason: Mapped[str | None]
    at: Mapped[datetime]

    ballot: Mapped[Ballot] = relationship(back_populates="votes", lazy="raise")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("ballot_id", "person_id"),
        sa.ForeignKeyConstraint(
            ["ballot_id", "person_id"], ["elector.ballot_id", "elector.person_id"], name="fk_vote_elector"
        ),
        sa.CheckConstraint(NEEDS_REASON, name="dissent_has_a_reason"),
    )


class VoteRecord(Owned, Base):
    """Every vote ever given, in order: the history behind `Vote`."""

    __tablename__ = "vote_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    choice: Mapped[Choice] = mapped_column(words(Choice))
    reason: Mapped[str | None]
    at: Mapped[datetime]


class DecisionOutcome(enum.StrEnum):
    APPROVED = "approved"
    DECLINED = "declined"


class Decision(Owned, Base):
    """What was decided, by which ballot or by whom, and why. An idea that is decided points to it."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    ballot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ballot.id"), unique=True)
    outcome: Mapped[DecisionOutcome] = mapped_column(words(DecisionOutcome))
    reason: Mapped[str]
    conditions: Mapped[list[str]] = mapped_column(default=list)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime]

    ballot: Mapped[Ballot | None] = relationship(foreign_keys=[ballot_id], lazy="raise")

    __table_args__ = (
        sa.CheckConstraint("ballot_id IS NOT NULL OR decided_by_id IS NOT NULL", name="decided_by_ballot_or_person"),
        sa.ForeignKeyConstraint(
            ["ballot_id", "idea_id"], ["ballot.id", "ballot.idea_id"], name="fk_decision_ballot_on_its_idea"
        ),
        sa.UniqueConstraint("id", "idea_id"),
        sa.Index("ix_decision_of_committee", "committee_id", "decided_at"),
    )
