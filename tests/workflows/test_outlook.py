"""What happens next to an idea: one step for every state, with whoever has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Idea, IdeaState, InterventionKind, Person
from tests import builders
from tests.builders import NOW, WORKSPACE
from tests.workflows.asked import tell_missed
from tests.workflows.test_lifecycle import put
from workflows import ballots, ideas, interventions, progress, questions
from workflows.outlook import Next, Outlook, outlook
from workflows.plan import Plan

DUE_ON = NOW.date() + timedelta(days=30)
PLAN = Plan(title="Build it", kind=InterventionKind.PRODUCT, due_on=DUE_ON)


def scene(session: Session) -> tuple[Idea, Person]:
    """An idea and the chair of its committee."""
    committee, author = builders.committee(session), builders.person(session)
    proposal = ideas.Proposal(title="Refund button", problem="Three calls")
    return ideas.submit(session, author, committee, proposal, now=NOW), builders.chair(session, committee)


def test_a_new_idea_waits_for_the_chair_until_it_is_late(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, chair = scene(session)
        assert outlook(session, idea, NOW) == Outlook(Next.ANSWER, chair, idea.answer_due)
        assert outlook(session, idea, idea.answer_due).step is Next.ANSWER_LATE
        tell_missed(session, idea.answer_due)
        ideas.decline(session, chair, idea, "No", now=NOW)
        assert outlook(session, idea, idea.answer_due) == Outlook(Next.NOTHING, why="No")


def test_a_question_hands_it_to_the_author(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, chair = scene(session)
        questions.ask(session, chair, idea, "Why?", now=NOW)
        assert outlook(session, idea, NOW) == Outlook(Next.AUTHOR, idea.author)


def test_a_vote_is_with_the_committee_until_it_closes(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, chair = scene(session)
        ballot = ballots.open_review(session, chair, idea, now=NOW)
        assert outlook(session, idea, NOW) == Outlook(Next.VOTE, by=ballot.closes_at)


def test_approved_work_goes_from_the_chair_to_the_owner_to_the_sponsor(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, chair = scene(session)
        put(session, idea, IdeaState.APPROVED, chair)
        why, owner = "5 of 7 approved", builders.person(session)
        assert outlook(session, idea, NOW) == Outlook(Next.ASSIGN, chair, why=why)
        work = interventions.assign(session, chair, idea, PLAN, owner, now=NOW)
        assert outlook(session, idea, NOW) == Outlook(Next.ACCEPT, owner, DUE_ON, why)
        later = DUE_ON + timedelta(days=1)
        interventions.counter(session, owner, work, later, now=NOW)
        assert outlook(session, idea, NOW) == Outlook(Next.DATE, chair, later, why)
        interventions.insist(session, chair, work, now=NOW)
        interventions.accept(session, owner, work, now=NOW)
        assert outlook(session, idea, NOW) == Outlook(Next.WORK, owner, DUE_ON, why)
        progress.claim(session, owner, work, now=NOW)
        assert outlook(session, idea, NOW) == Outlook(Next.CONFIRM, chair, why=why)
        progress.confirm(session, chair, work, now=NOW)
        assert (idea.state, outlook(session, idea, NOW)) == (IdeaState.DONE, Outlook(Next.NOTHING, why=why))


def test_a_withdrawn_idea_says_why_in_its_authors_words(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _ = scene(session)
        ideas.withdraw(session, idea.author, idea, "Solved already", now=NOW)
        assert outlook(session, idea, NOW) == Outlook(Next.NOTHING, why="Solved already")


def test_a_lapsed_idea_is_with_the_chair_who_can_put_it_to_the_vote_again(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, chair = scene(session)
        put(session, idea, IdeaState.LAPSED, chair)
        assert (outlook(session, idea, NOW).step, outlook(session, idea, NOW).who) == (Next.AGAIN, chair)


@pytest.mark.parametrize("state", list(IdeaState))
def test_every_state_has_an_outlook_even_without_a_chair_a_ballot_or_work(sessions: Sessions, state: IdeaState) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, chair = scene(session)
        put(session, idea, state, chair)
        chair.active = builders.deputy(session, idea.committee).active = False
        session.flush()
        assert outlook(session, idea, NOW).who is None
