"""What people do about approved work in the town of the state machine, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from db.models import Idea, Intervention, InterventionState, Milestone
from tests.survival.machine import Town
from tests.survival.model import PRESIDE, WITH_OWNER, IdeaState, Matter, Work
from tests.survival.people import Handle, asked, fill, handles, last_word, press, put_away, shown

S = InterventionState
WHICH = st.integers(0, 7)
OWNERS = {"Olga": "UOWNER", "Mia": "UMEM1"}
OWNER = "the owner"
HANDS = (OWNER, OWNER, OWNER, "Clara", "Clara", "Dev", "Mia", "Bob")
STEPS = ("Half of it", "All of it")
OPEN = (S.OFFERED, S.COUNTERED, S.HANDED_BACK, S.ACCEPTED, S.CLAIMED)


def has_work(it: Matter) -> bool:
    return it.work is not None


class Working(Town):
    """Work: given, taken, countered, handed back, reported on, claimed and confirmed."""

    @precondition(lambda self: any(it.state is IdeaState.APPROVED and not it.work for it in self.matters))
    @rule(which=WHICH, owner=st.sampled_from(sorted(OWNERS)), days=st.sampled_from([3, 12]))
    def assign(self, which: int, owner: str, days: int) -> None:
        it = self.one_of(which, lambda one: one.state is IdeaState.APPROVED and not one.work)
        prompt = asked(self.world, "Clara", "Choose an owner", it.number)
        if not press(self.world, "Clara", prompt, "Choose an owner"):
            return
        due = self.day(days)
        steps = f"{self.day(1)} {STEPS[0]}\n{due} {STEPS[1]}"
        form = {"owner": OWNERS[owner], "due_on": due.isoformat(), "milestones": steps, "promise": "Half"}
        fill(self.world, "Clara", form, taken=owner not in self.gone)
        if owner not in self.gone:
            it.work = Work(owner, due)
            self.did("an owner was chosen")

    def day(self, days: int) -> date:
        return (self.world.now + timedelta(days=days)).date()

    @precondition(lambda self: any(it.work for it in self.matters))
    @rule(which=WHICH, moves=st.lists(st.tuples(st.sampled_from(HANDS), st.booleans(), WHICH), min_size=1, max_size=4))
    def see_to_work(self, which: int, moves: list[tuple[str, bool, int]]) -> None:
        """One after the other, people press a button there is, on the card in the thread or in a message of theirs."""
        it = self.one_of(which, has_work)
        for hand, in_thread, choice in moves:
            assert it.work is not None
            who = it.work.owner if hand == OWNER else hand
            found = [] if who in self.gone else sorted(self.within_reach(it, who, in_thread), key=repr)
            if found:
                self.use(it, it.work, who, found[choice % len(found)])
            self.settle()

    def within_reach(self, it: Matter, who: str, in_thread: bool) -> list[Handle]:
        """What the card in the thread offers, or the last direct message about it that offers anything."""
        work_id = self.work_of(it)
        if in_thread:
            return handles(shown(self.world, f"work.card:{work_id}"), work_id)
        offers = (handles(one, work_id) for one in reversed(self.world.dms(who)))
        return next(filter(None, offers), [])

    def work_of(self, it: Matter) -> int:
        with self.world.session() as session:
            found = sa.select(Intervention.id).join(Idea, Idea.id == Intervention.idea_id)
            return session.scalars(found.where(Idea.number == it.number)).one()

    def use(self, it: Matter, work: Work, who: str, handle: Handle) -> None:
        begun = work.state
        handle.use(self.world, who)
        kind, _, more = handle.action.removeprefix("work.").partition(".")
        form = self.world.person(who).view is not None
        if kind == "update":
            self.update(work, who, form, more)
        elif kind == "milestone_done":
            self.milestone_done(work, who, handle.carries["milestone"])
        elif kind == "snooze":
            self.did("work: snoozed")
        else:
            verb: Callable[..., Any] = getattr(self, kind)
            verb(it, work, who, form)
        put_away(self.world, who)
        note(f"{who}: {handle.action}, {begun} -> {work.state}")
        if begun is not work.state:
            self.did(f"work: {kind}")

    def opened(self, form: bool, may: bool, who: str) -> bool:
        """Whether a form is open, which must be so exactly if they may."""
        assert form == may, last_word(self.world, who)
        return may

    def accept(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if who == work.owner and work.state is S.OFFERED:
            self.taken(it, work)

    def taken(self, it: Matter, work: Work) -> None:
        work.accepted()
        it.state = IdeaState.UNDERWAY

    def counter(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if self.opened(form, who == work.owner and work.state in WITH_OWNER, who):
            due = self.day(20)
            fill(self.world, who, {"due_on": due.isoformat()}, taken=due != work.due_on)
            if due != work.due_on:
                work.state, work.proposed = S.COUNTERED, due

    def hand_back(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if self.opened(form, who == work.owner and work.state in WITH_OWNER, who):
            fill(self.world, who, {"why": "No time"})
            work.handed_back()

    def counter_agree(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if who in PRESIDE and work.state is S.COUNTERED and work.proposed is not None:
            work.due_on = work.proposed
            self.taken(it, work)

    def insist(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if who in PRESIDE and work.state is S.COUNTERED:
            work.state, work.proposed = S.OFFERED, None

    def reassign(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if self.opened(form, who in PRESIDE and work.state in (*WITH_OWNER, S.HANDED_BACK), who):
            owner, due = "Mia" if work.owner == "Olga" else "Olga", self.day(9)
            fill(self.world, who, {"owner": OWNERS[owner], "due_on": due.isoformat()}, taken=owner not in self.gone)
            if owner not in self.gone:
                work.offered_to(owner, due)

    def update(self, work: Work, who: str, form: bool, health: str) -> None:
        may = work.reports(who) and work.state is S.ACCEPTED
        if self.opened(form, may and health != "on_track", who):
            fill(self.world, who, {"line": "It rains"})
        if may:
            work.health = health
            self.did(f"work: {health}")

    def claim(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if self.opened(form, work.reports(who) and work.state is S.ACCEPTED, who):
            fill(self.world, who, {})
            work.state, work.claimed_by = S.CLAIMED, who

    def confirms(self, work: Work, who: str) -> bool:
        return (work.reports(who) or who in self.seated) and work.state is S.CLAIMED and work.claimed_by != who

    def confirm(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if self.confirms(work, who):
            work.state, it.state = S.DONE, IdeaState.DONE

    def send_back(self, it: Matter, work: Work, who: str, form: bool) -> None:
        if self.opened(form, self.confirms(work, who), who):
            fill(self.world, who, {"why": "The lamp is dark"})
            work.state = S.ACCEPTED
            if work.owner in self.gone:
                work.handed_back()

    def milestone_done(self, work: Work, who: str, milestone_id: int) -> None:
        if work.reports(who) and work.state in OPEN:
            with self.world.session() as session:
                work.ticked.add(session.get_one(Milestone, milestone_id).title)
            self.did("work: ticked off")
