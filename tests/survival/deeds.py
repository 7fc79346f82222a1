"""What people do to ideas and at votes in the town of the state machine, and what the model makes of it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.survival.machine import Town
from tests.survival.model import ELECTORS, OPEN, RESTS, Ballot, IdeaState, Matter
from tests.survival.people import (
    asked,
    ballot_card,
    card,
    choose,
    fill,
    last_word,
    offered,
    press,
    put_away,
    table,
)

DEEDS = ("Edit", "Ask", "Withdraw", "Decline", "Bring it back")
"""What may be done from the page behind More that has no button of its own on a card."""

AUTHORS = ("Alice", "Bob", "Gus", "Mia")
CHOICES = {
    "approve": {},
    "abstain": {},
    "decline": {"reason": "Too dear"},
    "object": {"reason": "Not lawful"},
    "approve_with_conditions": {"reason": "Only by day"},
}
"""Each with what its form asks for."""

CALLED_OFF_WHY, APOLOGY = "A mistake", "database does not answer"
VOTERS = st.sampled_from([*ELECTORS, "Mei", "Bob"])
WHICH = st.integers(0, 2)
MOST = 3


def has_vote(it: Matter) -> bool:
    return it.ballot is not None


class Proposing(Town):
    """Ideas: put in, supported, scored, changed, asked about."""

    @precondition(lambda self: len(self.matters) < MOST)
    @rule(who=st.sampled_from(AUTHORS))
    def submit(self, who: str) -> None:
        if who in self.gone:
            return
        title = f"Idea of {who} {len(self.matters)}"
        self.world.person(who).command("/idea", title, channel="CIDEAS")
        fill(self.world, who, {"problem": "People wait"})
        self.matters.append(Matter(len(self.matters) + 1, who, title))

    @rule(
        which=WHICH, who=st.sampled_from([*AUTHORS, "Olga"]), times=st.integers(1, 2), flush=st.sampled_from([0, 0, 1])
    )
    def support(self, which: int, who: str, times: int, flush: int) -> None:
        it = self.one_of(which)
        if who in self.gone:
            return
        self.world.clock.advance(timedelta(seconds=5))
        with self.cut_off(flush) as to_come:
            pressed = press(self.world, who, card(self.world, it.number), "Support", times if not flush else 1)
        if flush and pressed and not to_come:
            assert APOLOGY in last_word(self.world, who), last_word(self.world, who)
            self.did("broke: a transaction of a person")
        elif pressed and who != it.author and it.state in OPEN:
            it.supporters ^= {who}

    @rule(which=WHICH, who=VOTERS)
    def score(self, which: int, who: str) -> None:
        it = self.one_of(which)
        if who in self.gone or not press(self.world, who, table(self.world, it.number), "Score"):
            return
        may = it.state in OPEN and who in self.seated and who != it.author
        assert (self.world.person(who).view is not None) == may, last_word(self.world, who)
        if may:
            fill(self.world, who, {"reach": "10", "impact": "1", "confidence": "80", "effort": "2"})
            it.scorers.add(who)
            self.did("idea: Score")

    @rule(which=WHICH, who=st.sampled_from(["Clara", "Clara", "Mia", "Mei", "Alice", "Gus"]), data=st.data())
    def more(self, which: int, who: str, data: st.DataObject) -> None:
        it = self.one_of(which)
        found = offered(self.world, who, it.number) if who not in self.gone else None
        if found is None:
            return
        may, due = [label for label in found if label in DEEDS], it.offers(who, self.seated)
        assert sorted(may) == sorted(due), f"{who} is offered {found}, not {due}"
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
        elif what == "Ask" and (it.author == "" or it.author in self.gone):
            assert "no longer here to answer" in last_word(self.world, who)
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
        self.did(f"idea: {what}")

    @precondition(lambda self: any(None in it.questions and it.author for it in self.matters))
    @rule(which=WHICH)
    def answer(self, which: int) -> None:
        it = self.one_of(which, lambda one: None in one.questions and one.author)
        if it.author in self.gone:
            return
        if not press(self.world, it.author, asked(self.world, it.author, "Answer", it.number), "Answer"):
            return
        if self.world.person(it.author).view is not None:  # or it was answered, and the card does not say so yet
            assert it.state not in (IdeaState.DECLINED, IdeaState.WITHDRAWN)
            fill(self.world, it.author, {"text": "Because"})
            it.questions.remove(None)
            it.questions.append("Because")
            self.did("idea: Answer")


class Voting(Town):
    """Votes: opened, voted in, stepped back from, called off, decided by a word."""

    @rule(which=WHICH, who=st.sampled_from(["Clara", "Dev", "Mia"]), secret=st.booleans())
    def open_review(self, which: int, who: str, secret: bool = False) -> None:
        it = self.one_of(which)
        if who in self.gone or not press(self.world, who, table(self.world, it.number), "Open a vote"):
            return
        may = it.state in RESTS and who != "Mia"
        assert (self.world.person(who).view is not None) == may, last_word(self.world, who)
        if may:
            fill(self.world, who, {"secret": "Secret" if secret else "Open"})
            electors = {one: role for one, role in self.seated.items() if one not in self.gone}
            recused = {it.author} & set(electors)
            it.ballot = Ballot(self.world.now, self.charter, electors, it.state, recused, secret)
            it.state = IdeaState.IN_REVIEW
            self.read_deadline(it, it.ballot)

    @precondition(lambda self: any(it.ballot for it in self.matters))
    @rule(which=WHICH, who=VOTERS, choice=st.sampled_from(sorted(CHOICES)), times=st.integers(1, 2))
    def vote(self, which: int, who: str, choice: str, times: int) -> None:
        it = self.one_of(which, has_vote)
        hears = it.ballot is not None and it.ballot.hears(who, self.world.now)
        action = f"ballot.vote.{choice}"
        if who in self.gone or not press(self.world, who, ballot_card(self.world, it.number), action, times):
            return
        form = self.world.person(who).view is not None
        assert form == (hears and bool(CHOICES[choice])), last_word(self.world, who)
        if form:
            fill(self.world, who, CHOICES[choice])
        if hears and it.ballot is not None:
            it.ballot.take(who, choice, self.world.now)
            self.did(f"vote: {choice}")

    @precondition(lambda self: any(it.ballot for it in self.matters))
    @rule(which=WHICH, choice=st.sampled_from(["approve", "approve", "decline", "tie"]), to_the_end=st.booleans())
    def all_vote(self, which: int, choice: str, to_the_end: bool = False) -> None:
        """So that what comes after a verdict is reached."""
        it = self.one_of(which, has_vote)
        hearing = [who for who in ELECTORS if it.ballot and it.ballot.hears(who, self.world.now)]
        half = len(hearing) // 2
        for n, who in enumerate(hearing):
            tied = ("approve", "decline", "abstain")[0 if n < half else 1 if n < 2 * half else 2]
            self.vote(self.votes_on().index(it), who, tied if choice == "tie" else choice, 1)
        if to_the_end and it.ballot is not None and it.ballot.runs(self.world.now):
            self.world.slack.advance(it.ballot.closes_at - self.world.now)
            self.settle()

    def votes_on(self) -> list[Matter]:
        return [it for it in self.matters if it.ballot is not None]

    @precondition(lambda self: any(it.ballot for it in self.matters))
    @rule(
        which=WHICH,
        speakers=st.lists(st.sampled_from(list(ELECTORS)), min_size=1, max_size=2, unique=True),
        astray=st.sampled_from(["twice", "again", "late"]),
    )
    def mention(self, which: int, speakers: list[str], astray: str) -> None:
        """What they say reaches the bot twice, once more as a retry, or in another order."""
        it = self.one_of(which, has_vote)
        found, faults = ballot_card(self.world, it.number), self.world.slack.faults
        if found is None or it.ballot is None:
            return
        if astray == "late" and len(speakers) > 1:
            faults.reorder_events()
        elif astray == "again":
            faults.retry_events()
        elif astray == "twice":
            faults.duplicate_events()
        for who in speakers:
            if who in self.gone:
                continue
            self.world.person(who).say("CCOMM", f"<@{self.world.slack.bot.user_id}> approve", found.thread_ts)
            if it.ballot.hears(who, self.world.now) and not it.ballot.secret:
                it.ballot.take(who, "approve", self.world.now)
                self.did("vote: in words")
        self.world.slack.settle()

    @precondition(lambda self: any(it.ballot for it in self.matters))
    @rule(which=WHICH, who=st.sampled_from(["Clara", "Dev", "Max", "Bob"]), other=st.sampled_from(["", "Mona"]))
    def recuse(self, which: int, who: str, other: str) -> None:
        it = self.one_of(which, has_vote)
        entry = "Recuse a member (chair)" if other else "Recuse myself"
        if who in self.gone or it.ballot is None:
            return
        if not choose(self.world, who, ballot_card(self.world, it.number), "ballot.recuse", entry):
            return
        may = who in it.ballot.electors and it.ballot.runs(self.world.now)
        if other:
            may = who in ("Clara", "Dev") and who not in it.ballot.recused and it.ballot.runs(self.world.now)
        assert (self.world.person(who).view is not None) == may, last_word(self.world, who)
        if may:
            told = {"person": "UMEM3", "why": "She sells it"} if other else {}
            fill(self.world, who, told, taken=not other or other in it.ballot.electors)
            it.ballot.recused |= {other or who} & set(it.ballot.electors)
            self.did("vote: recused another" if other else "vote: recused")

    @precondition(lambda self: any(it.ballot for it in self.matters))
    @rule(which=WHICH, who=st.sampled_from(["Clara", "Dev", "Mia"]))
    def call_off(self, which: int, who: str) -> None:
        it = self.one_of(which, has_vote)
        if who in self.gone or it.ballot is None:
            return
        if not choose(
            self.world, who, ballot_card(self.world, it.number), "ballot.recuse", "Call off the vote (chair)"
        ):
            return
        may = who != "Mia" and who not in it.ballot.recused and it.ballot.runs(self.world.now)
        assert (self.world.person(who).view is not None) == may, last_word(self.world, who)
        if may:
            fill(self.world, who, {"why": CALLED_OFF_WHY})
            it.state, it.ballot = it.ballot.before, None
            self.did("vote: called off")

    @precondition(lambda self: any(it.ballot and it.ballot.waits_for for it in self.matters))
    @rule(
        which=WHICH,
        who=st.sampled_from(["Clara", "Dev"]),
        word=st.sampled_from(["approve", "decline", "adjourn", "extend"]),
    )
    def give_the_word(self, which: int, who: str, word: str) -> None:
        it = self.one_of(which, lambda one: one.ballot and one.ballot.waits_for)
        if it.ballot is None or not press(self.world, who, ballot_card(self.world, it.number), f"ballot.cast.{word}"):
            return
        may = it.ballot.waits_for == who
        assert (self.world.person(who).view is not None) == may, last_word(self.world, who)
        if may:
            fill(self.world, who, {"reason": "It is worth it"})
            self.heed(it, it.ballot, word)
            self.did(f"word: {word}")

    def heed(self, it: Matter, ballot: Ballot, word: str) -> None:
        verdict = ballot.verdict(self.world.now, word if word in ("approve", "decline") else None)
        if word == "extend":
            ballot.extended, ballot.waits_for = ballot.extended + 1, None
            self.read_deadline(it, ballot)
        elif word == "adjourn":
            it.end("adjourn")
        elif verdict.outcome == "no_quorum":
            it.end("approved" if word == "approve" else "declined")
        else:
            it.end(verdict.outcome)
