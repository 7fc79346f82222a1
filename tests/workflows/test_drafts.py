"""Drafts: one a person a form, the latest words, gone when taken."""

from __future__ import annotations

from datetime import timedelta

from db.engine import Sessions
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import drafts


def test_the_latest_words_take_the_place_of_the_older_ones(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        person = builders.person(session)
        for n in (1, 2):
            drafts.keep(session, person, "idea", {"title": f"Try {n}"}, NOW + timedelta(hours=n))
        found = drafts.peek(session, person, "idea")
        assert found is not None
        assert (found.content, found.saved_at) == ({"title": "Try 2"}, NOW + timedelta(hours=2))


def test_drafts_are_kept_apart_by_person_and_form(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        one, other = builders.person(session), builders.person(session)
        drafts.keep(session, one, "idea", {"title": "Mine"}, NOW)
        drafts.keep(session, one, "ask:1", {"text": "Why?"}, NOW)
        drafts.keep(session, other, "idea", {"title": "Theirs"}, NOW)
        drafts.forget(session, one, "idea")
        assert drafts.peek(session, one, "idea") is None
        assert drafts.take(session, one, "ask:1") == {"text": "Why?"}
        assert drafts.take(session, one, "ask:1") is None
        assert drafts.take(session, other, "idea") == {"title": "Theirs"}
