"""Scoring as members do it in Slack, and what they see of each other's scores."""

from __future__ import annotations

import pytest

from db.models import Committee, Idea, IdeaState
from playground.person import Person
from playground.views import View
from tests.world import World
from workflows import erasure, ideas, people

ICE = {"impact": "8", "confidence": "7", "ease": "5"}
OWN = {"framework": "weighted", "criteria": "Customer *value* <!here>: 60%\nCost: 40% (lower is better)"}


def opened(world: World, who: str, idea: Idea) -> View:
    """The score form as opened from the card in the committee channel."""
    person = world.person(who)
    person.click(world.message_of(f"idea.committee_card:{idea.id}:CCOMM"), "Score")
    assert person.view is not None, refused(person)
    return person.view


def refused(person: Person) -> str:
    shown = person.ephemerals("CCOMM")
    return shown[-1].text if shown else ""


def give(world: World, who: str, idea: Idea, values: dict[str, str]) -> str:
    """Score, and read what is shown then."""
    person = world.person(who)
    person.fill(opened(world, who, idea), values)
    person.submit()
    assert person.view is not None
    said = words(person.view)
    person.close_view()
    return said


def words(view: View) -> str:
    texts = [block["text"]["text"] for block in view.blocks if block["type"] == "section"]
    texts += [one["text"] for block in view.blocks if block["type"] == "context" for one in block["elements"]]
    return "\n".join(texts)


def card(world: World, idea: Idea) -> str:
    world.settle()
    return world.message_of(f"idea.committee_card:{idea.id}:CCOMM").text


@pytest.fixture
def committee(world: World) -> Committee:
    return world.committee(framework="ice")


@pytest.fixture
def idea(world: World, committee: Committee) -> Idea:
    made = world.idea(committee)
    world.settle()
    return made


def test_a_member_scores_from_the_card_and_only_the_count_shows_there(world: World, idea: Idea) -> None:
    assert "0 of 5 scored" in card(world, idea)
    said = give(world, "Mia", idea, ICE)
    assert "Your score is in." in said
    assert "ICE: impact 8 × confidence 7 × ease 5 = 280; medians, 1 of 5 scored, provisional." in said
    shown = card(world, idea)
    assert "1 of 5 scored" in shown
    assert "280" not in shown
    assert "scored" not in world.message_of(f"idea.card:{idea.id}").text
    assert world.problems() == []


def test_the_card_counts_the_members_anew_when_one_leaves_or_joins_or_is_forgotten(world: World, idea: Idea) -> None:
    world.slack.change_user("UMEM3", deleted=True)
    world.settle()
    assert "0 of 4 scored" in card(world, idea)
    world.committee(members=["UMEM1", "UMEM2", "UMEM4", "UMEM5"])
    world.settle()
    assert "0 of 6 scored" in card(world, idea)
    with world.session() as session:
        mei = people.of(session, "UMEM5")
        assert mei is not None
        erasure.erase(session, mei, now=world.now)
    world.settle()
    assert "0 of 5 scored" in card(world, idea)


def test_others_scores_are_hidden_until_ones_own_is_in(world: World, idea: Idea) -> None:
    give(world, "Mia", idea, {**ICE, "impact": "9"})
    form = opened(world, "Max", idea)
    assert "how the others see it is shown once your score is in" in words(form)
    assert "median" not in str(form.blocks)
    assert "315" not in str(form.blocks)
    world.person("Max").close_view()
    said = give(world, "Max", idea, {**ICE, "impact": "1"})
    assert "*Impact*: median 5, from 1 to 9; you: 1" in said
    assert "*Worth discussing:* scorers are far apart on Impact (1 to 9)." in said
    assert "Mia" not in said


def test_a_score_is_changed_in_the_same_form_which_then_shows_the_others(world: World, idea: Idea) -> None:
    give(world, "Mia", idea, ICE)
    form = opened(world, "Mia", idea)
    assert "280" in words(form)
    world.person("Mia").submit()  # everything is filled in as it was
    world.person("Mia").close_view()
    assert "= 350;" in give(world, "Mia", idea, {"impact": "10"})
    assert "1 of 5 scored" in card(world, idea)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("Alice", "Only a member of the committee"), ("Gus", "Only a member of the committee")],
)
def test_who_is_no_member_is_told_who_scores(world: World, idea: Idea, who: str, sentence: str) -> None:
    person = world.person(who)
    person.click(world.message_of(f"idea.card:{idea.id}"), "Score")
    assert person.view is None
    assert sentence in person.ephemerals("CIDEAS")[-1].text


def test_a_member_is_told_why_they_do_not_score_their_own_idea(world: World, committee: Committee) -> None:
    own = world.idea(committee, author="UMEM1")
    world.settle()
    mia = world.person("Mia")
    mia.click(world.message_of(f"idea.card:{own.id}"), "Score")
    assert "This is your own idea, so you do not score it" in mia.ephemerals("CIDEAS")[-1].text
    assert "0 of 4 scored" in card(world, own)


def test_an_idea_decided_meanwhile_is_not_scored_and_the_form_says_so(world: World, idea: Idea) -> None:
    mia = world.person("Mia")
    form = opened(world, "Mia", idea)
    mia.fill(form, ICE)
    with world.session() as session:
        ideas.get(session, idea.id, lock=True).state = IdeaState.WITHDRAWN
    mia.submit()
    assert form.errors == {"impact": f"Idea #{idea.number} has been withdrawn, so it is no longer scored."}


def test_a_framework_changed_meanwhile_takes_no_score(world: World, idea: Idea, committee: Committee) -> None:
    mia = world.person("Mia")
    form = opened(world, "Mia", idea)
    mia.fill(form, ICE)
    with world.session() as session:
        session.get_one(Committee, committee.id).framework = {"key": "rice"}
    mia.submit()
    assert "has changed how it scores since you opened this form" in form.errors["impact"]


def test_a_number_off_the_scale_is_named_in_its_field(world: World) -> None:
    made = world.idea(world.committee(framework="rice"))
    world.settle()
    mia = world.person("Mia")
    form = opened(world, "Mia", made)
    mia.fill(form, {"reach": "1.23456", "impact": "0.25", "confidence": "80", "effort": "0.5"})
    mia.submit()
    assert form.errors == {"reach": "Reach has at most four decimal places."}
    mia.fill(form, {"reach": "1000"})
    mia.submit()
    assert mia.view is not None
    assert "reach 1000 × impact 0.25 × confidence 80% ÷ effort 0.5 = 400" in words(mia.view)
    assert world.problems() == []


def test_criteria_of_ones_own_are_scored_from_one_to_five_and_ping_nobody(world: World) -> None:
    made = world.idea(world.committee(**OWN))
    world.settle()
    form = opened(world, "Mia", made)
    hints = [block["hint"]["text"] for block in form.blocks if block["type"] == "input"]
    assert hints == ["Counts 60%", "Counts 40%. Lower is better"]
    world.person("Mia").close_view()
    (value, cost) = [block["block_id"] for block in form.blocks if block["type"] == "input"]
    said = give(world, "Mia", made, {value: "5", cost: "1"})
    assert "= 100;" in said
    assert "<!here>" not in said
    assert world.problems() == []


def test_every_framework_makes_a_form_that_slack_accepts(world: World) -> None:
    made = world.idea(world.committee(framework="wsjf"))
    world.settle()
    for key in ("wsjf", "value_effort", "ice", "rice"):
        with world.session() as session:
            session.get_one(Committee, made.committee_id).framework = {"key": key}
        assert opened(world, "Mia", made).errors == {}
        world.person("Mia").close_view()
    assert world.problems() == []


def test_the_same_score_given_twice_counts_once(world: World, idea: Idea) -> None:
    assert give(world, "Mia", idea, ICE) == give(world, "Mia", idea, ICE)
    assert "1 of 5 scored" in card(world, idea)
