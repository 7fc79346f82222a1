"""What waits for whom, and that it stops waiting once it is dealt with."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Person
from tests import builders
from tests.builders import NOW, WORKSPACE
from tests.workflows import ballot_scene, work_scene
from workflows import ballots, interventions, prioritization, progress, questions
from workflows.waiting import Kind, waiting_for

LATER = NOW + timedelta(hours=1)


def kinds(session: Session, person: Person) -> list[str]:
    return [it.kind.value for it in waiting_for(session, person, LATER)]


def test_nothing_waits_for_a_newcomer(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        assert kinds(session, builders.person(session)) == []


def test_a_vote_waits_for_electors_until_they_vote_or_it_is_too_late(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = ballot_scene.vote_on_an_idea(session)
        (waits,) = waiting_for(session, scene.members[0], LATER)
        assert (waits.kind, waits.idea.id, waits.by) == (Kind.VOTE, scene.idea.id, scene.ballot.closes_at)
        assert kinds(session, session.get_one(Person, scene.idea.author_id)) == []
        scene.vote("-", "-", "approve")
        assert kinds(session, scene.members[0]) == []
        assert waiting_for(session, scene.members[1], scene.ballot.closes_at) == []


def test_a_tie_waits_for_whoever_presides(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = ballot_scene.vote_on_an_idea(session, tie="chair")
        scene.vote("approve", "approve", "decline", "decline")
        scene.close()
        assert kinds(session, scene.chair) == [Kind.CAST]
        assert kinds(session, scene.deputy) == []
        ballots.cast(session, scene.chair, scene.again(), ballots.Word.APPROVE, None, now=ballot_scene.CLOSING)
        assert kinds(session, scene.chair) == [Kind.ASSIGN]


def test_a_question_waits_for_the_author(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session)
        author = builders.person(session)
        idea = builders.idea(session, made, author)
        asked = questions.ask(session, builders.chair(session, made), idea, "How often?", now=NOW)
        assert kinds(session, author) == [Kind.ANSWER_QUESTION]
        questions.answer(session, author, asked, "Daily", now=LATER)
        assert kinds(session, author) == []


def test_work_waits_for_its_owner_then_for_its_sponsor(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = work_scene.offered(session)
        assert kinds(session, scene.owner) == [Kind.ACCEPT]
        assert kinds(session, scene.chair) == []
        interventions.counter(session, scene.owner, scene.it, date(2026, 12, 18), now=NOW)
        assert (kinds(session, scene.owner), kinds(session, scene.chair)) == ([], [Kind.SETTLE])
        interventions.agree(session, scene.chair, scene.it, now=NOW)
        assert (kinds(session, scene.owner), kinds(session, scene.chair)) == ([Kind.WORK], [])
        progress.claim(session, scene.owner, scene.it, "Up", now=NOW)
        assert (kinds(session, scene.owner), kinds(session, scene.chair)) == ([], [Kind.SETTLE])
        progress.confirm(session, scene.chair, scene.it, now=NOW)
        assert (kinds(session, scene.owner), kinds(session, scene.chair)) == ([], [])


def test_an_approved_idea_without_work_waits_for_whoever_presides_alone(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session)
        work_scene.approved(session, made)
        assert kinds(session, builders.chair(session, made)) == [Kind.ASSIGN]
        deputy = builders.deputy(session, made)
        assert kinds(session, deputy) == []
        builders.chair(session, made).active = False
        session.flush()
        assert kinds(session, deputy) == [Kind.ASSIGN]


def test_an_answer_that_is_late_waits_for_the_chair(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session)
        builders.idea(session, made, answer_due=NOW - timedelta(days=1))
        builders.idea(session, made, answer_due=NOW - timedelta(days=1), clock_stopped_at=NOW)
        assert kinds(session, builders.chair(session, made)).count(Kind.ANSWER_IDEA) == 1
        assert Kind.ANSWER_IDEA not in kinds(session, builders.plain_members(session, made)[0])


def test_a_score_waits_for_members_but_not_for_the_author_and_comes_after_votes(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = ballot_scene.vote_on_an_idea(session)
        member, author = scene.members[0], scene.members[1]
        idea = builders.idea(session, scene.committee, author)
        assert kinds(session, member) == [Kind.VOTE, Kind.SCORE]
        assert kinds(session, author) == [Kind.VOTE]
        given = {"reach": Decimal(100), "impact": Decimal(1), "confidence": Decimal(80), "effort": Decimal(2)}
        prioritization.score(session, member, idea, given, now=NOW)
        assert kinds(session, member) == [Kind.VOTE]


def test_a_member_who_left_the_committee_is_asked_for_no_score(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session)
        member = builders.plain_members(session, made)[0]
        builders.idea(session, made)
        assert kinds(session, member) == [Kind.SCORE]
        seat = next(seat for seat in builders.committees.members(session, made) if seat.person_id == member.id)
        seat.until = NOW
        session.flush()
        assert kinds(session, member) == []
