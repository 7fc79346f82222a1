"""Home: what waits with buttons that work in place, one's ideas, the committee, and set-up for admins."""

from __future__ import annotations

import time
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.views import waiting
from db.engine import Sessions
from db.models import Idea, IdeaState, Intervention, Notice, Person, Vote
from playground.views import View
from tests import builders
from tests.workflows import ballot_scene, work_scene
from tests.world import World
from workflows import ballots, committees, interventions, people, progress, questions
from workflows.waiting import Kind, waiting_for

MOST_BLOCKS = 100
START = builders.NOW


def home(world: World, who: str) -> View:
    """Somebody opens their Home and waits until it shows."""
    world.person(who).open_home()
    world.settle()
    shown = world.person(who).home
    assert shown is not None
    assert len(shown.blocks) < MOST_BLOCKS
    return shown


def test_an_admin_without_a_committee_is_led_to_the_form(world: World) -> None:
    ada = world.person("Ada")
    ada.click(home(world, "Ada"), "Set up a committee")
    assert ada.view is not None
    assert ada.view.values["intake_channel"]["intake_channel"]["selected_conversation"] == "CIDEAS"
    ada.submit()
    world.settle()
    shown = ada.home
    assert shown is not None
    assert "*Innovation committee* – 1 member; Ada chairs." in shown.words
    assert world.problems() == []


def test_others_without_a_committee_hear_who_can_set_one_up(world: World) -> None:
    shown = home(world, "Alice")
    assert "A workspace admin can set one up" in shown.words
    assert world.person("Alice").buttons(shown) == []


def test_a_vote_is_cast_from_home_and_goes_from_the_list(world: World) -> None:
    made = world.committee()
    idea = world.idea(made)
    open_vote(world, idea)
    mia = world.person("Mia")
    assert "Vote on *#1 A button for refunds*" in home(world, "Mia").words
    mia.click(home(world, "Mia"), "ballot.vote.approve")
    world.settle()
    with world.session() as session:
        assert session.scalars(sa.select(Vote.choice)).all() == ["approve"]
    shown = mia.home
    assert shown is not None
    assert "Nothing is waiting for you just now." in shown.words
    assert world.problems() == []


def open_vote(world: World, idea: Idea) -> None:
    with world.session() as session:
        chair = people.seen(session, "T0TOUCH", "UCHAIR", now=world.now)
        ballots.open_review(session, chair, session.get_one(Idea, idea.id), now=world.now)


def test_an_author_sees_the_next_step_of_their_ideas_and_leafs_through_them(world: World) -> None:
    made = world.committee()
    for number in range(1, 9):
        world.idea(made, title=f"Idea <!here> {number}")
    shown = home(world, "Alice")
    assert "Your ideas (8)" in shown.words
    assert "*#8 Idea &lt;!here&gt; 8*" in shown.words
    assert "*Next:* Clara answers by" in shown.words
    alice = world.person("Alice")
    alice.click(shown, "Next")
    world.settle()
    turned = alice.home
    assert turned is not None
    assert "*#1 Idea &lt;!here&gt; 1*" in turned.words
    assert "*#8 Idea" not in turned.words
    assert "*#8 Idea" in home(world, "Alice").words
    assert world.problems() == []


def test_home_shows_a_change_by_itself_and_only_to_those_who_opened_it(world: World) -> None:
    made = world.committee()
    home(world, "Mia")
    idea = world.idea(made)
    open_vote(world, idea)
    world.settle()
    shown = world.person("Mia").home
    assert shown is not None
    assert "Vote on *#1" in shown.words
    assert world.person("Max").home is None
    with world.session() as session:
        assert session.scalar(sa.select(sa.func.count(Notice.id)).where(Notice.kind == "home")) == 1


def test_work_is_taken_on_and_reported_from_home(world: World) -> None:
    made = world.committee()
    with world.session() as session:
        olga = people.seen(session, "T0TOUCH", "UOWNER", now=world.now)
        idea = work_scene.approved(session, committees.get(session, made.id))
        chair = builders.chair(session, committees.get(session, made.id))
        work = interventions.assign(session, chair, idea, work_scene.plan(), olga, now=world.now)
    shown = home(world, "Olga")
    assert "Will you take on *Signs at the gate*" in shown.words
    olga_acts = world.person("Olga")
    olga_acts.click(shown, "Accept")
    shown = home(world, "Olga")
    assert "*Signs at the gate* (idea #" in shown.words
    assert "due Wed 16 Dec 2026" in shown.words
    olga_acts.click(shown, "work.update.on_track")
    with world.session() as session:
        assert session.get_one(Intervention, work.id).state == "accepted"
    assert world.problems() == []


def test_a_score_and_an_answer_are_asked_for_in_a_form_over_home(world: World) -> None:
    made = world.committee()
    idea = world.idea(made)
    mia = world.person("Mia")
    mia.click(home(world, "Mia"), "Score")
    assert mia.view is not None
    with world.session() as session:
        chair = builders.chair(session, committees.get(session, made.id))
        questions.ask(session, chair, session.get_one(Idea, idea.id), "How often?", now=world.now)
    shown = home(world, "Alice")
    assert "Clara asks about *#1 A button for refunds*: How often?" in shown.words
    alice = world.person("Alice")
    alice.click(shown, "Answer")
    assert alice.view is not None
    assert world.problems() == []


def test_a_guest_sees_their_ideas_but_not_how_the_committee_stands(world: World) -> None:
    made = world.committee()
    world.idea(made, author="UGUEST")
    shown = home(world, "Gus")
    assert "Your ideas (1)" in shown.words
    assert "5 members" not in shown.words


def test_everything_that_can_wait_has_a_sentence_and_something_to_do(sessions: Sessions) -> None:
    with sessions.begin(builders.WORKSPACE) as session:
        offer, tie, vote = work_scene.offered(session), tied(session), ballot_scene.vote_on_an_idea(session)
        late = builders.idea(session, vote.committee, answer_due=START)
        asked = questions.ask(session, vote.chair, builders.idea(session, vote.committee), "Why?", now=START)
        claimed, back = work_scene.accepted(session), work_scene.offered(session)
        progress.claim(session, claimed.owner, claimed.it, "Up", now=START)
        interventions.hand_back(session, back.owner, back.it, "Away", now=START)
        work_scene.approved(session, vote.committee)
        author = session.get_one(Person, session.get_one(Idea, asked.idea_id).author_id)
        doing = work_scene.accepted(session)
        everybody = (offer.owner, tie.chair, vote.chair, claimed.chair, back.chair, author, doing.owner)
        found = [it for person in everybody for it in waiting_for(session, person, ballot_scene.LATER)]
        assert {it.kind for it in found} == set(Kind)
        assert late.id in {it.idea.id for it in found}
        for it in found:
            assert it.idea.title in waiting.sentence(it, START.date(), "Europe/Berlin")
            assert waiting.deeds(it)


def tied(session: Session) -> ballot_scene.Scene:
    scene = ballot_scene.vote_on_an_idea(session, tie="chair")
    scene.vote("approve", "approve", "decline", "decline")
    scene.close()
    return scene


def test_the_messages_tab_is_left_alone(world: World) -> None:
    world.person("Alice").open_home("messages")
    world.settle()
    assert world.person("Alice").home is None


def test_admins_see_channels_in_trouble_and_what_was_not_delivered(world: World) -> None:
    made = world.committee()
    world.slack.remove_bot("CCOMM")
    world.idea(made)
    world.settle()
    shown = home(world, "Ada")
    assert "I was removed from <#CCOMM>" in shown.words
    assert "I could not deliver" in shown.words
    assert "Set up another committee" in world.person("Ada").buttons(shown)
    assert "I could not deliver" not in home(world, "Clara").words
    assert "I was removed from <#CCOMM>" in home(world, "Clara").words
    assert "I was removed" not in home(world, "Mia").words
    assert "Change Innovation" not in world.person("Mia").buttons(home(world, "Mia"))


def test_a_busy_chairs_home_stays_within_slacks_bounds_and_is_quick(world: World) -> None:
    made = world.committee()
    with world.bot.house.sessions.everywhere() as session:
        alice = people.seen(session, "T0TOUCH", "UAGENT", now=world.now)
        rows = [
            {
                "workspace_id": "T0TOUCH",
                "number": number,
                "committee_id": made.id,
                "author_id": alice.id,
                "title": f"Idea {number}",
                "problem": "x" * 200,
                "state": IdeaState.SUBMITTED,
                "submitted_at": START,
                "state_since": START,
                "answer_due": START,
            }
            for number in range(1, 10_001)
        ]
        session.execute(sa.insert(Idea), rows)
    for who in ("Clara", "Alice"):
        assert min(published(world, who) for _ in range(3)) < timedelta(seconds=1)
        shown = world.person(who).home
        assert shown is not None
        assert len(shown.blocks) < MOST_BLOCKS
    assert world.problems() == []
    with world.session() as session:
        assert committees.status(session, committees.get(session, made.id), world.now).waiting == 10_000


def published(world: World, who: str) -> timedelta:
    """How long it takes to render somebody's Home and to publish it."""
    world.bot.sender.drain()
    world.clock.advance(timedelta(seconds=2))  # a Home is shown once a second at most
    world.person(who).open_home()
    begun = time.perf_counter()
    assert world.bot.sender.drain()
    return timedelta(seconds=time.perf_counter() - begun)
