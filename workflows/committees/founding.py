"""Setting a committee up, and changing it later: the same blueprint, the same checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Person, Role, Workspace
from workflows import events, notices, people
from workflows.charter import PRESETS
from workflows.committees import channels, offices, seats
from workflows.committees.blueprint import Blueprint, check, criteria_of, framework_of
from workflows.errors import WorkflowError
from workflows.permissions import Action, require

FIRST_NAME = "Innovation committee"
PLAIN = (
    "intake_channel",
    "committee_channel",
    "digest_channel",
    "tz",
    "week_days",
    "holidays_country",
    "digest_weekday",
    "digest_hour",
    "answer_days",
    "review_days",
    "review_hour",
    "reminder_hour",
    "secret",
)


def set_up(
    session: Session, actor: Person, blueprint: Blueprint, *, now: datetime, committee: Committee | None = None
) -> Committee:
    """Create a committee, or change `committee`.

    Saving the same form twice makes one committee. Raises `NotAllowed`, or `WorkflowError` with the field at fault.
    """
    require(session, Action.SET_UP, actor, committee=committee)
    # One set-up at a time in a workspace: names and channels are compared with those of the others.
    session.get_one(Workspace, actor.workspace_id, with_for_update={"key_share": True})
    committee = committee or _made_before(session, actor, blueprint)
    check(blueprint)
    _check_name(session, blueprint.name.strip(), committee)
    channels.check(session, actor, blueprint, committee)
    wanted = _people(session, actor.workspace_id, blueprint, now)
    if committee is None:
        committee = _found(session, actor, blueprint, now)
    else:
        _change(session, actor, committee, blueprint, now)
    channels.settle(session, committee, blueprint)
    presided = seats.presiding(session, committee)
    appointed = seats.seat_all(session, committee, wanted, now)
    offices.tell(session, committee, {who: role for who, role in appointed.items() if who != actor.id}, now)
    if seats.presiding(session, committee) != presided:
        offices.changed(session, committee, now)
    _follow_group(session, committee, blueprint, now)
    return committee


def first_draft(session: Session, actor: Person, suggested: Sequence[str] = ()) -> Blueprint:
    """A blueprint with a default for everything: saved as it is, it gives a working committee.

    It uses the first of the channels suggested that no committee has; without one, channels must be chosen.
    """
    taken = set(session.scalars(sa.select(Committee.name)))
    names = (f"{FIRST_NAME} {n}" if n > 1 else FIRST_NAME for n in count(1))
    here = next((it for it in suggested if channels.of_channel(session, it) is None), "")
    me = str(actor.slack_id)
    return Blueprint(
        name=next(name for name in names if name not in taken),
        intake_channel=here,
        committee_channel=here,
        digest_channel=here,
        chair=me,
        members=[me],
        tz=actor.tz,
    )


def blueprint_of(session: Session, committee: Committee) -> Blueprint:
    """The blueprint that would build this committee as it is: what the form shows when it is changed."""
    seated = seats.members(session, committee)
    by_role = {seat.role: seat.person.slack_id for seat in seated if seat.role is not Role.MEMBER}
    return Blueprint(
        **{name: getattr(committee, name) for name in PLAIN},
        name=committee.name,
        chair=by_role.get(Role.CHAIR) or "",
        deputy=by_role.get(Role.DEPUTY),
        members=[seat.person.slack_id for seat in seated if not seat.from_group and seat.person.slack_id],
        usergroup=committee.usergroup_id,
        preset=committee.charter_preset,
        framework=committee.framework["key"],
        criteria=criteria_of(committee.framework),
    )


def _made_before(session: Session, actor: Person, blueprint: Blueprint) -> Committee | None:
    same = sa.select(Committee).where(
        Committee.name == blueprint.name.strip(),
        Committee.intake_channel == blueprint.intake_channel,
        Committee.created_by_id == actor.id,
        Committee.dissolved_at.is_(None),
    )
    return session.scalar(same)


def _check_name(session: Session, name: str, committee: Committee | None) -> None:
    taken = sa.select(Committee.id).where(sa.func.lower(Committee.name) == name.lower())
    if session.scalar(taken.where(Committee.id != committee.id) if committee else taken) is not None:
        raise WorkflowError("That name is taken in this workspace. Choose another.", "name")


def _people(session: Session, workspace_id: str, blueprint: Blueprint, now: datetime) -> dict[int, Role]:
    chosen: dict[int, Role] = {}
    for slack_id, role, field in _chosen(blueprint):
        person = people.seen(session, workspace_id, slack_id, now=now)
        _check_person(person, role, field)
        chosen.setdefault(person.id, role)
    return chosen


def _chosen(blueprint: Blueprint) -> list[tuple[str, Role, str]]:
    offices = [(blueprint.chair, Role.CHAIR, "chair"), (blueprint.deputy, Role.DEPUTY, "deputy")]
    others = [(slack_id, Role.MEMBER, "members") for slack_id in blueprint.members]
    return [(slack_id, role, field) for slack_id, role, field in [*offices, *others] if slack_id]


def _check_person(person: Person, role: Role, field: str) -> None:
    name = person.name or "That person"
    if person.is_bot:
        raise WorkflowError(f"{name} is an app, and apps cannot sit on a committee.", field)
    if person.is_stranger:
        raise WorkflowError(f"{name} belongs to another organisation. Choose somebody of yours.", field)
    if not seats.can_act(person):
        raise WorkflowError(f"{name} is no longer active in this workspace. Choose somebody else.", field)
    if person.is_guest and role is not Role.MEMBER:
        raise WorkflowError(f"{name} is a guest here, and a guest cannot be {role.value}. Choose a colleague.", field)


def _found(session: Session, actor: Person, blueprint: Blueprint, now: datetime) -> Committee:
    committee = Committee(created_by_id=actor.id, created_at=now, **_settings(blueprint))
    session.add(committee)
    session.flush()
    _log(session, committee, actor, "committee.set_up", None, now)
    key = f"setup.welcome:{committee.id}"
    notices.owe(session, "setup.welcome", key, about_id=committee.id, person=actor, now=now)
    return committee


def _change(session: Session, actor: Person, committee: Committee, blueprint: Blueprint, now: datetime) -> None:
    wanted = _settings(blueprint)
    if wanted["charter_preset"] == committee.charter_preset:
        del wanted["charter"]  # it may have been refined since it was chosen
    if criteria_of(wanted["framework"]) == criteria_of(committee.framework) != "":
        del wanted["framework"]  # scales and hints may have been refined, too
    changed = {name: value for name, value in wanted.items() if getattr(committee, name) != value}
    for name, value in changed.items():
        setattr(committee, name, value)
    session.flush()
    if changed:
        _log(session, committee, actor, "committee.changed", {"changed": sorted(changed)}, now)


def _settings(blueprint: Blueprint) -> dict[str, Any]:
    charter = PRESETS[blueprint.preset].charter
    return {
        **{name: getattr(blueprint, name) for name in PLAIN},
        "name": blueprint.name.strip(),
        "charter_preset": blueprint.preset,
        "charter": charter.model_dump(mode="json", by_alias=True),
        "framework": framework_of(blueprint),
    }


def _follow_group(session: Session, committee: Committee, blueprint: Blueprint, now: datetime) -> None:
    changed = committee.usergroup_id != blueprint.usergroup
    if changed and blueprint.usergroup and blueprint.group is None:
        raise WorkflowError("I cannot see who is in that group. Try again, or choose people by name.", "usergroup")
    committee.usergroup_id = blueprint.usergroup
    if blueprint.group is not None or changed:
        seats.sync_group(session, committee, blueprint.group or (), now)


def _log(
    session: Session, committee: Committee, actor: Person, kind: str, detail: dict[str, Any] | None, now: datetime
) -> None:
    events.record(session, kind, now, committee_id=committee.id, actor=actor, detail=detail)
