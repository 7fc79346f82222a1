"""What people write to Touchstone itself."""

from __future__ import annotations

from tests.bot.wsgi import event, post, signed
from tests.world import TEAM, World


def test_words_to_the_bot_become_an_idea_at_a_press(world: World) -> None:
    world.committee()
    alice = world.person("Alice")
    written = alice.dm(f"Fewer forms at the gate, says {world.person('Mia').mention} & I")
    world.settle()
    [asked] = world.dms("Alice")
    assert asked.text.startswith("Shall I keep this as an idea?")
    alice.click(asked, "Make it an idea")
    assert alice.view is not None
    assert alice.view.values["title"]["title"]["value"] == "Fewer forms at the gate, says @Mia & I"
    alice.fill(alice.view, {"problem": "An hour a day"})
    alice.submit()
    alice.edit(written, "Fewer forms")
    alice.delete(written)
    world.settle()
    assert "Fewer forms at the gate" in world.message_of("idea.card:1").text
    assert [one.text for one in world.dms("Alice")][1:] == [world.message_of("idea.received:1").text]
    assert world.problems() == []


def test_an_answer_comes_once_and_to_people_of_this_workspace_only(world: World) -> None:
    world.committee()
    gus = world.person("Gus")
    channel = gus.dm(":wave:").channel
    for user, more in (("UROBOT", {}), ("UGONE", {}), ("UOTHER", {}), ("UGUEST", {"bot_id": "B1"})):
        said = {"user": user, "channel": channel, "channel_type": "im", "ts": f"1.{user[:4]}", "text": "An idea"}
        body = event("message", TEAM, f"Ev{user}", **said, **more)
        assert post(world.bot.wsgi(), body, signed(world.slack.app.signing_secret, body)).status == 200
    world.slack.faults.duplicate_events()
    gus.dm("Again")
    world.settle()
    assert [one.text.split("?")[0] for one in world.dms("Gus")] == ["Shall I keep this as an idea"] * 2
