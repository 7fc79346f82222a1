"""Ideas: submitted once, numbered without gaps or doubles, supported exactly, changed only while open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Committee, Decision, Event, Idea, IdeaState, Notice, Person
from tests import builders
from tests.builders import NOW, WORKSPACE
from tests.nightly import examples
from tests.workflows.crowd import at_once
from workflows import ideas
from workflows.errors import Gone, NotAllowed, WorkflowError
from workflows.ideas import Proposal, Source

PROPOSAL = Proposal(title="Print on both sides", problem="Paper runs out every week")
LATER = NOW + timedelta(minutes=5)
EVERY_CHARACTER = st.text(st.characters(exclude_categories=[]))


def owed(session: Session, idea: Idea) -> list[tuple[str, str | None]]:
    """The notices about an idea: kind and channel."""
    mine = sa.select(Notice.kind, Notice.channel).where(Notice.about_id == idea.id, Notice.kind.like("idea.%"))
    return sorted((kind, channel) for kind, channel in session.execute(mine))


def happened(session: Session, idea: Idea) -> list[str]:
    return list(session.scalars(sa.select(Event.kind).where(Event.idea_id == idea.id).order_by(Event.id)))


def submitted(session: Session, **told: Any) -> tuple[Idea, Committee, Person]:
    committee, author = builders.committee(session), builders.person(session, "Alice")
    return ideas.submit(session, author, committee, PROPOSAL, now=NOW, **told), committee, author


def test_a_new_idea_has_the_next_number_its_cards_and_a_receipt(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, author = submitted(session)
        second = ideas.submit(session, author, committee, PROPOSAL, now=NOW)
        assert (idea.number, second.number) == (1, 2)
        assert (idea.author, idea.committee, idea.state) == (author, committee, IdeaState.SUBMITTED)
        assert owed(session, idea) == [
            ("idea.card", committee.intake_channel),
            ("idea.committee_card", committee.committee_channel),
            ("idea.received", None),
        ]
        assert happened(session, idea) == ["idea.submit"]


def test_a_committee_with_one_channel_gets_one_card(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session, intake_channel="C1", committee_channel="C1")
        idea = ideas.submit(session, builders.person(session), committee, PROPOSAL, now=NOW)
        assert owed(session, idea) == [("idea.card", "C1"), ("idea.received", None)]
        assert ideas.thread_root(session, idea).kind == "idea.card"


def test_a_quiet_idea_gets_its_committee_card_when_somebody_needs_the_thread(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, _ = submitted(session, quiet=True)
        assert owed(session, idea) == []
        root = ideas.thread_root(session, idea)
        assert (root.channel, root.is_card) == (committee.committee_channel, True)
        assert ideas.thread_root(session, idea) is root


def test_a_committee_that_moved_talks_in_its_new_channel_and_never_in_the_public_one(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session, intake_channel="CPUBLIC", committee_channel="CPUBLIC")
        idea = ideas.submit(session, builders.person(session), committee, PROPOSAL, now=NOW)
        committee.committee_channel = "CPRIVATE"
        assert ideas.thread_root(session, idea).channel == "CPRIVATE"


def test_the_same_form_submitted_twice_is_one_idea(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, author = submitted(session, key="view:V1")
        assert ideas.submit(session, author, committee, PROPOSAL, now=LATER, key="view:V1") is idea
        assert ideas.submit(session, author, committee, PROPOSAL, now=LATER, key="view:V2").number == 2


def test_an_import_key_counts_in_its_own_committee_only(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, author = submitted(session, import_key="row-7")
        assert ideas.submit(session, author, committee, PROPOSAL, now=NOW, import_key="row-7") is idea
        other = builders.committee(session)
        assert ideas.submit(session, author, other, PROPOSAL, now=NOW, import_key="row-7") is not idea


def test_numbers_stay_unique_and_without_gaps_when_many_submit_at_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee, author = builders.committee(session), builders.person(session)

    def act(session: Session, n: int) -> int:
        mine, here = session.get_one(Person, author.id), session.get_one(Committee, committee.id)
        return ideas.submit(session, mine, here, PROPOSAL, now=NOW, key=f"view:{n % 6}").number

    numbers = at_once(sessions, 12, act)
    assert sorted(set(numbers)) == [1, 2, 3, 4, 5, 6]
    assert all(numbers.count(number) == 2 for number in numbers)


def test_an_edit_keeps_the_old_words(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, author = submitted(session)
        better = Proposal(title="Print less", problem=PROPOSAL.problem, effect="Fewer trees")
        ideas.edit(session, author, idea, better, now=LATER)
        ideas.edit(session, author, idea, better, now=LATER)
        assert (idea.title, idea.effect) == ("Print less", "Fewer trees")
        details = list(session.scalars(sa.select(Event.detail).where(Event.kind == "idea.edit")))
        assert details == [{"before": {"title": "Print on both sides", "effect": ""}}]


def test_words_stay_as_they_are_once_people_decide_on_them(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee, author = builders.committee(session), builders.person(session)
        idea = builders.idea(session, committee, author, state=IdeaState.IN_REVIEW)
        with pytest.raises(Gone, match="being voted on"):
            ideas.edit(session, author, idea, PROPOSAL, now=NOW)


def test_a_declined_author_hears_why_and_can_be_given_another_chance(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, author = submitted(session)
        chair = builders.chair(session, committee)
        decision = ideas.decline(session, chair, idea, " No budget this year ", now=NOW)
        assert (idea.state, idea.decision_id, idea.answered_at) == (IdeaState.DECLINED, decision.id, NOW)
        assert (decision.reason, decision.decided_by_id, decision.ballot_id) == ("No budget this year", chair.id, None)
        told = session.scalars(sa.select(Notice).where(Notice.kind == "idea.declined")).one()
        assert (told.person_id, told.about_id) == (author.id, decision.id)
        ideas.reopen(session, chair, idea, now=LATER)
        assert (idea.state, idea.decision_id, idea.answered_at) == (IdeaState.SUBMITTED, None, None)
        again = ideas.decline(session, chair, idea, "Still none", now=LATER)
        assert len(list(session.scalars(sa.select(Decision)))) == 2
        assert idea.decision_id == again.id


def test_a_decline_needs_a_reason_and_leaves_no_trace_without_one(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, _ = submitted(session)
        with pytest.raises(WorkflowError, match="Say why") as refused:
            ideas.decline(session, builders.chair(session, committee), idea, " \u200b ", now=NOW)
        assert refused.value.field == "why"
        assert session.scalar(sa.select(Decision.id)) is None


def test_a_second_decline_is_refused_politely(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, _ = submitted(session)
        chair = builders.chair(session, committee)
        ideas.decline(session, chair, idea, "No", now=NOW)
        with pytest.raises(Gone, match="has been declined"):
            ideas.decline(session, chair, idea, "No", now=NOW)


def test_withdrawing_keeps_the_reason(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, author = submitted(session)
        ideas.withdraw(session, author, idea, "Found a better way", now=NOW)
        event = session.scalars(sa.select(Event).where(Event.kind == "idea.withdraw")).one()
        assert (idea.state, event.why, event.actor_id) == (IdeaState.WITHDRAWN, "Found a better way", author.id)


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"title": ""}, "title", "Give your idea a title"),
        ({"title": None}, "title", "Give your idea a title"),
        ({"title": " \u200b\u2060 "}, "title", "Give your idea a title"),
        ({"title": "\u3164\u2800"}, "title", "Give your idea a title"),
        ({"title": "x" * 10_000}, "title", "10,000 characters; please keep it to 140"),
        ({"problem": "\n \t"}, "problem", "Say what the hassle is"),
        ({"problem": "x" * 3001}, "problem", "3,001 characters; please keep it to 3,000"),
        ({"proposal": "x" * 3001}, "proposal", "keep it to 3,000"),
        ({"effect": "x" * 3001}, "effect", "keep it to 3,000"),
    ],
)
def test_words_that_cannot_be_taken_get_a_sentence(told: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(WorkflowError, match=sentence) as refused:
        Proposal.model_validate({"title": "T", "problem": "P", **told})
    assert refused.value.field == field


def test_a_title_is_one_line_and_other_texts_keep_theirs() -> None:
    told = Proposal(title=" a\n b\t c ", problem="one\r\ntwo\x00")
    assert (told.title, told.problem) == ("a b c", "one\ntwo")


@examples(40, HealthCheck.function_scoped_fixture)
@given(title=EVERY_CHARACTER, problem=EVERY_CHARACTER)
def test_whatever_is_typed_is_stored_or_refused_with_a_sentence(sessions: Sessions, title: str, problem: str) -> None:
    try:
        proposal = Proposal(title=title, problem=problem)
    except WorkflowError:
        return
    with sessions.begin(WORKSPACE) as session:
        known = session.scalar(sa.select(Idea.number))
        idea = ideas.by_number(session, known) if known else submitted(session)[0]
        ideas.edit(session, idea.author, idea, proposal, now=NOW)
        session.expire(idea, ["title", "problem"])
        assert (idea.title, idea.problem) == (proposal.title, proposal.problem)


def test_the_author_of_the_message_an_idea_was_made_of_is_credited(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        writer = builders.person(session)
        source = Source(author=writer, permalink="https://x.slack.com/archives/C1/p1", text="The \x00queue")
        idea, _, author = submitted(session, source=source)
        assert (idea.author_id, idea.source_author_id, idea.source_text) == (author.id, writer.id, "The queue")


def test_guests_may_submit_and_support(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        guest, other = builders.person(session, is_guest=True), builders.person(session, is_guest=True)
        idea = ideas.submit(session, guest, committee, PROPOSAL, now=NOW)
        assert ideas.support(session, other, idea, now=NOW)


@pytest.mark.parametrize("kind", [{"active": False}, {"is_bot": True}, {"is_stranger": True}])
def test_bots_strangers_and_the_departed_do_nothing(sessions: Sessions, kind: dict[str, bool]) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, _ = submitted(session)
        nobody = builders.person(session, **kind)
        with pytest.raises(NotAllowed):
            ideas.submit(session, nobody, committee, PROPOSAL, now=NOW)
        with pytest.raises(NotAllowed):
            ideas.support(session, nobody, idea, now=NOW)


def test_an_idea_is_found_by_its_number_in_its_own_workspace_only(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, _ = submitted(session)
        assert ideas.by_number(session, 1) is idea
        with pytest.raises(Gone, match="no idea #2 here"):
            ideas.by_number(session, 2)
    with sessions.begin("T0OTHER") as session:
        with pytest.raises(Gone):
            ideas.by_number(session, 1)
        with pytest.raises(Gone):
            ideas.get(session, idea.id)
        assert submitted(session)[0].number == 1


def test_a_dissolved_committee_takes_no_more_ideas(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        _, committee, author = submitted(session)
        committee.dissolved_at = NOW
        with pytest.raises(Gone, match="takes no more ideas"):
            ideas.submit(session, author, committee, PROPOSAL, now=LATER)
