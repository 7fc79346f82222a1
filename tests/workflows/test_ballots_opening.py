"""Opening a vote: who may, until when, and what is frozen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.models import Ballot, Choice, IdeaState, Member
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows.ballot_scene import CLOSING, LATER, NOW, events, owed, rules, vote_in, vote_on_an_idea
from workflows import ballots
from workflows.errors import Gone, NotAllowed, WorkflowError


def test_a_vote_runs_three_working_days_until_five_in_the_committees_zone(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        assert scene.ballot.closes_at == CLOSING
        assert scene.idea.state is IdeaState.IN_REVIEW


def test_the_electorate_is_chair_deputy_and_members_in_the_order_they_joined(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        last = session.scalars(sa.select(Member).where(Member.role == "member").order_by(Member.id)).first()
        assert last is not None
        last.since = NOW + timedelta(days=1)
        scene = vote_in(session, committee)
        chair, deputy, first, *others = scene.everybody
        assert [it.person_id for it in ballots.electors(session, scene.ballot)] == [
            *(person.id for person in (chair, deputy, *others)),
            first.id,
        ]


def test_who_joins_and_which_rules_change_after_the_opening_changes_nothing(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        newcomer = builders.person(session, "Nina")
        session.add(Member(committee_id=scene.committee.id, person_id=newcomer.id, since=LATER))
        scene.committee.charter, scene.committee.seats = rules(tie="chair"), 40
        session.flush()
        case = ballots.case(session, scene.again(), LATER)
        assert (len(case.members), case.seats, case.charter.tie) == (5, 5, "status_quo")
        with pytest.raises(NotAllowed, match="joined the committee after this vote was opened"):
            ballots.vote(session, newcomer, scene.ballot.id, Choice.APPROVE, None, now=LATER)


def test_vacant_seats_are_counted_as_the_committee_has_them(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        committee.seats = 7
        assert vote_in(session, committee).ballot.seats == 7


def test_an_author_on_the_committee_is_recused_and_it_is_written_down(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        author = builders.plain_members(session, committee)[0]
        scene = vote_in(session, committee, author=author)
        assert "ballot.recuse" in events(session, scene.idea)
        assert author not in ballots.awaited(session, scene.ballot)
        with pytest.raises(NotAllowed, match="wrote this idea"):
            ballots.vote(session, author, scene.ballot.id, Choice.APPROVE, None, now=LATER)


def test_a_vote_that_only_the_author_could_cast_is_not_opened(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session, members=0, deputy=None)
        chair = builders.chair(session, committee)
        idea = builders.idea(session, committee, chair)
        with pytest.raises(WorkflowError, match="Nobody could vote"):
            ballots.open_review(session, chair, idea, now=NOW)


def test_the_deputy_may_open_a_vote_and_a_member_may_not(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        idea = builders.idea(session, committee)
        member, outsider = builders.plain_members(session, committee)[0], builders.person(session)
        for person in (member, outsider):
            with pytest.raises(NotAllowed, match="chair or the deputy"):
                ballots.open_review(session, person, idea, now=NOW)
        assert ballots.open_review(session, builders.deputy(session, committee), idea, now=NOW).id


@pytest.mark.parametrize(("ahead", "sentence"), [(timedelta(0), "has passed"), (timedelta(days=400), "a year away")])
def test_a_deadline_must_be_ahead_and_near(sessions: Sessions, ahead: timedelta, sentence: str) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        idea = builders.idea(session, committee)
        with pytest.raises(WorkflowError, match=sentence) as refused:
            ballots.open_review(session, builders.chair(session, committee), idea, now=NOW, closes_at=NOW + ahead)
        assert refused.value.field == "closes_at"


def test_opening_twice_finds_the_same_vote_and_other_terms_are_refused(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        again = ballots.open_review(session, scene.chair, scene.idea, now=LATER)
        assert again.id == scene.ballot.id
        with pytest.raises(Gone, match="being voted on"):
            ballots.open_review(session, scene.chair, scene.idea, now=LATER, secret=True)
        assert session.scalar(sa.select(sa.func.count(Ballot.id))) == 1


def test_the_card_goes_into_the_thread_of_the_ideas_card_in_the_committee_channel(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        scene = vote_on_an_idea(session)
        [card], [root] = owed(session, "ballot.card"), owed(session, "idea.committee_card")
        assert (card.channel, card.in_thread, card.after_id, card.is_card) == (
            scene.committee.committee_channel,
            True,
            root.id,
            True,
        )


def test_a_proxy_is_frozen_only_where_the_rules_know_proxies_and_the_holder_votes(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        chair, deputy = builders.chair(session, committee), builders.deputy(session, committee)
        first, second = builders.plain_members(session, committee)[:2]
        wanted = {chair.id: deputy.id, first.id: builders.person(session).id, second.id: None}
        for seat in session.scalars(sa.select(Member).where(Member.person_id.in_(wanted))):
            seat.proxy_id = wanted[seat.person_id]
        with_proxies = vote_in(session, committee, proxies=1)
        without = vote_in(session, committee)
        assert [it.proxy_id for it in ballots.electors(session, with_proxies.ballot)] == [deputy.id, *[None] * 4]
        assert not any(it.proxy_id for it in ballots.electors(session, without.ballot))
