"""Wrong states are impossible, not just unlikely: each CHECK, UNIQUE and foreign key is shown to refuse a wrong row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.models import (
    Ballot,
    Base,
    Committee,
    Decision,
    Digest,
    Elector,
    Idea,
    Intervention,
    Member,
    Notice,
    Owned,
    Person,
    Question,
    Vote,
)
from tests import conftest, databases
from tests.db.rows import LATER, NOW, OTHERS, ROWS, Row, build_world, fresh, row

CLOSED: Row = {"state": "closed", "verdict": {}, "outcome": "approved", "closed_at": LATER}
ACCEPTED: Row = {"state": "accepted", "accepted_at": NOW}
CLAIMED: Row = {**ACCEPTED, "state": "claimed", "claimed_at": NOW, "claimed_by_id": 1}
DONE: Row = {**CLAIMED, "state": "done", "confirmed_at": NOW, "confirmed_by_id": 2}

RIGHT: list[tuple[type[Base], Row]] = [
    (Ballot, CLOSED),
    (Ballot, {"state": "awaiting", "verdict": {}, "waits_for_id": 1}),
    (Ballot, {**CLOSED, "casting": "approve", "casting_at": NOW}),
    (Intervention, ACCEPTED),
    (Intervention, CLAIMED),
    (Intervention, DONE),
    (Intervention, {"state": "cancelled"}),
    (Intervention, {"state": "countered", "proposed_due_on": LATER.date()}),
    (Intervention, {"state": "handed_back", "handed_back_why": "No time"}),
    (Person, {"slack_id": None, "erased_at": NOW}),
    (Notice, {"state": "sent", "sent_at": NOW, "shown": 1}),
    (Notice, {"state": "parked", "error": "is_archived"}),
    (Notice, {"channel": None, "person_id": 1}),
    (Digest, {"skipped": True, "notice_id": None}),
    (Question, {"answer": "Daily", "answered_at": NOW}),
    (Vote, {"choice": "object", "reason": "It harms people"}),
    (Decision, {"ballot_id": None, "decided_by_id": 1}),
]

WRONG: list[tuple[str, type[Base], Row]] = [
    ("erased_has_no_slack_id", Person, {"slack_id": None}),
    ("erased_has_no_slack_id", Person, {"erased_at": NOW}),
    ("digest_weekday_is_iso", Committee, {"digest_weekday": 0}),
    ("digest_hour_is_an_hour", Committee, {"digest_hour": 24}),
    ("review_hour_is_an_hour", Committee, {"review_hour": -1}),
    ("reminder_hour_is_an_hour", Committee, {"reminder_hour": 25}),
    ("promises_are_positive", Committee, {"answer_days": 0}),
    ("promises_are_positive", Committee, {"review_days": -3}),
    ("week_has_a_working_day", Committee, {"week_days": ""}),
    ("no_proxy_to_oneself", Member, {"proxy_id": 1}),
    ("decided_means_a_decision", Idea, {"state": "approved", "answered_at": NOW}),
    ("decided_means_a_decision", Idea, {"state": "declined", "answered_at": NOW}),
    ("decided_means_answered", Idea, {"state": "done", "decision_id": 1}),
    ("title_fits", Idea, {"title": ""}),
    ("title_fits", Idea, {"title": "x" * 151}),
    ("problem_is_told", Idea, {"problem": ""}),
    ("counts_are_counts", Idea, {"support_count": -1}),
    ("counts_are_counts", Idea, {"scored_by": -1}),
    ("answered_means_an_answer", Question, {"answer": "Daily"}),
    ("answered_means_an_answer", Question, {"answered_at": NOW}),
    ("something_is_asked", Question, {"text": ""}),
    ("closed_means_a_verdict", Ballot, {"state": "closed"}),
    ("closed_means_a_verdict", Ballot, {**CLOSED, "outcome": None}),
    ("closed_means_a_verdict", Ballot, {"verdict": {}}),
    ("closed_means_a_verdict", Ballot, {"outcome": "approved"}),
    ("awaiting_means_somebody", Ballot, {"state": "awaiting", "verdict": {}}),
    ("awaiting_means_somebody", Ballot, {"waits_for_id": 1}),
    ("closes_after_opening", Ballot, {"closes_at": NOW}),
    ("casting_decides", Ballot, {"casting": "abstain", "casting_at": NOW}),
    ("casting_has_a_time", Ballot, {"casting": "approve"}),
    ("counts_are_counts", Ballot, {"seats": 0}),
    ("counts_are_counts", Ballot, {"extended": -1}),
    ("no_proxy_to_oneself", Elector, {"proxy_id": 17}),
    ("dissent_has_a_reason", Vote, {"choice": "decline"}),
    ("dissent_has_a_reason", Vote, {"choice": "object", "reason": ""}),
    ("dissent_has_a_reason", Vote, {"choice": "approve_with_conditions"}),
    ("decided_by_ballot_or_person", Decision, {"ballot_id": None}),
    ("countered_means_a_date", Intervention, {"state": "countered"}),
    ("countered_means_a_date", Intervention, {"proposed_due_on": LATER.date()}),
    ("handed_back_means_a_reason", Intervention, {"state": "handed_back"}),
    ("work_means_acceptance", Intervention, {"state": "accepted"}),
    ("claimed_means_a_claim", Intervention, {**CLAIMED, "claimed_by_id": None}),
    ("claimed_means_a_claim", Intervention, {**ACCEPTED, "claimed_at": NOW, "claimed_by_id": 1}),
    ("claimed_means_a_claim", Intervention, {**ACCEPTED, "claimed_by_id": 1}),
    ("done_means_confirmed", Intervention, {**DONE, "confirmed_by_id": None}),
    ("done_means_confirmed", Intervention, {**CLAIMED, "confirmed_at": NOW, "confirmed_by_id": 2}),
    ("two_pairs_of_eyes", Intervention, {**DONE, "confirmed_by_id": 1}),
    ("to_a_channel_or_a_person", Notice, {"person_id": 1}),
    ("to_a_channel_or_a_person", Notice, {"channel": None}),
    ("sent_means_a_time", Notice, {"state": "sent"}),
    ("sent_means_a_time", Notice, {"sent_at": NOW}),
    ("parked_means_an_error", Notice, {"state": "parked"}),
    ("a_thread_has_a_parent", Notice, {"in_thread": True}),
    ("nobody_saw_the_future", Notice, {"shown": 2}),
    ("told_or_skipped", Digest, {"skipped": True}),
    ("told_or_skipped", Digest, {"notice_id": None}),
    ("a_week_has_length", Digest, {"until": NOW}),
]

KNOWN = [
    (model, column.name)
    for model in ROWS
    for column in model.__table__.c
    if isinstance(column.type, sa.Enum)
]  # fmt: skip
UNIQUE = [
    (model, constraint)
    for model in ROWS
    for constraint in sorted(model.__table__.constraints, key=lambda one: str(one.name))  # type: ignore[attr-defined]  # a Table
    if isinstance(constraint, sa.UniqueConstraint) and "id" not in constraint.columns
]
PARTIAL: list[tuple[str, type[Base], Row]] = [
    ("uq_member_one_seat_a_person", Member, {"person_id": 5}),
    ("uq_member_one_chair_one_deputy", Member, {"role": "chair"}),
]
OTHERWISE_RIGHT: dict[tuple[type[Base], str], Row] = {
    (Idea, "decision_id"): {"state": "approved", "answered_at": NOW},
    (Ballot, "idea_id"): {**CLOSED, "round": 2},
    (Ballot, "waits_for_id"): {"state": "awaiting", "verdict": {}},
    (Intervention, "claimed_by_id"): CLAIMED,
    (Intervention, "confirmed_by_id"): DONE,
    (Notice, "person_id"): {"channel": None},
}
REFERENCES = [
    (model, reference)
    for model in ROWS
    if issubclass(model, Owned)
    for reference in sorted(model.__table__.foreign_key_constraints, key=lambda one: str(one.name))  # type: ignore[attr-defined]  # a Table
    if str(reference.name).endswith("_tie")
]


@pytest.fixture(scope="module", params=conftest.BOTH)
def world(request: pytest.FixtureRequest) -> Iterator[Sessions]:
    kind = "postgres_databases" if request.param == "postgresql" else "sqlite_databases"
    with request.getfixturevalue(kind).new() as url, databases.open_engine(url) as engine:
        sessions = Sessions(engine)
        with sessions.everywhere() as session:
            build_world(session)
        yield sessions


def execute(world: Sessions, *statements: sa.Executable) -> None:
    """Run statements, see whether the database takes them, and take them back."""
    with world.everywhere() as session, session.begin_nested() as savepoint:
        for statement in statements:
            session.execute(statement)
        savepoint.rollback()


def insert(world: Sessions, *rows: tuple[type[Base], Row]) -> None:
    execute(world, *(sa.insert(model).values(**values) for model, values in rows))


def refused(world: Sessions, *rows: tuple[type[Base], Row]) -> str:
    with pytest.raises(sa.exc.IntegrityError) as caught:
        insert(world, *rows)
    return str(caught.value.orig)


@pytest.mark.parametrize("model", list(ROWS), ids=lambda model: model.__tablename__)
def test_a_right_row_is_taken(world: Sessions, model: type[Base]) -> None:
    insert(world, (model, fresh(model)), (model, fresh(model, 2)))


@pytest.mark.parametrize(("model", "values"), RIGHT)
def test_a_row_in_another_right_state_is_taken(world: Sessions, model: type[Base], values: Row) -> None:
    insert(world, (model, fresh(model) | values))


@pytest.mark.parametrize(("name", "model", "values"), WRONG)
def test_a_row_that_contradicts_itself_is_refused(world: Sessions, name: str, model: type[Base], values: Row) -> None:
    assert f"ck_{model.__tablename__}_{name}" in refused(world, (model, fresh(model) | values))


@pytest.mark.parametrize(("model", "column"), KNOWN)
def test_a_word_outside_its_closed_list_is_refused(world: Sessions, model: type[Base], column: str) -> None:
    said = refused(world, (model, fresh(model) | {column: sa.literal_column("'nonsense'")}))
    assert f"ck_{model.__tablename__}_" in said


def test_every_check_constraint_has_a_row_that_it_refuses() -> None:
    shown = {f"ck_{model.__tablename__}_{name}" for name, model, _ in WRONG}
    checks = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint) and "_known_" not in str(constraint.name)
    }
    assert shown == checks


@pytest.mark.parametrize(("model", "constraint"), UNIQUE, ids=lambda it: getattr(it, "name", None))
def test_the_same_key_twice_is_refused(world: Sessions, model: type[Base], constraint: sa.UniqueConstraint) -> None:
    others = CLOSED if model is Ballot else {}
    first, second = fresh(model) | others, fresh(model, 2) | others
    second |= {name: first[name] for name in constraint.columns.keys()}  # noqa: SIM118  # no dict
    said = refused(world, (model, first), (model, second))
    named = [f"{model.__tablename__}.{column.name}" for column in constraint.columns]
    assert str(constraint.name) in said or all(name in said for name in named)


@pytest.mark.parametrize(("name", "model", "values"), PARTIAL)
def test_the_same_standing_twice_is_refused(world: Sessions, name: str, model: type[Base], values: Row) -> None:
    said = refused(world, (model, fresh(model) | values), (model, fresh(model, 2) | values))
    assert name in said or f"UNIQUE constraint failed: {model.__tablename__}." in said


@pytest.mark.parametrize(("model", "reference"), REFERENCES, ids=lambda it: getattr(it, "name", None))
def test_a_reference_into_another_workspace_is_refused(
    world: Sessions, model: type[Base], reference: sa.ForeignKeyConstraint
) -> None:
    column = reference.column_keys[1]
    values = fresh(model) | OTHERWISE_RIGHT.get((model, column), {}) | {column: OTHERS}
    assert "foreign key" in refused(world, (model, values)).lower()


@pytest.mark.parametrize(
    "model", [model for model in ROWS if issubclass(model, Owned)], ids=lambda it: it.__tablename__
)
def test_a_row_of_a_workspace_that_is_not_there_is_refused(world: Sessions, model: type[Base]) -> None:
    assert "foreign key" in refused(world, (model, fresh(model) | {"workspace_id": "NOWHERE"})).lower()


def test_a_reference_to_nothing_is_refused(world: Sessions) -> None:
    assert "foreign key" in refused(world, (Idea, fresh(Idea) | {"author_id": 12345})).lower()


def test_a_vote_of_somebody_who_is_no_elector_is_refused(world: Sessions) -> None:
    assert "foreign key" in refused(world, (Vote, row(Vote, 20))).lower()


def test_an_idea_cannot_rest_on_the_decision_about_another(world: Sessions) -> None:
    wrong = sa.update(Idea).where(Idea.id == 2).values(state="approved", decision_id=1, answered_at=NOW)
    with pytest.raises(sa.exc.IntegrityError):
        execute(world, wrong)


def test_a_decision_cannot_rest_on_a_ballot_about_another_idea(world: Sessions) -> None:
    assert "foreign key" in refused(world, (Decision, fresh(Decision) | {"ballot_id": 8})).lower()


def test_an_idea_with_its_own_decision_is_taken(world: Sessions) -> None:
    execute(world, sa.update(Idea).where(Idea.id == 1).values(state="approved", decision_id=1, answered_at=NOW))


def test_a_second_round_waits_for_the_first_to_close(world: Sessions) -> None:
    first, second = fresh(Ballot), fresh(Ballot, 2) | {"idea_id": 13, "round": 2}
    said = refused(world, (Ballot, first), (Ballot, second))
    assert "uq_ballot_one_open_an_idea" in said or "UNIQUE constraint failed: ballot.idea_id" in said
    insert(world, (Ballot, first | CLOSED), (Ballot, second))


def test_somebody_who_left_may_take_a_seat_again(world: Sessions) -> None:
    seats = [fresh(Member, n) | {"person_id": 5} for n in (1, 2, 3)]
    left = {"until": NOW + timedelta(days=1)}
    insert(world, (Member, seats[0] | left), (Member, seats[1] | left), (Member, seats[2]))
