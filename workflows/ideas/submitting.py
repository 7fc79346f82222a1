"""How an idea arrives: once, with the next number, its cards and a receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Idea, IdeaState, Person, Workspace
from workflows import homes, notices, promises, writing
from workflows.errors import Gone
from workflows.ideas.finding import get, seated, thread_root
from workflows.ideas.history import happened
from workflows.ideas.proposal import Proposal, Source
from workflows.permissions import Action, require


def submit(
    session: Session,
    author: Person,
    committee: Committee,
    proposal: Proposal,
    *,
    now: datetime,
    key: str | None = None,
    source: Source | None = None,
    import_key: str | None = None,
    quiet: bool = False,
) -> Idea:
    """A new idea with the next number of the workspace, its cards and a receipt owed (`quiet`: none of them).

    A repeated `key`, or `import_key` in this committee, finds the idea it made before.
    """
    require(session, Action.SUBMIT, author)
    if committee.dissolved_at is not None:
        raise Gone(f"The committee “{committee.name}” takes no more ideas.")
    # Numbers are given one at a time, and a repetition waits here until the first one is through.
    session.get_one(Workspace, author.workspace_id, with_for_update={"key_share": True})
    again = _made_before(session, committee, key, import_key)
    if again is not None:
        return get(session, again)
    keys = {"submission_key": key, "import_key": import_key}
    idea = _drawn_up(session, author, committee, now, **proposal.model_dump(), **_credits(source), **keys)
    session.add(idea)
    session.flush()
    happened(session, idea, "idea.submit", author, now, to_state=IdeaState.SUBMITTED)
    if not quiet:
        _announce(session, idea, committee, author, now)
    homes.touch(session, [author.id, *seated(session, committee.id)], now)
    return get(session, idea.id)


def _drawn_up(session: Session, author: Person, committee: Committee, now: datetime, **told: Any) -> Idea:
    return Idea(
        number=_next_number(session, author.workspace_id), committee_id=committee.id, author_id=author.id,
        submitted_at=now, state_since=now, answer_due=promises.promised(committee, now), **told,
    )  # fmt: skip


def _made_before(session: Session, committee: Committee, key: str | None, import_key: str | None) -> int | None:
    same = [Idea.submission_key == key] if key else []
    if import_key:
        same.append(sa.and_(Idea.committee_id == committee.id, Idea.import_key == import_key))
    return session.scalar(sa.select(Idea.id).where(sa.or_(*same))) if same else None


def _next_number(session: Session, workspace_id: str) -> int:
    taken = (
        sa.update(Workspace)
        .where(Workspace.id == workspace_id)
        .values(next_idea=Workspace.next_idea + 1)
        .returning(Workspace.next_idea)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(taken).one() - 1


def _credits(source: Source | None) -> dict[str, Any]:
    if source is None:
        return {}
    return {
        "source_author_id": source.author.id if source.author else None,
        "source_permalink": source.permalink,
        "source_text": writing.tidy(source.text),
    }


def _announce(session: Session, idea: Idea, committee: Committee, author: Person, now: datetime) -> None:
    card = f"idea.card:{idea.id}"
    notices.owe(session, "idea.card", card, about_id=idea.id, channel=committee.intake_channel, card=True, now=now)
    thread_root(session, idea, now=now)
    receipt = f"idea.received:{idea.id}"
    notices.owe(session, "idea.received", receipt, about_id=idea.id, person=author, now=now)
