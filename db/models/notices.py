"""Notices: what is owed to people in Slack, and the once-only records behind reminders and digests."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Owned
from db.types import words


class NoticeState(enum.StrEnum):
    OWED = "owed"
    SENT = "sent"
    PARKED = "parked"  # Slack refused for good; an admin is told
    DROPPED = "dropped"  # its reason had gone before it was sent


class Notice(Owned, Base):
    """Something owed to a channel or a person. What it says is rendered when it is sent.

    `kind` chooses the view, `about_id` is the row it speaks of (of the kind's own table), `detail` what the row cannot
    tell. `key` makes it once ever. `after_id` is the notice that must be in Slack first, and in whose thread this one
    goes when `in_thread`. A *card* stays: `wanted` counts changes of what it shows, `shown` is the change last seen in
    Slack, and the card is edited while they differ, not before `edit_after`. `lease_until` and `leased_by` are a
    sender's claim; `uncertain` means that a send may have happened without being marked. `trace` is the log id of the
    gesture that owed it.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    about_id: Mapped[int | None]
    detail: Mapped[dict[str, Any] | None]
    channel: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    after_id: Mapped[int | None] = mapped_column(sa.ForeignKey("notice.id"), index=True)
    in_thread: Mapped[bool] = mapped_column(default=False)
    is_card: Mapped[bool] = mapped_column(default=False)
    state: Mapped[NoticeState] = mapped_column(words(NoticeState), default=NoticeState.OWED)
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    wanted: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int] = mapped_column(default=0)
    edit_after: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    uncertain: Mapped[bool] = mapped_column(default=False)
    posted_channel: Mapped[str | None]
    posted_ts: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]
    trace: Mapped[str | None]

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "key"),
        sa.CheckConstraint("(channel IS NULL) <> (person_id IS NULL)", name="to_a_channel_or_a_person"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_means_a_time"),
        sa.CheckConstraint("state <> 'parked' OR error IS NOT NULL", name="parked_means_an_error"),
        sa.CheckConstraint("NOT in_thread OR after_id IS NOT NULL", name="a_thread_has_a_parent"),
        sa.CheckConstraint("shown <= wanted", name="nobody_saw_the_future"),
        sa.Index(
            "ix_notice_owed",
            "due_at",
            "id",
            sqlite_where=sa.text("state = 'owed'"),
            postgresql_where=sa.text("state = 'owed'"),
        ),
        sa.Index(
            "ix_notice_stale",
            "edit_after",
            sqlite_where=sa.text("state = 'sent' AND shown < wanted"),
            postgresql_where=sa.text("state = 'sent' AND shown < wanted"),
        ),
        sa.Index("ix_notice_sent", "sent_at"),
        sa.Index("ix_notice_message", "posted_channel", "posted_ts"),
        sa.Index("ix_notice_about", "kind", "about_id"),
    )


class Reminder(Owned, Base):
    """One rung of a reminder ladder for one person, told by the message `morning_id`. `key` makes it once."""

    __tablename__ = "reminder"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    about_id: Mapped[int]
    rung: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    morning: Mapped[date]
    owed_at: Mapped[datetime]
    morning_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"), index=True)

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "key"),
        sa.Index("ix_reminder_about", "kind", "about_id"),
    )


class Digest(Owned, Base):
    """One committee's week, told once. `week` is the ISO week ("2026-W47"); `content` what it said."""

    __tablename__ = "digest"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    week: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    skipped: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, Any]]
    notice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("notice.id"))

    __table_args__ = (
        sa.UniqueConstraint("committee_id", "week"),
        sa.CheckConstraint("skipped = (notice_id IS NULL)", name="told_or_skipped"),
        sa.CheckConstraint("until > since", name="a_week_has_length"),
    )
