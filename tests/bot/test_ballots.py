"""Ballots as people meet them in Slack: the card in the thread, the forms, the direct messages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.bot.ballot_world import a_vote, idea_at, on_the_table
from tests.workflows.ballot_scene import remind_due
from tests.world import World
from tests.worlds import after

CLOSING = datetime.fromisoformat("2026-11-23T16:00:00Z")


def last_words(world: World, name: str) -> str:
    return world.person(name).ephemerals()[-1].text


def test_the_chair_opens_a_vote_in_the_thread_of_the_idea(world: World) -> None:
    vote = idea_at(world).open()
    card = vote.card
    assert (card.channel, card.thread_ts) == ("CCOMM", vote.root.ts)
    assert "needs 3 more of 5 to take part" in card.text
    assert "Passes with more than half" in card.text
    assert f"<!date^{int(CLOSING.timestamp())}^" in card.text
    assert "Mon 23 Nov 2026, 17:00 CET" in card.text
    assert world.person("Mia").buttons(card)[:5] == ["Approve", "With conditions", "Decline", "Object", "Abstain"]
    assert world.problems() == []


def test_the_form_offers_the_committees_usual_terms_and_takes_others(world: World) -> None:
    vote = idea_at(world, secret=True)
    later = CLOSING + timedelta(days=1)
    vote.open(closes_at=later, secret="Open")
    assert (vote.of().closes_at, vote.of().secret) == (later, False)


def test_a_deadline_that_has_passed_is_refused_in_the_form(world: World) -> None:
    vote = idea_at(world)
    clara = world.person("Clara")
    clara.click(vote.root, "Open a vote")
    assert clara.view is not None
    clara.fill(clara.view, {"closes_at": world.now - timedelta(days=1)})
    clara.submit()
    assert clara.view is not None
    assert "That moment has passed" in str(clara.view.errors)


def test_a_member_who_presses_open_a_vote_hears_who_may(world: World) -> None:
    vote = idea_at(world)
    mia = world.person("Mia")
    mia.click(vote.root, "Open a vote")
    assert mia.view is None
    assert "chair or the deputy can open a vote" in last_words(world, "Mia")


@after(a_vote)
def test_votes_are_counted_on_the_card_and_answered_to_the_voter(world: World) -> None:
    vote = on_the_table(world)
    vote.press("Mia", "Approve")
    vote.press("Max", "Decline", "too dear")
    assert "1 for and 1 against; 3 of 5 still to vote" in vote.card.text
    assert "Voted: Mia and Max." in vote.card.text
    assert "too dear" not in vote.card.words
    assert "you approve" in last_words(world, "Mia")
    assert vote.standing() == {"Mia": ("approve", None), "Max": ("decline", "too dear")}
    assert world.problems() == []


@after(a_vote)
def test_a_vote_may_be_changed_and_the_form_remembers_the_reason(world: World) -> None:
    vote = on_the_table(world)
    vote.press("Max", "Decline", "too dear")
    max_ = world.person("Max")
    max_.click(vote.card, "Object")
    assert max_.view is not None
    assert "too dear" in str(max_.view.blocks)
    max_.submit()
    world.settle()
    assert vote.standing() == {"Max": ("object", "too dear")}


@after(a_vote)
def test_a_double_click_is_one_vote(world: World) -> None:
    vote = on_the_table(world)
    for _ in range(2):
        vote.press("Mia", "Approve")
    assert vote.standing() == {"Mia": ("approve", None)}


@after(a_vote)
def test_those_who_may_not_vote_hear_why_and_change_nothing(world: World) -> None:
    vote = on_the_table(world)
    for name in ("Alice", "Ada", "Gus"):
        for button in ("Approve", "Decline"):
            vote.press(name, button)
            assert world.person(name).view is None
            assert "member of the committee" in last_words(world, name)
    assert vote.standing() == {}


def test_an_author_on_the_committee_is_told_off_kindly_and_named_on_the_card(world: World) -> None:
    vote = idea_at(world, author="UMEM1").open()
    assert "Mia wrote the idea and so does not vote." in vote.card.text
    vote.press("Mia", "Approve")
    assert "You wrote this idea, so you are recused from this vote." in last_words(world, "Mia")
    assert vote.standing() == {}


@after(a_vote)
def test_a_late_press_is_refused_with_the_time(world: World) -> None:
    vote = on_the_table(world)
    world.clock.advance(CLOSING - world.now)
    world.person("Mia").click(vote.card, "Approve")
    assert "closed on Monday 23 November at 17:00" in last_words(world, "Mia")
    assert vote.standing() == {}


@after(a_vote)
def test_a_reason_typed_too_late_is_not_lost(world: World) -> None:
    vote = on_the_table(world)
    mia = world.person("Mia")
    mia.click(vote.card, "Decline")
    assert mia.view is not None
    mia.fill(mia.view, {"reason": "too dear for what it does"})
    world.clock.advance(CLOSING - world.now)
    mia.submit()
    assert mia.view is not None
    assert "came too late" in str(mia.view.errors)
    assert "too dear for what it does" in str(mia.view.values)


@after(a_vote)
@pytest.mark.parametrize("value", ['{"ballot":999,"v":1}', '{"ballot":"1","v":1}', '{"idea":1,"v":1}', "", "no json"])
def test_a_forged_button_does_nothing_and_says_so(world: World, value: str) -> None:
    vote = on_the_table(world)
    mia = world.person("Mia")
    for block in vote.card.blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button":
                element["value"] = value
    mia.click(vote.card, "Approve")
    assert mia.ephemerals()
    assert vote.standing() == {}


@after(a_vote)
def test_the_verdict_stands_in_the_thread_with_arithmetic_and_dissent(world: World) -> None:
    vote = on_the_table(world)
    vote.press("Mia", "Approve")
    vote.press("Max", "With conditions", "a pilot in Bonn first")
    vote.press("Dev", "Approve")
    vote.press("Mona", "Decline", "too dear, <!channel>")
    world.at(CLOSING)
    said = world.message_of(f"ballot.verdict:{vote.of().id}")
    assert said.thread_ts == vote.root.ts
    assert "is approved" in said.text
    assert "3 of 4 decisive votes approve, 3 needed" in said.text
    assert "Mona declines:* too dear, &lt;!channel&gt;" in said.text
    assert "Max approves with a condition:* a pilot in Bonn first" in said.text
    assert "Closed: it was approved." in vote.card.text
    assert "Approve: Dev and Mia" in vote.card.text
    assert world.person("Mia").buttons(vote.card) == []
    assert "Good news" in world.dms("Alice")[-1].text
    assert "Mona" not in world.dms("Alice")[-1].words
    assert world.problems() == []


def test_a_secret_ballot_tells_nobody_who_chose_what(world: World) -> None:
    vote = idea_at(world, secret=True).open()
    vote.press("Mona", "Decline", "zeal is not enough")
    vote.press("Mia", "Object", "all of it is wrong")
    vote.press("Dev", "Approve")
    assert "3 of 5 have taken part" in vote.card.text
    assert not any(name in vote.card.words for name in ("Mona", "Mia", "Dev"))
    assert not any(word in vote.card.text for word in ("1 for", "1 against", "objecting", "more approval"))
    world.at(CLOSING)
    said = world.message_of(f"ballot.verdict:{vote.of().id}").words + vote.card.words
    assert not any(name in said for name in ("Mona", "Mia", "Dev"))
    assert said.index("zeal is not enough") < said.index("all of it is wrong")
    assert world.problems() == []


@after(a_vote)
def test_only_those_who_have_not_voted_are_reminded_with_buttons_that_work_in_place(world: World) -> None:
    vote = on_the_table(world)
    vote.press("Mia", "Approve")
    world.at(CLOSING - timedelta(hours=2))
    assert not any("still missing" in one.text for one in world.dms("Mia"))
    [asked] = [one for one in world.dms("Max") if "still missing" in one.text]
    world.person("Max").click(asked, "Abstain")
    world.settle()
    assert "you abstain" in asked.text
    assert world.person("Max").buttons(asked) == []
    [asked] = [one for one in world.dms("Mona") if "still missing" in one.text]
    mona = world.person("Mona")
    mona.click(asked, "Decline")
    mona.fill(mona.view, {"reason": "too dear"})  # type: ignore[arg-type]  # the form is open
    mona.submit()
    world.settle()
    assert "you decline" in asked.text
    assert vote.standing() == {
        "Mia": ("approve", None),
        "Max": ("abstain", None),
        "Mona": ("decline", "too dear"),
    }
    world.at(CLOSING)
    assert "is closed" in asked.text
    assert world.problems() == []


@after(a_vote)
def test_a_reminder_is_dropped_if_the_vote_comes_before_it_is_sent(world: World) -> None:
    vote = on_the_table(world)
    world.clock.advance(CLOSING - timedelta(hours=2) - world.now)
    with world.session() as session:
        remind_due(session, world.now)
    world.person("Max").click(vote.card, "Abstain")
    world.settle()
    assert not any("still missing" in one.text for one in world.dms("Max"))
    assert any("still missing" in one.text for one in world.dms("Mia"))


@after(a_vote)
def test_members_recuse_themselves_and_the_chair_others(world: World) -> None:
    vote = on_the_table(world)
    vote.press("Mia", "Approve")
    mia, clara, max_ = (world.person(name) for name in ("Mia", "Clara", "Max"))
    mia.select(vote.card, "ballot.recuse", "Recuse myself")
    mia.submit()
    clara.select(vote.card, "ballot.recuse", "Recuse a member (chair)")
    assert clara.view is not None
    clara.fill(clara.view, {"person": "UMEM3", "why": "sells the tool"})
    clara.submit()
    max_.select(vote.card, "ballot.recuse", "Recuse a member (chair)")
    assert max_.view is None
    assert "Only the chair or the deputy" in last_words(world, "Max")
    world.settle()
    assert "Recused: Mia and Mona." in vote.card.text
    assert "No votes yet; 3 of 3 still to vote" in vote.card.text
    assert "sells the tool" not in vote.card.words
    assert world.problems() == []


@after(a_vote)
def test_the_chair_calls_off_a_vote_and_says_why(world: World) -> None:
    vote = on_the_table(world)
    vote.press("Max", "Decline", "too dear")
    clara, mia = world.person("Clara"), world.person("Mia")
    mia.select(vote.card, "ballot.recuse", "Call off the vote (chair)")
    assert mia.view is None
    assert "Only the chair or the deputy can call off a vote" in last_words(world, "Mia")
    clara.select(vote.card, "ballot.recuse", "Call off the vote (chair)")
    assert clara.view is not None
    clara.fill(clara.view, {"why": "Opened by mistake, <!channel>"})
    clara.submit()
    assert clara.view is None
    world.settle()
    said = world.message_of(f"ballot.verdict:{vote.of().id}")
    assert said.thread_ts == vote.root.ts
    assert "was called off.*\nClara called it off: Opened by mistake, &lt;!channel&gt;" in said.text
    assert "Closed: it was called off." in vote.card.text
    assert "too dear" not in said.text + vote.card.words
    assert world.person("Mia").buttons(vote.card) == []
    assert "Open a vote" in clara.buttons(vote.root)
    asked = len(world.dms("Mia"))
    world.at(CLOSING - timedelta(hours=2))
    assert not any("still missing" in one.text for one in world.dms("Mia")[asked:])
    vote.open()
    assert vote.of().round == 2
    assert world.problems() == []


def test_a_tie_asks_the_chair_by_direct_message_and_the_answer_stands_in_its_place(world: World) -> None:
    vote = idea_at(world, tie="chair").open()
    vote.press("Mia", "Approve")
    vote.press("Max", "Decline", "too dear")
    vote.press("Mona", "Abstain")
    world.at(CLOSING)
    assert "Clara has the deciding word" in vote.card.text
    [asked] = [one for one in world.dms("Clara") if "casting vote" in one.text]
    world.person("Dev").click(vote.card, "Approve")
    assert "not the one this waits for" in last_words(world, "Dev")
    clara = world.person("Clara")
    clara.click(asked, "Approve")
    assert clara.view is not None
    clara.fill(clara.view, {"reason": "worth a try"})
    clara.submit()
    world.settle()
    assert "it was approved" in asked.text
    assert clara.buttons(asked) == []
    assert "Clara decided: worth a try" in world.message_of(f"ballot.verdict:{vote.of().id}").text
    assert world.problems() == []


@after(a_vote)
def test_without_quorum_the_thread_hears_of_more_time_and_then_that_it_lapsed(world: World) -> None:
    vote = on_the_table(world)
    vote.press("Mia", "Approve")
    cards = ("idea.card:1", "idea.committee_card:1:CCOMM")
    assert all("Mon 23 Nov 2026" in world.message_of(card).text for card in cards)
    world.at(CLOSING)
    assert all("Thu 26 Nov 2026" in world.message_of(card).text for card in cards)
    more = world.message_of(f"ballot.extended:{vote.of().id}:1")
    assert "1 of 5 took part, and 3 must" in more.text
    assert "Thu 26 Nov 2026" in vote.card.text
    world.at(CLOSING + timedelta(days=3))
    assert "has lapsed" in world.message_of(f"ballot.verdict:{vote.of().id}").text
    assert "says nothing about the idea" in world.dms("Alice")[-1].text
    assert world.problems() == []


def test_a_tie_under_revote_puts_a_second_ballot_into_the_same_thread(world: World) -> None:
    vote = idea_at(world, tie="revote").open()
    first = vote.card
    vote.press("Mia", "Approve")
    vote.press("Max", "Decline", "too dear")
    vote.press("Mona", "Abstain")
    world.at(CLOSING)
    assert "round 2" in vote.card.text
    assert vote.card.thread_ts == first.thread_ts
    assert "it was a tie" in first.text
    world.person("Dev").click(vote.card, "Approve")
    assert set(vote.standing()) == {"Dev"}
    assert world.problems() == []


@after(a_vote)
def test_a_ballot_of_another_committee_takes_no_votes_from_this_one(world: World) -> None:
    vote = on_the_table(world)
    world.slack.add_channel("elsewhere", ["UMEM4", "UMEM5", "UMEM1"], id="CELSE")
    world.committee(
        name="Elsewhere", chair="UMEM4", deputy=None, members=["UMEM5"],
        intake_channel="CELSE", committee_channel="CELSE", digest_channel="CELSE",
    )  # fmt: skip
    vote.press("Mehmet", "Approve")
    assert "member of the committee" in last_words(world, "Mehmet")
    assert vote.standing() == {}


@after(a_vote)
def test_the_card_is_edited_once_for_many_votes(world: World) -> None:
    vote = on_the_table(world)
    before = len(world.slack.wire.calls("chat.update"))
    for name in ("Mia", "Max", "Dev"):
        world.person(name).click(vote.card, "Approve")
    world.settle()
    edits = world.slack.wire.calls("chat.update")[before:]
    assert len([one for one in edits if one.request.get("ts") == vote.card.ts]) == 1


def test_a_secret_ballot_that_may_get_more_time_keeps_its_counts_to_itself(world: World) -> None:
    vote = idea_at(world, secret=True, no_quorum="chair").open()
    vote.press("Mia", "Approve")
    world.at(CLOSING)
    [asked] = [one for one in world.dms("Clara") if "leave it to you" in one.text]
    for shown in (vote.card.words, asked.words):
        assert "1 of 5 have taken part" in shown
        assert "1 approves" not in shown
    clara = world.person("Clara")
    clara.click(asked, "More time")
    clara.submit()
    world.settle()
    assert "is open again" in asked.text
    vote.press("Mia", "Decline", "on second thoughts")
    assert vote.standing() == {"Mia": ("decline", "on second thoughts")}


def test_more_offers_the_chair_a_vote_too(world: World) -> None:
    vote = idea_at(world)
    clara, mia = world.person("Clara"), world.person("Mia")
    mia.click(vote.root, "More")
    assert mia.view is not None
    assert "Open a vote" not in mia.buttons(mia.view)
    clara.click(vote.root, "More")
    assert clara.view is not None
    clara.click(clara.view, "Open a vote")
    clara.submit()
    world.settle()
    assert clara.view is None
    assert "Vote on" in vote.card.text
    assert world.problems() == []
