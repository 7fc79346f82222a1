"""What is put before a private committee reaches nobody else by any way out: messages, Homes, digests, exports.

What somebody may ask for is walked in the other modules; here a week passes and the bot speaks by itself.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import exporting, schedule
from bot.delivery.claims import PACE
from bot.exporting import Form, What
from db.models import Committee, Member, Role
from playground.wire import Record
from tests import databases
from tests.security.crew import PRIVATE, PUBLIC, QUIET_PEOPLE, WHO, Things, fill, open_committee, quiet_committee
from tests.world import TEAM, World, open_world
from workflows import dossier, people

pytestmark = pytest.mark.xdist_group("private week")  # the week is lived once, for all tests here

ONCE_INSIDE = "UMEM3"
OUTSIDE = (*(WHO[who] for who in ("admin", "chair", "author", "former member", "guest")), ONCE_INSIDE)
SPOKEN = ("chat.postMessage", "chat.update", "chat.postEphemeral", "views.publish", "views.open", "views.push")


@pytest.fixture(scope="module")
def lived(sqlite_databases: databases.SqliteDatabases) -> Iterator[tuple[World, Things]]:
    """Both committees with something in every state, everybody's Home open, and a week gone by."""
    with sqlite_databases.new() as url, databases.open_engine(url) as engine, open_world(engine) as world:
        open_one, quiet = open_committee(world), quiet_committee(world)
        world.settle()
        with world.session() as session:
            gone = people.of(session, ONCE_INSIDE)
            assert gone is not None
            seat = Member(committee_id=quiet.id, person_id=gone.id, role=Role.MEMBER, since=world.now, until=world.now)
            session.add(seat)
        filled = fill(world, open_one, PUBLIC)
        fill(world, quiet, PRIVATE)
        for who in OUTSIDE:
            world.person(who).open_home()
        world.slack.wire.clear()
        for days in (0, 7):
            world.clock.advance(timedelta(days=days))
            speak(world)
        yield world, filled


def speak(world: World) -> None:
    """Ask every job once, and send what is owed: quicker than to settle, where much is said in few channels."""
    for job in schedule.JOBS:
        schedule.run(world.bot.house, job)
    rests = 0
    while rests <= 2:
        rests = 0 if world.bot.sender.drain() else rests + 1
        world.clock.advance(PACE)


def readers(world: World, call: Record) -> set[str]:
    """Who gets to see what a call put into Slack."""
    place = str(call.request.get("user_id") or call.request.get("user") or call.request.get("channel"))
    if place in world.slack.people.users:
        return {place}
    return set(world.slack.channel(place).members)


def said(world: World) -> list[tuple[set[str], str]]:
    calls = [call for method in SPOKEN for call in world.slack.wire.calls(method)]
    return [(readers(world, call), json.dumps(call.request, ensure_ascii=False)) for call in calls]


def test_in_a_week_the_bot_tells_nobody_outside_of_a_private_committee(lived: tuple[World, Things]) -> None:
    world, _ = lived
    inside = set(QUIET_PEOPLE) | {world.slack.bot.user_id}
    told = [(who, text) for who, text in said(world) if "Hush" in text]
    assert [(who - inside, text[:500]) for who, text in told if who - inside] == []
    assert len(told) > 20, "nothing was said of it at all"
    assert any("CDIGEST" in text and "Innovation" in text for _, text in said(world)), "no digest went out"


@pytest.mark.parametrize("who", OUTSIDE)
def test_no_home_and_no_list_shows_a_private_committee_to_others(lived: tuple[World, Things], who: str) -> None:
    world, _ = lived
    person = world.person(who)
    home = person.open_home()
    assert home is not None
    shown = [json.dumps(home.blocks)]
    for text in ("list", "top", "mine", "show 20"):
        person.command("/idea", text, "CIDEAS")
    person.command("/committee", "", "CIDEAS")
    shown += [one.words for one in person.ephemerals("CIDEAS")]
    assert [text for text in shown if "Hush" in text] == []


def test_no_export_holds_what_a_private_committee_was_told(lived: tuple[World, Things]) -> None:
    world, ours = lived
    written = io.StringIO()
    with world.bot.house.sessions.begin(TEAM) as session:
        committee = session.get_one(Committee, ours.committee)
        for what in What:
            assert exporting.export(session, committee, what, Form.JSONL, written)
        for who in OUTSIDE:
            stored = dossier.of(session, dossier.the_person(session, who))
            written.write(json.dumps(stored, default=str))
    assert "of Innovation" in written.getvalue()
    assert "of Hush" not in written.getvalue()
