"""The whole way of one idea, from the form to the digest that celebrates it, as its people see it in Slack."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")


def test_an_idea_is_voted_on_done_and_celebrated(world: World) -> None:
    world.committee()
    alice, clara, mona, olga = (world.person(name) for name in ("Alice", "Clara", "Mona", "Olga"))

    alice.command("/idea", "Shorter queues at the gate", channel="CIDEAS")
    alice.fill(alice.view, {"problem": "People wait for half an hour"})
    alice.submit()
    world.settle()

    clara.click(world.message_of("idea.committee_card:1:CCOMM"), "Open a vote")
    clara.submit()
    world.settle()
    ballot = world.message_of("ballot.card:1")
    for name in ("Clara", "Mia", "Max"):
        world.person(name).click(ballot, "Approve")
    mona.say("CCOMM", "@touchstone decline because it costs too much", thread=ballot.thread_ts)

    world.at(datetime(2026, 11, 23, 17, 1, tzinfo=BERLIN))
    verdict = world.message_of("ballot.verdict:1")
    assert verdict.thread_ts == ballot.thread_ts
    assert "is approved" in verdict.text
    assert "3 of 4 decisive votes" in verdict.text
    assert "it costs too much" in verdict.text
    assert "the committee approved your idea" in world.dms("Alice")[-1].text

    clara.click(world.dms("Clara")[-1], "Choose an owner")
    clara.fill(clara.view, {"owner": "UOWNER", "due_on": "2026-12-04", "promise": "Half the queue"})
    clara.submit()
    world.settle()
    olga.click(world.dms("Olga")[-1], "Accept")

    world.at(datetime(2026, 12, 2, 9, 5, tzinfo=BERLIN))
    assert "is due Fri 4 Dec 2026, in 2 days" in world.dms("Olga")[-1].text
    olga.click(world.dms("Olga")[-1], "Done")
    olga.submit()
    world.settle()
    clara.click(world.dms("Clara")[-1], "Confirm it is done")

    world.at(datetime(2026, 12, 4, 15, 1, tzinfo=BERLIN))
    digests = clara.messages("CDIGEST")
    assert [line in digests[-1].text for line in ("worth celebrating", "Shorter queues", "Half the queue")] == [
        True
    ] * 3
    assert "1 new idea" in digests[0].text
    assert world.waiting() == []
    assert world.problems() == []
