"""People: the workspace, the persons in it, committees with their channels and members."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base, Owned
from db.types import words


class Workspace(Base):
    """A Slack workspace that installed Touchstone. `id` is Slack's team id."""

    __tablename__ = "workspace"

    id: Mapped[str] = mapped_column(primary_key=True)
    enterprise_id: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="")
    app_id: Mapped[str | None]
    bot_user_id: Mapped[str | None]
    next_idea: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_why: Mapped[str | None]


class Person(Owned, Base):
    """Somebody known from Slack. An erased person keeps the row and loses name and Slack id."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="")
    tz: Mapped[str] = mapped_column(default="UTC")
    locale: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    refreshed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "slack_id"),
        sa.CheckConstraint("(slack_id IS NULL) = (erased_at IS NOT NULL)", name="erased_has_no_slack_id"),
    )


class Committee(Owned, Base):
    """A committee, its channels, its week and the rules it chose.

    `week_days` are ISO weekday numbers as text ("12345") and `digest_weekday` is one; hours are whole hours of `tz`;
    `answer_days` and `review_days` count working days; `holidays_country` may name a region ("DE-BE").
    `charter` is the rule of `workflows.charter`, `framework` the spec of `workflows.frameworks`.
    """

    __tablename__ = "committee"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    intake_channel: Mapped[str]
    committee_channel: Mapped[str]
    digest_channel: Mapped[str]
    tz: Mapped[str]
    week_days: Mapped[str] = mapped_column(default="12345")
    holidays_country: Mapped[str | None]
    digest_weekday: Mapped[int] = mapped_column(default=5)
    digest_hour: Mapped[int] = mapped_column(default=15)
    answer_days: Mapped[int] = mapped_column(default=10)
    review_days: Mapped[int] = mapped_column(default=3)
    review_hour: Mapped[int] = mapped_column(default=17)
    reminder_hour: Mapped[int] = mapped_column(default=9)
    charter_preset: Mapped[str] = mapped_column(default="simple_majority")
    charter: Mapped[dict[str, Any]]
    secret: Mapped[bool] = mapped_column(default=False)
    seats: Mapped[int | None]
    framework: Mapped[dict[str, Any]]
    usergroup_id: Mapped[str | None]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    dissolved_at: Mapped[datetime | None]

    members: Mapped[list[Member]] = relationship(back_populates="committee", lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "name"),
        sa.CheckConstraint("digest_weekday BETWEEN 1 AND 7", name="digest_weekday_is_iso"),
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour_is_an_hour"),
        sa.CheckConstraint("review_hour BETWEEN 0 AND 23", name="review_hour_is_an_hour"),
        sa.CheckConstraint("reminder_hour BETWEEN 0 AND 23", name="reminder_hour_is_an_hour"),
        sa.CheckConstraint("answer_days > 0 AND review_days > 0", name="promises_are_positive"),
        sa.CheckConstraint("length(week_days) > 0", name="week_has_a_working_day"),
    )


class Channel(Owned, Base):
    """A Slack channel that a committee uses; a channel belongs to one committee."""

    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str]
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"), index=True)
    name: Mapped[str | None]
    is_private: Mapped[bool] = mapped_column(default=False)
    trouble: Mapped[str | None]

    __table_args__ = (sa.UniqueConstraint("workspace_id", "slack_id"),)


class Role(enum.StrEnum):
    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"


class Member(Owned, Base):
    """A seat taken: a person on a committee from `since` until `until` (null: still)."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(words(Role), default=Role.MEMBER)
    functions: Mapped[list[str]] = mapped_column(default=list)
    proxy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    from_group: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    committee: Mapped[Committee] = relationship(back_populates="members", lazy="raise")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")

    __table_args__ = (
        sa.Index(
            "uq_member_one_seat_a_person",
            "committee_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        ),
        sa.Index(
            "uq_member_one_chair_one_deputy",
            "committee_id",
            "role",
            unique=True,
            sqlite_where=sa.text("until IS NULL AND role <> 'member'"),
            postgresql_where=sa.text("until IS NULL AND role <> 'member'"),
        ),
        sa.CheckConstraint("proxy_id IS NULL OR proxy_id <> person_id", name="no_proxy_to_oneself"),
    )


class Draft(Owned, Base):
    """What somebody typed into a form that was not accepted (yet); offered again next time."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    form: Mapped[str]
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("person_id", "form"),)


class Receipt(Base):
    """A delivery from Slack that has been dealt with; its key makes the second one a no-op.

    `signature` is that of the request that brought it, if it came signed: the same one again is a replay.
    """

    __tablename__ = "receipt"

    key: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    signature: Mapped[str | None]


__all__ = [
    "Channel",
    "Committee",
    "Draft",
    "Member",
    "Person",
    "Receipt",
    "Role",
    "Workspace",
]
