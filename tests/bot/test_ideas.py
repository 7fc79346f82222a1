"""Ideas as people meet them in Slack: the form, the cards, and what the buttons do."""

from __future__ import annotations

import pytest

from db.models import Committee, Idea
from playground.messages import Message
from playground.person import Person
from tests.world import World
from workflows import ideas

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


def test_a_form_submitted_twice_is_one_idea_and_closes_politely_both_times(world: World, committee: Committee) -> None:
    alice = world.person("Alice")
    alice.command("/idea", channel="CIDEAS")
    form = alice.view
    assert form is not None
    alice.fill(form, TOLD)
    answers = [world.slack.interactions.submit(alice.user, form) for _ in range(2)]
    assert [(answer.ok, answer.body) for answer in answers] == [(True, {"response_action": "clear"})] * 2
    world.settle()
    assert len([one for one in alice.messages("CIDEAS") if "A button for refunds" in one.text]) == 1
    alice.command("/idea", channel="CIDEAS")
    assert alice.view is not None
    assert "was not put in yet" not in alice.view.words
