"""The rank of an idea: what the scores given under the committee's framework say, kept with the idea.

A committee may choose another framework at any time. Scores given before stay on record under their own name
("rice.impact") and are not used; an idea ranked under another framework than the committee's is out of date until
`rerank_due` has come to it, a slice at a time, so that ten thousand ideas hold nobody up.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Idea, Score
from workflows import committees
from workflows.frameworks import Criterion, Framework, Summary, framework_from, summarise
from workflows.ideas import OPEN

SLICE = 200
"""Ideas reranked in one transaction: some tenths of a second, during which SQLite lets nobody else write."""
PLACES = Decimal("0.0001")
Given = dict[int, dict[str, Decimal]]
"""Scores by person and criterion."""


def framework_of(committee: Committee) -> Framework:
    """The framework the committee chose."""
    return framework_from(committee.framework)


def mark_of(committee: Committee) -> str:
    """What tells the committee's framework, its own criteria included, from any other."""
    spec = json.dumps(committee.framework, sort_keys=True)
    return hashlib.sha256(spec.encode()).hexdigest()[:16]


def name_of(framework: Framework, criterion: Criterion) -> str:
    """The name under which scores on a criterion are kept: impact means one thing in RICE and another in ICE."""
    return f"{framework.key}.{criterion.key}"


def given(session: Session, framework: Framework, idea_ids: Sequence[int]) -> dict[int, Given]:
    """The scores under this framework, by idea."""
    keys = {name_of(framework, one): one.key for one in framework.criteria}
    rows = session.execute(
        sa.select(Score.idea_id, Score.person_id, Score.criterion, Score.value)
        .where(Score.idea_id.in_(idea_ids), Score.criterion.in_(keys))
        .order_by(Score.id)
    )
    found: dict[int, Given] = defaultdict(lambda: defaultdict(dict))
    for idea_id, person_id, name, value in rows:
        found[idea_id][person_id][keys[name]] = value
    return found


def summaries(session: Session, committee: Committee, ideas: Iterable[Idea]) -> dict[int, Summary]:
    """What the scores of these ideas of one committee say, by idea.

    Asked are the members but the author; somebody who scored and has left since still counts.
    """
    framework, chosen = framework_of(committee), list(ideas)
    seated = {seat.person_id for seat in committees.members(session, committee)}
    scores = given(session, framework, [idea.id for idea in chosen])
    found = {}
    for idea in chosen:
        own = scores.get(idea.id, {})
        asked = (seated - {idea.author_id}) | own.keys()
        found[idea.id] = summarise(framework, {str(person): told for person, told in own.items()}, len(asked))
    return found


def rank(idea: Idea, committee: Committee, summary: Summary) -> None:
    """Keep with the idea what its scores say. The caller holds the idea's row lock."""
    idea.rank_value = summary.value.quantize(PLACES, ROUND_HALF_UP) if summary.value is not None else None
    idea.scored_by, idea.discuss, idea.ranked_under = summary.scored_by, summary.discuss, mark_of(committee)


def rerank_due(session: Session, now: datetime) -> int:
    """Rank open ideas anew whose committee has chosen another framework (a job); how many, at most `SLICE`."""
    done = 0
    for committee in committees.in_workspace(session):
        stale = session.scalars(
            _stale(committee).limit(SLICE - done).with_for_update(skip_locked=True, key_share=True)
        ).all()
        for idea_id, summary in summaries(session, committee, stale).items() if stale else ():
            rank(session.get_one(Idea, idea_id), committee, summary)
        done += len(stale)
        if done == SLICE:
            break
    session.flush()
    return done


def _stale(committee: Committee) -> sa.Select[Idea]:
    ranked = sa.select(Idea).where(Idea.committee_id == committee.id, Idea.state.in_(OPEN))
    return ranked.where(Idea.ranked_under != mark_of(committee)).order_by(Idea.id)
