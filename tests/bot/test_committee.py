"""`/committee`: how it stands, told to members and to everybody else."""

from __future__ import annotations

from tests.world import World
from workflows import committees


def asked(world: World, who: str, text: str = "", channel: str | None = "CRANDOM") -> str:
    person = world.person(who)
    before = len(person.ephemerals())
    person.command("/committee", text, channel)
    return "\n".join(message.text for message in person.ephemerals()[before:])


def test_before_any_committee_one_hears_who_can_set_one_up(world: World) -> None:
    assert "A workspace admin can set one up with `/committee setup`" in asked(world, "Alice")
    assert world.problems() == []


def test_a_preview_of_a_quiet_week_says_so_to_those_who_hear_it_read_out(world: World) -> None:
    world.committee()
    said = asked(world, "Clara", "digest preview")
    assert "Only you see this preview." in said
    assert "There is nothing to tell this week" in said


def test_a_member_hears_what_is_open_from_anywhere(world: World) -> None:
    made = world.committee(name="Care & <!channel>")
    world.idea(made)
    said = asked(world, "Mia")
    assert "*Care &amp; &lt;!channel&gt;*" in said
    assert "5 members; Clara chairs, Dev is deputy" in said
    assert "*Simple majority:* Passes with more than half of the votes for or against" in said
    assert "Open now: 1 idea to look at." in said
    assert "Fri 20 Nov 2026, 15:00 CET" in said
    assert world.problems() == []


def test_a_chair_who_leaves_is_on_no_card_any_more_and_the_deputy_knows(world: World) -> None:
    world.idea(world.committee())
    world.settle()
    assert "You chair *Innovation* now: you open votes" in world.dms("Clara")[0].text
    assert "Clara answers by" in world.message_of("idea.card:1").text
    world.slack.change_user("UCHAIR", deleted=True)
    world.settle()
    assert "Dev answers by" in world.message_of("idea.card:1").text
    deputy, presiding = (one.text for one in world.dms("Dev"))
    assert "You are the deputy of *Innovation* now" in deputy
    assert "You preside over *Innovation* from now on, for its chair has left" in presiding
    assert world.problems() == []


def test_everybody_else_hears_public_facts_only(world: World) -> None:
    world.idea(world.committee())
    said = asked(world, "Alice")
    assert "*Innovation* – 5 members" in said
    assert "Open now" not in said


def test_a_committee_in_private_is_known_inside_and_where_it_takes_ideas(world: World) -> None:
    world.slack.add_channel("cellar", ["UCHAIR", "UAGENT"], id="CCELLAR", private=True)
    world.committee(
        name="Hidden", intake_channel="CCELLAR", committee_channel="CCELLAR", digest_channel="CCELLAR", places=PRIVATE
    )
    assert "Hidden" not in asked(world, "Bob")
    assert "Hidden" in asked(world, "Clara")
    assert "Hidden" in asked(world, "Alice", channel="CCELLAR")


PRIVATE = {"CCELLAR": {"slack_id": "CCELLAR", "name": "cellar", "is_private": True}}


def test_a_guest_is_told_by_a_colleague_unless_a_member(world: World) -> None:
    made = world.committee()
    assert "a colleague can tell" in asked(world, "Gus", channel="CIDEAS")
    world.bot.house.directory.know("T0TOUCH", ["UGUEST"], world.now)
    with world.session() as session:
        committees.sync_group(session, made, ["UGUEST"], world.now)
    assert "Open now" not in asked(world, "Alice", channel="CIDEAS")
    assert "Nothing is open now." in asked(world, "Gus", channel="CIDEAS")


def test_help_lists_what_can_be_asked(world: World) -> None:
    said = asked(world, "Alice", "help")
    assert "`/committee setup` – set a committee up, or change it" in said
    assert "`/committee` – how your committee stands" in said
