"""Each reference inside a workspace is checked once, together with the workspace, and no index repeats another.

PostgreSQL only drops constraints: SQLite would have to write the tables anew, for as long as which nobody could vote.

Revision: 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COVERED = (
    "ballot",
    "channel",
    "committee",
    "decision",
    "idea",
    "intervention",
    "notice",
    "person",
    "progress",
    "question",
    "reminder",
)
"""Tables with another index that begins with the workspace."""

REFERENCES = {
    "ballot": {"idea_id": "idea", "committee_id": "committee", "opened_by_id": "person", "waits_for_id": "person"},
    "channel": {"committee_id": "committee"},
    "committee": {"created_by_id": "person"},
    "decision": {"idea_id": "idea", "committee_id": "committee", "ballot_id": "ballot", "decided_by_id": "person"},
    "digest": {"committee_id": "committee", "notice_id": "notice"},
    "draft": {"person_id": "person"},
    "elector": {"ballot_id": "ballot", "person_id": "person", "proxy_id": "person"},
    "event": {"committee_id": "committee", "idea_id": "idea", "actor_id": "person"},
    "idea": {
        "committee_id": "committee",
        "author_id": "person",
        "source_author_id": "person",
        "decision_id": "decision",
    },
    "intervention": {
        "idea_id": "idea",
        "committee_id": "committee",
        "owner_id": "person",
        "sponsor_id": "person",
        "claimed_by_id": "person",
        "confirmed_by_id": "person",
    },
    "member": {"committee_id": "committee", "person_id": "person", "proxy_id": "person"},
    "milestone": {"intervention_id": "intervention"},
    "notice": {"person_id": "person", "after_id": "notice"},
    "progress": {"intervention_id": "intervention", "person_id": "person"},
    "question": {"idea_id": "idea", "asked_by_id": "person"},
    "reminder": {"person_id": "person", "morning_id": "notice"},
    "score": {"idea_id": "idea", "person_id": "person"},
    "support": {"idea_id": "idea", "person_id": "person"},
    "vote": {"ballot_id": "ballot", "person_id": "person"},
    "vote_record": {"ballot_id": "ballot", "person_id": "person"},
}
"""What another constraint checks together with the workspace."""

BY_THEMSELVES = ("committee", "event", "notice")
"""Tables whose rows need not refer to others of their workspace."""

TRIES = 100
NOT_IN_TIME = "55P03"
"""What PostgreSQL calls a lock that was not to be had within `lock_timeout`."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        take_hold()
        for table, name, *_ in redundant():
            op.drop_constraint(name, table, type_="foreignkey")
    for table in COVERED:
        op.drop_index(f"ix_{table}_workspace_id", table)


def downgrade() -> None:
    for table in COVERED:
        op.create_index(f"ix_{table}_workspace_id", table, ["workspace_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table, name, column, target in redundant():
            op.create_foreign_key(name, table, target, [column], ["id"])


def redundant() -> list[tuple[str, str, str, str]]:
    """Table, name, column and target of the foreign keys that another one implies."""
    workspaces = {table: {"workspace_id": "workspace"} for table in REFERENCES if table not in BY_THEMSELVES}
    return [
        (table, f"fk_{table}_{column}", column, target)
        for table, columns in REFERENCES.items()
        for column, target in (columns | workspaces.get(table, {})).items()
    ]


def take_hold() -> None:
    """Lock all tables at once, or none: whoever works on them meanwhile must not wait for us while we wait for them."""
    connection = op.get_bind()
    connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")  # sooner than PostgreSQL looks for a deadlock
    for _ in range(TRIES):
        if locked(connection):
            break
    else:
        raise RuntimeError("the tables are in use without a pause: try again, or stop Touchstone for the migration")
    connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")


def locked(connection: sa.Connection) -> bool:
    """Whether this try got hold of all tables."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"LOCK TABLE {', '.join(sorted({'person', 'workspace', *REFERENCES}))}")
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != NOT_IN_TIME:
            raise
        return False
    return True
