"""Thousands of payloads, signed and bent out of shape: no 500, no traceback, no effect that an honest one has not.

`TOUCHSTONE_NIGHTLY=1` sends ten times as many, with another seed every day.
"""

from __future__ import annotations

import datetime
import json
import os
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from bot import ids, shape
from playground.delivery import COMMANDS, EVENTS, Request
from tests.playground.recorded import samples
from tests.security import gestures
from tests.security.conftest import Scene
from tests.security.crew import PUBLIC
from tests.security.gestures import FORMS, PRESSES
from tests.security.laboratory import NOISE, WORDS_KEPT, Laboratory, Outcome, acted_by
from tests.security.mutations import mutants

NIGHTLY = os.environ.get("TOUCHSTONE_NIGHTLY") == "1"
SEED = datetime.date.today().toordinal() if NIGHTLY else 20261122  # noqa: DTZ011  # any day will do
TIMES = 10 if NIGHTLY else 1
RECORDED = ("java-app-backend", "java-events", "java-slack-sdk", "slack-go", "bolt-python", "slack-samples")
KINDS = {"block_actions", "view_submission", "view_closed", "shortcut", "message_action", "block_suggestion"}
KINDS |= {"event_callback", "interactive_message", "dialog_submission"}
EXCERPTS = 22
"""Of those recorded, examples that their authors cut down until something is missing that Slack always sends, and
one press in a workflow's own form, which has no trigger; we have no workflow steps."""

ALSO = {ids.SETUP_FORM: frozenset({"member"})}
"""What an honest form would change, too, had other people been chosen in it."""


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in RECORDED:
        for sample in samples(name):
            value = sample.value
            if isinstance(value, dict) and (value.get("type") in KINDS or "command" in value):
                yield sample.source, value


def kind_of(payload: dict[str, Any]) -> str:
    return COMMANDS if "command" in payload else EVENTS if payload.get("type") == "event_callback" else "interactive"


def send(lab: Laboratory, kind: str, payload: Any, before: Any) -> Outcome:
    """As Slack encodes it; a mutant may be no object any more, so nothing is taken for granted."""
    if kind == EVENTS:
        return lab.send_raw(json.dumps(payload).encode(), "application/json", before)
    plain = payload if kind == COMMANDS and isinstance(payload, dict) else {"payload": json.dumps(payload)}
    body = urlencode({key: str(value) for key, value in plain.items()}, errors="surrogatepass")
    return lab.send_raw(body.encode(), "application/x-www-form-urlencoded", before)


def faults(outcome: Outcome, allowed: frozenset[str]) -> list[str]:
    found = [f"status {outcome.status}"] if outcome.status >= 500 else []
    found += [str(line) for line in outcome.errors]
    return found + ([f"changed {sorted(outcome.changed - allowed)}"] if outcome.changed - allowed else [])


def test_what_slack_really_sends_has_the_shape_we_read() -> None:
    refused = []
    for source, value in recorded():
        try:
            shape.check(value)
        except ValueError as error:
            refused.append((source, str(error)))
    assert len(refused) <= EXCERPTS, refused


@pytest.mark.parametrize(("value", "fits"), [("BR-São Paulo Capital", True), ("a\x00b", False), ("a\ud800b", False)])
def test_a_choice_is_a_text_that_can_be_stored(value: str, fits: bool) -> None:
    state = {"values": {"region": {"region": {"type": "static_select", "selected_option": {"value": value}}}}}
    view = {"id": "V1", "type": "modal", "blocks": [], "state": state}
    assert admitted({"type": "view_submission", "user": {"id": "U1"}, "view": view}) is fits


def test_real_payloads_bent_out_of_shape_do_nothing(scene: Scene) -> None:
    chance = random.Random(SEED)
    lab, start, before = scene.lab, scene.lab.snapshot(), scene.lab.tables()
    wrong = []
    for source, value in recorded():
        for bent in telling(_ours(lab, value), 12, 1 * TIMES, chance):
            found = faults(send(lab, kind_of(value), bent, before), NOISE)
            wrong += [(source, found, json.dumps(bent)[:1500])] if found else []
            if found:
                lab.restore(start)
    assert not wrong, "\n".join(map(str, wrong[:20]))


def telling(payload: dict[str, Any], count: int, most: int, chance: random.Random) -> Iterator[Any]:
    """Of so many mutants those that tell something: what the door lets in and is read otherwise, `most` of them.

    What the door refuses goes no further (one in fifty is shown to it), and what is bent where nobody looks is read as
    it was.
    """
    known = {repr(shape.check(payload))} if admitted(payload) else set()
    for bent in mutants(payload, count * TIMES, chance):
        if not admitted(bent):
            if chance.random() < 1 / 50:
                yield bent
        elif len(known) <= most and (reading := repr(shape.check(bent))) not in known:
            known.add(reading)
            yield bent


def admitted(payload: dict[str, Any]) -> bool:
    """Whether the door lets it in. Raises what `bot.shape` raises by mistake."""
    try:
        shape.check(payload)
    except ValueError:
        return False
    return True


def _ours(lab: Laboratory, value: dict[str, Any]) -> dict[str, Any]:
    """The same as if it had happened in our workspace, so that it gets past the question whether we are installed."""
    team = lab.world.slack.team_id
    told = dict(value)
    if "response_url" in told:
        told["response_url"] = lab.world.slack.triggers.response_url("actions", "UAGENT", "CIDEAS")
    if isinstance(told.get("team"), dict):
        told["team"] = {**told["team"], "id": team}
    return {**told, "team_id": team} if "team_id" in told else told


@pytest.mark.parametrize("forms", [False, True], ids=["buttons", "forms"])
def test_our_own_payloads_bent_out_of_shape_do_no_more_than_they_say(scene: Scene, forms: bool) -> None:
    chance = random.Random(SEED + forms)
    wrong = []
    for name in FORMS if forms else PRESSES:
        request, who = _honest(scene, name)
        start, before = scene.lab.snapshot(), scene.lab.tables()
        allowed = scene.lab.send(acted_by(scene.lab, request, who), before).changed | NOISE | ALSO.get(name, WORDS_KEPT)
        scene.lab.restore(start)
        for payload in telling(request.payload, 40, 4 * TIMES, chance):
            bent = _fresh(scene.lab, Request(request.kind, payload), who)
            found = faults(send(scene.lab, request.kind, bent, before), allowed)
            wrong += [(name, found, json.dumps(bent)[:1500])] if found else []
            scene.lab.restore(start)
        start.close()
    assert not wrong, "\n".join(map(str, wrong[:20]))


def _honest(scene: Scene, name: str) -> tuple[Request, str]:
    """A gesture as whoever may makes it."""
    if name in FORMS:
        request = gestures.form(scene.lab, scene.base, name, scene.open_one, PUBLIC)
        return request, request.payload["user"]["id"]
    press = PRESSES[name]
    who = {"chair": "UCHAIR", "author": "UAGENT", "owner": "UOWNER", "admin": "UADMIN"}
    may = next(slack_id for role, slack_id in who.items() if role in press.who)
    return gestures.pressed(scene.base, press.act or name, press.data(scene.open_one)), may


def _fresh(lab: Laboratory, request: Request, who: str) -> Any:
    """With its sender and a trigger of now, unless just those were bent."""
    payload = request.payload
    if not isinstance(payload, dict) or not isinstance(payload.get("user"), dict):
        return payload
    lab.world.clock.advance(datetime.timedelta(seconds=2))
    if payload["user"].get("id") == "UCHAIR":
        payload = {**payload, "user": {**payload["user"], "id": who}}
    return {**payload, "trigger_id": lab.world.slack.triggers.issue(who)} if "trigger_id" in payload else payload
