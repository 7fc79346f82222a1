"""Gestures at the same moment: none may wait for another that waits for it, none may hold up all others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Committee, Intervention, Notice, Person, Reminder
from tests import builders
from tests.builders import NOW, WORKSPACE
from tests.workflows.work_scene import DUE, approved, plan
from workflows import committees, homes, ideas, interventions, notices, people, reminders

pytestmark = pytest.mark.postgresql
PATIENCE_S = 10
A_MOMENT_S = 0.5


def at_once(*deeds: Callable[[], None]) -> None:
    """Do them all, each in a thread of its own; raise what the first to fail raised."""
    with ThreadPoolExecutor(len(deeds)) as pool:
        for begun in [pool.submit(deed) for deed in deeds]:
            begun.result(PATIENCE_S)


def cards_of(session: Session, ids: Sequence[int]) -> list[int]:
    asked = sa.select(Notice.wanted).where(Notice.about_id.in_(ids), Notice.kind == "test.card").order_by(Notice.id)
    return list(session.scalars(asked))


def test_two_gestures_that_change_the_same_cards_in_opposite_order_both_succeed(postgresql: Sessions) -> None:
    with postgresql.begin(WORKSPACE) as session:
        builders.workspace(session)
        for n in (1, 2):
            notices.owe(session, "test.card", f"card:{n}", about_id=n, channel="C1", card=True, now=NOW)
    meet = threading.Barrier(2)

    def change(*order: int) -> None:
        with postgresql.begin(WORKSPACE) as session:
            notices.refresh(session, order[0], ["test.card"])
            meet.wait(PATIENCE_S)
            notices.refresh(session, order[1], ["test.card"])

    at_once(lambda: change(1, 2), lambda: change(2, 1))
    with postgresql.begin(WORKSPACE) as session:
        assert cards_of(session, [1, 2]) == [3, 3]


def test_homes_and_cards_touched_in_any_order_do_not_deadlock(postgresql: Sessions) -> None:
    with postgresql.begin(WORKSPACE) as session:
        person = builders.person(session)
        homes.opened(session, person, NOW)
        notices.owe(session, "test.card", "card", about_id=1, channel="C1", card=True, now=NOW)
    meet = threading.Barrier(2)

    def change(home_first: bool) -> None:
        steps = [
            lambda session: homes.touch(session, [person.id], NOW),
            lambda session: notices.refresh(session, 1, ["test.card"]),
        ]
        with postgresql.begin(WORKSPACE) as session:
            first, second = steps if home_first else reversed(steps)
            first(session)
            meet.wait(PATIENCE_S)
            second(session)

    at_once(lambda: change(True), lambda: change(False))


def test_however_often_a_gesture_changes_a_card_it_is_stale_once(postgresql: Sessions) -> None:
    with postgresql.begin(WORKSPACE) as session:
        builders.workspace(session)
        notices.owe(session, "test.card", "card", about_id=1, channel="C1", card=True, now=NOW)
    with postgresql.begin(WORKSPACE) as session:
        for _ in range(5):
            notices.refresh(session, 1, ["test.card"])
    with postgresql.begin(WORKSPACE) as session:
        assert cards_of(session, [1]) == [2]


def impatient(session: Session) -> None:
    """Rather fail than wait for a lock."""
    session.connection().exec_driver_sql(f"SET LOCAL lock_timeout = '{int(A_MOMENT_S * 1000)}ms'")


def test_an_idea_on_its_way_in_holds_up_nobody_else_in_the_workspace(postgresql: Sessions) -> None:
    with postgresql.begin(WORKSPACE) as session:
        committee, author = builders.committee(session), builders.person(session, "Alice")
    with postgresql.begin(WORKSPACE) as slow:
        home = slow.get_one(Committee, committee.id)
        who = slow.get_one(Person, author.id)
        ideas.submit(slow, who, home, ideas.Proposal(title="A", problem="B"), now=NOW)
        with postgresql.begin(WORKSPACE) as session:
            impatient(session)
            people.seen(session, WORKSPACE, "UNEW", now=NOW)


def test_a_committee_being_set_up_holds_up_nobody_else_in_the_workspace(postgresql: Sessions) -> None:
    with postgresql.begin(WORKSPACE) as session:
        admin = builders.person(session, "Ada", is_admin=True)
    with postgresql.begin(WORKSPACE) as slow:
        draft = committees.first_draft(slow, slow.get_one(Person, admin.id), ["C9"])
        committees.set_up(slow, slow.get_one(Person, admin.id), draft, now=NOW)
        with postgresql.begin(WORKSPACE) as session:
            impatient(session)
            people.seen(session, WORKSPACE, "UNEW", now=NOW)


def _late_work(session: Session, crowd: int) -> None:
    """Work in which everybody owns one piece and sponsors another, so that all mornings overlap."""
    committee = builders.committee(session, week_days="1,2,3,4,5,6,7")
    owners = [builders.person(session, f"Owner {n}", tz="Europe/Berlin") for n in range(crowd)]
    for n, owner in enumerate(owners):
        idea = approved(session, committee)
        chair = builders.chair(session, committee)
        work = interventions.assign(session, chair, idea, plan(due_on=DUE), owner, now=NOW)
        interventions.accept(session, owner, work, now=NOW)
        work.sponsor_id = owners[(n * 7 + 3) % crowd].id
    session.flush()


SLOWLY = """
    CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.005); RETURN NEW; END $$;
    CREATE TRIGGER take_time BEFORE INSERT ON notice FOR EACH ROW EXECUTE FUNCTION take_time();
"""


def test_two_replicas_remind_the_same_people_at_once_without_a_deadlock_and_once_each(postgresql: Sessions) -> None:
    with postgresql.begin(WORKSPACE) as session:
        _late_work(session, 20)
    with postgresql.engine.begin() as connection:
        connection.exec_driver_sql(SLOWLY)
    moment = datetime.combine(DUE + timedelta(days=7), time(9, 30), UTC)
    taken = threading.Event()

    def remind() -> None:
        with postgresql.begin(WORKSPACE) as session:
            reminders.owe_due(session, moment)

    def remind_of_the_rest() -> None:
        with postgresql.begin(WORKSPACE) as session:
            half = sa.select(Intervention).where(Intervention.id % 2 == 0).order_by(Intervention.id)
            session.scalars(half.with_for_update(key_share=True)).all()
            taken.set()
            held_up.wait(PATIENCE_S)
        remind()

    def remind_of_half() -> None:
        taken.wait(PATIENCE_S)
        threading.Timer(A_MOMENT_S / 5, held_up.set).start()
        remind()

    held_up = threading.Event()
    at_once(remind_of_the_rest, remind_of_half)
    with postgresql.begin(WORKSPACE) as session:
        told = sa.select(Reminder.rung, sa.func.count()).group_by(Reminder.rung)
        assert {str(rung): count for rung, count in session.execute(told)} == {
            "late-6": 20,
            "sponsor-3": 20,
            "chair-7": 20,
        }
        assert not session.scalars(sa.select(Intervention.id).where(Intervention.remind_at <= moment)).all()


def test_what_one_replica_has_at_hand_another_passes_over_and_takes_the_rest(postgresql: Sessions) -> None:
    with postgresql.begin(WORKSPACE) as session:
        _late_work(session, 4)
    moment = datetime.combine(DUE + timedelta(days=7), time(9, 30), UTC)
    with postgresql.begin(WORKSPACE) as one, postgresql.begin(WORKSPACE) as other:
        impatient(other)
        mine, theirs = reminders.owners_due(one, moment, 2), reminders.owners_due(other, moment, 2)
        assert len({*mine, *theirs}) == 4
        assert reminders.owe_due(other, moment) == 2
