"""Everything stored of one person: found by what refers to them, so that no table can be forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_jsonable_python
from sqlalchemy.orm import Session

from db.models import Base, Digest, Event, Notice, Person
from workflows.errors import WorkflowError

Row = dict[str, Any]


@cache
def links() -> Mapping[type[Base], Sequence[str]]:
    """Every table that refers to people, and its columns that do."""
    found = {mapper.class_: _columns(mapper.class_) for mapper in Base.registry.mappers}
    return {model: names for model, names in found.items() if names}


def _columns(model: type[Base]) -> list[str]:
    return [
        attribute.key
        for attribute in sa.inspect(model).column_attrs
        for key in attribute.columns[0].foreign_keys
        if key.column.table.name == "person" and key.column.name == "id"
    ]


def linked(model: type[Base], person: Person) -> sa.ColumnElement[bool]:
    """Whether a row of a table of `links` refers to this person."""
    return sa.or_(*(getattr(model, name) == person.id for name in links()[model]))


def recused(person: Person) -> sa.ColumnElement[bool]:
    """Whether an event tells that this person stepped aside, whoever it was that said so."""
    return sa.and_(Event.kind == "ballot.recuse", Event.detail["person"].as_integer() == person.id)


def of(session: Session, person: Person) -> dict[str, list[Row]]:
    """Every row that has to do with this person, by table, as plain data."""
    found = {"person": [_plain(person)]}
    for model in sorted(links(), key=_name):
        which = linked(model, person)
        if model is Event:
            which = sa.or_(which, recused(person))
        rows = session.scalars(sa.select(model).where(which).order_by(*sa.inspect(model).primary_key))
        found[_name(model)] = [_plain(row) for row in rows]
    found["digest"] = [_plain(row) for row in digests_naming(session, person)]
    addressed = sa.select(Notice).where(Notice.channel == person.slack_id)
    found["notice"] += [_plain(row) for row in session.scalars(addressed)]
    return {name: rows for name, rows in found.items() if rows}


def digests_naming(session: Session, person: Person) -> list[Digest]:
    """The digests that name this person."""
    naming = sa.cast(Digest.content, sa.Text).contains(f'"{person.slack_id}"', autoescape=True)
    return list(session.scalars(sa.select(Digest).where(naming).order_by(Digest.id)))


def the_person(session: Session, slack_id: str) -> Person:
    """The person with this Slack id. Raises `WorkflowError` if there is none (any more)."""
    found = session.scalar(sa.select(Person).where(Person.slack_id == slack_id))
    if found is None:
        raise WorkflowError(f"Nobody with the Slack id {slack_id} is known here: never seen, or erased already.")
    return found


def _name(model: type[Base]) -> str:
    return str(sa.inspect(model).local_table.name)  # type: ignore[attr-defined]  # it is a table, not a join


def _plain(row: Base) -> Row:
    return {it.key: to_jsonable_python(getattr(row, it.key)) for it in sa.inspect(type(row)).column_attrs}
