"""The second lock between workspaces: every statement of a session stays inside the session's own.

A session is opened for one workspace (`Sessions.begin`) or, by jobs that serve all of them, for none in particular
(`Sessions.everywhere`). A session opened in any other way can read and write nothing at all. Inside a workspace a
statement names mapped classes: what names bare tables or is plain text cannot be kept inside and is refused. The third
lock is in the tables themselves: see `db.models.base.tie_to_workspaces`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Delete, Select, Update, event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria
from sqlalchemy.sql.base import Executable, ExecutableOption

from db.models.base import Owned
from db.models.people import Workspace

S = TypeVar("S", bound=Executable)
EVERYWHERE = object()
KEY = "workspace"
BARE = "inside a workspace a statement names mapped classes, not tables or text"
LASTING = "touchstone_lasting"
"""The execution option of a statement that is built once."""
STAMPED = "touchstone_stamped"
"""The execution option of an INSERT whose rows have been given their workspace (`db.once`)."""


class OutsideWorkspace(RuntimeError):
    """A statement or a row would have crossed from one workspace into another."""


def guard(maker: sessionmaker[Session]) -> None:
    """Keep every session of this maker inside the workspace that its `info` names."""
    event.listen(maker, "do_orm_execute", keep_inside)
    event.listen(maker, "before_flush", stamp)


def scope_of(session: Session) -> Any:
    """The workspace id of a session, or `EVERYWHERE`. Raises `OutsideWorkspace` if it has none."""
    try:
        return session.info[KEY]
    except KeyError:
        raise OutsideWorkspace("this session was opened for no workspace: use Sessions.begin") from None


def keep_inside(state: ORMExecuteState) -> None:
    """Add the workspace to every SELECT, UPDATE and DELETE; refuse what it cannot be added to."""
    scope = scope_of(state.session)
    if scope is EVERYWHERE or state.is_column_load or state.is_relationship_load:
        return
    if not state.is_orm_statement:
        raise OutsideWorkspace(BARE)
    if state.is_insert:
        _require_stamp(state)
        return
    place = _kept_inside if state.execution_options.get(LASTING) else _put_inside
    state.statement = place(state.statement, scope)


def lasting(statement: S) -> S:
    """Mark a statement that is built once and asked again and again: it is kept as it is asked in each workspace."""
    return statement.execution_options(**{LASTING: True})


def _put_inside(statement: Any, scope: str) -> Any:
    return statement.options(*_inside(scope))


_kept_inside = lru_cache(maxsize=4096)(_put_inside)


def plainly(session: Session, statement: Executable, values: Mapping[str, Any]) -> CursorResult[Any]:
    """Ask a statement that is built once, of columns, not objects: inside the workspace too, at half the cost.

    Raises `OutsideWorkspace` as the session itself would.
    """
    session.flush()
    scope = scope_of(session)
    kept = statement if scope is EVERYWHERE else _kept_plain(statement, scope)
    return session.connection().execute(kept, values)


@lru_cache(maxsize=4096)
def _kept_plain(statement: Any, scope: str) -> Any:
    if isinstance(statement, Select):
        named = statement.column_descriptions
    elif isinstance(statement, Update | Delete):
        named = [statement.entity_description]
    else:
        raise OutsideWorkspace("inside a workspace only a SELECT, an UPDATE or a DELETE is asked plainly")
    if not all(it.get("entity") for it in named):
        raise OutsideWorkspace(BARE)
    return _put_inside(statement, scope)


def _require_stamp(state: ORMExecuteState) -> None:
    if not state.execution_options.get(STAMPED):
        raise OutsideWorkspace("inside a workspace rows are added to the session, or by insert_once")


@lru_cache(maxsize=1024)  # making these costs as much as a small SELECT
def _inside(scope: str) -> tuple[ExecutableOption, ExecutableOption]:
    return (
        with_loader_criteria(Owned, lambda owned: owned.workspace_id == scope, include_aliases=True),
        with_loader_criteria(Workspace, lambda workspace: workspace.id == scope, include_aliases=True),
    )


def stamp(session: Session, *_: object) -> None:
    """Give new rows their workspace; refuse rows of another."""
    scope = scope_of(session)
    if scope is EVERYWHERE:
        return
    for row in session.new | session.dirty:
        if isinstance(row, Owned):
            row.workspace_id = inside(scope, row.workspace_id, type(row).__name__)
        elif isinstance(row, Workspace):
            inside(scope, row.id, "Workspace")


def inside(scope: str, workspace_id: str | None, what: str) -> str:
    """The workspace of a row to be written, by default the session's. Raises `OutsideWorkspace` if it is another."""
    if workspace_id is not None and workspace_id != scope:
        raise OutsideWorkspace(f"a {what} of another workspace")
    return scope
