"""The ranked backlog: its order, and what each viewer may see of the reasons."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Committee, Idea, IdeaState, Person
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import committees, prioritization, ranking
from workflows.errors import NotAllowed
from workflows.prioritization import BacklogLine


def scored(session: Session, idea: Idea, *impacts: int) -> Idea:
    """The committee, chair and deputy first, scores the idea with these impacts."""
    committee = session.get_one(Committee, idea.committee_id)
    scorers = [seat.person for seat in committees.members(session, committee) if seat.person_id != idea.author_id]
    for person, impact in zip(scorers, impacts, strict=False):
        values = {"impact": Decimal(impact), "confidence": Decimal(5), "ease": Decimal(5)}
        prioritization.score(session, person, idea, values, now=NOW)
    return idea


def seen(session: Session, committee: Committee, viewer: Person) -> dict[int, BacklogLine]:
    lines = prioritization.backlog(session, committee, viewer, size=50).items
    return {line.idea.id: line for line in lines}


def test_ranked_ideas_come_first_then_the_supported_then_the_older(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session, framework="ice")
        unscored = builders.idea(session, committee, support_count=9)
        older = scored(session, builders.idea(session, committee, submitted_at=NOW - timedelta(days=1)), 5)
        low = scored(session, builders.idea(session, committee), 2)
        supported = scored(session, builders.idea(session, committee, support_count=3), 5)
        newer = scored(session, builders.idea(session, committee), 5)
        high = scored(session, builders.idea(session, committee, state=IdeaState.IN_REVIEW), 9)
        builders.idea(session, committee, state=IdeaState.WITHDRAWN)
        scored(session, builders.idea(session, committee, state=IdeaState.LAPSED), 9)
        builders.idea(session, builders.committee(session))
        page = prioritization.backlog(session, committee, builders.chair(session, committee), size=50)
        assert [line.idea.id for line in page.items] == [it.id for it in (high, supported, older, newer, low, unscored)]
        assert [line.rank for line in page.items] == [1, 2, 3, 4, 5, None]
        assert page.total == 6


def test_ranks_go_on_from_page_to_page(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session, framework="ice")
        for impact in range(1, 6):
            scored(session, builders.idea(session, committee), impact)
        chair = builders.chair(session, committee)
        page = prioritization.backlog(session, committee, chair, 2, size=2)
        assert ([line.rank for line in page.items], page.number, page.pages) == ([3, 4], 2, 3)
        assert prioritization.backlog(session, committee, chair, 99, size=2).number == 3


def test_reasons_are_for_members_whose_own_score_is_in(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session, framework="ice")
        chair, deputy, author, other, last = [seat.person for seat in committees.members(session, committee)]
        idea = scored(session, builders.idea(session, committee, author), 9, 1)
        mine = seen(session, committee, chair)[idea.id]
        assert mine.reasons is not None
        assert mine.reasons.explain.startswith("ICE: impact 5 ")
        for viewer, to_score in ((author, False), (other, True), (last, True), (builders.person(session), False)):
            line = seen(session, committee, viewer)[idea.id]
            assert (line.reasons, line.to_score, line.rank) == (None, to_score, 1)
            assert (line.scored_by, line.of) == (2, 4)
        assert seen(session, committee, deputy)[idea.id].reasons == mine.reasons


def test_a_guest_is_not_shown_the_backlog(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        with pytest.raises(NotAllowed, match="can see how the committee stands"):
            prioritization.backlog(session, committee, builders.person(session, is_guest=True))


def test_an_idea_to_be_ranked_anew_stands_among_the_unranked_meanwhile(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session, framework="ice")
        first, chair = builders.idea(session, committee), builders.chair(session, committee)
        scored(session, first, 3)
        weighted = {"key": "weighted", "criteria": [{"label": "Value", "weight": 1}]}
        committee.framework = weighted
        session.flush()
        second = builders.idea(session, committee)
        prioritization.score(session, chair, second, {"value": Decimal(4)}, now=NOW)
        committee.framework = {**weighted, "name": "Our yardstick"}
        session.flush()
        assert [line.rank for line in seen(session, committee, chair).values()] == [None, None]
        assert seen(session, committee, chair)[second.id].scored_by == 1
        ranking.rerank_due(session, NOW)
        assert [(line.idea.id, line.rank) for line in seen(session, committee, chair).values()] == [
            (second.id, 1),
            (first.id, None),
        ]
