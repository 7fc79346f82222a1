"""The first schema.

Revision: 0001, after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "receipt",
    "workspace",
    "person",
    "committee",
    "draft",
    "notice",
    "channel",
    "digest",
    "idea",
    "member",
    "reminder",
    "ballot",
    "event",
    "intervention",
    "question",
    "score",
    "support",
    "decision",
    "elector",
    "milestone",
    "progress",
    "vote_record",
    "vote",
)


def word(kind: str, *known: str) -> sa.Enum:
    return sa.Enum(*known, name=f"known_{kind}", native_enum=False, create_constraint=True, length=32)


# An idea points to its decision and a decision to its idea. Where tables can be altered, the idea's end comes last; where
# they cannot (SQLite), a reference to a table that is yet to come does no harm.
TO_DECISION = {
    "fk_idea_decision_id": (["decision_id"], ["id"]),
    "fk_idea_decision_id_tie": (["workspace_id", "decision_id"], ["workspace_id", "id"]),
    "fk_idea_decision_on_it": (["decision_id", "id"], ["id", "idea_id"]),
}


def to_decision() -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(here, [f"decision.{column}" for column in there], name=name)
        for name, (here, there) in TO_DECISION.items()
    ]


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"

    op.create_table(
        "receipt",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipt")),
    )
    op.create_index("ix_receipt_received_at", "receipt", ["received_at"])

    op.create_table(
        "workspace",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text()),
        sa.Column("bot_user_id", sa.Text()),
        sa.Column("next_idea", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT),
        sa.Column("stopped_why", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
    )

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slack_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text()),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_stranger", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("refreshed_at", MOMENT),
        sa.Column("erased_at", MOMENT),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(slack_id IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_person_erased_has_no_slack_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_person_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("workspace_id", "id", name="uq_person_tie"),
        sa.UniqueConstraint("workspace_id", "slack_id", name=op.f("uq_person_workspace_id_slack_id")),
    )
    op.create_index("ix_person_workspace_id", "person", ["workspace_id"])

    op.create_table(
        "committee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("intake_channel", sa.Text(), nullable=False),
        sa.Column("committee_channel", sa.Text(), nullable=False),
        sa.Column("digest_channel", sa.Text(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("week_days", sa.Text(), nullable=False),
        sa.Column("holidays_country", sa.Text()),
        sa.Column("digest_weekday", sa.Integer(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("review_hour", sa.Integer(), nullable=False),
        sa.Column("reminder_hour", sa.Integer(), nullable=False),
        sa.Column("charter_preset", sa.Text(), nullable=False),
        sa.Column("charter", JSON, nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("seats", sa.Integer()),
        sa.Column("framework", JSON, nullable=False),
        sa.Column("usergroup_id", sa.Text()),
        sa.Column("created_by_id", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("dissolved_at", MOMENT),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("answer_days > 0 AND review_days > 0", name=op.f("ck_committee_promises_are_positive")),
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name=op.f("ck_committee_digest_hour_is_an_hour")),
        sa.CheckConstraint("digest_weekday BETWEEN 1 AND 7", name=op.f("ck_committee_digest_weekday_is_iso")),
        sa.CheckConstraint("length(week_days) > 0", name=op.f("ck_committee_week_has_a_working_day")),
        sa.CheckConstraint("reminder_hour BETWEEN 0 AND 23", name=op.f("ck_committee_reminder_hour_is_an_hour")),
        sa.CheckConstraint("review_hour BETWEEN 0 AND 23", name=op.f("ck_committee_review_hour_is_an_hour")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_committee_created_by_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "created_by_id"],
            ["person.workspace_id", "person.id"],
            name="fk_committee_created_by_id_tie",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_committee_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
        sa.UniqueConstraint("workspace_id", "id", name="uq_committee_tie"),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_committee_workspace_id_name")),
    )
    op.create_index("ix_committee_workspace_id", "committee", ["workspace_id"])

    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_draft_person_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_draft_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("person_id", "form", name=op.f("uq_draft_person_id_form")),
    )
    op.create_index("ix_draft_workspace_id", "draft", ["workspace_id"])

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Integer()),
        sa.Column("detail", JSON),
        sa.Column("channel", sa.Text()),
        sa.Column("person_id", sa.Integer()),
        sa.Column("after_id", sa.Integer()),
        sa.Column("in_thread", sa.Boolean(), nullable=False),
        sa.Column("is_card", sa.Boolean(), nullable=False),
        sa.Column("state", word("noticestate", "owed", "sent", "parked", "dropped"), nullable=False),
        sa.Column("owed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("edit_after", MOMENT),
        sa.Column("lease_until", MOMENT),
        sa.Column("leased_by", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("posted_channel", sa.Text()),
        sa.Column("posted_ts", sa.Text()),
        sa.Column("sent_at", MOMENT),
        sa.Column("error", sa.Text()),
        sa.Column("trace", sa.Text()),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_notice_sent_means_a_time")),
        sa.CheckConstraint("state <> 'parked' OR error IS NOT NULL", name=op.f("ck_notice_parked_means_an_error")),
        sa.CheckConstraint("(channel IS NULL) <> (person_id IS NULL)", name=op.f("ck_notice_to_a_channel_or_a_person")),
        sa.CheckConstraint("NOT in_thread OR after_id IS NOT NULL", name=op.f("ck_notice_a_thread_has_a_parent")),
        sa.CheckConstraint("shown <= wanted", name=op.f("ck_notice_nobody_saw_the_future")),
        sa.ForeignKeyConstraint(["after_id"], ["notice.id"], name=op.f("fk_notice_after_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "after_id"], ["notice.workspace_id", "notice.id"], name="fk_notice_after_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_notice_person_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_notice_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("workspace_id", "id", name="uq_notice_tie"),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_notice_workspace_id_key")),
    )
    op.create_index("ix_notice_about", "notice", ["kind", "about_id"])
    op.create_index("ix_notice_after_id", "notice", ["after_id"])
    op.create_index("ix_notice_message", "notice", ["posted_channel", "posted_ts"])
    op.create_index(
        "ix_notice_owed",
        "notice",
        ["due_at", "id"],
        sqlite_where=sa.text("state = 'owed'"),
        postgresql_where=sa.text("state = 'owed'"),
    )
    op.create_index("ix_notice_person_id", "notice", ["person_id"])
    op.create_index("ix_notice_sent", "notice", ["sent_at"])
    op.create_index(
        "ix_notice_stale",
        "notice",
        ["edit_after"],
        sqlite_where=sa.text("state = 'sent' AND shown < wanted"),
        postgresql_where=sa.text("state = 'sent' AND shown < wanted"),
    )
    op.create_index("ix_notice_workspace_id", "notice", ["workspace_id"])

    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slack_id", sa.Text(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_channel_committee_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "committee_id"],
            ["committee.workspace_id", "committee.id"],
            name="fk_channel_committee_id_tie",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_channel_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("workspace_id", "slack_id", name=op.f("uq_channel_workspace_id_slack_id")),
    )
    op.create_index("ix_channel_committee_id", "channel", ["committee_id"])
    op.create_index("ix_channel_workspace_id", "channel", ["workspace_id"])

    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("notice_id", sa.Integer()),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("skipped = (notice_id IS NULL)", name=op.f("ck_digest_told_or_skipped")),
        sa.CheckConstraint("until > since", name=op.f("ck_digest_a_week_has_length")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_digest_committee_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_digest_notice_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "committee_id"],
            ["committee.workspace_id", "committee.id"],
            name="fk_digest_committee_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "notice_id"], ["notice.workspace_id", "notice.id"], name="fk_digest_notice_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_digest_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("committee_id", "week", name=op.f("uq_digest_committee_id_week")),
    )
    op.create_index("ix_digest_workspace_id", "digest", ["workspace_id"])

    op.create_table(
        "idea",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column(
            "state",
            word(
                "ideastate", "submitted", "in_review", "approved", "underway", "done", "declined", "lapsed", "withdrawn"
            ),
            nullable=False,
        ),
        sa.Column("decision_id", sa.Integer()),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("answer_due", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("clock_stopped_at", MOMENT),
        sa.Column("promise_missed_at", MOMENT),
        sa.Column("support_count", sa.Integer(), nullable=False),
        sa.Column("scored_by", sa.Integer(), nullable=False),
        sa.Column("rank_value", sa.Numeric(precision=14, scale=4)),
        sa.Column("ranked_under", sa.Text()),
        sa.Column("discuss", sa.Boolean(), nullable=False),
        sa.Column("source_author_id", sa.Integer()),
        sa.Column("source_permalink", sa.Text()),
        sa.Column("source_text", sa.Text()),
        sa.Column("submission_key", sa.Text()),
        sa.Column("import_key", sa.Text()),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decision_id IS NOT NULL) = (state IN ('approved', 'underway', 'done', 'declined'))",
            name=op.f("ck_idea_decided_means_a_decision"),
        ),
        sa.CheckConstraint(
            "answered_at IS NOT NULL OR state IN ('submitted', 'in_review', 'withdrawn', 'lapsed')",
            name=op.f("ck_idea_decided_means_answered"),
        ),
        sa.CheckConstraint("length(problem) > 0", name=op.f("ck_idea_problem_is_told")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 150", name=op.f("ck_idea_title_fits")),
        sa.CheckConstraint("support_count >= 0 AND scored_by >= 0", name=op.f("ck_idea_counts_are_counts")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_idea_author_id")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_idea_committee_id")),
        sa.ForeignKeyConstraint(["source_author_id"], ["person.id"], name=op.f("fk_idea_source_author_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["person.workspace_id", "person.id"], name="fk_idea_author_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "committee_id"],
            ["committee.workspace_id", "committee.id"],
            name="fk_idea_committee_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_author_id"],
            ["person.workspace_id", "person.id"],
            name="fk_idea_source_author_id_tie",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_idea_workspace_id")),
        *(to_decision() if sqlite else ()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
        sa.UniqueConstraint("committee_id", "import_key", name=op.f("uq_idea_committee_id_import_key")),
        sa.UniqueConstraint("workspace_id", "id", name="uq_idea_tie"),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_idea_workspace_id_number")),
        sa.UniqueConstraint("workspace_id", "submission_key", name=op.f("uq_idea_workspace_id_submission_key")),
    )
    op.create_index("ix_idea_backlog", "idea", ["committee_id", "state", "rank_value", "id"])
    op.create_index("ix_idea_by_author", "idea", ["author_id", "id"])
    op.create_index("ix_idea_news", "idea", ["committee_id", "submitted_at"])
    op.create_index(
        "ix_idea_promise",
        "idea",
        ["answer_due"],
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index("ix_idea_workspace_id", "idea", ["workspace_id"])

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", word("role", "chair", "deputy", "member"), nullable=False),
        sa.Column("functions", JSON, nullable=False),
        sa.Column("proxy_id", sa.Integer()),
        sa.Column("from_group", sa.Boolean(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("proxy_id IS NULL OR proxy_id <> person_id", name=op.f("ck_member_no_proxy_to_oneself")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_member_committee_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_person_id")),
        sa.ForeignKeyConstraint(["proxy_id"], ["person.id"], name=op.f("fk_member_proxy_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "committee_id"],
            ["committee.workspace_id", "committee.id"],
            name="fk_member_committee_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_member_person_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "proxy_id"], ["person.workspace_id", "person.id"], name="fk_member_proxy_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_member_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_index("ix_member_person_id", "member", ["person_id"])
    op.create_index("ix_member_workspace_id", "member", ["workspace_id"])
    op.create_index(
        "uq_member_one_chair_one_deputy",
        "member",
        ["committee_id", "role"],
        unique=True,
        sqlite_where=sa.text("until IS NULL AND role <> 'member'"),
        postgresql_where=sa.text("until IS NULL AND role <> 'member'"),
    )
    op.create_index(
        "uq_member_one_seat_a_person",
        "member",
        ["committee_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("morning", sa.Date(), nullable=False),
        sa.Column("owed_at", MOMENT, nullable=False),
        sa.Column("morning_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["morning_id"], ["notice.id"], name=op.f("fk_reminder_morning_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "morning_id"], ["notice.workspace_id", "notice.id"], name="fk_reminder_morning_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_reminder_person_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_reminder_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_reminder_workspace_id_key")),
    )
    op.create_index("ix_reminder_about", "reminder", ["kind", "about_id"])
    op.create_index("ix_reminder_morning_id", "reminder", ["morning_id"])
    op.create_index("ix_reminder_person_id", "reminder", ["person_id"])
    op.create_index("ix_reminder_workspace_id", "reminder", ["workspace_id"])

    op.create_table(
        "ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", word("ballotstate", "open", "awaiting", "closed"), nullable=False),
        sa.Column("charter", JSON, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("casting", word("choice", "approve", "approve_with_conditions", "decline", "object", "abstain")),
        sa.Column("casting_at", MOMENT),
        sa.Column("waits_for_id", sa.Integer()),
        sa.Column("closed_at", MOMENT),
        sa.Column("outcome", sa.Text()),
        sa.Column("verdict", JSON),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'awaiting') = (waits_for_id IS NOT NULL)", name=op.f("ck_ballot_awaiting_means_somebody")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (verdict IS NULL) AND (state = 'closed') = (closed_at IS NOT NULL) AND (outcome IS NULL) = (closed_at IS NULL)",
            name=op.f("ck_ballot_closed_means_a_verdict"),
        ),
        sa.CheckConstraint(
            "casting IS NULL OR casting IN ('approve', 'decline')", name=op.f("ck_ballot_casting_decides")
        ),
        sa.CheckConstraint("(casting IS NULL) = (casting_at IS NULL)", name=op.f("ck_ballot_casting_has_a_time")),
        sa.CheckConstraint("closes_at > opened_at", name=op.f("ck_ballot_closes_after_opening")),
        sa.CheckConstraint("seats > 0 AND round > 0 AND extended >= 0", name=op.f("ck_ballot_counts_are_counts")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_ballot_committee_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_ballot_idea_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_ballot_opened_by_id")),
        sa.ForeignKeyConstraint(["waits_for_id"], ["person.id"], name=op.f("fk_ballot_waits_for_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "committee_id"],
            ["committee.workspace_id", "committee.id"],
            name="fk_ballot_committee_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "idea_id"], ["idea.workspace_id", "idea.id"], name="fk_ballot_idea_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "opened_by_id"], ["person.workspace_id", "person.id"], name="fk_ballot_opened_by_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "waits_for_id"], ["person.workspace_id", "person.id"], name="fk_ballot_waits_for_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_ballot_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("id", "idea_id", name=op.f("uq_ballot_id_idea_id")),
        sa.UniqueConstraint("idea_id", "round", name=op.f("uq_ballot_idea_id_round")),
        sa.UniqueConstraint("workspace_id", "id", name="uq_ballot_tie"),
    )
    op.create_index("ix_ballot_due", "ballot", ["state", "closes_at"])
    op.create_index("ix_ballot_idea_id", "ballot", ["idea_id"])
    op.create_index("ix_ballot_of_committee", "ballot", ["committee_id", "closed_at"])
    op.create_index("ix_ballot_workspace_id", "ballot", ["workspace_id"])
    op.create_index(
        "uq_ballot_one_open_an_idea",
        "ballot",
        ["idea_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer()),
        sa.Column("idea_id", sa.Integer()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("from_state", sa.Text()),
        sa.Column("to_state", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.Column("detail", JSON),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_event_actor_id")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_event_committee_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_event_idea_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "actor_id"], ["person.workspace_id", "person.id"], name="fk_event_actor_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "committee_id"],
            ["committee.workspace_id", "committee.id"],
            name="fk_event_committee_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "idea_id"], ["idea.workspace_id", "idea.id"], name="fk_event_idea_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_event_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_idea_id", "event", ["idea_id"])
    op.create_index("ix_event_of_committee", "event", ["committee_id", "at"])
    op.create_index("ix_event_workspace_id", "event", ["workspace_id"])

    op.create_table(
        "intervention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            word(
                "interventionkind",
                "product_technology",
                "marketing",
                "crm",
                "communications",
                "training",
                "audit",
                "branding",
                "data_analytics",
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("sponsor_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("proposed_due_on", sa.Date()),
        sa.Column("kpi", sa.Text()),
        sa.Column("promise", sa.Text()),
        sa.Column(
            "state",
            word(
                "interventionstate", "offered", "countered", "handed_back", "accepted", "claimed", "done", "cancelled"
            ),
            nullable=False,
        ),
        sa.Column("health", word("health", "on_track", "at_risk", "late")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revised_at", MOMENT, nullable=False),
        sa.Column("remind_at", MOMENT),
        sa.Column("handed_back_why", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT),
        sa.Column("claimed_by_id", sa.Integer()),
        sa.Column("claimed_at", MOMENT),
        sa.Column("claim_line", sa.Text()),
        sa.Column("confirmed_by_id", sa.Integer()),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("submission_key", sa.Text()),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(handed_back_why IS NOT NULL) = (state = 'handed_back')",
            name=op.f("ck_intervention_handed_back_means_a_reason"),
        ),
        sa.CheckConstraint(
            "(proposed_due_on IS NOT NULL) = (state = 'countered')", name=op.f("ck_intervention_countered_means_a_date")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (confirmed_at IS NOT NULL) AND (confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_intervention_done_means_confirmed"),
        ),
        sa.CheckConstraint(
            "(state IN ('claimed', 'done')) = (claimed_at IS NOT NULL) AND (claimed_at IS NULL) = (claimed_by_id IS NULL)",
            name=op.f("ck_intervention_claimed_means_a_claim"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'claimed', 'done') OR accepted_at IS NOT NULL",
            name=op.f("ck_intervention_work_means_acceptance"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> claimed_by_id",
            name=op.f("ck_intervention_two_pairs_of_eyes"),
        ),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["person.id"], name=op.f("fk_intervention_claimed_by_id")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_intervention_committee_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_intervention_confirmed_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_intervention_idea_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_intervention_owner_id")),
        sa.ForeignKeyConstraint(["sponsor_id"], ["person.id"], name=op.f("fk_intervention_sponsor_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "claimed_by_id"],
            ["person.workspace_id", "person.id"],
            name="fk_intervention_claimed_by_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "committee_id"],
            ["committee.workspace_id", "committee.id"],
            name="fk_intervention_committee_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "confirmed_by_id"],
            ["person.workspace_id", "person.id"],
            name="fk_intervention_confirmed_by_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "idea_id"], ["idea.workspace_id", "idea.id"], name="fk_intervention_idea_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"], ["person.workspace_id", "person.id"], name="fk_intervention_owner_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "sponsor_id"], ["person.workspace_id", "person.id"], name="fk_intervention_sponsor_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_intervention_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention")),
        sa.UniqueConstraint("workspace_id", "id", name="uq_intervention_tie"),
        sa.UniqueConstraint("workspace_id", "submission_key", name=op.f("uq_intervention_workspace_id_submission_key")),
    )
    op.create_index("ix_intervention_due", "intervention", ["state", "due_on"])
    op.create_index("ix_intervention_idea_id", "intervention", ["idea_id"])
    op.create_index("ix_intervention_of_committee", "intervention", ["committee_id", "state", "due_on"])
    op.create_index("ix_intervention_owner_id", "intervention", ["owner_id"])
    op.create_index("ix_intervention_remind_at", "intervention", ["remind_at"])
    op.create_index("ix_intervention_workspace_id", "intervention", ["workspace_id"])

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", MOMENT),
        sa.Column("submission_key", sa.Text()),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_question_answered_means_an_answer")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_question_something_is_asked")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_question_asked_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_question_idea_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "asked_by_id"], ["person.workspace_id", "person.id"], name="fk_question_asked_by_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "idea_id"], ["idea.workspace_id", "idea.id"], name="fk_question_idea_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_question_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("workspace_id", "submission_key", name=op.f("uq_question_workspace_id_submission_key")),
    )
    op.create_index("ix_question_idea_id", "question", ["idea_id"])
    op.create_index("ix_question_workspace_id", "question", ["workspace_id"])

    op.create_table(
        "score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_score_idea_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_score_person_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "idea_id"], ["idea.workspace_id", "idea.id"], name="fk_score_idea_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_score_person_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_score_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("idea_id", "person_id", "criterion", name=op.f("uq_score_idea_id_person_id_criterion")),
    )
    op.create_index("ix_score_person_id", "score", ["person_id"])
    op.create_index("ix_score_workspace_id", "score", ["workspace_id"])

    op.create_table(
        "support",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_support_idea_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_support_person_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "idea_id"], ["idea.workspace_id", "idea.id"], name="fk_support_idea_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_support_person_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_support_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support")),
        sa.UniqueConstraint("idea_id", "person_id", name=op.f("uq_support_idea_id_person_id")),
    )
    op.create_index("ix_support_person_id", "support", ["person_id"])
    op.create_index("ix_support_workspace_id", "support", ["workspace_id"])

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer()),
        sa.Column("outcome", word("decisionoutcome", "approved", "declined"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conditions", JSON, nullable=False),
        sa.Column("decided_by_id", sa.Integer()),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ballot_id IS NOT NULL OR decided_by_id IS NOT NULL", name=op.f("ck_decision_decided_by_ballot_or_person")
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id", "idea_id"], ["ballot.id", "ballot.idea_id"], name="fk_decision_ballot_on_its_idea"
        ),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_decision_ballot_id")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_decision_committee_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_decision_idea_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ballot_id"], ["ballot.workspace_id", "ballot.id"], name="fk_decision_ballot_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "committee_id"],
            ["committee.workspace_id", "committee.id"],
            name="fk_decision_committee_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "decided_by_id"],
            ["person.workspace_id", "person.id"],
            name="fk_decision_decided_by_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "idea_id"], ["idea.workspace_id", "idea.id"], name="fk_decision_idea_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_decision_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("ballot_id", name=op.f("uq_decision_ballot_id")),
        sa.UniqueConstraint("id", "idea_id", name=op.f("uq_decision_id_idea_id")),
        sa.UniqueConstraint("workspace_id", "id", name="uq_decision_tie"),
    )
    op.create_index("ix_decision_idea_id", "decision", ["idea_id"])
    op.create_index("ix_decision_of_committee", "decision", ["committee_id", "decided_at"])
    op.create_index("ix_decision_workspace_id", "decision", ["workspace_id"])

    op.create_table(
        "elector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", word("role", "chair", "deputy", "member"), nullable=False),
        sa.Column("functions", JSON, nullable=False),
        sa.Column("proxy_id", sa.Integer()),
        sa.Column("recused", sa.Boolean(), nullable=False),
        sa.Column("recused_why", sa.Text()),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("proxy_id IS NULL OR proxy_id <> person_id", name=op.f("ck_elector_no_proxy_to_oneself")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_elector_ballot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_elector_person_id")),
        sa.ForeignKeyConstraint(["proxy_id"], ["person.id"], name=op.f("fk_elector_proxy_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ballot_id"], ["ballot.workspace_id", "ballot.id"], name="fk_elector_ballot_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_elector_person_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "proxy_id"], ["person.workspace_id", "person.id"], name="fk_elector_proxy_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_elector_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elector")),
        sa.UniqueConstraint("ballot_id", "person_id", name=op.f("uq_elector_ballot_id_person_id")),
        sa.UniqueConstraint("ballot_id", "position", name=op.f("uq_elector_ballot_id_position")),
    )
    op.create_index("ix_elector_person_id", "elector", ["person_id"])
    op.create_index("ix_elector_workspace_id", "elector", ["workspace_id"])

    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remind_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["intervention_id"], ["intervention.id"], name=op.f("fk_milestone_intervention_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "intervention_id"],
            ["intervention.workspace_id", "intervention.id"],
            name="fk_milestone_intervention_id_tie",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_milestone_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index("ix_milestone_intervention_id", "milestone", ["intervention_id"])
    op.create_index("ix_milestone_remind_at", "milestone", ["remind_at"])
    op.create_index("ix_milestone_workspace_id", "milestone", ["workspace_id"])

    op.create_table(
        "progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("health", word("health", "on_track", "at_risk", "late"), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("submission_key", sa.Text()),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["intervention_id"], ["intervention.id"], name=op.f("fk_progress_intervention_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_progress_person_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "intervention_id"],
            ["intervention.workspace_id", "intervention.id"],
            name="fk_progress_intervention_id_tie",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_progress_person_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_progress_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
        sa.UniqueConstraint("workspace_id", "submission_key", name=op.f("uq_progress_workspace_id_submission_key")),
    )
    op.create_index("ix_progress_intervention_id", "progress", ["intervention_id"])
    op.create_index("ix_progress_workspace_id", "progress", ["workspace_id"])

    op.create_table(
        "vote_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            word("choice", "approve", "approve_with_conditions", "decline", "object", "abstain"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_vote_record_ballot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_record_person_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ballot_id"], ["ballot.workspace_id", "ballot.id"], name="fk_vote_record_ballot_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_vote_record_person_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_vote_record_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_record")),
    )
    op.create_index("ix_vote_record_ballot_id", "vote_record", ["ballot_id"])
    op.create_index("ix_vote_record_workspace_id", "vote_record", ["workspace_id"])

    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            word("choice", "approve", "approve_with_conditions", "decline", "object", "abstain"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "choice IN ('approve', 'abstain') OR length(coalesce(reason, '')) > 0",
            name=op.f("ck_vote_dissent_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id", "person_id"], ["elector.ballot_id", "elector.person_id"], name="fk_vote_elector"
        ),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_vote_ballot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_person_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ballot_id"], ["ballot.workspace_id", "ballot.id"], name="fk_vote_ballot_id_tie"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["person.workspace_id", "person.id"], name="fk_vote_person_id_tie"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_vote_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("ballot_id", "person_id", name=op.f("uq_vote_ballot_id_person_id")),
    )
    op.create_index("ix_vote_person_id", "vote", ["person_id"])
    op.create_index("ix_vote_workspace_id", "vote", ["workspace_id"])
    if not sqlite:
        for name, (here, there) in TO_DECISION.items():
            op.create_foreign_key(name, "idea", "decision", here, there)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for name in TO_DECISION:
            op.drop_constraint(name, "idea", type_="foreignkey")
    for table in reversed(TABLES):
        op.drop_table(table)
