"""Many people do everything that can be done, in any order, while Slack fails and the bot dies; then the whole system
is held against a model of dictionaries.

With TOUCHSTONE_NIGHTLY=1 it takes its time and runs on PostgreSQL, too.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.databases import Databases, MovingEngine
from tests.nightly import NIGHTLY
from tests.survival.crew import Coming
from tests.survival.deeds import CHOICES, Proposing, Voting
from tests.survival.model import CHARTERS, Matter
from tests.survival.people import handles, shown
from tests.survival.works import Working

FAR = {
    "approved": None,
    "offered": (),
    "countered": ("counter",),
    "handed back": ("hand_back",),
    "accepted": ("accept",),
    "due": ("accept",),
    "claimed": ("accept", "claim"),
}
"""What the owner of the work on an approved idea has done by the time it begins; None: there is no owner yet."""
NEAR = ("submitted", "open", "silent", "tied")
DEEDS = {
    "idea": ("Edit", "Ask", "Answer", "Score", "Withdraw", "Decline", "Bring it back"),
    "vote": (*CHOICES, "in words", "recused", "recused another", "called off"),
    "end": ("approved", "declined", "extend", "lapse", "adjourn", "revote"),
    "word": ("approve", "decline", "adjourn", "extend"),
    "work": (
        *("accept", "counter", "counter_agree", "insist", "hand_back", "reassign", "claim", "confirm", "send_back"),
        *("on_track", "at_risk", "late", "ticked off", "snoozed"),
    ),
    "crew": ("seated", "unseated", "left", "came back", "an owner left", "Forget them", "Not now", "forgotten"),
    "broke": ("sender", "anew", "clock", "a transaction of a person", "a transaction of the scheduler or a sender"),
}
"""What a night must have come to at least once: a machine that never gets there proves nothing."""


class Committee(Proposing, Voting, Working, Coming):
    """The town with everything that people do. It begins in the middle of things: one idea is far on, one is not."""

    @initialize(charter=st.sampled_from(sorted(CHARTERS)), far=st.sampled_from(sorted(FAR)), near=st.sampled_from(NEAR))
    def founded(self, charter: str, far: str, near: str) -> None:
        self.charter = CHARTERS[charter]
        committee = self.world.committee()
        with self.world.session() as session:
            session.merge(committee).charter = self.charter
        for who in ("Alice", "Gus"):
            self.submit(who)
        self.settle()
        self.approved()
        self.worked_on(self.matters[0], FAR[far])
        if far == "due":
            self.time_passes(12 * 24)
        if near != "submitted":
            self.open_review(1, "Clara")
            self.settle()
        if near == "tied":
            self.all_vote(0, "tie", to_the_end=True)
        if near == "silent":
            self.time_passes(127)

    def approved(self) -> None:
        self.open_review(0, "Clara")
        self.settle()
        self.all_vote(0, "approve")
        self.time_passes(127)

    def worked_on(self, it: Matter, deeds: tuple[str, ...] | None) -> None:
        if deeds is not None:
            self.assign(0, "Olga", 12)
            self.settle()
        for deed in deeds or ():
            self.press(deed, it)

    def press(self, what: str, it: Matter) -> None:
        work_id = self.work_of(it)
        assert it.work is not None
        offered = handles(shown(self.world, f"work.offer:{work_id}:1"), work_id)
        self.use(it, it.work, "Olga", next(one for one in offered if one.action == f"work.{what}"))
        self.settle()


SHOWN = pytest.mark.filterwarnings("default:in all these lives")


def live(databases: Databases, examples: int, steps: int) -> None:
    phases = None if NIGHTLY else [Phase.generate]  # to shrink what was found takes minutes
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, derandomize=not NIGHTLY, phases=phases or tuple(Phase)
    )
    moving = MovingEngine()

    @contextlib.contextmanager
    def engine() -> Iterator[sa.Engine]:
        with databases.new() as url, moving.at(url) as opened:
            yield opened

    Committee.done.clear()
    run_state_machine_as_test(lambda: Committee(engine()), settings=chosen)  # type: ignore[no-untyped-call]
    wanted = {f"{kind}: {what}" for kind, deeds in DEEDS.items() for what in deeds}
    if NIGHTLY and (never := wanted - set(Committee.done)):
        warnings.warn(f"in all these lives nobody came to: {', '.join(sorted(never))}", stacklevel=2)


@SHOWN
def test_nothing_people_and_bad_days_do_makes_the_system_differ_from_its_model(sqlite_databases: Any) -> None:
    live(sqlite_databases, *((200, 60) if NIGHTLY else (3, 15)))


@SHOWN
@pytest.mark.postgresql
def test_nor_does_it_on_postgresql(postgres_databases: Any) -> None:
    live(postgres_databases, *((100, 60) if NIGHTLY else (2, 12)))
