"""Scoring and the ranked backlog.

Members score each for themselves: nobody sees what others think of an idea before their own score of it is in. So
the place of an idea in the backlog is open to everybody who may see the backlog, and so is how many have scored; the
value, its reasons and whether scorers are far apart are shown only to members whose own score is in. That leaves out
people who do not sit on the committee (a member could ask them) and the author, who does not score at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from db.models import Committee, Idea, IdeaState, Person, Score
from workflows import committees, homes, ideas, lifecycle, ranking
from workflows.catalogue import UNDECIDED
from workflows.errors import Gone, WorkflowError
from workflows.frameworks import Criterion, Framework, Summary, checked
from workflows.pages import Page, page_of
from workflows.permissions import Action, may, require

PAGE = 8
CHANGED = (
    "The committee has changed how it scores since you opened this form. Please close it and press Score again; "
    "no score was taken."
)
OWN_IDEA = "This is your own idea, so you do not score it; the other members do."


@dataclass(frozen=True)
class BacklogLine:
    """An idea in the backlog, as one viewer may see it.

    `rank` is None while the idea is not ranked; `reasons` unless the viewer may see what others think of it;
    `to_score` says that the viewer may score it and has not.
    """

    idea: Idea
    rank: int | None
    scored_by: int
    of: int
    reasons: Summary | None
    to_score: bool


def check_scorable(session: Session, actor: Person, idea: Idea) -> None:
    """Raise unless `actor` may score this idea as it stands."""
    require(session, Action.SCORE, actor, idea=idea)
    if idea.author_id == actor.id:
        raise WorkflowError(OWN_IDEA)
    if idea.state not in ideas.OPEN:
        raise Gone(f"Idea #{idea.number} {lifecycle.STANDS[idea.state]}, so it is no longer scored.")


def score(session: Session, actor: Person, idea: Idea, values: Mapping[str, Decimal], *, now: datetime) -> Summary:
    """Give or change one's score on every criterion, and rank the idea anew; what all scores now say.

    The same scores again change nothing. Raises `NotAllowed`, `Gone`, or `WorkflowError` with the criterion's key.
    """
    idea = ideas.get(session, idea.id, lock=True)
    check_scorable(session, actor, idea)
    framework = ranking.framework_of(idea.committee)
    if values.keys() != {one.key for one in framework.criteria}:
        raise WorkflowError(CHANGED)
    wanted = {ranking.name_of(framework, one): checked(one, values[one.key]) for one in framework.criteria}
    if not _keep(session, actor, idea, wanted, now):
        return summary(session, idea)
    found = summary(session, idea)
    ranking.rank(idea, idea.committee, found)
    ideas.happened(session, idea, "idea.scored", actor, now)
    homes.touch(session, [actor.id], now)
    return found


def _keep(session: Session, actor: Person, idea: Idea, wanted: Mapping[str, Decimal], now: datetime) -> bool:
    mine = sa.select(Score).where(Score.idea_id == idea.id, Score.person_id == actor.id, Score.criterion.in_(wanted))
    rows = {row.criterion: row for row in session.scalars(mine.execution_options(populate_existing=True))}
    if {name: row.value for name, row in rows.items()} == wanted:
        return False
    for name, value in wanted.items():
        row = rows.get(name) or Score(idea_id=idea.id, person_id=actor.id, criterion=name)
        row.value, row.at = value, now
        session.add(row)
    session.flush()
    return True


def parsed(framework: Framework, typed: Mapping[str, Any]) -> dict[str, Decimal]:
    """The scores typed into a form, by criterion. Raises `WorkflowError` with the criterion's key."""
    return {one.key: _number(one, typed.get(one.key)) for one in framework.criteria}


def _number(criterion: Criterion, typed: Any) -> Decimal:
    if typed is None:
        raise WorkflowError(
            f"Score {criterion.label}, too: leaving it out would be neither high nor low.", criterion.key
        )
    try:
        value = Decimal(str(typed).strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal("nan")
    return checked(criterion, value)


def summary(session: Session, idea: Idea) -> Summary:
    """What all scores of an idea say. Not for the eyes of everybody: see `visible_scores`."""
    committee = session.get_one(Committee, idea.committee_id)
    return ranking.summaries(session, committee, [idea])[idea.id]


def own(session: Session, person: Person, idea: Idea) -> dict[str, Decimal]:
    """This person's scores of an idea under the committee's framework, by criterion."""
    framework = ranking.framework_of(session.get_one(Committee, idea.committee_id))
    return dict(ranking.given(session, framework, [idea.id]).get(idea.id, {}).get(person.id, {}))


def visible_scores(session: Session, actor: Person, idea: Idea) -> Summary | None:
    """What the scores say, for a member whose own score is in; None for anybody else."""
    committee = session.get_one(Committee, idea.committee_id)
    scores = own(session, actor, idea)
    told = _complete(ranking.framework_of(committee), scores) and may(session, Action.SCORE, actor, idea=idea)
    return summary(session, idea) if told else None


def _complete(framework: Framework, scores: Mapping[str, Decimal]) -> bool:
    return all(one.key in scores and one.knows(scores[one.key]) for one in framework.criteria)


def progress(session: Session, idea: Idea) -> tuple[int, int]:
    """How many have scored an idea, of how many: all that a card may say of its scores."""
    found = summary(session, idea)
    return found.scored_by, found.of


def backlog(
    session: Session, committee: Committee, viewer: Person, page: int = 1, size: int = PAGE
) -> Page[BacklogLine]:
    """A page of the open ideas, ranked, those not ranked last; equal ones by support, then the older first.

    Raises `NotAllowed` for people who may not know how the committee stands.
    """
    require(session, Action.SEE_STATUS, viewer, committee=committee)
    query = _open(committee).options(selectinload(Idea.author), selectinload(Idea.committee))
    found = page_of(session, query.order_by(*in_order(committee)), page, size)
    summed = ranking.summaries(session, committee, found.items)
    scores = ranking.given(session, ranking.framework_of(committee), [idea.id for idea in found.items])
    scores_here = may(session, Action.SCORE, viewer, committee_id=committee.id)
    first = (found.number - 1) * size + 1
    lines = [
        _line(idea, place, summed[idea.id], scores.get(idea.id, {}).get(viewer.id, {}), viewer if scores_here else None)
        for place, idea in enumerate(found.items, first)
    ]
    return Page(lines, found.number, found.pages, found.total)


def _line(idea: Idea, place: int, summed: Summary, scores: Mapping[str, Decimal], scorer: Person | None) -> BacklogLine:
    ranked = idea.rank_value is not None and idea.ranked_under == ranking.mark_of(idea.committee)
    done = scorer is not None and _complete(ranking.framework_of(idea.committee), scores)
    return BacklogLine(
        idea=idea,
        rank=place if ranked else None,
        scored_by=summed.scored_by,
        of=summed.of,
        reasons=summed if done else None,
        to_score=scorer is not None and scorer.id != idea.author_id and not done,
    )


def in_order(committee: Committee) -> tuple[sa.SQLColumnExpression[Any], ...]:
    """How the committee's open ideas are ranked; a value out of date counts as none."""
    value = sa.case((Idea.ranked_under == ranking.mark_of(committee), Idea.rank_value))
    return value.desc().nulls_last(), Idea.support_count.desc(), Idea.submitted_at, Idea.id


def _open(committee: Committee) -> sa.Select[Idea]:
    return sa.select(Idea).where(Idea.committee_id == committee.id, Idea.state.in_(UNDECIDED))


def unscored_by(session: Session, person: Person, limit: int) -> list[Idea]:
    """Ideas that wait for this person's score, the next to be answered first. Those being voted on wait no more."""
    found: list[Idea] = []
    for committee in committees.of_person(session, person):
        waits = sa.select(Idea).where(Idea.committee_id == committee.id, Idea.state == IdeaState.SUBMITTED)
        waits = waits.where(Idea.author_id != person.id, ~_scored(ranking.framework_of(committee), person))
        waits = waits.options(selectinload(Idea.author), selectinload(Idea.committee))
        found += session.scalars(waits.order_by(Idea.answer_due, Idea.id).limit(limit))
    return sorted(found, key=lambda idea: (idea.answer_due, idea.id))[:limit]


def _scored(framework: Framework, person: Person) -> sa.ColumnElement[bool]:
    """Whether this person has scored an idea on every criterion."""
    known = sa.or_(
        *(sa.and_(Score.criterion == ranking.name_of(framework, one), _known(one)) for one in framework.criteria)
    )
    mine = sa.select(sa.func.count(Score.id)).where(Score.idea_id == Idea.id, Score.person_id == person.id, known)
    return mine.correlate(Idea).scalar_subquery() == len(framework.criteria)


def _known(criterion: Criterion) -> sa.ColumnElement[bool]:
    if criterion.choices:
        return Score.value.in_(criterion.choices)
    return Score.value.between(criterion.low, criterion.high)
