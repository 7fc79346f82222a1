"""Quick builders for tests of workflows: rows as the verbs would leave them, with a default for everything.

All take the session first. They belong to one workspace, `WORKSPACE`, unless a session of another is given.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from db import tenancy
from db.models import Channel, Committee, Idea, Member, Person, Role
from workflows import committees, people

WORKSPACE = "T0TOUCH"
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""A Wednesday."""

_numbers = count(1)


def workspace(session: Session) -> str:
    """The session's workspace, its row made."""
    workspace_id = str(tenancy.scope_of(session))
    # Kept at hand: a session lets go of rows that nobody holds, and reads them anew.
    session.info["builders"] = people.workspace(session, workspace_id, now=NOW)
    return workspace_id


def person(session: Session, name: str = "", **known: Any) -> Person:
    """Somebody the directory was asked about just now."""
    found = _somebody(session, name, **known)
    session.flush()
    return found


def _somebody(session: Session, name: str, **known: Any) -> Person:
    number, place = next(_numbers), workspace(session)
    if slack_id := known.pop("slack_id", None):
        found = people.seen(session, place, slack_id, now=NOW)
    else:
        found = Person(workspace_id=place, slack_id=f"U{number:08}")
    profile = people.Profile(slack_id=str(found.slack_id), name=name or f"Person {number}", **known)
    people.refresh(found, profile, NOW)
    session.add(found)
    return found


def admin(session: Session, name: str = "Ada", **known: Any) -> Person:
    """A workspace admin."""
    return person(session, name, is_admin=True, **known)


def blueprint(session: Session, **wanted: Any) -> committees.Blueprint:
    """A blueprint that can be built: new channels, and a new chair unless one is given."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "name": f"Committee {number}",
        "intake_channel": f"CI{number:07}",
        "committee_channel": f"CC{number:07}",
        "digest_channel": f"CD{number:07}",
        "tz": "Europe/Berlin",
    }
    if "chair" not in wanted:
        defaults["chair"] = person(session, "Clara").slack_id
    return committees.Blueprint.model_validate({**defaults, **wanted})


def committee(session: Session, *, members: int = 3, **wanted: Any) -> Committee:
    """A committee with a chair (Clara), a deputy (Dev) and so many `members` besides."""
    if "deputy" not in wanted:
        wanted["deputy"] = _somebody(session, "Dev").slack_id
    if "chair" not in wanted:
        wanted["chair"] = _somebody(session, "Clara").slack_id
    others = [str(_somebody(session, f"Member {n}").slack_id) for n in range(1, members + 1)]
    founder = wanted.pop("actor", None) or _somebody(session, "Ada", is_admin=True)
    session.flush()  # all of them at once
    return committees.set_up(session, founder, blueprint(session, members=others, **wanted), now=NOW)


def chair(session: Session, of: Committee) -> Person:
    """The chair of a committee."""
    return _seated(session, of, Role.CHAIR)[0].person


def deputy(session: Session, of: Committee) -> Person:
    """The deputy of a committee."""
    return _seated(session, of, Role.DEPUTY)[0].person


def plain_members(session: Session, of: Committee) -> list[Person]:
    """The members who are neither chair nor deputy, in the order they joined."""
    return [seat.person for seat in _seated(session, of, Role.MEMBER)]


def _seated(session: Session, of: Committee, role: Role) -> list[Member]:
    return [seat for seat in committees.members(session, of) if seat.role == role]


def channel(session: Session, of: Committee, slack_id: str, **known: Any) -> Channel:
    """A channel row of a committee, beyond those it was set up with."""
    row = Channel(committee_id=of.id, slack_id=slack_id, **known)
    session.add(row)
    session.flush()
    return row


def idea(session: Session, of: Committee, author: Person | None = None, **told: Any) -> Idea:
    """A submitted idea; it owes nothing and has no card. Use `ideas.submit` for one that does."""
    number = told.pop("number", next(_numbers))
    author = author or person(session, "Alice", tz="America/New_York")
    defaults: dict[str, Any] = {
        "title": f"Idea {number}",
        "problem": "Customers wait too long.",
        "submitted_at": NOW,
        "state_since": NOW,
        "answer_due": NOW.replace(month=12, day=2),
    }
    made = Idea(number=number, committee_id=of.id, author_id=author.id, **{**defaults, **told})
    session.add(made)
    session.flush()
    return made
