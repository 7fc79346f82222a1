"""A month in which Alice has a part in everything that is kept: what the tests of forgetting start from."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")
ALICE = "UAGENT"


def a_full_month(world: World) -> None:
    """Alice sits on the committee, has ideas, asks, votes twice, steps aside, presides, owns work and gives it up."""
    world.committee(deputy=ALICE, members=["UMEM1", "UMEM2", "UMEM3"])
    alice, clara = world.person("Alice"), world.person("Clara")
    _submit(world, "Alice", "Shorter queues at the gate", "People wait for half an hour")
    _submit(world, "Mona", "A button for refunds", "Refunds take three calls")
    alice.click(world.message_of("idea.card:2"), "Support")
    _vote(world)
    clara.click(world.dms("Clara")[-1], "Choose an owner")
    clara.fill(clara.view, {"owner": ALICE, "due_on": "2026-12-04", "promise": "Half the calls"})
    clara.submit()
    world.settle()
    alice.click(world.dms("Alice")[-1], "Accept")
    world.settle()
    alice.click(world.dms("Alice")[-1], "At risk")
    if alice.view:
        alice.fill(alice.view, {"line": "Waiting for legal"})
        alice.submit()
    alice.command("/idea", "Half an idea", "CIDEAS")
    alice.fill(alice.view, {"problem": "\u200b", "proposal": "Typed and never sent"})
    alice.submit()
    world.at(datetime(2026, 12, 4, 15, 1, tzinfo=BERLIN))


def _submit(world: World, who: str, title: str, problem: str) -> None:
    person = world.person(who)
    person.command("/idea", title, channel="CIDEAS")
    person.fill(person.view, {"problem": problem})
    person.submit()
    world.settle()


def _vote(world: World) -> None:
    clara = world.person("Clara")
    clara.click(world.message_of("idea.committee_card:2:CCOMM"), "Open a vote")
    clara.submit()
    world.settle()
    ballot = world.message_of("ballot.card:1")
    alice = world.person("Alice")
    alice.say("CCOMM", "@touchstone decline because my first thought was no", thread=ballot.thread_ts)
    alice.say("CCOMM", "@touchstone decline because it costs too much", thread=ballot.thread_ts)
    for name in ("Clara", "Mia", "Max"):
        world.person(name).click(ballot, "Approve")
    world.at(datetime(2026, 11, 23, 17, 1, tzinfo=BERLIN))


def seen_by_others(world: World) -> str:
    """Everything that the bot's messages say now to anybody but Alice."""
    slack = world.slack
    places = [place for place in slack.channels.all.values() if not (place.is_dm and ALICE in place.members)]
    said = [one for place in places for one in slack.messages.channel(place.id) if one.user == slack.bot.user_id]
    return json.dumps([[one.text, one.blocks] for one in said], ensure_ascii=False)
