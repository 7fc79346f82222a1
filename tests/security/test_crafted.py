"""Well-formed lies: data on buttons and behind forms that names other things, and forms that are older than the world.

Whoever sends them may do the same with their own, so nothing but the data is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import ids
from db.models import Draft
from playground.delivery import Request
from tests.security import gestures
from tests.security.conftest import Scene
from tests.security.crew import PRIVATE, PUBLIC, Crew, Things
from tests.security.gestures import FORMS, PRESSES, Form, Press
from tests.security.laboratory import Outcome, acted_by
from tests.security.test_walk import SECRETS, did

ROLES = {"chair": "UCHAIR", "member": "UMEM1", "author": "UAGENT", "owner": "UOWNER", "admin": "UADMIN"}
NOWHERE = 2**31 - 1
TABLES = {
    "committee": ("committee",),
    "idea": ("submitted", "declined", "approved"),
    "ballot": ("ballot", "waiting"),
    "question": ("question",),
    "intervention": ("offered", "countered", "accepted", "claimed", "handed_back"),
    "milestone": ("milestone",),
    "notice": ("notice",),
    "event": ("request",),
}
"""In which table the things of a committee are rows."""


def whoever_may(row: Press | Form) -> str:
    return next(slack_id for role, slack_id in ROLES.items() if role in row.who)


def crafted(request: Request, data: str) -> Request:
    """The same press or submission with other data riding on it."""
    payload = dict(request.payload)
    if payload["type"] == "block_actions":
        payload["actions"] = [{**payload["actions"][0], "value": data}]
    else:
        payload["view"] = {**payload["view"], "private_metadata": data}
    return Request(request.kind, payload)


def riding(request: Request) -> str:
    payload = request.payload
    found = (
        payload["actions"][0]["value"] if payload["type"] == "block_actions" else payload["view"]["private_metadata"]
    )
    return str(found)


def honest(scene: Scene) -> Iterator[tuple[str, Press | Form, Request]]:
    """Every press and every form as somebody makes it who may."""
    for name, press in PRESSES.items():
        request = gestures.pressed(scene.base, press.act or name, press.data(scene.open_one))
        yield name, press, acted_by(scene.lab, request, whoever_may(press))
    for name, form in FORMS.items():
        yield name, form, gestures.form(scene.lab, scene.base, name, scene.open_one, PUBLIC)
        scene.lab.world.clock.advance(timedelta(minutes=1))


def lies(data: dict[str, Any]) -> Iterator[str]:
    """Other data: things that do not exist, nothing, nonsense, another version."""
    numbers = {name: value for name, value in data.items() if isinstance(value, int) and name not in ("v", "days")}
    if numbers:
        yield json.dumps({**data, **dict.fromkeys(numbers, NOWHERE)})
        yield json.dumps({**data, **dict.fromkeys(numbers, "1 OR 1=1")})
        yield json.dumps({"v": 1})
    yield json.dumps({**data, "v": 2})
    yield "[1]"


def test_data_that_names_nothing_does_nothing(scene: Scene) -> None:
    wrong = []
    for name, row, request in honest(scene):
        start, before = scene.lab.snapshot(), scene.lab.tables()
        for data in () if name == ids.PRIVACY_ASK else lies(json.loads(riding(request))):
            outcome = scene.lab.send(acted_by(scene.lab, crafted(request, data), request.payload["user"]["id"]), before)
            if outcome.effects or outcome.errors or outcome.status >= 500 or (outcome.opened and not row.own_only):
                wrong.append((name, data, sorted(outcome.effects), outcome.said[:300], outcome.errors))
            if outcome.changed:
                scene.lab.restore(start)
        start.close()
    assert not wrong, "\n".join(map(str, wrong))


def in_another_workspace(scene: Scene, things: Things) -> None:
    """Let the things of the quiet committee be rows of another workspace, under the ids they have."""
    with scene.lab._raw() as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        for table, fields in TABLES.items():
            for field in fields:
                raw.execute(f"UPDATE {table} SET workspace_id = 'T0OTHER' WHERE id = ?", (getattr(things, field),))  # noqa: S608
        raw.commit()
        raw.execute("PRAGMA foreign_keys = ON")


def test_the_rows_of_another_workspace_are_not_there_even_for_whoever_runs_them(scene: Scene) -> None:
    crew = {"chair": PRIVATE.chair, "member": PRIVATE.members[0], "author": PRIVATE.author, "owner": PRIVATE.owner}
    rows: list[tuple[Press | Form, Request]] = [
        (press, gestures.pressed(scene.base, press.act or name, press.data(scene.quiet)))
        for name, press in PRESSES.items()
        if not press.own_only
    ]
    rows += [
        (form, gestures.form(scene.lab, scene.base, name, scene.quiet, PRIVATE))
        for name, form in FORMS.items()
        if not form.own_only
    ]
    in_another_workspace(scene, scene.quiet)
    scene.lab.world.clock.advance(timedelta(minutes=1))
    wrong, before = [], scene.lab.tables()
    for row, request in rows:
        who = next((slack_id for role, slack_id in {**crew, "admin": "UADMIN"}.items() if role in row.who))
        outcome = scene.lab.send(acted_by(scene.lab, request, who), before)
        if did(outcome) or outcome.errors or any(word in outcome.said for word in SECRETS):
            wrong.append((riding(request), who, sorted(outcome.effects), outcome.said[:300], outcome.errors))
    assert not wrong, "\n".join(map(str, wrong))


WAYS_IN = (ids.IDEA_OPEN, ids.IDEA_FRESH, ids.IDEA_DRAFT)


@pytest.mark.parametrize("action_id", WAYS_IN)
def test_no_button_opens_the_door_to_a_private_committee(scene: Scene, action_id: str) -> None:
    request = gestures.pressed(scene.base, action_id, {"draft": "idea", "committee": scene.quiet.committee})
    for who in ("UAGENT", "UADMIN", "UGUEST"):
        outcome = scene.lab.send(acted_by(scene.lab, request, who))
        assert "Hush" not in outcome.said
        assert outcome.errors == ()


@pytest.mark.parametrize("where", ["behind", "chosen"])
def test_no_form_puts_an_idea_before_a_private_committee_of_others(scene: Scene, where: str) -> None:
    request = gestures.form(scene.lab, scene.base, ids.IDEA_FORM, scene.open_one, PUBLIC)
    view = dict(request.payload["view"])
    if where == "behind":
        view["private_metadata"] = ids.pack(draft="idea", committee=scene.quiet.committee)
    else:
        view["private_metadata"] = ids.pack(draft="idea")
        choice = {
            "committee": {
                "committee": {"type": "static_select", "selected_option": {"value": str(scene.quiet.committee)}}
            }
        }
        view["state"] = {"values": {**view["state"]["values"], **choice}}
    outcome = scene.lab.send(acted_by(scene.lab, Request(request.kind, {**request.payload, "view": view}), "UAGENT"))
    assert outcome.effects == frozenset()
    assert "errors" in outcome.body
    assert "Hush" not in outcome.said


def test_whoever_is_in_the_private_channel_puts_ideas_in_without_a_seat(scene: Scene) -> None:
    anouk = scene.lab.world.person(PRIVATE.author)
    anouk.command("/idea", "", "CQUIET")
    anouk.fill(anouk.view, {"title": "Softer doors", "problem": "They slam"})
    assert anouk.submit().ok
    assert anouk.view is None
    with scene.lab.world.session() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Draft).where(Draft.form == "idea")) == 0


Move = Callable[[Scene], None]
MOVED: dict[str, tuple[str, ...]] = {
    ids.IDEA_WITHDRAW_FORM: (
        ids.IDEA_EDIT_FORM, ids.IDEA_ASK_FORM, ids.IDEA_WITHDRAW_FORM, ids.IDEA_DECLINE_FORM, ids.SCORE_FORM,
        ids.REVIEW_FORM, ids.IDEA_SUPPORT,
    ),
    ids.REVIEW_FORM: (ids.IDEA_DECLINE_FORM, ids.REVIEW_FORM),
    ids.IDEA_REOPEN: (ids.IDEA_REOPEN,),
    ids.BALLOT_CALL_OFF_FORM: (
        ids.BALLOT_REASON_FORM, ids.BALLOT_RECUSE_FORM, ids.BALLOT_CALL_OFF_FORM, ids.BALLOT_VOTE,
    ),
    ids.BALLOT_CAST_FORM: (ids.BALLOT_CAST_FORM,),
    ids.WORK_HAND_BACK_FORM: (ids.WORK_COUNTER_FORM, ids.WORK_ACCEPT, ids.WORK_HAND_BACK_FORM),
    ids.WORK_COUNTER_AGREE: (ids.WORK_COUNTER_AGREE, ids.WORK_INSIST),
    ids.WORK_CLAIM_FORM: (ids.WORK_UPDATE_FORM, ids.WORK_CLAIM_FORM),
    ids.WORK_SEND_BACK_FORM: (ids.WORK_SEND_BACK_FORM, ids.WORK_CONFIRM),
    ids.WORK_CONFIRM: (ids.WORK_SEND_BACK_FORM,),
}  # fmt: skip
"""What happens in the meantime -> what was on somebody's screen and comes too late."""


def made(scene: Scene, name: str, crew: Crew = PUBLIC) -> Request:
    """A gesture of somebody who may, not yet sent."""
    if name in FORMS:
        return gestures.form(scene.lab, scene.base, name, scene.things(crew), crew)
    press = PRESSES[name]
    request = gestures.pressed(scene.base, press.act or name, press.data(scene.things(crew)))
    return acted_by(scene.lab, request, "UAGENT2" if name == ids.IDEA_SUPPORT else whoever_may(press))


def later(scene: Scene, request: Request) -> Outcome:
    """Send it as another window's: with a trigger and a view of its own."""
    again = acted_by(scene.lab, request, request.payload["user"]["id"])
    if "view" in again.payload:
        again.payload["view"] = {**again.payload["view"], "id": f"V{scene.lab.world.slack.next_ts()}"}
    return scene.lab.send(again)


@pytest.mark.parametrize("meanwhile", MOVED)
def test_what_was_on_the_screen_when_the_world_moved_on_is_refused(scene: Scene, meanwhile: str) -> None:
    late = [(name, made(scene, name)) for name in MOVED[meanwhile]]
    outcome = scene.lab.send(made(scene, meanwhile))
    assert outcome.effects, f"{meanwhile} did nothing: {outcome.said}"
    wrong = []
    for name, request in late:
        scene.lab.world.clock.advance(timedelta(minutes=1))
        outcome = later(scene, request)
        told = [line["why"] for line in outcome.lines if line["event"] == "request.refused"]
        again = name == meanwhile  # a verb called twice may say that it is so already
        if outcome.effects or outcome.errors or not (again or any(len(why) > 20 for why in told)):
            wrong.append((name, sorted(outcome.effects), outcome.said[:400], outcome.errors))
    assert not wrong, "\n".join(map(str, wrong))
