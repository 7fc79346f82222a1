"""What becomes of channels without a word to the app: made private or public, archived, the bot thrown out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from db.models import Channel, Committee, Idea
from playground.errors import SlackError
from tests.world import PRIVATE, World
from workflows import ballots, committees, exports, people, questions
from workflows.errors import WorkflowError


def standing(world: World) -> dict[str, tuple[bool, str | None]]:
    with world.session() as session:
        return {it.slack_id: (it.is_private, it.trouble) for it in session.scalars(sa.select(Channel))}


def sees(world: World, who: str, where: str = "CRANDOM") -> bool:
    """Whether somebody finds the idea on the list."""
    person = world.person(who)
    person.command("/idea", "list", where)
    return "refunds" in person.ephemerals(where)[-1].words


def told(world: World, who: str, what: str) -> int:
    return sum(what in message.text for message in world.dms(who))


def put(world: World, idea: Idea) -> Iterator[Callable[[], object]]:
    """What the chair does with an idea that others then read in the committee's channel: ask, have it voted on."""
    with world.session() as session:
        chair = people.of(session, "UCHAIR")
        assert chair is not None
        yield lambda: questions.check(session, chair, idea)
        yield lambda: ballots.terms(session, chair, idea, world.now)


def test_a_channel_made_private_is_private_here_within_a_day(world: World) -> None:
    made = world.committee()
    idea = world.idea(made)
    world.settle()
    for deed in put(world, idea):
        deed()
    world.slack.convert("CIDEAS", private=True)
    world.advance(hours=23)
    assert world.slack.wire.calls("conversations.info") == []
    assert sees(world, "Bob")
    world.advance(hours=1)
    open_to_all = (False, committees.OPEN)
    assert standing(world) == {"CIDEAS": (True, None), "CCOMM": open_to_all, "CDIGEST": open_to_all}
    assert (sees(world, "Bob"), sees(world, "Bob", "CCOMM"), sees(world, "Mia")) == (False, False, True)
    for deed in put(world, idea):
        with pytest.raises(WorkflowError, match="Choose a private channel"):
            deed()
    with world.session() as session:
        assert exports.is_private(session, session.get_one(Committee, made.id))
    world.advance(hours=2)
    assert len(world.slack.wire.calls("conversations.info")) == len(standing(world)), "asked more than once in a day"
    world.advance(days=7)
    assert [said.text for said in world.slack.messages.main("CDIGEST") if said.user == world.slack.bot.user_id] == []
    for name in ("Ada", "Clara"):
        assert told(world, name, "<#CIDEAS> was made private") == 1
        assert told(world, name, "Everybody can read <#CDIGEST>") == 1
    assert world.problems() == []


def test_a_command_typed_in_a_channel_made_private_is_sign_enough(world: World) -> None:
    world.idea(world.committee())
    world.settle()
    assert sees(world, "Bob")
    world.slack.convert("CIDEAS", private=True)
    world.person("Alice").command("/idea", "help", "CIDEAS")
    assert not sees(world, "Bob")
    world.settle()
    assert told(world, "Clara", "<#CIDEAS> was made private") == 1


def test_a_channel_made_public_stays_private_here_until_the_set_up_is_saved_again(world: World) -> None:
    secret = PRIVATE[0]
    world.person("Clara").invite(secret, world.slack.bot.user_id)
    place = {secret: committees.Place(slack_id=secret, is_private=True)}
    made = world.committee(intake_channel=secret, committee_channel=secret, digest_channel=secret, places=place)
    world.idea(made)
    world.settle()
    world.slack.convert(secret, private=False)
    for _ in range(2):
        world.advance(days=1)
    assert standing(world) == {secret: (True, None)}
    assert not sees(world, "Bob")
    assert told(world, "Ada", f"<#{secret}> was made public") == 1
    admin = world.person("Ada")
    admin.command("/committee", "setup", secret)
    admin.submit(admin.view)
    assert standing(world) == {secret: (False, None)}
    assert sees(world, "Bob")
    assert world.problems() == []


def test_what_befell_channels_while_slack_told_nobody_is_found_out(world: World) -> None:
    world.committee()
    world.settle()
    channels = world.slack.channels
    channels.get("CIDEAS").members.remove(world.slack.bot.user_id)
    channels.get("CCOMM").archived = True
    channels.get("CDIGEST").shared_with.append("T0OTHER")
    world.advance(days=1)
    assert {name: trouble for name, (_, trouble) in standing(world).items()} == {
        "CIDEAS": "not_in_channel",
        "CCOMM": "is_archived",
        "CDIGEST": "is_ext_shared",
    }
    channels.get("CIDEAS").kind = "private"
    channels.get("CCOMM").archived = False
    channels.get("CDIGEST").shared_with.clear()
    world.advance(days=1)
    assert standing(world)["CIDEAS"] == (True, "not_in_channel"), "what Slack hides may be private, so it is"


def test_a_playgrounds_channel_can_be_converted_but_not_into_what_it_is(world: World) -> None:
    world.slack.convert("CRANDOM", private=True)
    assert world.slack.messages.main("CRANDOM")[-1].subtype == "channel_convert_to_private"
    with pytest.raises(SlackError, match="channel_type_not_supported"):
        world.slack.convert("CRANDOM", private=True)
