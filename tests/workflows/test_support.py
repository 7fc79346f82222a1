"""Support: counted exactly whoever clicks at once, taken back by a second click, never given to oneself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Idea, Person, Support
from tests import builders
from tests.builders import NOW, WORKSPACE
from tests.workflows.crowd import at_once
from tests.workflows.test_ideas import LATER, submitted
from workflows import ideas
from workflows.errors import Gone, WorkflowError


def test_support_is_counted_exactly_when_many_click_at_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, _ = submitted(session)
        fans = [builders.person(session).id for _ in range(8)]

    def clicks(times: int, now: datetime) -> int:
        """So many people press Support twice, all at once; how many supports stand and are counted after that."""

        def act(session: Session, n: int) -> bool:
            fan = session.get_one(Person, fans[n % times])
            return ideas.support(session, fan, session.get_one(Idea, idea.id), now=now)

        at_once(sessions, 2 * times, act)
        with sessions.begin(WORKSPACE) as session:
            counted = session.get_one(Idea, idea.id).support_count
            assert counted == session.scalar(sa.select(sa.func.count(Support.id)))
            return counted

    assert clicks(8, NOW) == 8
    assert clicks(4, LATER) == 4


def test_support_toggles_but_a_double_click_counts_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, _ = submitted(session)
        fan = builders.person(session)
        assert ideas.support(session, fan, idea, now=NOW)
        assert ideas.support(session, fan, idea, now=NOW + timedelta(milliseconds=300))
        assert (idea.support_count, ideas.supports(session, fan, idea)) == (1, True)
        assert not ideas.support(session, fan, idea, now=LATER)
        assert not ideas.support(session, fan, idea, now=LATER + timedelta(seconds=1))
        assert (idea.support_count, ideas.supports(session, fan, idea)) == (0, False)


def test_a_click_on_a_clock_that_was_put_back_is_no_double_click(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, _ = submitted(session)
        fan = builders.person(session)
        assert ideas.support(session, fan, idea, now=LATER)
        assert not ideas.support(session, fan, idea, now=LATER - timedelta(hours=1))


def test_nobody_supports_their_own_idea(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, author = submitted(session)
        with pytest.raises(WorkflowError, match="your own idea"):
            ideas.support(session, author, idea, now=NOW)


def test_a_decided_idea_needs_no_more_support(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, committee, _ = submitted(session)
        ideas.decline(session, builders.chair(session, committee), idea, "No budget", now=NOW)
        with pytest.raises(Gone, match="has been declined"):
            ideas.support(session, builders.person(session), idea, now=LATER)


def test_supporters_are_named_in_the_order_they_came(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        idea, _, _ = submitted(session)
        for name in ("Zoe", "Ann", "Mo"):
            ideas.support(session, builders.person(session, name), idea, now=NOW)
        assert [person.name for person in ideas.supporters(session, idea, 2)] == ["Zoe", "Ann"]
