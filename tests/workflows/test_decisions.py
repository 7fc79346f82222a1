"""Decisions: what is written down of a ballot, and for whose word one waits."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.models import Choice, Decision
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows.ballot_scene import CLOSING, LATER, Scene, vote_on_an_idea
from workflows import ballots, committees, decisions


def tied(scene: Scene) -> Scene:
    scene.vote("approve", "decline", "approve", "decline")
    scene.close()
    return scene


def test_a_secret_ballots_conditions_come_in_the_order_of_the_alphabet(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, secret=True)
        for person, why in zip(scene.everybody, ("zero cost", "Ask legal", "be quick"), strict=False):
            choice = Choice.APPROVE_WITH_CONDITIONS
            ballots.vote(session, person, scene.ballot.id, choice, why, now=LATER)
        scene.close()
        decision = session.scalars(sa.select(Decision)).one()
        assert decision.conditions == ["Ask legal", "be quick", "zero cost"]
        assert decision.decided_by_id is None


def test_a_declined_idea_carries_no_conditions(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("approve_with_conditions", "decline", "decline")
        scene.close()
        assert session.scalars(sa.select(Decision)).one().conditions == []


def test_a_tie_waits_for_the_chair_alone_while_the_chair_is_there(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = tied(vote_on_an_idea(session, tie="chair"))
        stranger = builders.chair(session, builders.committee(session))
        waiting = [it for it in (*scene.everybody, stranger) if decisions.open_waiting_for(session, it)]
        assert waiting == [scene.chair]


@pytest.mark.parametrize("leaves", ["the committee", "Slack"])
def test_when_the_chair_leaves_it_waits_for_the_deputy(sessions: Sessions, leaves: str) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = tied(vote_on_an_idea(session, tie="chair"))
        if leaves == "Slack":
            scene.chair.active = False
        else:
            seats = committees.taken(session, scene.committee)
            next(seat for seat in seats if seat.person_id == scene.chair.id).until = CLOSING
        session.flush()
        waiting = [it for it in scene.everybody if decisions.open_waiting_for(session, it)]
        assert waiting == [scene.deputy]


def test_nothing_waits_while_a_vote_is_open(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, tie="chair")
        assert decisions.open_waiting_for(session, scene.chair) == []
        assert not decisions.waits_for(session, scene.ballot, scene.chair)
