"""The table of permissions walked whole through Slack: every button, form, shortcut and command, by everybody.

Requests are signed and well formed; what is forged is who sends them and whose things they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest

from bot import ids
from playground.delivery import Request
from tests.security import gestures
from tests.security.conftest import Scene
from tests.security.crew import PRIVATE, PUBLIC, WHO, Crew
from tests.security.gestures import FORMS, PRESSES, SHORTCUTS, UNPRESSED, Form, Press
from tests.security.laboratory import Outcome, acted_by

SILENT = frozenset({"bot"})
"""Who is not even answered."""
ELSEWHERE = ("admin", "chair", "member", "author", "owner", "guest", "stranger")
"""Who tries the things of a private committee that is not theirs."""


def did(outcome: Outcome) -> bool:
    """Whether the gesture was taken: something changed, or a form opened."""
    return bool(outcome.effects or outcome.opened)


def check_refusal(who: str, outcome: Outcome) -> None:
    """A sentence for whoever may not, and nothing else."""
    assert outcome.status < 500
    assert outcome.errors == ()
    assert outcome.effects == frozenset()
    assert outcome.opened == []
    if who not in SILENT:
        assert any(len(words) > 20 for words in [outcome.body, *(str(one.request) for one in outcome.calls)]), outcome


def requests(scene: Scene, crew: Crew, *, forms: bool) -> Iterator[tuple[str, Request]]:
    things = scene.things(crew)
    for name, press in PRESSES.items():
        if not forms and not (press.own_only and crew is PRIVATE):
            yield name, gestures.pressed(scene.base, press.act or name, press.data(things))
    for name, form in FORMS.items():
        if forms and not (form.own_only and crew is PRIVATE):
            yield name, gestures.form(scene.lab, scene.base, name, things, crew)


def test_every_id_of_the_wire_format_has_its_row() -> None:
    known = {value for name, value in vars(ids).items() if name.isupper() and name[0] != "_" and isinstance(value, str)}
    assert known == {*PRESSES, *FORMS, *SHORTCUTS, *UNPRESSED}


def taken(row: Press | Form, outcome: Outcome) -> bool:
    """Whether a gesture that counts was taken: something changed, a form opened, or something was shown."""
    return did(outcome) or ("Only" not in outcome.said and "no longer here" not in outcome.said)


@pytest.mark.parametrize("forms", [False, True], ids=["buttons", "forms"])
def test_exactly_those_in_the_table_may(scene: Scene, forms: bool) -> None:
    rows: dict[str, Press | Form] = {**(FORMS if forms else PRESSES)}
    wrong = []
    for name, request in requests(scene, PUBLIC, forms=forms):
        for who, outcome in tried(scene, request, WHO):
            expected = who in rows[name].who
            if expected != (taken(rows[name], outcome) if expected else did(outcome)) or outcome.errors:
                wrong.append((name, who, sorted(outcome.effects), outcome.said[:300], outcome.errors))
            elif not expected:
                check_refusal(who, outcome)
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("forms", [False, True], ids=["buttons", "forms"])
def test_nobody_reaches_into_a_private_committee_of_others(scene: Scene, forms: bool) -> None:
    wrong = []
    for name, request in requests(scene, PRIVATE, forms=forms):
        for who, outcome in tried(scene, request, ELSEWHERE):
            if who == "admin" and name in OF_THE_WORKSPACE:
                continue
            if did(outcome) or outcome.errors or any(word in outcome.said for word in SECRETS):
                wrong.append((name, who, sorted(outcome.effects), outcome.said[:900], outcome.errors))
            else:
                check_refusal(who, outcome)
    assert not wrong, "\n".join(map(str, wrong))


def tried(scene: Scene, request: Request, people: Iterable[str]) -> Iterator[tuple[str, Outcome]]:
    """The same request by one after the other, each on the database as it was."""
    scene.lab.world.clock.advance(timedelta(minutes=1))  # Slack's limits on calls
    start, before = scene.lab.snapshot(), scene.lab.tables()
    for who in people:
        outcome = scene.lab.send(acted_by(scene.lab, request, WHO[who]), before)
        yield who, outcome
        if outcome.changed:
            scene.lab.restore(start)
    start.close()


SECRETS = ("Hush", "Half of it", "Which gate", "It takes three calls")
"""Words of the private committee that nobody outside may read."""
OF_THE_WORKSPACE = frozenset({ids.TROUBLE_RETRY, ids.PRIVACY_AGREE, ids.PRIVACY_REFUSE, ids.SETUP_OPEN, ids.SETUP_FORM})
"""What admins look after for everybody, private or not."""
