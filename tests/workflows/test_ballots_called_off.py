"""Calling a vote off: only while it is open, by whoever may, and back to where the idea was."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.models import BallotState, Event, Idea, IdeaState
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows.ballot_scene import CLOSING, LATER, NOW, events, owed, remind_due, rules, vote_on_an_idea
from workflows import ballots
from workflows.errors import Gone, NotAllowed, WorkflowError


def test_the_idea_goes_back_and_what_happened_stays_written_down(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("-", "approve", "decline")
        with pytest.raises(WorkflowError, match="Say why"):
            ballots.call_off(session, scene.chair, scene.ballot, " ", now=LATER)
        for _ in range(2):
            ballots.call_off(session, scene.chair, scene.ballot, "The wrong idea", now=LATER)
        assert scene.idea_again().state is IdeaState.SUBMITTED
        assert (scene.again().state, scene.again().outcome) == (BallotState.CLOSED, "called_off")
        assert events(session, scene.idea) == ["idea.open_review", "idea.call_off"]
        assert session.scalars(sa.select(Event.why).where(Event.kind == "idea.call_off")).all() == ["The wrong idea"]
        assert ballots.said(session, scene.again()) == []
        assert len(ballots.votes(session, scene.again())) == 2
        assert len(owed(session, "ballot.verdict")) == 1
        assert owed(session, "decision.author") == []
        assert remind_due(session, CLOSING) == 0
        assert ballots.awaiting_vote_of(session, scene.deputy) == []
        with pytest.raises(Gone, match="called off"):
            scene.vote("approve")


def test_an_idea_that_had_lapsed_is_lapsed_again(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        committee.charter = rules()
        chair = builders.chair(session, committee)
        idea = builders.idea(session, committee, state=IdeaState.LAPSED)
        ballot = ballots.open_review(session, chair, idea, now=NOW)
        ballots.call_off(session, chair, ballot, "Not yet", now=LATER)
        assert session.get_one(Idea, idea.id).state is IdeaState.LAPSED


def test_once_voting_is_over_the_charter_decides(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        with pytest.raises(Gone, match="came too late"):
            ballots.call_off(session, scene.chair, scene.ballot, "I dislike how it goes", now=CLOSING)


def test_a_recused_chair_leaves_it_to_the_deputy(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        ballots.recuse(session, scene.chair, scene.ballot, scene.chair, None, now=LATER)
        with pytest.raises(NotAllowed, match="recused"):
            ballots.call_off(session, scene.chair, scene.ballot, "A mistake", now=LATER)
        ballots.call_off(session, scene.deputy, scene.ballot, "A mistake", now=LATER)
