"""Voting: who, until when, with which words, and how often it counts."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.models import Choice, Event, Vote, VoteRecord
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows.ballot_scene import CLOSING, LATER, Scene, close_due, events, owed, vote_on_an_idea
from workflows import ballots, committees
from workflows.errors import Gone, NotAllowed, WorkflowError


def history(scene: Scene) -> list[str]:
    found = sa.select(VoteRecord.choice).where(VoteRecord.ballot_id == scene.ballot.id).order_by(VoteRecord.id)
    return [choice.value for choice in scene.session.scalars(found)]


def test_a_vote_may_be_changed_and_the_history_is_kept(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("decline")
        scene.vote("approve", now=LATER + timedelta(minutes=1))
        assert [it.choice for it in ballots.case(session, scene.ballot, LATER).votes] == ["approve"]
        assert history(scene) == ["decline", "approve"]


def test_the_same_vote_again_leaves_no_trace(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("decline")
        wanted = owed(session, "ballot.card")[0].wanted
        scene.vote("decline", now=LATER + timedelta(minutes=1))
        assert history(scene) == ["decline"]
        assert owed(session, "ballot.card")[0].wanted == wanted


def test_a_late_vote_is_refused_even_if_the_scheduler_sleeps(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("approve", now=CLOSING - timedelta(seconds=1))
        with pytest.raises(Gone, match=r"closed on Monday 23 November at 17:00 \(Europe/Berlin\)"):
            scene.vote("-", "approve", now=CLOSING)
        assert history(scene) == ["approve"]


def test_a_vote_on_a_closed_ballot_hears_how_it_ended(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("approve", "approve", "approve")
        scene.close()
        with pytest.raises(Gone, match="it was approved"):
            scene.vote("decline", now=CLOSING)


@pytest.mark.parametrize("choice", sorted(ballots.NEEDS_REASON))
@pytest.mark.parametrize("reason", [None, "", " \n ", "\u200b"])
def test_dissent_and_conditions_say_why(sessions: Sessions, choice: Choice, reason: str | None) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        with pytest.raises(WorkflowError) as refused:
            ballots.vote(session, scene.chair, scene.ballot.id, choice, reason, now=LATER)
        assert refused.value.field == "reason"
        assert history(scene) == []


def test_a_reason_too_long_is_told_by_how_much(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        with pytest.raises(WorkflowError, match=r"2,001 characters"):
            ballots.vote(session, scene.chair, scene.ballot.id, Choice.DECLINE, "x" * 2001, now=LATER)


def test_only_electors_vote_and_hear_a_sentence_otherwise(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene, elsewhere = vote_on_an_idea(session), vote_on_an_idea(session)
        for person in (builders.person(session), elsewhere.chair, builders.person(session, is_guest=True)):
            with pytest.raises(NotAllowed, match="member of the committee"):
                ballots.vote(session, person, scene.ballot.id, Choice.APPROVE, None, now=LATER)
        assert history(scene) == []


def test_somebody_who_left_the_committee_after_the_opening_still_votes(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        for seat in committees.taken(session, scene.committee):
            seat.until = LATER
        session.flush()
        scene.vote("-", "-", "approve")
        assert history(scene) == ["approve"]


def test_a_mention_is_too_public_for_a_secret_ballot(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, secret=True)
        with pytest.raises(WorkflowError, match="This vote is secret"):
            ballots.vote(session, scene.chair, scene.ballot.id, Choice.APPROVE, None, now=LATER, via="mention")
        assert history(scene) == []


def test_votes_cast_at_once_are_one_a_voter(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
    start, failures = threading.Barrier(6), list[Exception]()

    def press(choice: Choice) -> None:
        start.wait()
        try:
            with sessions.begin(WORKSPACE) as session:
                ballots.vote(session, scene.chair, scene.ballot.id, choice, "because", now=LATER)
        except Exception as failure:  # noqa: BLE001  # a thread's failure is the test's
            failures.append(failure)

    threads = [threading.Thread(target=press, args=(choice,)) for choice in [Choice.APPROVE, Choice.DECLINE] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions.begin(WORKSPACE) as session:
        assert failures == []
        assert session.scalar(sa.select(sa.func.count(Vote.id))) == 1
        last = session.scalars(sa.select(VoteRecord.choice).order_by(VoteRecord.id.desc())).first()
        assert ballots.votes(session, scene.ballot)[0].choice == last


def test_a_vote_that_meets_the_closing_waits_for_it_and_is_refused(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("decline", "decline", "decline")
    closing, said = threading.Event(), list[str]()

    def press() -> None:
        closing.wait()
        with pytest.raises(Gone) as refused, sessions.begin(WORKSPACE) as session:
            # This replica's clock is a second behind the one that closes.
            ballots.vote(
                session, scene.chair, scene.ballot.id, Choice.APPROVE, None, now=CLOSING - timedelta(seconds=1)
            )
        said.append(refused.value.message)

    thread = threading.Thread(target=press)
    thread.start()
    with sessions.begin(WORKSPACE) as session:
        assert close_due(session, CLOSING) == 1
        closing.set()
        thread.join(timeout=0.2)
    thread.join()
    assert said == [f"The vote on #{scene.idea.number} is closed: it was declined."]


def test_a_vote_that_meets_a_recusal_waits_for_it_and_is_refused(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
    recusing, said = threading.Event(), list[str]()

    def press() -> None:
        recusing.wait()
        with pytest.raises(NotAllowed) as refused, sessions.begin(WORKSPACE) as session:
            ballots.vote(session, scene.deputy, scene.ballot.id, Choice.APPROVE, None, now=LATER)
        said.append(refused.value.message)

    thread = threading.Thread(target=press)
    thread.start()
    with sessions.begin(WORKSPACE) as session:
        ballots.recuse(session, scene.deputy, scene.ballot, scene.deputy, "My own shop", now=LATER)
        recusing.set()
        thread.join(timeout=0.2)
    thread.join()
    assert "My own shop" in said[0]


def test_voters_do_not_wait_for_each_other(sessions: Sessions) -> None:
    if sessions.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
    with sessions.begin(WORKSPACE) as first:
        ballots.vote(first, scene.chair, scene.ballot.id, Choice.APPROVE, None, now=LATER)
        with sessions.begin(WORKSPACE) as second:
            second.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")  # rather than for ever
            ballots.vote(second, scene.deputy, scene.ballot.id, Choice.APPROVE, None, now=LATER)
    with sessions.begin(WORKSPACE) as session:
        assert len(ballots.votes(session, scene.ballot)) == 2


def test_a_vote_leaves_no_event_that_could_tell_it(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session, secret=True)
        before = events(session, scene.idea)
        scene.vote("decline", "approve", "object")
        assert events(session, scene.idea) == before


def test_a_member_may_step_back_and_the_vote_given_counts_no_more(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        scene.vote("-", "-", "decline", "approve")
        ballots.recuse(session, scene.members[0], scene.ballot, scene.members[0], None, now=LATER)
        verdict = ballots.verdict(session, scene.ballot, LATER)
        assert (verdict.eligible, verdict.counts.approve, verdict.counts.decline) == (4, 1, 0)
        assert scene.members[0] not in ballots.taken_part(session, scene.ballot)
        with pytest.raises(NotAllowed, match="goes ahead without you"):
            scene.vote("-", "-", "approve")


def test_the_chair_recuses_somebody_with_a_reason_that_is_written_down(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        with pytest.raises(WorkflowError) as refused:
            ballots.recuse(session, scene.chair, scene.ballot, scene.members[0], " ", now=LATER)
        assert refused.value.field == "why"
        for _ in range(2):
            ballots.recuse(session, scene.chair, scene.ballot, scene.members[0], "sells the tool", now=LATER)
        [event] = session.scalars(sa.select(Event).where(Event.kind == "ballot.recuse"))
        assert (event.actor_id, event.why) == (scene.chair.id, "sells the tool")


def test_members_strangers_and_the_recused_recuse_nobody_else(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        scene = vote_on_an_idea(session)
        victim = scene.members[0]
        for person in (scene.members[1], builders.chair(session, committee), builders.person(session)):
            with pytest.raises(NotAllowed, match="Only the chair or the deputy"):
                ballots.recuse(session, person, scene.ballot, victim, "why not", now=LATER)
        ballots.recuse(session, scene.chair, scene.ballot, scene.chair, None, now=LATER)
        with pytest.raises(NotAllowed, match="recused from this vote yourself"):
            ballots.recuse(session, scene.chair, scene.ballot, victim, "why not", now=LATER)
        with pytest.raises(WorkflowError, match="does not vote"):
            ballots.recuse(session, scene.deputy, scene.ballot, builders.person(session), "why not", now=LATER)


def test_home_asks_only_those_who_still_have_to_vote(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        ballots.recuse(session, scene.deputy, scene.ballot, scene.deputy, None, now=LATER)
        scene.vote("approve")
        waiting = [person.name for person in scene.everybody if ballots.awaiting_vote_of(session, person)]
        assert waiting == [person.name for person in scene.members]
        assert [person.name for person in ballots.awaited(session, scene.ballot)] == waiting
