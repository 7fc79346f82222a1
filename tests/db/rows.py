"""A valid row for every table, and a world of them. `row(Model, n)` differs from `row(Model, m)` in every unique key.

Rows of workspace B exist so that something there can be pointed at from A, wrongly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import (
    Ballot,
    Base,
    Channel,
    Committee,
    Decision,
    Digest,
    Draft,
    Elector,
    Event,
    Idea,
    Intervention,
    Member,
    Milestone,
    Notice,
    Person,
    Progress,
    Question,
    Receipt,
    Reminder,
    Score,
    Support,
    Vote,
    VoteRecord,
    Workspace,
)

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
DAY = date(2026, 11, 30)
Row = dict[str, Any]

ROWS: dict[type[Base], Callable[[int], Row]] = {
    Receipt: lambda n: {"key": f"Ev{n}", "received_at": NOW},
    Person: lambda n: {"slack_id": f"U{n}"},
    Committee: lambda n: {
        "name": f"Committee {n}",
        "intake_channel": f"CI{n}",
        "committee_channel": f"CC{n}",
        "digest_channel": f"CD{n}",
        "tz": "Europe/Berlin",
        "charter": {"rule": "majority"},
        "framework": {"name": "RICE"},
        "created_at": NOW,
    },
    Channel: lambda n: {"slack_id": f"C{n}", "committee_id": 1},
    Member: lambda n: {"committee_id": 1, "person_id": n, "since": NOW, "role": "member"},
    Draft: lambda n: {"person_id": n, "form": "idea.form", "content": {"title": "t"}, "saved_at": NOW},
    Idea: lambda n: {
        "number": n,
        "committee_id": 1,
        "author_id": 1,
        "title": "Print on both sides",
        "problem": "Paper runs out",
        "submitted_at": NOW,
        "state_since": NOW,
        "answer_due": LATER,
        "submission_key": f"view:{n}",
        "import_key": f"file:{n}",
    },
    Support: lambda n: {"idea_id": 1, "person_id": n, "at": NOW},
    Score: lambda n: {"idea_id": 1, "person_id": n, "criterion": "reach", "value": 3, "at": NOW},
    Question: lambda n: {
        "idea_id": 1,
        "asked_by_id": 1,
        "text": "How often?",
        "asked_at": NOW,
        "submission_key": f"q{n}",
    },
    Event: lambda n: {"kind": "idea.supported", "idea_id": 1, "actor_id": n, "at": NOW},
    Ballot: lambda n: {
        "idea_id": n,
        "round": 1,
        "committee_id": 1,
        "charter": {},
        "seats": 5,
        "opened_by_id": 1,
        "opened_at": NOW,
        "closes_at": LATER,
    },
    Elector: lambda n: {"ballot_id": 1, "person_id": n, "position": n, "role": "member"},
    Vote: lambda n: {"ballot_id": 1, "person_id": n, "choice": "approve", "at": NOW},
    VoteRecord: lambda n: {"ballot_id": 1, "person_id": n, "choice": "approve", "at": NOW},
    Decision: lambda n: {
        "idea_id": n,
        "committee_id": 1,
        "ballot_id": n,
        "outcome": "approved",
        "reason": "It helps",
        "decided_at": NOW,
    },
    Intervention: lambda n: {
        "idea_id": 1,
        "committee_id": 1,
        "title": "Both sides",
        "kind": "training",
        "owner_id": 1,
        "sponsor_id": 2,
        "due_on": DAY,
        "revised_at": NOW,
        "created_at": NOW,
        "submission_key": f"w{n}",
    },
    Milestone: lambda n: {"intervention_id": 1, "title": f"Step {n}", "due_on": DAY},
    Progress: lambda n: {
        "intervention_id": 1,
        "person_id": 1,
        "health": "on_track",
        "at": NOW,
        "submission_key": f"p{n}",
    },
    Notice: lambda n: {"kind": "idea.card", "key": f"idea.card:{n}", "channel": "C1", "owed_at": NOW, "due_at": NOW},
    Reminder: lambda n: {
        "key": f"due:1:{n}",
        "person_id": 1,
        "kind": "work",
        "about_id": 1,
        "rung": "7 before",
        "morning": DAY,
        "owed_at": NOW,
        "morning_id": 1,
    },
    Digest: lambda n: {
        "committee_id": 1,
        "week": f"2026-W{n}",
        "since": NOW,
        "until": LATER,
        "content": {},
        "notice_id": n,
    },
}

COUNTS = {Person: 20, Committee: 2, Idea: 16, Ballot: 12, Elector: 16, Notice: 20, Intervention: 2, Decision: 6}
ORDER = (Person, Committee, Idea, Ballot, Elector, Notice, Intervention, Decision)


def row(model: type[Base], n: int) -> Row:
    """Values of a valid row of workspace A, unlike any other `n`'s."""
    values = ROWS[model](n)
    return {"workspace_id": "A", **values} if "workspace_id" in model.__table__.c else values


def fresh(model: type[Base], n: int = 1) -> Row:
    """Values of a valid row that does not stand in the world."""
    values = row(model, COUNTS.get(model, 0) + n)
    return {"id": 1000 + n, **values} if "id" in model.__table__.c else values


def build_world(session: Session) -> None:
    """Two workspaces: A with several of everything that others point at, B with one of each."""
    for workspace in "AB":
        session.add(Workspace(id=workspace, created_at=NOW))
    session.flush()
    for model in ORDER:
        for n in range(1, COUNTS[model] + 1):
            session.execute(sa.insert(model).values(id=n, **row(model, n)))
    for model in ORDER:
        session.execute(sa.insert(model).values(id=OTHERS, **_other(model)))


OTHERS = 99
"""The id of every row in workspace B."""


def _other(model: type[Base]) -> Row:
    ids = {column.name: OTHERS for column in model.__table__.c if column.name.endswith("_id") and column.foreign_keys}
    values = ROWS[model](OTHERS) | ({"ballot_id": None, "decided_by_id": OTHERS} if model is Decision else {})
    return values | {name: OTHERS for name in ids if values.get(name)} | {"workspace_id": "B"}
