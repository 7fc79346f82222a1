"""A town for a state machine: its bad days, its time, and what must hold of it whatever people do."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy.exc import SQLAlchemyError

from bot import errors, main, schedule
from bot.delivery.claims import LEASE
from bot.delivery.sender import Sender
from bot.rendering import RENDERINGS
from db.models import (
    BallotState,
    Digest,
    Idea,
    Intervention,
    Milestone,
    Notice,
    NoticeState,
    Person,
    Question,
    Reminder,
    Score,
    Support,
)
from tests.survival.model import ELECTORS, Ballot, Matter
from tests.survival.people import last_ballot, notices_in_slack
from tests.world import PEOPLE, World, open_world, settings_for
from workflows import ballots

CALLS = ("chat.postMessage", "chat.update", "views.publish", "conversations.history")
TIMELESS = ("idea.card", "idea.committee_card", "ballot.card", "work.card", "work.offer")
HOURS = st.sampled_from([1, 20, 30, 75, 170])
GUEST = "Gus"
NAMES = {slack_id: name for slack_id, name, _ in PEOPLE}


def fail(connection: Any) -> None:
    """What a database does on a bad day: SQLite writes no more, PostgreSQL hangs up."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA query_only = 1")
    else:
        connection.close()


def heal(connection: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA query_only = 0")


class Town(RuleBasedStateMachine):
    """The world, the model beside it, bad days, time, and what must hold. What people do is for its heirs to say."""

    done: ClassVar[Counter[str]] = Counter()
    """How often what was done, over all examples."""

    def __init__(self, engine: AbstractContextManager[sa.Engine]) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.engine = self.stack.enter_context(engine)
        self.world: World = self.stack.enter_context(open_world(self.engine))
        self.matters: list[Matter] = []
        self.seated = dict(ELECTORS)
        self.gone: set[str] = set()
        self.were_away: set[str] = set()
        """At least once; what was written to them stayed as it was meanwhile."""
        self.wants_out = False

    def teardown(self) -> None:
        try:
            self.rest()
            self.everything_is_said_once_and_as_it_stands()
        finally:
            self.stack.close()

    def did(self, what: str) -> None:
        """Something came about that not every run comes to."""
        event(what)
        self.done[what] += 1

    def one_of(self, which: int, there: Callable[[Matter], object] = bool) -> Matter:
        found = [it for it in self.matters if there(it)]
        return found[which % len(found)]

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

    @rule(what=st.sampled_from(["sender", "sender", "anew", "clock", "database", "database"]), part=st.integers(0, 2))
    def something_breaks(self, what: str, part: int) -> None:
        self.did(f"broke: {what}")
        if what == "sender":
            self.a_sender_dies(part)
        elif what == "anew":
            self.the_bot_is_started_anew()
        elif what == "clock":
            self.world.clock.set(self.world.now + timedelta(hours=1 if part else -1))
        else:
            self.the_database_hangs_up_on_the_scheduler(part + 1)

    def a_sender_dies(self, step: int) -> None:
        sender = Sender(self.world.bot.house.sessions, self.world.bot.installations.client, self.world.clock.now)
        claim = sender.claim()
        parcel = sender.prepare(claim) if claim and step else None
        if parcel and step > 1 and not self.world.slack.faults.waiting:
            sender.find_or_send(parcel)

    def the_bot_is_started_anew(self) -> None:
        world = self.world
        world.bot = main.build(settings_for(world.slack), clock=world.clock.now, engine=self.engine)
        world.slack.connect_wsgi(world.bot.wsgi())
        world.bot.installations.greet()

    @contextlib.contextmanager
    def cut_off(self, flush: int) -> Iterator[list[int]]:
        """The database hangs up in the middle of a transaction; what is yielded is empty once it has."""
        to_come = list(range(flush))

        def hang_up(session: Any, *_: object) -> None:
            if to_come and to_come.pop() == 0:
                fail(session.connection().connection.dbapi_connection)

        maker = self.world.bot.house.sessions._maker
        sa.event.listen(maker, "before_flush", hang_up)
        try:
            yield to_come
        finally:
            sa.event.remove(maker, "before_flush", hang_up)
            with self.engine.connect() as connection:
                heal(connection.connection.dbapi_connection)

    def the_database_hangs_up_on_the_scheduler(self, flush: int) -> None:
        with self.cut_off(flush) as to_come:
            for job in schedule.JOBS:
                with contextlib.suppress(SQLAlchemyError):
                    schedule.run(self.world.bot.house, job)
            with contextlib.suppress(SQLAlchemyError):
                self.world.bot.sender.drain()
        if not to_come:
            self.did("broke: a transaction of the scheduler or a sender")
        self.settle()

    # Time

    @rule()
    def settle(self) -> None:
        self.world.settle()
        self.see_what_has_passed()

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.world.slack.advance(hours=hours)
        self.settle()

    def see_what_has_passed(self) -> None:
        for it in self.matters:
            came = it.pass_to(self.world.now)
            if came:
                self.did(f"end: {came}")
            if came and it.ballot is not None and it.ballot.waits_for is None:
                self.read_deadline(it, it.ballot)
                assert it.ballot.closes_at > self.world.now
        if self.wants_out and self.somebody_was_forgotten():
            self.wants_out = False
            self.did("crew: forgotten")
            for it in self.matters:
                it.forget(GUEST)

    def somebody_was_forgotten(self) -> bool:
        with self.world.session() as session:
            return bool(session.scalar(sa.select(Person.id).where(Person.erased_at.is_not(None))))

    def read_deadline(self, it: Matter, ballot: Ballot) -> None:
        with self.world.session() as session:
            found = last_ballot(session, it.number)
            assert found is not None
            ballot.closes_at = found.closes_at

    def rest(self) -> None:
        """Slack is well again, and time enough for every lease, wait and jump of the clock to end."""
        self.world.slack.faults.clear()
        self.world.slack.settle()
        for _ in range(4):
            self.world.clock.advance(LEASE * 2)
            self.world.settle()
        self.time_passes(2)

    # What must hold

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        self.the_record_is_the_models()
        self.the_tally_is_the_models()
        twice = {notice: times for notice, times in Counter(notices_in_slack(self.world)).items() if times > 1}
        assert not twice
        heard = (one.text for one in self.world.slack.messages.ephemerals.values())
        assert not [text for text in heard if text.startswith(errors.SORRY)]

    def the_record_is_the_models(self) -> None:
        with self.world.session() as session:
            for it in self.matters:
                idea = session.scalars(sa.select(Idea).where(Idea.number == it.number)).one()
                names = partial(self.names, session, idea)
                told = (idea.title, idea.state, idea.support_count)
                assert told == (it.title, it.state, len(it.supporters)), told
                assert (names(Support), set(names(Score))) == (sorted(it.supporters), it.scorers)
                asked_for = sa.select(Question.answer).where(Question.idea_id == idea.id).order_by(Question.id)
                assert Counter(session.scalars(asked_for)) == Counter(it.questions)
                self.the_work_is_the_models(session, idea, it)

    def names(self, session: Any, idea: Idea, table: Any) -> list[str]:
        """By who they are in Slack: a name may still be to come. Whoever was forgotten is nobody there."""
        found = sa.select(Person.slack_id).join(table, table.person_id == Person.id).where(table.idea_id == idea.id)
        return sorted(NAMES[who] if who else "" for who in session.scalars(found))

    def the_work_is_the_models(self, session: Any, idea: Idea, it: Matter) -> None:
        w = Intervention
        about = sa.select(w.state, w.health, w.due_on, w.proposed_due_on, Person.name, w.id)
        rows = session.execute(about.join(Person, Person.id == w.owner_id).where(w.idea_id == idea.id)).all()
        work = it.work
        wanted = [(work.state, work.health, work.due_on, work.proposed, work.owner)] if work else []
        assert [tuple(row)[:-1] for row in rows] == wanted
        for row in rows if work else ():
            done = sa.select(Milestone.title).where(Milestone.intervention_id == row.id, Milestone.done_at.is_not(None))
            assert work is not None
            assert set(session.scalars(done)) == work.ticked

    def the_tally_is_the_models(self) -> None:
        with self.world.session() as session:
            for it in self.matters:
                ballot = last_ballot(session, it.number)
                if it.ballot is None or ballot is None:
                    assert ballot is None or ballot.state is BallotState.CLOSED
                    continue
                electors = ballots.electors(session, ballot)
                names = {one.person_id: one.person.name for one in electors}
                cast = {names[vote.person_id]: vote.choice.value for vote in ballots.votes(session, ballot)}
                assert cast == {who: choice for who, (choice, _) in it.ballot.votes.items()}
                assert {one.person.name for one in electors if one.recused} == it.ballot.recused
                assert ballot.state is (BallotState.AWAITING if it.ballot.waits_for else BallotState.OPEN)
                assert names.get(ballot.waits_for_id or 0) == it.ballot.waits_for
                verdict = ballots.verdict(session, ballot, self.world.now)
                assert verdict.counts == it.ballot.verdict(self.world.now).counts

    def everything_is_said_once_and_as_it_stands(self) -> None:
        world = self.world
        n = Notice
        assert world.problems() == []
        with world.session() as session:
            late = sa.or_(n.state == NoticeState.PARKED, sa.and_(n.state == NoticeState.OWED, n.due_at <= world.now))
            assert [f"{row.key} {row.error}" for row in session.scalars(sa.select(n).where(late))] == []
            sent = session.scalars(sa.select(Notice).where(Notice.state == NoticeState.SENT)).all()
            posted = {row.id for row in sent if row.posted_ts}
            assert posted <= set(notices_in_slack(world))
            assert [row.key for row in sent if row.shown < row.wanted] == []
            away = set(session.scalars(sa.select(Person.id).where(Person.name.in_(self.were_away))))
            for row in sent:
                if row.kind in TIMELESS and row.posted_ts and row.person_id not in away:
                    looks = RENDERINGS[row.kind](session, row, world.now)
                    there = world.slack.messages.get(row.posted_channel or "", row.posted_ts)
                    assert looks is not None
                    assert there.text == looks.text, f"{row.key} in Slack: {there.text}\nand by now: {looks.text}"
            told = session.scalar(sa.select(sa.func.count(Digest.id)).where(~Digest.skipped))
            assert len(world.slack.messages.channel("CDIGEST")) == told
            rungs = sa.select(Reminder.morning_id).join(Notice, Notice.id == Reminder.morning_id)
            assert not session.scalars(rungs.where(Notice.state == NoticeState.OWED, Notice.due_at <= world.now)).all()
