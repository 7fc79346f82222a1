"""Ideas: what people propose, who supports them, how they score, what was asked, what happened."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base, Owned
from db.models.people import Committee, Person
from db.types import words


class IdeaState(enum.StrEnum):
    """Where an idea stands. `workflows.lifecycle.RULES` says how it gets from one to the next."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    UNDERWAY = "underway"
    DONE = "done"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Idea(Owned, Base):
    """An idea. `number` is what people call it (#12), per workspace; `id` never leaves the house.

    `answer_due` is the moment the service promise falls due; while `clock_stopped_at` is set it waits for the author.
    `support_count`, `scored_by`, `rank_value` are kept with the rows they count, so that lists need no counting.
    `ranked_under` marks the framework of `rank_value`: while it is not the committee's, the value is out of date.
    `submission_key` makes a repeated form submission meet the same row, `import_key` a repeated import.
    """

    __tablename__ = "idea"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # a foreign key takes part in it
    number: Mapped[int]
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    title: Mapped[str]
    problem: Mapped[str]
    proposal: Mapped[str] = mapped_column(default="")
    effect: Mapped[str] = mapped_column(default="")
    state: Mapped[IdeaState] = mapped_column(words(IdeaState), default=IdeaState.SUBMITTED)
    decision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("decision.id", use_alter=True, name="fk_idea_decision_id")
    )
    submitted_at: Mapped[datetime]
    state_since: Mapped[datetime]
    answer_due: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    clock_stopped_at: Mapped[datetime | None]
    promise_missed_at: Mapped[datetime | None]
    support_count: Mapped[int] = mapped_column(default=0)
    scored_by: Mapped[int] = mapped_column(default=0)
    rank_value: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 4))
    ranked_under: Mapped[str | None]
    discuss: Mapped[bool] = mapped_column(default=False)
    source_author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    source_permalink: Mapped[str | None]
    source_text: Mapped[str | None]
    submission_key: Mapped[str | None]
    import_key: Mapped[str | None]

    committee: Mapped[Committee] = relationship(lazy="raise")
    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "number"),
        sa.UniqueConstraint("workspace_id", "submission_key"),
        sa.UniqueConstraint("committee_id", "import_key"),
        sa.CheckConstraint(
            "(decision_id IS NOT NULL) = (state IN ('approved', 'underway', 'done', 'declined'))",
            name="decided_means_a_decision",
        ),
        sa.CheckConstraint(
            "answered_at IS NOT NULL OR state IN ('submitted', 'in_review', 'withdrawn', 'lapsed')",
            name="decided_means_answered",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id", "id"],
            ["decision.id", "decision.idea_id"],
            name="fk_idea_decision_on_it",
            use_alter=True,
        ),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 150", name="title_fits"),
        sa.CheckConstraint("length(problem) > 0", name="problem_is_told"),
        sa.CheckConstraint("support_count >= 0 AND scored_by >= 0", name="counts_are_counts"),
        sa.Index("ix_idea_backlog", "committee_id", "state", "rank_value", "id"),
        sa.Index("ix_idea_news", "committee_id", "submitted_at"),
        sa.Index("ix_idea_by_author", "author_id", "id"),
        sa.Index(
            "ix_idea_promise",
            "answer_due",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
    )


class Support(Owned, Base):
    __tablename__ = "support"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (sa.UniqueConstraint("idea_id", "person_id"),)


class Score(Owned, Base):
    """One member's score of one idea on one criterion ("rice.impact"); it outlives the committee's framework."""

    __tablename__ = "score"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    criterion: Mapped[str]
    value: Mapped[Decimal] = mapped_column(sa.Numeric(12, 4))
    at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("idea_id", "person_id", "criterion"),)


class Question(Owned, Base):
    """A question to the author; while one is open the service promise waits."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    submission_key: Mapped[str | None]

    asked_by: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "submission_key"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_means_an_answer"),
        sa.CheckConstraint("length(text) > 0", name="something_is_asked"),
    )


class Event(Owned, Base):
    """Something that happened: who, when, from which state to which, and why. Written once, never changed."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("committee.id"))
    idea_id: Mapped[int | None] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    why: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_event_of_committee", "committee_id", "at"),)
