"""Who was seen, what is known of them, and whose Home has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Notice, NoticeState, Person
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import homes, notices, people
from workflows.people import Profile


def test_somebody_is_seen_once_however_often_they_come(sessions: Sessions) -> None:
    for _ in range(2):
        with sessions.begin(WORKSPACE) as session:
            first = people.seen(session, WORKSPACE, "U1", now=NOW)
            assert people.seen(session, WORKSPACE, "U1", now=NOW) is first
            assert people.of(session, "U1") is first
            assert session.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_the_same_slack_id_in_two_workspaces_is_two_people(sessions: Sessions) -> None:
    with sessions.everywhere() as session:
        one = people.seen(session, "T1", "U1", now=NOW)
        two = people.seen(session, "T2", "U1", now=NOW)
        assert one.id != two.id
    with sessions.begin("T2") as session:
        assert getattr(people.of(session, "U1"), "id", None) == two.id


def test_the_directory_is_believed_except_for_a_zone_that_does_not_exist(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        someone = builders.person(session, "Dev", tz="Asia/Kolkata")
        told = Profile(slack_id="U1", name="Deva", tz="Nowhere/Atall", is_admin=True, active=False)
        people.refresh(someone, told, NOW)
        assert (someone.name, someone.tz, someone.is_admin, someone.active) == ("Deva", "Asia/Kolkata", True, False)


def test_an_erased_person_stays_erased(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        gone = builders.person(session, "Gone")
        gone.slack_id, gone.name, gone.erased_at = None, "", NOW
        people.refresh(gone, Profile(slack_id="U1", name="Back"), NOW)
        assert gone.name == ""


def test_whoever_acts_is_known_for_a_day_and_the_others_for_a_week(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        fresh, old, older = (builders.person(session) for _ in range(3))
        never = people.seen(session, WORKSPACE, "UNEVER", now=NOW)
        old.refreshed_at, older.refreshed_at = NOW - timedelta(days=2), NOW - timedelta(days=8)
        session.flush()
        assert people.due_for_refresh(session, NOW) == [never, older]
        assert people.due_for_refresh(session, NOW, limit=1) == [never]
        asked = [str(p.slack_id) for p in (fresh, old, older, never)] + ["UNSEEN", "UNSEEN"]
        assert people.unknown(session, asked, NOW) == [old.slack_id, older.slack_id, "UNEVER", "UNSEEN"]


def wanted(session: Session, person: Person) -> int | None:
    notices.settle(session)
    return session.scalar(sa.select(Notice.wanted).where(Notice.key == homes.key(person)))


def test_a_home_is_made_when_it_is_first_opened_and_shown_afresh_after(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        person = builders.person(session)
        homes.opened(session, person, NOW)
        assert wanted(session, person) == 1
        homes.opened(session, person, NOW)
        assert wanted(session, person) == 2


def test_people_who_never_opened_home_cost_nothing(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        opened, never = builders.person(session), builders.person(session)
        homes.opened(session, opened, NOW)
        homes.touch(session, [opened.id, never.id, opened.id], NOW)
        homes.touch(session, [], NOW)
        notices.settle(session)
        assert session.scalars(sa.select(Notice.wanted)).all() == [2]


def test_a_home_nobody_looks_at_waits_until_it_is_opened(sessions: Sessions) -> None:
    later = NOW + timedelta(days=15)
    with sessions.begin(WORKSPACE) as session:
        person = builders.person(session)
        homes.opened(session, person, NOW)
        homes.touch(session, [person.id], later)
        assert wanted(session, person) == 1
        homes.opened(session, person, later)
        assert wanted(session, person) == 2
        homes.touch(session, [person.id], later)
        assert wanted(session, person) == 3


def test_a_page_stays_turned_until_home_is_opened_again(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        person = builders.person(session)
        homes.turn(session, person, "ideas", 2, NOW)
        homes.opened(session, person, NOW)
        homes.turn(session, person, "ideas", 2, NOW)
        homes.turn(session, person, "waiting", 3, NOW)
        home = session.scalars(sa.select(Notice)).one()
        assert home.detail == {"ideas": 2, "waiting": 3}
        homes.opened(session, person, NOW)
        assert home.detail is None


@pytest.mark.parametrize("state", [NoticeState.PARKED, NoticeState.DROPPED])
def test_a_home_slack_once_refused_is_tried_again_when_opened(sessions: Sessions, state: NoticeState) -> None:
    with sessions.begin(WORKSPACE) as session:
        person = builders.person(session)
        homes.opened(session, person, NOW)
        home = session.scalars(sa.select(Notice)).one()
        home.state, home.error = state, "not_enabled"
        session.flush()
        homes.opened(session, person, NOW + timedelta(hours=1))
        session.refresh(home)
        assert (home.state, home.due_at, home.attempts) == (NoticeState.OWED, NOW + timedelta(hours=1), 0)
