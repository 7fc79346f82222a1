"""No statement of a session reaches another workspace, however it is written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload, sessionmaker

from db import tenancy
from db.engine import Sessions
from db.models import Committee, Idea, Member, Person, Receipt, Workspace
from db.once import insert_once
from db.tenancy import OutsideWorkspace
from tests.db.rows import NOW


@pytest.fixture
def twins(sessions: Sessions) -> Sessions:
    """Two workspaces, A and B, with the same Slack ids and numbers; people are named after their workspace."""
    for workspace in "AB":
        with sessions.begin(workspace) as session:
            _furnish(session, workspace)
    return sessions


def _furnish(session: Session, name: str) -> None:
    session.add(Workspace(id=name, created_at=NOW))
    session.flush()
    person = Person(slack_id="U1", name=name)
    session.add(person)
    session.flush()
    committee = Committee(
        name="Committee",
        intake_channel="C1",
        committee_channel="C2",
        digest_channel="C3",
        tz="UTC",
        charter={},
        framework={},
        created_at=NOW,
    )
    session.add(committee)
    session.flush()
    session.add(Member(committee_id=committee.id, person_id=person.id, since=NOW))
    session.add(
        Idea(
            number=1,
            committee_id=committee.id,
            author_id=person.id,
            title=name,
            problem="p",
            submitted_at=NOW,
            state_since=NOW,
            answer_due=NOW,
        )
    )


Other = aliased(Person)
PEOPLE = sa.select(Person.name)
READS: dict[str, sa.Executable] = {
    "a column": PEOPLE,
    "an entity's column among others": sa.select(Person.name, Person.id),
    "an alias": sa.select(Other.name),
    "a join": sa.select(Person.name).join(Idea, Idea.author_id == Person.id),
    "an outer join from what is no table of a workspace": sa.select(Workspace.id).outerjoin(
        Person, Person.workspace_id == Workspace.id
    ),
    "a subquery": sa.select(PEOPLE.subquery()),
    "a CTE": sa.select(PEOPLE.cte()),
    "a union": sa.union_all(PEOPLE, sa.select(Idea.title)),
    "a subquery in IN": sa.select(Idea.title).where(Idea.author_id.in_(sa.select(Person.id))),
    "a scalar subquery": sa.select(sa.select(sa.func.max(Person.name)).scalar_subquery().label("name")).where(
        sa.exists(sa.select(Person.id))
    ),
    "the workspaces": sa.select(Workspace.id),
    "an aggregate": sa.select(sa.func.max(Person.name)),
    "a lock": PEOPLE.with_for_update(),
}


@pytest.mark.parametrize("statement", READS.values(), ids=READS.keys())
@pytest.mark.parametrize("workspace", ["A", "B"])
def test_a_select_sees_its_own_workspace_only(twins: Sessions, workspace: str, statement: sa.Executable) -> None:
    with twins.begin(workspace) as session:
        assert {row[0] for row in session.execute(statement)} == {workspace}


@pytest.mark.parametrize("statement", READS.values(), ids=READS.keys())
def test_a_statement_asked_plainly_sees_its_own_workspace_or_is_refused(
    twins: Sessions, statement: sa.Executable
) -> None:
    for workspace in "AB":
        with twins.begin(workspace) as session, suppress(OutsideWorkspace):
            assert {row[0] for row in tenancy.plainly(session, statement, {})} == {workspace}


def test_an_exists_inside_a_statement_is_kept_inside_too(twins: Sessions) -> None:
    theirs = sa.exists().where(Person.name == "B")
    with twins.begin("A") as session:
        assert session.scalars(sa.select(Idea.title).where(theirs)).all() == []


def test_a_row_of_another_workspace_is_not_there_when_asked_for_by_its_id(twins: Sessions) -> None:
    with twins.everywhere() as session:
        theirs = session.scalars(sa.select(Person.id).where(Person.workspace_id == "B")).one()
    with twins.begin("A") as session:
        assert session.get(Person, theirs) is None
        assert session.get(Person, theirs, with_for_update=True) is None
        assert session.get(Workspace, "B") is None


def test_relationships_load_what_belongs_to_the_workspace(twins: Sessions) -> None:
    loads = (
        sa.select(Committee).options(selectinload(Committee.members).joinedload(Member.person)),
        sa.select(Committee).options(joinedload(Committee.members).selectinload(Member.person)),
        sa.select(Committee)
        .join(Committee.members)
        .join(Member.person)
        .options(contains_eager(Committee.members).contains_eager(Member.person)),
    )
    for load in loads:
        with twins.begin("A") as session:
            committees = session.scalars(load).unique().all()
            assert [member.person.name for one in committees for member in one.members] == ["A"]


def test_bulk_updates_and_deletes_stay_inside(twins: Sessions) -> None:
    with twins.begin("A") as session:
        tenancy.plainly(session, sa.update(Person).values(name="renamed"), {})
        session.execute(sa.delete(Idea))
    with twins.everywhere() as session:
        assert sorted(session.scalars(PEOPLE)) == ["B", "renamed"]
        assert session.scalars(sa.select(Idea.title)).all() == ["B"]


def _stranger(session: Session) -> Person:
    person = Person(workspace_id="B", slack_id="U2")
    session.add(person)
    return person


def _moved(session: Session) -> None:
    session.scalars(sa.select(Person)).one().workspace_id = "B"
    session.flush()


CROSSINGS: dict[str, Callable[[Session], Any]] = {
    "add a row of another workspace": lambda session: (_stranger(session), session.flush()),
    "move a row to another workspace": _moved,
    "merge a row of another workspace": lambda session: session.merge(Person(id=2, workspace_id="B", slack_id="U9")),
    "make another workspace": lambda session: (session.add(Workspace(id="C", created_at=NOW)), session.flush()),
    "insert once elsewhere": lambda session: insert_once(session, Person, workspace_id="B", slack_id="U2"),
    "insert once another workspace": lambda session: insert_once(session, Workspace, id="C", created_at=NOW),
    "insert by statement": lambda session: session.execute(sa.insert(Person).values(workspace_id="B", slack_id="U2")),
    "insert many by statement": lambda session: session.execute(
        sa.insert(Person), [{"workspace_id": "B", "slack_id": "U2"}]
    ),
    "read a bare table": lambda session: session.execute(sa.select(Person.__table__.c.name)),
    "write a bare table": lambda session: session.execute(sa.update(Person.__table__).values(name="x")),
    "write a bare table plainly": lambda session: tenancy.plainly(
        session, sa.update(Person.__table__).values(name="x"), {}
    ),
    "insert plainly": lambda session: tenancy.plainly(
        session, sa.insert(Person).values(workspace_id="B", slack_id="U2"), {}
    ),
    "read by text": lambda session: session.execute(sa.text("SELECT name FROM person")),
}


@pytest.mark.parametrize("cross", CROSSINGS.values(), ids=CROSSINGS.keys())
def test_what_cannot_be_kept_inside_is_refused(twins: Sessions, cross: Callable[[Session], Any]) -> None:
    with pytest.raises(OutsideWorkspace), twins.begin("A") as session:
        cross(session)
    with twins.everywhere() as session:
        assert sorted(session.scalars(PEOPLE)) == ["A", "B"]


def test_a_session_of_no_workspace_can_do_nothing(twins: Sessions) -> None:
    maker = sessionmaker(twins.engine)
    tenancy.guard(maker)
    with maker() as session:
        with pytest.raises(OutsideWorkspace):
            session.scalars(PEOPLE).all()
        session.add(Person(workspace_id="A", slack_id="U2"))
        with pytest.raises(OutsideWorkspace):
            session.flush()


def test_a_session_for_everywhere_sees_all_and_is_told_where_to_write(twins: Sessions) -> None:
    with twins.everywhere() as session:
        assert sorted(session.scalars(PEOPLE)) == ["A", "B"]
        session.add(Person(workspace_id="B", slack_id="U2", name="new"))
    with twins.begin("B") as session:
        assert sorted(session.scalars(PEOPLE)) == ["B", "new"]


def test_a_new_row_is_given_the_workspace_of_its_session(twins: Sessions) -> None:
    with twins.begin("A") as session:
        person = Person(slack_id="U2")
        session.add(person)
        session.flush()
        assert person.workspace_id == "A"
        assert insert_once(session, Person, slack_id="U3") is not None


def test_what_belongs_to_no_workspace_is_open_to_every_session(twins: Sessions) -> None:
    with twins.begin("A") as session:
        session.add(Receipt(key="Ev1", received_at=NOW))
    with twins.begin("B") as session:
        assert session.get(Receipt, "Ev1") is not None
