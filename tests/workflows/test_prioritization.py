"""Scoring: who may, what it does to the rank, and who sees what of it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Committee, Event, Idea, IdeaState, Member, Person, Score
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import committees, ideas, notices, prioritization, ranking
from workflows.errors import Gone, NotAllowed, WorkflowError
from workflows.frameworks import FRAMEWORKS

LATER = NOW + timedelta(hours=1)
OWN = {
    "key": "weighted",
    "criteria": [
        {"label": "Customer value", "weight": "60%"},
        {"label": "Cost", "weight": "40%", "lower_is_better": True},
    ],
}


def ice(impact: str = "5", confidence: str = "5", ease: str = "5") -> dict[str, Decimal]:
    return {"impact": Decimal(impact), "confidence": Decimal(confidence), "ease": Decimal(ease)}


def ice_committee(session: Session, **wanted: Any) -> Committee:
    return builders.committee(session, framework="ice", **wanted)


def everybody(session: Session, committee: Committee) -> list[Person]:
    return [seat.person for seat in committees.members(session, committee)]


def score_all(session: Session, idea: Idea, *impacts: str) -> None:
    """The committee, chair and deputy first, scores an idea with these impacts; "-" stays silent."""
    for person, impact in zip(everybody(session, idea.committee), impacts, strict=False):
        if impact != "-":
            prioritization.score(session, person, idea, ice(impact), now=LATER)


def fresh(session: Session, idea: Idea) -> Idea:
    return ideas.get(session, idea.id, lock=True)


def kept(session: Session, idea: Idea) -> tuple[Any, ...]:
    now = fresh(session, idea)
    return now.rank_value, now.scored_by, now.discuss


def test_the_rank_uses_the_median_of_each_criterion(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = builders.idea(session, ice_committee(session))
        for person, impact, ease in zip(everybody(session, fresh(session, idea).committee), "149", "288", strict=False):
            prioritization.score(session, person, idea, ice(impact, ease=ease), now=LATER)
        assert kept(session, idea) == (Decimal(4 * 5 * 8), 3, True)


def test_one_score_is_a_rank_and_none_is_no_rank_at_all(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = ice_committee(session)
        scored, unscored = builders.idea(session, committee), builders.idea(session, committee)
        found = prioritization.score(session, builders.chair(session, committee), scored, ice("1", "1", "1"), now=LATER)
        assert (found.scored_by, found.of, found.provisional) == (1, 5, True)
        assert kept(session, scored) == (Decimal(1), 1, False)
        assert kept(session, unscored) == (None, 0, False)


def test_the_same_score_again_changes_nothing_and_another_replaces_it(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = builders.idea(session, ice_committee(session))
        chair = builders.chair(session, fresh(session, idea).committee)
        for impact in ("2", "2", "7"):
            prioritization.score(session, chair, idea, ice(impact), now=LATER)
        assert kept(session, idea) == (Decimal(7 * 25), 1, False)
        assert prioritization.own(session, chair, idea) == ice("7")
        happened = session.scalars(sa.select(Event.kind).where(Event.idea_id == idea.id)).all()
        assert happened == ["idea.scored", "idea.scored"]
        assert session.scalar(sa.select(sa.func.count(Score.id))) == 3


def test_a_score_marks_the_card_stale_and_says_nothing_of_itself_in_the_event(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = ice_committee(session)
        author = builders.person(session, "Alice")
        idea = ideas.submit(session, author, committee, ideas.Proposal(title="A", problem="B"), now=NOW)
        card = ideas.thread_root(session, idea)
        before = card.wanted
        prioritization.score(session, builders.chair(session, committee), idea, ice(), now=LATER)
        notices.settle(session)
        session.refresh(card)
        assert card.wanted == before + 1
        assert session.scalar(sa.select(Event.detail).where(Event.kind == "idea.scored")) is None
        assert notices.card(session, "idea.card", idea.id) is not None


def test_only_members_score(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = builders.idea(session, ice_committee(session))
        for outsider in (
            builders.person(session, "Carl"),
            builders.person(session, "Gus", is_guest=True),
            builders.admin(session),
        ):
            with pytest.raises(NotAllowed, match=r"a member of the committee .*can score this idea"):
                prioritization.score(session, outsider, idea, ice(), now=LATER)
        assert kept(session, idea) == (None, 0, False)


def test_nobody_scores_their_own_idea_nor_are_they_asked_to(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = ice_committee(session)
        author = builders.plain_members(session, committee)[0]
        idea = builders.idea(session, committee, author)
        with pytest.raises(WorkflowError, match="your own idea, so you do not score it"):
            prioritization.score(session, author, idea, ice(), now=LATER)
        assert prioritization.progress(session, idea) == (0, 4)
        assert prioritization.unscored_by(session, author, 10) == []


@pytest.mark.parametrize("state", [IdeaState.IN_REVIEW, IdeaState.LAPSED])
def test_a_score_may_be_given_while_an_idea_is_open(sessions: Sessions, state: IdeaState) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = builders.idea(session, ice_committee(session), state=state)
        score_all(session, fresh(session, idea), "3")
        assert kept(session, idea)[1] == 1


def test_a_score_comes_too_late_once_the_idea_is_withdrawn(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = builders.idea(session, ice_committee(session), state=IdeaState.WITHDRAWN)
        with pytest.raises(Gone, match="has been withdrawn, so it is no longer scored"):
            score_all(session, fresh(session, idea), "3")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (ice(impact="11"), "impact", "Impact is one of 1, 2"),
        (ice(ease="NaN"), "ease", "Ease is one of"),
        ({"impact": Decimal(1)}, None, "has changed how it scores"),
        ({**ice(), "reach": Decimal(1)}, None, "has changed how it scores"),
    ],
)
def test_a_score_that_is_none_is_refused_with_its_field(
    sessions: Sessions, values: Mapping[str, Decimal], field: str | None, sentence: str
) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = builders.idea(session, ice_committee(session))
        chair = builders.chair(session, fresh(session, idea).committee)
        with pytest.raises(WorkflowError, match=sentence) as refused:
            prioritization.score(session, chair, idea, values, now=LATER)
        assert refused.value.field == field
        assert session.scalar(sa.select(sa.func.count(Score.id))) == 0


@pytest.mark.parametrize(
    ("typed", "found"),
    [("2.5", "2.5"), (" 2,5 ", "2.5"), ("1e2", "100"), (None, "too"), ("", "number"), ("lots", "number")]
    + [(huge, "number") for huge in ("1e999999", "-1", "inf", "sNaN", "٣٫٥")]
    + [("1.23456", "four decimal places"), ("1e-999999", "four decimal places")],
)
def test_numbers_typed_are_understood_or_refused_in_a_sentence(typed: str | None, found: str) -> None:
    rice = {"reach": typed, "impact": "1", "confidence": "80", "effort": "1"}
    if found[0].isdigit():
        assert prioritization.parsed(FRAMEWORKS["rice"], rice)["reach"] == Decimal(found)
    else:
        with pytest.raises(WorkflowError, match=found) as refused:
            prioritization.parsed(FRAMEWORKS["rice"], rice)
        assert refused.value.field == "reach"


@given(st.text() | st.floats().map(str) | st.decimals().map(str))
def test_whatever_is_typed_is_a_score_on_the_scale_or_a_sentence(typed: str) -> None:
    effort = FRAMEWORKS["value_effort"].criterion("effort")
    found: dict[str, Decimal] = {}
    with contextlib.suppress(WorkflowError):
        found = prioritization.parsed(FRAMEWORKS["value_effort"], {"value": "1", "effort": typed})
    assert not found or effort.knows(found["effort"])


def test_scores_are_seen_by_members_whose_own_is_in_and_by_nobody_else(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = ice_committee(session)
        chair, deputy, author, *_ = everybody(session, committee)
        idea = builders.idea(session, committee, author)
        prioritization.score(session, chair, idea, ice("9"), now=LATER)
        outsider = builders.person(session)
        for hidden in (deputy, author, outsider):
            assert prioritization.visible_scores(session, hidden, idea) is None
        prioritization.score(session, deputy, idea, ice("1"), now=LATER)
        found = prioritization.visible_scores(session, deputy, idea)
        assert found is not None
        assert found.medians["impact"] == 5
        assert found.discuss


def test_who_left_the_committee_sees_no_more_but_their_score_counts(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = ice_committee(session)
        idea = builders.idea(session, committee)
        member = builders.plain_members(session, committee)[0]
        prioritization.score(session, member, idea, ice("9"), now=LATER)
        session.execute(sa.update(Member).where(Member.person_id == member.id).values(until=LATER))
        assert prioritization.visible_scores(session, member, idea) is None
        assert prioritization.progress(session, idea) == (1, 5)


def test_what_waits_for_a_score_comes_the_next_to_be_answered_first(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        first, second = ice_committee(session), builders.committee(session)
        chair = builders.chair(session, first)
        session.add(Member(committee_id=second.id, person_id=chair.id, since=NOW))
        late = builders.idea(session, first)
        early = builders.idea(session, second, answer_due=NOW)
        scored = builders.idea(session, first)
        prioritization.score(session, chair, scored, ice(), now=LATER)
        builders.idea(session, first, state=IdeaState.IN_REVIEW)
        builders.idea(session, builders.committee(session))
        assert [it.id for it in prioritization.unscored_by(session, chair, 10)] == [early.id, late.id]
        assert [it.id for it in prioritization.unscored_by(session, chair, 1)] == [early.id]


def choose(session: Session, committee: Committee, spec: dict[str, Any]) -> None:
    committee.framework = spec
    session.flush()


def test_scores_of_another_framework_are_kept_and_not_used(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = ice_committee(session)
        idea = builders.idea(session, committee)
        chair = builders.chair(session, committee)
        prioritization.score(session, chair, idea, ice("2"), now=LATER)
        choose(session, committee, {"key": "rice"})  # it has an impact and a confidence of its own
        assert prioritization.own(session, chair, idea) == {}
        assert prioritization.visible_scores(session, chair, idea) is None
        assert [it.id for it in prioritization.unscored_by(session, chair, 10)] == [idea.id]
        assert ranking.rerank_due(session, LATER) == 1
        assert kept(session, idea) == (None, 0, False)
        choose(session, committee, {"key": "ice"})
        assert ranking.rerank_due(session, LATER) == 1
        assert kept(session, idea) == (Decimal(50), 1, False)
        assert ranking.rerank_due(session, LATER) == 0


def test_a_criterion_of_ones_own_that_goes_is_ignored_and_one_that_comes_is_unknown(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = ice_committee(session)
        idea, chair = builders.idea(session, committee), builders.chair(session, committee)
        choose(session, committee, OWN)
        values = {"customer_value": Decimal(5), "cost": Decimal(3)}
        assert prioritization.score(session, chair, idea, values, now=LATER).value == 80
        value, cost = OWN["criteria"]
        choose(session, committee, {**OWN, "criteria": [value | {"weight": "100%"}]})
        assert prioritization.summary(session, idea).value == 100
        choose(session, committee, {**OWN, "criteria": [value, cost | {"label": "Risk"}]})
        found = prioritization.summary(session, idea)
        assert (found.value, found.scored_by) == (None, 0)
        assert prioritization.visible_scores(session, chair, idea) is None


def test_ideas_are_ranked_anew_in_slices_and_decided_ones_left_alone(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = ice_committee(session, members=0)
        chair = builders.chair(session, committee)
        many = [builders.idea(session, committee, rank_value=1, ranked_under="before") for _ in range(ranking.SLICE)]
        last = builders.idea(session, committee)
        prioritization.score(session, chair, last, ice("2"), now=LATER)
        gone = builders.idea(session, committee, ranked_under="before", rank_value=3, state=IdeaState.WITHDRAWN)
        unscored = builders.idea(session, committee)
        choose(session, committee, {"key": "rice"})
        assert [ranking.rerank_due(session, LATER) for _ in range(3)] == [ranking.SLICE, 1, 0]
        assert {fresh(session, idea).rank_value for idea in (many[0], many[-1], last, unscored)} == {None}
        assert fresh(session, gone).rank_value == 3


def test_scores_given_at_the_same_moment_all_count(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea = builders.idea(session, ice_committee(session, members=6))
        people = everybody(session, fresh(session, idea).committee)

    def give(turn: tuple[Person, int]) -> None:
        with sessions.begin(WORKSPACE) as own:
            prioritization.score(own, turn[0], idea, ice(str(turn[1])), now=LATER)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(give, zip(people, range(1, 9), strict=True)))
    with sessions.begin(WORKSPACE) as session:
        assert kept(session, idea) == (Decimal("4.5") * 25, 8, False)
