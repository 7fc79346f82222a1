"""Ideas as people meet them in Slack: the form, the cards, and what the buttons do."""

from __future__ import annotations

import pytest

from db.models import Committee, Idea, IdeaState
from playground.messages import Message
from playground.person import Person
from tests.world import TEAM, World
from workflows import ideas, people

TOLD = {"title": "A button for refunds", "problem": "Refunds take three calls"}


def put_in(world: World, who: str = "Alice", channel: str | None = "CIDEAS", **told: str) -> Person:
    """Somebody types /idea and submits the form."""
    person = world.person(who)
    person.command("/idea", channel=channel)
    assert person.view is not None
    person.fill(person.view, {**TOLD, **told})
    person.submit()
    world.settle()
    return person


def card(world: World) -> Message:
    return world.message_of("idea.card:1")


def committee_card(world: World) -> Message:
    return world.message_of("idea.committee_card:1:CCOMM")


def idea(world: World, number: int = 1) -> Idea:
    with world.session() as session:
        return ideas.by_number(session, number)


def more(world: World, who: str) -> list[str]:
    """What More offers to somebody."""
    person = world.person(who)
    person.click(card(world), "More")
    assert person.view is not None
    offered = person.buttons(person.view)
    person.close_view()
    return offered


@pytest.fixture
def committee(world: World) -> Committee:
    return world.committee()


def test_an_idea_goes_from_the_form_to_both_channels_and_back_to_its_author(world: World, committee: Committee) -> None:
    alice = put_in(world, effect="Calmer customers")
    assert alice.view is None
    for shown in (card(world), committee_card(world)):
        for said in (
            "#1 A button for refunds",
            "Refunds take three calls",
            "Calmer customers",
            "From Alice",
            "With the committee",
            "Clara answers by",
            "Wed 2 Dec 2026, 17:00 CET",
        ):
            assert said in shown.words
            assert said in shown.text
    assert alice.buttons(card(world)) == ["Support", "Score", "More"]
    assert alice.buttons(committee_card(world)) == ["Score", "Open a vote", "Ask the author", "More"]
    assert "You will have an answer by" in world.dms("Alice")[-1].text
    assert world.problems() == []


def test_a_committee_in_one_channel_has_one_card_with_all_the_buttons(world: World) -> None:
    world.committee(committee_channel="CIDEAS")
    alice = put_in(world)
    assert alice.buttons(card(world)) == ["Support", "Score", "Open a vote", "Ask the author", "More"]
    assert [one for one in alice.messages("CIDEAS") if "#1" in one.text] == [card(world)]


def test_words_after_the_command_are_in_the_form(world: World, committee: Committee) -> None:
    alice = world.person("Alice")
    for typed, field in (
        ("Refunds by button", "title"),
        ("Tell @Clara about R&D <3 in #random", "title"),
        ("top shelf is too high", "title"),  # "top" is a list only alone
        ("x" * 150, "problem"),
    ):
        alice.command("/idea", typed, channel="CIDEAS")
        assert alice.view is not None
        assert alice.view.values[field][field]["value"] == typed
        alice.close_view()


def test_long_words_are_spread_over_the_form_and_nothing_is_lost(world: World, committee: Committee) -> None:
    alice = world.person("Alice")
    words = "".join(str(n % 10) for n in range(3500))
    alice.command("/idea", words, channel="CIDEAS")
    assert alice.view is not None
    kept = [alice.view.values[name][name]["value"] or "" for name in ("problem", "proposal")]
    assert "".join(kept) == words


def test_without_a_committee_the_sentence_says_who_can_set_one_up(world: World) -> None:
    alice = world.person("Alice")
    alice.command("/idea", channel="CRANDOM")
    assert alice.view is None
    assert "/committee setup" in alice.ephemerals("CRANDOM")[-1].text


def test_elsewhere_the_only_committee_is_taken(world: World, committee: Committee) -> None:
    put_in(world, channel="CRANDOM")
    assert idea(world).committee_id == committee.id


def test_elsewhere_the_form_asks_which_of_several_committees(world: World, committee: Committee) -> None:
    world.slack.add_channel("greens", ["UADMIN", "UAGENT"], id="CGREEN")
    green = world.committee(name="Greens", intake_channel="CGREEN", committee_channel="CGREEN", digest_channel="CGREEN")
    alice = world.person("Alice")
    alice.command("/idea", channel="CRANDOM")
    assert alice.view is not None
    alice.fill(alice.view, {**TOLD, "committee": "Greens"})
    alice.submit()
    assert idea(world).committee_id == green.id
    alice.command("/idea", channel="CGREEN")
    assert "It goes to *Greens*" in alice.view.words
    assert "Which committee" not in alice.view.words


def test_a_private_committee_is_not_on_offer_to_outsiders(world: World, committee: Committee) -> None:
    world.slack.add_channel("hush", ["UADMIN", "UCHAIR"], id="CHUSH", private=True)
    world.committee(
        name="Hush", intake_channel="CHUSH", committee_channel="CHUSH", digest_channel="CHUSH",
        places={"CHUSH": {"slack_id": "CHUSH", "name": "hush", "is_private": True}},
    )  # fmt: skip
    for who, asked in (("Alice", False), ("Clara", True)):
        person = world.person(who)
        person.command("/idea", channel="CRANDOM")
        assert person.view is not None
        assert ("Which committee" in person.view.words) is asked


def test_the_shortcut_opens_the_form_too(world: World, committee: Committee) -> None:
    alice = world.person("Alice")
    alice.shortcut("idea.new")
    assert alice.view is not None
    alice.fill(alice.view, TOLD)
    alice.submit()
    assert idea(world).title == TOLD["title"]


def test_a_message_becomes_an_idea_with_its_author_and_link(world: World, committee: Committee) -> None:
    said = world.person("Bob").say("CRANDOM", "Refunds take *three* calls & @Clara hates it <https://x.example|here>")
    world.settle()
    alice = world.person("Alice")
    alice.message_shortcut(said, "idea.from_message")
    assert alice.view is not None
    assert "Refunds take *three* calls & @Clara hates it" in alice.view.values["problem"]["problem"]["value"]
    alice.fill(alice.view, {"title": "Refund button"})
    alice.submit()
    world.settle()
    made = idea(world)
    assert made.author.name == "Alice"
    assert made.source_permalink is not None
    assert said.ts.replace(".", "") in made.source_permalink
    assert "after a message of Bob" in card(world).words


def test_a_message_too_long_for_the_form_is_kept_whole(world: World, committee: Committee) -> None:
    said = world.person("Bob").say("CRANDOM", "words " * 1500)
    alice = world.person("Alice")
    alice.message_shortcut(said, "idea.from_message")
    assert alice.view is not None
    alice.fill(alice.view, {"title": "Refund button"})
    alice.submit()
    assert idea(world).source_text == ("words " * 1500).strip()


def test_support_is_seen_on_both_cards_and_can_be_taken_back(world: World, committee: Committee) -> None:
    put_in(world)
    for who in ("Bob", "Mia"):
        world.person(who).click(card(world), "Support")
    world.advance(seconds=10)
    for shown in (card(world), committee_card(world)):
        assert "2 supporters: Bob and Mia" in shown.words
        assert "2 supporters: Bob and Mia" in shown.text
    world.person("Bob").click(card(world), "Support")
    world.advance(seconds=10)
    assert "1 supporter: Mia" in card(world).words
    assert "no longer support" in world.person("Bob").ephemerals("CIDEAS")[-1].text


def test_a_double_click_on_support_counts_once(world: World, committee: Committee) -> None:
    put_in(world)
    bob = world.person("Bob")
    bob.click(card(world), "Support")
    bob.click(card(world), "Support")
    assert idea(world).support_count == 1


def test_authors_hear_that_their_support_is_taken_as_read(world: World, committee: Committee) -> None:
    alice = put_in(world)
    alice.click(card(world), "Support")
    assert "your own idea" in alice.ephemerals("CIDEAS")[-1].text


def test_a_guest_may_put_in_and_support(world: World, committee: Committee) -> None:
    put_in(world, "Gus")
    put_in(world, "Alice")
    world.person("Gus").click(world.message_of("idea.card:2"), "Support")
    assert (idea(world).author.name, idea(world, 2).support_count) == ("Gus", 1)


def test_more_offers_what_this_person_may_do(world: World, committee: Committee) -> None:
    put_in(world)
    chairs = ["Show", "Ask", "Open a vote", "Decline"]
    assert {who: more(world, who) for who in ("Alice", "Clara", "Dev", "Mia", "Bob", "Gus")} == {
        "Alice": ["Show", "Edit", "Withdraw"],
        "Clara": chairs,
        "Dev": chairs,
        "Mia": ["Show", "Ask"],
        "Bob": ["Show"],
        "Gus": ["Show"],
    }


def test_the_author_edits_and_the_card_follows(world: World, committee: Committee) -> None:
    alice = put_in(world)
    alice.click(card(world), "More")
    assert alice.view is not None
    alice.click(alice.view, "Edit")
    alice.fill(alice.view, {"title": "Refunds in one click"})
    alice.submit()
    world.advance(seconds=5)
    assert alice.view is None
    assert "#1 Refunds in one click" in card(world).words


def test_the_chair_declines_and_the_author_hears_why(world: World, committee: Committee) -> None:
    put_in(world)
    clara = world.person("Clara")
    clara.click(committee_card(world), "More")
    assert clara.view is not None
    clara.click(clara.view, "Decline")
    clara.fill(clara.view, {"why": "The shop system is *replaced* in spring"})
    clara.submit()
    world.advance(seconds=5)
    said = world.dms("Alice")[-1]
    assert "The shop system is *replaced* in spring" in said.words
    assert "Clara has looked at your idea" in said.text
    for shown in (card(world), committee_card(world)):
        assert "Declined" in shown.text
        assert "Why not:* The shop system is *replaced* in spring" in shown.words
    assert more(world, "Alice") == ["Show"]
    assert more(world, "Clara") == ["Show", "Bring it back"]


def test_a_declined_idea_is_brought_back_with_a_new_promise(world: World, committee: Committee) -> None:
    test_the_chair_declines_and_the_author_hears_why(world, committee)
    clara = world.person("Clara")
    clara.click(card(world), "More")
    assert clara.view is not None
    clara.click(clara.view, "Bring it back")
    world.advance(seconds=5)
    assert "is back with the committee" in clara.view.words
    assert "is back with *Innovation*" in world.dms("Alice")[-1].text
    assert idea(world).state is IdeaState.SUBMITTED


def test_the_author_withdraws(world: World, committee: Committee) -> None:
    alice = put_in(world)
    alice.click(card(world), "More")
    assert alice.view is not None
    alice.click(alice.view, "Withdraw")
    alice.submit()
    world.advance(seconds=5)
    assert "Withdrawn by the author" in card(world).text
    assert world.person("Mia").buttons(card(world)) == ["More"]


def test_a_form_left_open_meets_an_idea_that_has_moved_on(world: World, committee: Committee) -> None:
    alice = put_in(world)
    alice.click(card(world), "More")
    assert alice.view is not None
    alice.click(alice.view, "Edit")
    with world.session() as session:
        chair = people.seen(session, TEAM, "UCHAIR", now=world.now)
        ideas.decline(session, chair, ideas.by_number(session, 1), "No", now=world.now)
    alice.fill(alice.view, {"title": "Better words"})
    alice.submit()
    assert "has been declined, so its words stay as they are" in alice.view.words


EVIL = (
    "<!channel> free beer",
    "<https://evil.example|refunds>",
    "@everyone #general look",
    "*bold* & <@UCHAIR>",
    "نكتة \U0001f469\u200d\U0001f467 \u202eabc",
)


def test_what_people_type_pings_nobody_and_links_nowhere(world: World, committee: Committee) -> None:
    for evil in EVIL:
        alice = put_in(world, title=evil, problem=evil)
    for number in range(1, len(EVIL) + 1):
        keys = (f"idea.card:{number}", f"idea.committee_card:{number}:CCOMM", f"idea.received:{number}")
        for said in (world.message_of(key).text for key in keys):
            assert not any(live in said for live in ("<!channel>", "<https://evil", "<@UCHAIR>"))
    alice.command("/idea", "mine", channel="CIDEAS")
    assert world.problems() == []


def test_an_empty_title_gets_its_sentence_under_the_field(world: World, committee: Committee) -> None:
    alice = world.person("Alice")
    alice.command("/idea", channel="CIDEAS")
    assert alice.view is not None
    alice.fill(alice.view, {"title": "\u200b", "problem": "x"})
    alice.submit()
    assert alice.view.errors["title"].startswith("Give your idea a title")
