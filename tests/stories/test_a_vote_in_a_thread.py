"""A committee votes on an idea in its thread: by button, by mention, by direct message and from Home."""

from __future__ import annotations

from datetime import datetime

from tests.bot.ballot_world import idea_at
from tests.world import World


def test_five_members_vote_in_five_ways_and_the_author_hears_why(world: World) -> None:
    vote = idea_at(world, close_early=False).open()
    mia, max_, mona, clara = (world.person(name) for name in ("Mia", "Max", "Mona", "Clara"))
    assert "needs 3 more of 5 to take part" in vote.card.text

    mia.click(vote.card, "Approve")
    mia.click(vote.card, "With conditions")
    assert mia.view is not None
    mia.fill(mia.view, {"reason": "a pilot in Bonn first"})
    mia.submit()
    assert "you decline" in vote.mention("Max", "decline because it is too dear").text
    clara.open_home()
    world.settle()
    assert clara.home is not None
    clara.click(clara.home, "Approve")
    world.settle()
    assert "2 for and 1 against; 2 of 5 still to vote" in vote.card.text

    world.at(datetime.fromisoformat("2026-11-23T09:05+00:00"))
    assert not [one for one in world.dms("Mia") if "still missing" in one.text]
    asked = world.dms("Mona")[-1]
    mona.click(asked, "Approve")
    world.settle()
    assert "you approve" in asked.text
    world.clock.advance(datetime.fromisoformat("2026-11-23T17:00+01:00") - world.now)
    vote.press("Dev", "Object")
    assert "came too late" in world.person("Dev").ephemerals("committee")[-1].text

    verdict = world.message_of("ballot.verdict:1")
    assert verdict.thread_ts == vote.root.ts
    assert "A button for refunds is approved" in verdict.text
    assert "3 of 4 decisive votes approve, 3 needed: approved." in verdict.text
    assert "Mia approves with a condition:* a pilot in Bonn first" in verdict.text
    assert "Max declines:* it is too dear" in verdict.text
    told = world.dms("Alice")[-1].text
    assert "Good news: the committee approved your idea" in told
    assert "A decline:* it is too dear" in told
    assert max_.buttons(vote.card) == []
    assert world.problems() == []
