"""`touchstone export`: what a committee has decided, as a table or as JSON lines, and the warning that goes with it.

Cells of the table that a spreadsheet would run as a formula are defused: an apostrophe stands before them.
"""

from __future__ import annotations

import csv
import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any

from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Committee
from workflows import exports
from workflows.exports import BallotRecord, IdeaRecord, Record, VoteRecord, WorkRecord

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula; full-width signs count in some."""

COUNTS = ("approve", "decline", "object", "abstain", "silent")


class What(enum.StrEnum):
    IDEAS = "ideas"
    WORK = "work"


class Form(enum.StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


READERS: Mapping[What, Callable[[Session, Committee], Iterator[Record]]] = {
    What.IDEAS: exports.ideas_of,
    What.WORK: exports.work_of,
}


def export(session: Session, committee: Committee, what: What, form: Form, file: IO[str]) -> int:
    """Write the records to a file; how many."""
    records = READERS[what](session, committee)
    return _json_lines(records, file) if form is Form.JSONL else _table(what, records, file)


def caution(session: Session, committee: Committee) -> str:
    """What whoever takes the export away should know."""
    names = "It names people and what they said."
    if exports.is_private(session, committee):
        return f"{names} “{committee.name}” meets in a private channel: keep the file as close as the channel."
    return f"{names} Share it as you would the committee's channel."


def _json_lines(records: Iterator[Record], file: IO[str]) -> int:
    count = 0
    for count, record in enumerate(records, 1):  # noqa: B007  # the last count is what is returned
        file.write(record.model_dump_json() + "\n")
    return count


def _table(what: What, records: Iterator[Record], file: IO[str]) -> int:
    columns = IDEA_COLUMNS if what is What.IDEAS else list(WorkRecord.model_fields)
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    count = 0
    for count, record in enumerate(records, 1):  # noqa: B007  # the last count is what is returned
        row = flat(record) if isinstance(record, IdeaRecord) else record.model_dump(mode="json")
        writer.writerow({column: defused(row[column]) for column in columns})
    return count


def defused(cell: Any) -> Any:
    """A cell that no spreadsheet runs: text that looks like a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell


IDEA_COLUMNS: Sequence[str] = (
    *(name for name in IdeaRecord.model_fields if name not in ("decision", "ballots")),
    "decision",
    "decided_at",
    "decided_by",
    "reason",
    "conditions",
    "votes_held",
    "secret",
    "extended",
    "last_outcome",
    *COUNTS,
    "said",
)


def flat(record: IdeaRecord) -> dict[str, Any]:
    """An idea as one row: its decision, and its last vote with counts and what was said."""
    decision, last = record.decision, record.ballots[-1] if record.ballots else None
    row = record.model_dump(mode="json", exclude={"decision", "ballots"})
    row |= {
        "decision": decision.outcome if decision else None,
        "decided_at": decision.decided_at.isoformat() if decision else None,
        "decided_by": (decision.by or "the committee") if decision else None,
        "reason": decision.reason if decision else None,
        "conditions": "\n".join(decision.conditions) if decision else None,
        "votes_held": len(record.ballots),
    }
    return row | _last_vote(last)


def _last_vote(last: BallotRecord | None) -> dict[str, Any]:
    tally = last.tally.model_dump() if last and last.tally else dict.fromkeys(COUNTS)
    return {
        "secret": last.secret if last else None,
        "extended": last.extended if last else None,
        "last_outcome": last.outcome if last else None,
        "said": "\n".join(_said(vote) for vote in last.votes) if last else None,
        **{name: tally[name] for name in COUNTS},
    }


def _said(vote: VoteRecord) -> str:
    what = vote.choice.replace("_", " ")
    head = f"{vote.person}: {what}" if vote.person else what
    return f"{head} – {vote.reason}" if vote.reason else head


def run(
    sessions: Sessions, workspace_id: str, choose: Callable[[Session], Committee], what: What, form: Form, file: IO[str]
) -> tuple[int, str]:
    """The whole command in one transaction, so that the export is of one moment; how many records, and the caution."""
    with sessions.begin(workspace_id) as session:
        committee = choose(session)
        return export(session, committee, what, form, file), caution(session, committee)
