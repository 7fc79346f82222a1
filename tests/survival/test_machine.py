"""Many people do everything that can be done, in any order, while Slack fails and the bot dies; then the whole system
is held against a model of dictionaries.

With TOUCHSTONE_NIGHTLY=1 it takes its time and runs on PostgreSQL, too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tests.survival import NIGHTLY
from tests.survival.machine import Town
from tests.survival.model import ELECTORS, OPEN, RESTS, Ballot, IdeaState, InterventionState, Matter, Work
from tests.survival.people import asked, ballot_card, card, fill, offered, press, put_away, table
from tests.workflows.ballot_scene import rules

DEEDS = ("Edit", "Ask", "Withdraw", "Decline", "Bring it back")
"""What may be done from the page behind More that has no button of its own on a card."""

AUTHORS = ("Alice", "Bob", "Gus")
CHOICES = {"Approve": "approve", "Decline": "decline", "Abstain": "abstain"}
WHICH = st.integers(0, 2)
MOST = 3


class Committee(Town):
    """What people do, and what the model makes of it."""

    @initialize()
    def founded(self) -> None:
        committee = self.world.committee()
        with self.world.session() as session:
            session.merge(committee).charter = rules()
        for who in ("Alice", "Bob"):
            self.submit(who)
        self.world.settle()
        self.open_review(0, "Clara")
        self.world.settle()

    # Ideas

    @precondition(lambda self: len(self.matters) < MOST)
    @rule(who=st.sampled_from(AUTHORS))
    def submit(self, who: str) -> None:
        title = f"Idea of {who} {len(self.matters)}"
        self.world.person(who).command("/idea", title, channel="CIDEAS")
        fill(self.world, who, {"problem": "People wait"})
        self.matters.append(Matter(len(self.matters) + 1, who, title))

    @rule(which=WHICH, who=st.sampled_from([*AUTHORS, "Mia"]), times=st.integers(1, 2))
    def support(self, which: int, who: str, times: int) -> None:
        it = self.matter(which)
        self.world.clock.advance(timedelta(seconds=5))
        if press(self.world, who, card(self.world, it.number), "Support", times) and who != it.author:
            it.supporters ^= {who} if it.state in OPEN else set()

    @rule(which=WHICH, who=st.sampled_from(list(ELECTORS)))
    def score(self, which: int, who: str) -> None:
        it = self.matter(which)
        if press(self.world, who, table(self.world, it.number), "Score"):
            if it.state not in OPEN:
                return put_away(self.world, who)
            fill(self.world, who, {"reach": "10", "impact": "1", "confidence": "80", "effort": "2"})
            it.scorers.add(who)
        return None

    @rule(which=WHICH, who=st.sampled_from(["Clara", "Mia", "Alice", "Bob"]), data=st.data())
    def more(self, which: int, who: str, data: st.DataObject) -> None:
        it = self.matter(which)
        found = offered(self.world, who, it.number)
        if found is None:
            return
        may = [label for label in found if label in DEEDS]
        assert sorted(may) == sorted(it.offers(who)), f"{who} is offered {found}, not {it.offers(who)}"
        chosen = data.draw(st.sampled_from(may or ["Show"]))
        note(chosen)
        if chosen != "Show":
            self.world.person(who).click(self.world.person(who).view, chosen)
            self.do(it, who, chosen)
        put_away(self.world, who)

    def do(self, it: Matter, who: str, what: str) -> None:
        if what == "Edit":
            it.title = f"{it.title}!"
            fill(self.world, who, {"title": it.title})
        elif what == "Ask":
            fill(self.world, who, {"text": "Why?"})
            it.questions.append(None)
        elif what == "Withdraw":
            fill(self.world, who, {})
            it.state = IdeaState.WITHDRAWN
        elif what == "Decline":
            fill(self.world, who, {"why": "Not now"})
            it.state = IdeaState.DECLINED
        else:
            it.state = IdeaState.SUBMITTED

    @rule(which=WHICH)
    def answer(self, which: int) -> None:
        it = self.matter(which)
        if not press(self.world, it.author, asked(self.world, it.author, "Answer", it.number), "Answer"):
            return
        if self.world.person(it.author).view is not None:  # or it was answered, and the card does not say so yet
            assert it.state not in (IdeaState.DECLINED, IdeaState.WITHDRAWN)
            fill(self.world, it.author, {"text": "Because"})
            it.questions.remove(None)
            it.questions.append("Because")

    # Votes

    @rule(which=WHICH, who=st.sampled_from(["Clara", "Dev", "Mia"]))
    def open_review(self, which: int, who: str) -> None:
        it = self.matter(which)
        if not press(self.world, who, table(self.world, it.number), "Open a vote"):
            return None
        if it.state not in RESTS or who == "Mia":
            return put_away(self.world, who)
        fill(self.world, who, {})
        it.state, it.ballot = IdeaState.IN_REVIEW, Ballot(self.closing(it))
        return None

    @rule(
        which=WHICH,
        who=st.sampled_from(list(ELECTORS)),
        choice=st.sampled_from(sorted(CHOICES)),
        times=st.integers(1, 2),
    )
    def vote(self, which: int, who: str, choice: str, times: int) -> None:
        it = self.matter(which)
        if not press(self.world, who, ballot_card(self.world, it.number), choice):
            return
        counts = it.ballot is not None and who not in it.ballot.recused
        if counts and choice == "Decline":
            fill(self.world, who, {"reason": "Too dear"})
        if counts and it.ballot is not None:
            it.ballot.votes[who] = CHOICES[choice]
        put_away(self.world, who)
        if times > 1:
            self.mention(which, who)

    @rule(which=WHICH)
    def all_approve(self, which: int) -> None:
        for who in ELECTORS:
            self.vote(which, who, "Approve", 1)

    @rule(which=WHICH, who=st.sampled_from(list(ELECTORS)))
    def mention(self, which: int, who: str) -> None:
        it = self.matter(which)
        found = ballot_card(self.world, it.number)
        if found is not None:
            self.world.slack.faults.duplicate_events()
            self.world.person(who).say("CCOMM", f"<@{self.world.slack.bot.user_id}> approve", found.thread_ts)
            if it.ballot is not None and who not in it.ballot.recused:
                it.ballot.votes[who] = "approve"

    @rule(which=WHICH, who=st.sampled_from(["Dev", "Max"]))
    def recuse(self, which: int, who: str) -> None:
        it, found = self.matter(which), ballot_card(self.world, self.matter(which).number)
        if found is None or it.ballot is None or "Approve" not in self.world.person(who).buttons(found):
            return
        self.world.person(who).select(found, "ballot.recuse", "Recuse myself")
        if self.world.person(who).view is not None:
            fill(self.world, who, {})
        it.ballot.recused.add(who)

    # Work

    @rule(which=WHICH)
    def assign(self, which: int) -> None:
        it = self.matter(which)
        prompt = asked(self.world, "Clara", "Choose an owner", it.number)
        if it.work is None and press(self.world, "Clara", prompt, "Choose an owner"):
            due = (self.world.now + timedelta(days=12)).date().isoformat()
            fill(self.world, "Clara", {"owner": "UOWNER", "due_on": due, "promise": "Half"})
            it.work = Work("Olga")

    @rule(which=WHICH, what=st.sampled_from(["Accept", "Another date", "Hand back", "On track", "At risk", "Done"]))
    def own(self, which: int, what: str) -> None:
        it = self.matter(which)
        if it.work is None or not press(
            self.world, it.work.owner, asked(self.world, it.work.owner, what, it.number), what
        ):
            return
        begun = it.work.state
        self.owned(it, it.work, what)
        note(f"{what}: {begun} -> {it.work.state}")
        put_away(self.world, it.work.owner)

    def owned(self, it: Matter, work: Work, what: str) -> None:
        states, form = InterventionState, self.world.person(work.owner).view is not None
        on_offer = work.state in (states.OFFERED, states.ACCEPTED, states.COUNTERED)
        if what == "Accept" and work.state is states.OFFERED:
            work.state, work.health, it.state = states.ACCEPTED, work.health or "on_track", IdeaState.UNDERWAY
        elif what == "Another date" and on_offer and form:
            due = (self.world.now + timedelta(days=20)).date().isoformat()
            fill(self.world, work.owner, {"due_on": due})
            work.state = states.COUNTERED
        elif what == "Hand back" and on_offer and form:
            fill(self.world, work.owner, {"why": "No time"})
            work.state = states.HANDED_BACK
        elif what in ("On track", "At risk") and work.state is states.ACCEPTED:
            if form:
                fill(self.world, work.owner, {"line": "It rains"})
            work.health = what.lower().replace(" ", "_")
        elif what == "Done" and work.state is states.ACCEPTED and form:
            fill(self.world, work.owner, {})
            work.state = states.CLAIMED

    @rule(which=WHICH)
    def sponsor(self, which: int) -> None:
        it = self.matter(which)
        if it.work is None:
            return
        if it.work.state is InterventionState.CLAIMED:
            if press(
                self.world, "Clara", asked(self.world, "Clara", "Confirm it is done", it.number), "Confirm it is done"
            ):
                it.work.state, it.state = InterventionState.DONE, IdeaState.DONE
        elif it.work.state is InterventionState.HANDED_BACK:
            again = "Choose another owner"
            if press(self.world, "Clara", asked(self.world, "Clara", again, it.number), again):
                due = (self.world.now + timedelta(days=9)).date().isoformat()
                fill(self.world, "Clara", {"owner": "UMEM1", "due_on": due})
                it.work = Work("Mia")


def live(database: Callable[[], AbstractContextManager[str]], examples: int, steps: int) -> None:
    phases = None if NIGHTLY else [Phase.generate]  # to shrink what was found takes minutes
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, derandomize=not NIGHTLY, phases=phases or tuple(Phase)
    )
    run_state_machine_as_test(lambda: Committee(database()), settings=chosen)  # type: ignore[no-untyped-call]


def test_nothing_people_and_bad_days_do_makes_the_system_differ_from_its_model(sqlite_databases: Any) -> None:
    live(sqlite_databases.new, *((200, 60) if NIGHTLY else (4, 25)))


@pytest.mark.postgresql
@pytest.mark.skipif(not NIGHTLY, reason="the same as on SQLite, at length: TOUCHSTONE_NIGHTLY=1")
def test_nor_does_it_on_postgresql(postgres_databases: Any) -> None:
    live(postgres_databases.new, 100, 60)
