"""The second lock between workspaces: every ORM statement of a session stays inside the session's own.

A session is opened for one workspace (`Sessions.begin`) or, by jobs that serve all of them, for none in particular
(`Sessions.everywhere`). A session opened in any other way can read and write nothing that belongs to a workspace.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from db.models.base import Owned

EVERYWHERE = object()
KEY = "workspace"


class OutsideWorkspace(RuntimeError):
    """A statement or a row would have crossed from one workspace into another."""


def scope_of(session: Session) -> Any:
    """The workspace id of a session, or `EVERYWHERE`. Raises `OutsideWorkspace` if it has none."""
    try:
        return session.info[KEY]
    except KeyError:
        raise OutsideWorkspace("this session was opened for no workspace: use Sessions.begin") from None


def keep_inside(state: ORMExecuteState) -> None:
    """Add the workspace to every SELECT, UPDATE and DELETE of tables that belong to one."""
    scope = scope_of(state.session)
    if scope is EVERYWHERE or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            Owned,
            lambda owned: owned.workspace_id == scope,
            include_aliases=True,
            track_closure_variables=True,
        )
    )


def stamp(session: Session, *_: object) -> None:
    """Give new rows their workspace; refuse rows of another."""
    scope = scope_of(session)
    for row in session.new | session.dirty:
        if not isinstance(row, Owned):
            continue
        if row.workspace_id is None and scope is not EVERYWHERE:
            row.workspace_id = scope
        if scope is not EVERYWHERE and row.workspace_id != scope:
            raise OutsideWorkspace(f"a {type(row).__name__} of another workspace")
