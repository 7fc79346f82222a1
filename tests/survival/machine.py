"""A town for a state machine: its bad days, its time, and what must hold of it whatever people do."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot import main
from bot.delivery.claims import LEASE
from bot.delivery.sender import Sender
from bot.rendering import RENDERINGS
from db.models import Digest, Idea, Intervention, Notice, NoticeState, Person, Question, Reminder, Score, Support
from tests.survival.model import Matter
from tests.survival.people import last_ballot, notices_in_slack
from tests.world import World, open_world, settings_for
from workflows import ballots

CALLS = ("chat.postMessage", "chat.update", "views.publish", "conversations.history")
TIMELESS = ("idea.card", "idea.committee_card", "ballot.card")
HOURS = st.sampled_from([1, 20, 30, 75, 170])


class Town(RuleBasedStateMachine):
    """The world, the model beside it, bad days, time, and what must hold. What people do is for its heirs to say."""

    def __init__(self, database: AbstractContextManager[str]) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.engine = main.make_engine(self.stack.enter_context(database))
        self.stack.callback(self.engine.dispose)
        self.world: World = self.stack.enter_context(open_world(self.engine))
        self.matters: list[Matter] = []

    def teardown(self) -> None:
        try:
            self.rest()
            self.everything_is_said_once_and_as_it_stands()
        finally:
            self.stack.close()

    def matter(self, which: int) -> Matter:
        assume(self.matters)
        return self.matters[which % len(self.matters)]

    # Bad days

    @rule(call=st.sampled_from(CALLS), times=st.integers(1, 3), what=st.sampled_from(["429", "500", "silence", "lost"]))
    def slack_fails(self, call: str, times: int, what: str) -> None:
        faults = self.world.slack.faults
        if what == "429":
            faults.rate_limit(call, times=times, retry_after=5)
        elif what == "500":
            faults.server_error(call, times=times)
        else:
            faults.time_out(call, times=times, after_effect=what == "lost")

    @rule(step=st.integers(0, 2))
    def a_sender_dies(self, step: int) -> None:
        sender = Sender(self.world.bot.house.sessions, self.world.bot.installations.client, self.world.clock.now)
        claim = sender.claim()
        parcel = sender.prepare(claim) if claim and step else None
        if parcel and step > 1 and not self.world.slack.faults.waiting:
            sender.find_or_send(parcel)

    @rule()
    def the_bot_is_started_anew(self) -> None:
        world = self.world
        world.bot = main.build(settings_for(world.slack), clock=world.clock.now, engine=self.engine)
        world.slack.connect_wsgi(world.bot.wsgi())
        world.bot.installations.greet()

    @rule(who=st.sampled_from(["Alice", "Clara", "Olga"]))
    def look_home(self, who: str) -> None:
        self.world.person(who).open_home()

    # Time

    @rule()
    def settle(self) -> None:
        self.world.settle()

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.world.advance(hours=hours)
        for it in self.matters:
            if it.pass_to(self.world.now) and it.ballot is not None:
                it.ballot.closes_at = self.closing(it)
                assert it.ballot.closes_at > self.world.now

    def rest(self) -> None:
        """Slack is well again, and time enough for every lease and every wait to end."""
        self.world.slack.faults.clear()
        self.world.slack.settle()
        for _ in range(4):
            self.world.clock.advance(LEASE * 2)
            self.world.settle()
        self.time_passes(0)

    # What must hold

    def closing(self, it: Matter) -> datetime:
        with self.world.session() as session:
            return last_ballot(session, it.number).closes_at

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        self.the_record_is_the_models()
        self.the_tally_is_the_models()
        twice = {notice: times for notice, times in Counter(notices_in_slack(self.world)).items() if times > 1}
        assert not twice

    def the_record_is_the_models(self) -> None:
        with self.world.session() as session:
            for it in self.matters:
                idea = session.scalars(sa.select(Idea).where(Idea.number == it.number)).one()
                names = partial(self.names, session, idea)
                assert (idea.title, idea.state, idea.support_count) == (it.title, it.state, len(it.supporters))
                assert (names(Support), names(Score)) == (it.supporters, it.scorers)
                asked_for = sa.select(Question.answer).where(Question.idea_id == idea.id).order_by(Question.id)
                assert Counter(session.scalars(asked_for)) == Counter(it.questions)
                works = session.scalars(sa.select(Intervention).where(Intervention.idea_id == idea.id)).all()
                assert [one.state for one in works] == ([it.work.state] if it.work else [])

    def names(self, session: Any, idea: Idea, table: Any) -> set[str]:
        found = sa.select(Person.name).join(table, table.person_id == Person.id).where(table.idea_id == idea.id)
        return {name or "" for name in session.scalars(found)}

    def the_tally_is_the_models(self) -> None:
        with self.world.session() as session:
            for it in self.matters:
                if it.ballot is None:
                    continue
                ballot = last_ballot(session, it.number)
                names = {one.person_id: one.person.name for one in ballots.electors(session, ballot)}
                cast = {names[vote.person_id]: vote.choice.value for vote in ballots.votes(session, ballot)}
                assert cast == it.ballot.votes
                verdict = ballots.verdict(session, ballot, self.world.now)
                assert verdict.counts == it.ballot.verdict(self.world.now).counts

    def everything_is_said_once_and_as_it_stands(self) -> None:
        world = self.world
        assert world.waiting() == []
        assert world.problems() == []
        with world.session() as session:
            sent = session.scalars(sa.select(Notice).where(Notice.state == NoticeState.SENT)).all()
            posted = {row.id for row in sent if row.posted_ts}
            assert posted == set(notices_in_slack(world))
            assert [row.key for row in sent if row.shown < row.wanted] == []
            for row in sent:
                if row.kind in TIMELESS:
                    looks = RENDERINGS[row.kind](session, row, world.now)
                    there = world.slack.messages.get(row.posted_channel or "", row.posted_ts or "")
                    assert there.text == looks.text, f"{row.key} in Slack: {there.text}\nand by now: {looks.text}"
            told = session.scalar(sa.select(sa.func.count(Digest.id)).where(~Digest.skipped))
            assert len(world.slack.messages.channel("CDIGEST")) == told
            rungs = sa.select(Reminder.morning_id).join(Notice, Notice.id == Reminder.morning_id)
            assert not session.scalars(rungs.where(Notice.state == NoticeState.OWED)).all()
