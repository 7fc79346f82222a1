"""Slash commands and shortcuts by everybody: whom each answers, and that none tells of a private committee."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import commands
from playground.delivery import Request
from tests.security.conftest import Scene
from tests.security.crew import WHO, Things
from tests.security.gestures import COMMANDS, SHORTCUTS, Typed
from tests.security.laboratory import Outcome
from tests.security.test_walk import ELSEWHERE, SECRETS, SILENT, check_refusal, tried

NOT_TAKEN = {"request.refused", "request.unheard"}


def refused(outcome: Outcome) -> bool:
    return any(line["event"] in NOT_TAKEN for line in outcome.lines)


def command(scene: Scene, name: str, text: str, channel: str = "CIDEAS") -> Request:
    clara = scene.lab.world.person("Clara")
    return scene.lab.catch(lambda: clara.command(name, text, channel))


def typed(name: tuple[str, str], row: Typed, things: Things) -> str:
    return f"{name[1]} {row.words(things)}".strip()


def test_every_word_of_every_command_has_its_row(scene: Scene) -> None:
    known = {(name, word) for name, one in commands.REGISTRY.items() for word in one.words}
    assert set(COMMANDS) == known | {(name, "") for name in commands.REGISTRY}


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_commands_answer_exactly_those_in_the_table(scene: Scene, name: tuple[str, str]) -> None:
    row = COMMANDS[name]
    request = command(scene, name[0], typed(name, row, scene.open_one))
    wrong = []
    for who, outcome in tried(scene, request, WHO):
        if (who in row.who) is refused(outcome) or outcome.effects or outcome.errors:
            wrong.append((who, sorted(outcome.effects), outcome.said[:300], outcome.errors))
        elif who not in row.who:
            check_refusal(who, outcome)
    assert not wrong, "\n".join(map(str, wrong))


def questions(scene: Scene) -> Iterator[Request]:
    """What somebody might type, outside its channels, to learn of a private committee."""
    for name, row in COMMANDS.items():
        yield command(scene, name[0], typed(name, row, scene.quiet), "CRANDOM")


def test_no_command_tells_of_a_private_committee(scene: Scene) -> None:
    wrong = []
    for request in questions(scene):
        for who, outcome in tried(scene, request, ELSEWHERE):
            told = [word for word in SECRETS if word in outcome.said]
            if told or outcome.effects or outcome.errors:
                wrong.append((request.payload["text"], who, told, sorted(outcome.effects), outcome.errors))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("callback_id", SHORTCUTS)
def test_shortcuts_open_for_exactly_those_in_the_table(scene: Scene, callback_id: str) -> None:
    clara, world = scene.lab.world.person("Clara"), scene.lab.world
    message = world.message_of("idea.card:1")
    request = scene.lab.catch(
        lambda: (
            clara.shortcut(callback_id)
            if "message" not in callback_id
            else clara.message_shortcut(message, callback_id)
        )
    )
    for who, outcome in tried(scene, request, WHO):
        assert bool(outcome.opened) is (who in SHORTCUTS[callback_id]), (who, outcome.said[:300])
        assert outcome.effects == frozenset()
        assert outcome.errors == ()
        if who not in SHORTCUTS[callback_id] and who not in SILENT:
            assert refused(outcome)
