"""Closing: on time or early, and what follows for the idea, the author and the committee."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Ballot, BallotState, Decision, DecisionOutcome, Idea, IdeaState, Person
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows.ballot_scene import (
    ALL_MUST,
    CLOSING,
    LATER,
    Scene,
    close_due,
    events,
    owed,
    vote_in,
    vote_on_an_idea,
)
from workflows import ballots, committees, decisions, leaving
from workflows.ballots import Word
from workflows.errors import Gone, NotAllowed, WorkflowError
from workflows.people import Profile

EXTENDED = datetime.fromisoformat("2026-11-26T16:00:00Z")
"""Three working days after `CLOSING`, at the same hour."""


def decision_on(scene: Scene) -> Decision:
    return scene.session.scalars(sa.select(Decision).where(Decision.idea_id == scene.idea.id)).one()


def test_nothing_closes_before_its_time(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("approve", "approve", "approve", "approve", "approve")
        assert scene.close(CLOSING - timedelta(seconds=1)) == 0
        assert scene.again().state is BallotState.OPEN


def test_an_approved_idea_gets_its_decision_and_everybody_who_should_is_told(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("approve", "approve_with_conditions", "approve", "decline")
        assert scene.close() == 1
        decision, idea = decision_on(scene), scene.idea_again()
        assert (idea.state, idea.decision_id, idea.answered_at) == (IdeaState.APPROVED, decision.id, CLOSING)
        assert (decision.outcome, decision.conditions) == (
            DecisionOutcome.APPROVED,
            ["approve_with_conditions it, says Dev"],
        )
        assert "3 of 4 decisive votes approve" in decision.reason
        [prompt] = owed(session, "work.assign_prompt")
        assert (prompt.person_id, prompt.key) == (scene.chair.id, f"work.assign_prompt:{idea.id}:{decision.id}")
        assert [it.person_id for it in owed(session, "decision.author")] == [idea.author_id]
        assert owed(session, "ballot.verdict")[0].in_thread


@pytest.mark.parametrize(
    ("votes", "changes", "outcome"),
    [
        (["approve", "decline", "decline"], {}, "declined"),
        (["approve", "decline", "abstain"], {}, "declined"),
        (["approve", "approve", "object"], {"objections": 1}, "blocked"),
        (["approve", "approve", "decline"], {"method": "consent"}, "blocked"),
    ],
)
def test_an_idea_voted_down_is_declined_with_the_arithmetic(
    sessions: Sessions, votes: list[str], changes: dict[str, Any], outcome: str
) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, **changes)
        scene.vote(*votes)
        scene.close()
        decision = decision_on(scene)
        assert scene.idea_again().state is IdeaState.DECLINED
        assert (scene.again().outcome, decision.outcome) == (outcome, DecisionOutcome.DECLINED)
        assert outcome in decision.reason
        assert owed(session, "work.assign_prompt") == []


def test_closing_twice_closes_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("approve", "approve", "approve")
    closed = []
    for later in range(3):
        with sessions.begin(WORKSPACE) as session:
            closed.append(close_due(session, CLOSING + timedelta(minutes=later)))
    with sessions.begin(WORKSPACE) as session:
        assert closed == [1, 0, 0]
        assert len(owed(session, "ballot.verdict")) == 1


def test_a_ballot_that_another_replica_is_closing_is_left_to_it(sessions: Sessions) -> None:
    if sessions.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time, so two replicas cannot meet")
    with sessions.begin(WORKSPACE) as session:
        vote_on_an_idea(session)
    with sessions.begin(WORKSPACE) as first:
        assert close_due(first, CLOSING) == 1
        with sessions.begin(WORKSPACE) as second:
            assert close_due(second, CLOSING) == 0


def test_it_closes_early_after_the_grace_once_nobody_can_change_it(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, close_early=True, grace_minutes=10)
        scene.vote("approve", "approve", "approve")
        assert scene.close(LATER + timedelta(minutes=9)) == 0
        assert scene.close(LATER + timedelta(minutes=10)) == 1
        assert scene.idea_again().state is IdeaState.APPROVED


def test_a_secret_ballot_never_closes_early(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, secret=True, close_early=True, grace_minutes=0)
        scene.vote("approve", "approve", "approve", "approve", "approve")
        assert scene.close(LATER + timedelta(hours=1)) == 0


def test_without_quorum_it_is_extended_once_by_as_many_working_days_and_then_lapses(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("approve")
        assert scene.close() == 1
        ballot = scene.again()
        assert (ballot.state, ballot.closes_at, ballot.extended) == (BallotState.OPEN, EXTENDED, 1)
        assert ballots.started(session, ballot) == CLOSING
        assert [it.in_thread for it in owed(session, "ballot.extended")] == [True]
        assert scene.close(EXTENDED - timedelta(seconds=1)) == 0
        assert scene.close(EXTENDED) == 1
        assert (scene.idea_again().state, scene.again().outcome) == (IdeaState.LAPSED, "lapsed")
        assert len(owed(session, "decision.author")) == 1


def test_votes_given_before_an_extension_still_count(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("approve", "approve")
        scene.close()
        scene.vote("-", "-", "decline", now=CLOSING + timedelta(hours=1))
        scene.close(EXTENDED)
        assert decision_on(scene).outcome is DecisionOutcome.APPROVED


def test_an_adjourned_idea_is_back_in_the_backlog_and_its_promise_runs_on(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, no_quorum="adjourn")
        promised = scene.idea.answer_due
        scene.close()
        idea = scene.idea_again()
        assert (idea.state, idea.answer_due, idea.answered_at) == (IdeaState.SUBMITTED, promised, None)
        again = ballots.open_review(session, scene.chair, idea, now=CLOSING)
        assert again.round == 2


def test_with_everybody_recused_it_is_adjourned(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        for person in scene.everybody:
            ballots.recuse(session, person, scene.ballot, person, None, now=LATER)
        scene.close()
        assert scene.again().outcome == "adjourned"


def test_a_tie_under_revote_opens_a_second_round_of_the_same_people(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, tie="revote")
        ballots.recuse(session, scene.members[2], scene.ballot, scene.members[2], "sells it", now=LATER)
        scene.vote("approve", "decline", "approve", "decline")
        scene.close()
        second = ballots.of_idea(session, scene.idea)
        assert second is not None
        assert (second.round, second.closes_at, second.extended) == (2, EXTENDED, 0)
        assert [it.recused for it in ballots.electors(session, second)] == [False] * 4 + [True]
        assert ballots.votes(session, second) == []
        assert (scene.again().outcome, scene.idea_again().state) == ("tied", IdeaState.IN_REVIEW)
        assert owed(session, "decision.author") == []


def tied(session: Session, **changes: Any) -> Scene:
    scene = vote_on_an_idea(session, **{"tie": "chair", **changes})
    scene.vote("approve", "decline", "approve", "decline")
    scene.close()
    return scene


@pytest.mark.parametrize(("word", "state"), [(Word.APPROVE, IdeaState.APPROVED), (Word.DECLINE, IdeaState.DECLINED)])
def test_a_tie_waits_for_the_chair_whose_casting_vote_decides(sessions: Sessions, word: Word, state: IdeaState) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = tied(session)
        assert (scene.again().state, scene.again().waits_for_id) == (BallotState.AWAITING, scene.chair.id)
        assert [it.person_id for it in owed(session, "ballot.casting")] == [scene.chair.id]
        assert decisions.open_waiting_for(session, scene.chair) == [scene.ballot]
        ballots.cast(session, scene.chair, scene.ballot, word, "it is worth a try", now=EXTENDED)
        decision = decision_on(scene)
        assert (scene.idea_again().state, decision.decided_by_id) == (state, scene.chair.id)
        assert "Clara decided: it is worth a try" in decision.reason
        assert decisions.open_waiting_for(session, scene.chair) == []


def test_only_whom_a_tie_waits_for_breaks_it_and_only_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = tied(session)
        with pytest.raises(NotAllowed, match="not the one this waits for"):
            ballots.cast(session, scene.deputy, scene.ballot, Word.APPROVE, None, now=EXTENDED)
        with pytest.raises(NotAllowed, match="chair or the deputy"):
            ballots.cast(session, scene.members[0], scene.ballot, Word.APPROVE, None, now=EXTENDED)
        with pytest.raises(WorkflowError, match="only be approved or declined"):
            ballots.cast(session, scene.chair, scene.ballot, Word.ADJOURN, None, now=EXTENDED)
        with pytest.raises(WorkflowError, match="Say why"):
            ballots.cast(session, scene.chair, scene.ballot, Word.DECLINE, " ", now=EXTENDED)
        ballots.cast(session, scene.chair, scene.ballot, Word.APPROVE, None, now=EXTENDED)
        with pytest.raises(Gone, match="it was approved"):
            ballots.cast(session, scene.chair, scene.ballot, Word.DECLINE, "no", now=EXTENDED)


def test_no_vote_is_taken_while_a_tie_waits(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = tied(session)
        with pytest.raises(Gone, match="waits for the word"):
            scene.vote("decline", now=LATER)


def test_a_casting_vote_cannot_replace_a_missing_assent(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = tied(session, assent=["marketing"])
        ballots.cast(session, scene.chair, scene.ballot, Word.APPROVE, None, now=EXTENDED)
        assert "no approval from marketing" in decision_on(scene).reason
        assert scene.idea_again().state is IdeaState.DECLINED


def leave(scene: Scene, person: Person) -> None:
    [seat] = [it for it in committees.taken(scene.session, scene.committee) if it.person_id == person.id]
    seat.until = CLOSING
    scene.session.flush()


def test_when_the_chair_has_left_the_deputy_has_the_word(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = tied(session)
        leave(scene, scene.chair)
        assert decisions.open_waiting_for(session, scene.deputy) == [scene.ballot]
        with pytest.raises(NotAllowed):
            ballots.cast(session, scene.chair, scene.ballot, Word.APPROVE, None, now=EXTENDED)
        ballots.cast(session, scene.deputy, scene.ballot, Word.APPROVE, None, now=EXTENDED)
        assert scene.idea_again().state is IdeaState.APPROVED


def test_a_deactivated_chair_is_not_waited_for(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, tie="chair")
        scene.vote("approve", "decline", "approve", "decline")
        scene.chair.active = False
        session.flush()
        scene.close()
        assert scene.again().waits_for_id == scene.deputy.id


def test_what_waits_for_a_chair_who_leaves_is_asked_of_the_deputy_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = tied(session)
        for active in (False, False, True):
            leaving.refresh(session, scene.chair, Profile(slack_id="", name="Clara", active=active), EXTENDED)
            assert scene.again().waits_for_id == scene.deputy.id
        assert [it.person_id for it in owed(session, "ballot.casting")] == [scene.chair.id, scene.deputy.id]
        told = [(it.person_id, (it.detail or {})["office"]) for it in owed(session, "committee.office")]
        assert told[2:] == [(scene.deputy.id, "presiding")]
        leaving.refresh(session, scene.deputy, Profile(slack_id="", active=False), EXTENDED)
        leaving.refresh(session, scene.chair, Profile(slack_id="", active=False), EXTENDED)
        assert owed(session, "committee.office")[-1].channel == scene.committee.committee_channel


def test_a_recused_chair_has_no_casting_vote(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        scene = vote_in(session, committee, author=builders.chair(session, committee), tie="chair")
        scene.vote("-", "approve", "decline", "approve", "decline")
        scene.close()
        assert scene.again().waits_for_id == scene.deputy.id
        with pytest.raises(NotAllowed, match="not the one"):
            ballots.cast(session, scene.chair, scene.ballot, Word.APPROVE, None, now=EXTENDED)


@pytest.mark.parametrize(
    ("word", "state", "outcome"),
    [
        (Word.APPROVE, IdeaState.APPROVED, "approved"),
        (Word.DECLINE, IdeaState.DECLINED, "declined"),
        (Word.ADJOURN, IdeaState.SUBMITTED, "adjourned"),
        (Word.EXTEND, IdeaState.IN_REVIEW, None),
    ],
)
def test_without_quorum_the_chair_may_be_asked_how_to_go_on(
    sessions: Sessions, word: Word, state: IdeaState, outcome: str | None
) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, no_quorum="chair", quorum=ALL_MUST)
        scene.close()
        assert scene.again().state is BallotState.AWAITING
        ballots.cast(session, scene.chair, scene.ballot, word, "summer holidays", now=CLOSING + timedelta(hours=1))
        assert (scene.idea_again().state, scene.again().outcome) == (state, outcome)


def test_with_nobody_left_to_ask_it_goes_back_to_the_committee(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, no_quorum="chair", quorum=ALL_MUST)
        for person in (scene.chair, scene.deputy):
            ballots.recuse(session, person, scene.ballot, person, None, now=LATER)
        scene.close()
        assert scene.again().outcome == "adjourned"


def test_an_author_who_left_is_not_written_to(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        session.get_one(Person, scene.idea.author_id).active = False
        scene.close(CLOSING)
        scene.close(EXTENDED)
        assert scene.idea_again().state is IdeaState.LAPSED
        assert owed(session, "decision.author") == []


def test_what_happened_is_written_down_in_order(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.close(CLOSING)
        scene.close(EXTENDED)
        assert events(session, scene.idea) == ["idea.open_review", "ballot.extend", "idea.lapse"]


def test_several_ballots_close_in_one_go(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scenes = [vote_on_an_idea(session, no_quorum="adjourn") for _ in range(3)]
        assert scenes[0].close() == 3
        assert session.scalar(sa.select(sa.func.count(Ballot.id)).where(Ballot.state == BallotState.OPEN)) == 0
        assert session.scalars(sa.select(Idea.state).distinct()).all() == [IdeaState.SUBMITTED]


def test_what_was_said_is_told_only_after_closing_and_of_a_secret_ballot_without_names(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        for secret in (False, True):
            scene = vote_on_an_idea(session, secret=secret)
            scene.vote("object", "decline", "approve", "approve", "approve_with_conditions")
            assert ballots.said(session, scene.ballot) == []
            scene.close()
            said = [(it.choice.value, it.person and it.person.name) for it in ballots.said(session, scene.again())]
            assert said == (
                [("approve_with_conditions", None), ("decline", None), ("object", None)]
                if secret
                else [
                    ("object", "Clara"),
                    ("decline", "Dev"),
                    ("approve", "Member 1"),
                    ("approve", "Member 2"),
                    ("approve_with_conditions", "Member 3"),
                ]
            )
