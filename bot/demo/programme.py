"""Four weeks of a committee, with ideas in every stage of the lifecycle at the end.

`run` is all there is to it: it begins at the stage's own time, which is a Monday morning, and ends after the digest
on the Friday three weeks later. The same seed and ideas give the same weeks.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle

from bot.demo import cast
from bot.demo.gestures import Gestures
from bot.demo.stage import Stage

WEEKS = 4
FRESH = 12
"""So many ideas are put in by form in these weeks; the others were imported before."""

GRACE = timedelta(minutes=15)
"""Longer than a vote stays open once it is decided."""

LEAST_IMPORTED = 12
"""With fewer, there is not enough to vote on."""

Words = Mapping[str, str]
Votes = Sequence[tuple[str, str, str | None]]
Told = Callable[[str], None]


@dataclass
class Play:
    """The programme as far as it has come. `threads` are the ideas voted on, by what became of them."""

    stage: Stage
    hands: Gestures
    rng: random.Random
    fresh: Iterator[Words]
    own: list[int] = field(default_factory=list)
    authors: dict[int, str] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)
    said: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.said = cycle(self.rng.sample(cast.DECLINES, len(cast.DECLINES)))

    def no(self, *voters: str) -> Votes:
        """These voters decline, nobody with the reason somebody else has just given."""
        return [(who, "decline", next(self.said)) for who in voters]

    def pick(self, said: Sequence[str]) -> str:
        return self.rng.choice(said)

    def day(self, ahead: int) -> date:
        """So many days from today."""
        return (self.stage.slack.now() + timedelta(days=ahead)).date()


def set_up(stage: Stage, *, seed: int) -> None:
    """The admin founds the committee, in Slack."""
    Gestures(stage, random.Random(seed)).found(  # noqa: S311  # it only makes the demo vary
        cast.ADMIN,
        {
            "name": cast.NAME,
            "committee_channel": cast.TABLE,
            "digest_channel": cast.DIGEST,
            "chair": cast.CHAIR,
            "deputy": [cast.DEPUTY],
            "members": list(cast.MEMBERS),
            "tz": cast.LONDON,
            "framework": "ice",
        },
    )
    stage.settle()


def run(stage: Stage, fresh: Sequence[Words], *, seed: int, told: Told = lambda what: None) -> Mapping[str, int]:
    """Play the weeks; the numbers of ideas by what became of them. The committee is set up and has ideas already.

    `fresh` are the words of the ideas put in on the way, `FRESH` of them. Raises `Lost` if somebody does not find on
    their screen what they need.
    """
    rng = random.Random(seed)  # noqa: S311  # it only makes the demo vary
    play = Play(stage, Gestures(stage, rng), rng, iter(fresh))
    monday = stage.slack.now()
    for days, what, act in CALENDAR:
        told(what)
        stage.until(monday + timedelta(days=days))
        act(play)
        stage.settle()
        stage.until(stage.slack.now() + GRACE)
    return play.threads


def _new_ideas(play: Play, count: int) -> None:
    """People put ideas in, everybody supports some of them, and a few leaf through what is there."""
    everybody = [*cast.AGENTS, *cast.COMMITTEE, *cast.OWNERS]
    for _ in range(count):
        author = cast.AGENTS[len(play.own) % len(cast.AGENTS)]
        number = play.hands.put_in(author, next(play.fresh))
        play.own.append(number)
        play.authors[number] = author
        for who in play.rng.sample(everybody, play.rng.randint(1, 5)):
            if who != author:
                play.hands.support(who, number)
    for who in play.rng.sample(everybody, 4):
        play.hands.support_listed(who, play.rng.randint(1, 3), play.rng.randrange(10))


def _score(play: Play, scorers: Sequence[str], most: int) -> None:
    """Members score what waits for them; each idea has its worth, and they see it a little differently."""

    def judged(number: int) -> Mapping[str, int]:
        worth = random.Random(number).randint(3, 8)  # noqa: S311  # it only makes the demo vary
        return {name: _near(play, worth) for name in ("impact", "confidence", "ease")}

    for who in scorers:
        play.hands.score(who, most, judged)


def _near(play: Play, worth: int) -> int:
    return min(10, max(1, worth + play.rng.choice((-2, -1, 0, 0, 0, 1, 2))))


def _open_vote(play: Play, plot: str, *, secret: bool = False) -> int:
    """The chair puts the best idea to the vote that nothing else is planned for."""
    taken = {*play.threads.values(), *play.own[1:3]}
    number = next(one for one in play.hands.votable(cast.CHAIR) if one not in taken)
    play.hands.open_vote(cast.CHAIR, number, secret=secret)
    play.threads[plot] = number
    return number


def _vote(play: Play, plot: str, votes: Votes) -> None:
    for who, choice, why in votes:
        play.hands.vote(who, play.threads[plot], choice, why)


# The weeks, day by day


def _first_ideas(play: Play) -> None:
    _new_ideas(play, 4)


def _first_scores(play: Play) -> None:
    _score(play, cast.COMMITTEE[:5], 6)


def _first_votes(play: Play) -> None:
    for plot in ("approved", "declined", "extended"):
        _open_vote(play, plot)
    _vote(play, "approved", [*_yes(cast.CHAIR, cast.DEPUTY, "UMIA"), *play.no("UMAX")])
    _vote(play, "declined", [*_yes("UMIA", "UINES"), *play.no(cast.CHAIR, "UMAX")])
    _vote(play, "extended", [*_yes("UMIA"), ("UINES", "abstain", None)])
    play.hands.ask(cast.CHAIR, play.own[0], cast.QUESTION)


def _yes(*voters: str) -> Votes:
    return [(who, "approve", None) for who in voters]


def _last_words(play: Play) -> None:
    play.hands.answer(play.authors[play.own[0]], cast.ANSWER)
    play.hands.say("UMEHMET", play.threads["declined"], "abstain")
    _vote(play, "declined", play.no("UMONA", cast.DEPUTY))
    _vote(play, "approved", [("UMONA", "conditions", play.pick(cast.CONDITIONS))])
    play.hands.say("UMEHMET", play.threads["approved"], f"approve because {play.pick(cast.APPROVALS)}")
    _vote(play, "approved", _yes("UINES"))


def _second_week(play: Play) -> None:
    _give(play, "approved", "UOLGA", 11)
    play.hands.press_dm("UOLGA", "Accept", play.threads["approved"])
    _new_ideas(play, 3)


def _give(play: Play, plot: str, owner: str, days: int) -> None:
    kpi, promise = play.rng.choice(cast.PROMISES)
    play.hands.give(cast.CHAIR, play.threads[plot], owner, play.day(days), kpi, promise)


def _second_scores(play: Play) -> None:
    _score(play, cast.MEMBERS, 3)
    _open_vote(play, "late")
    _vote(play, "late", _yes(*cast.COMMITTEE[:3]))


def _more_takes_part(play: Play) -> None:
    _vote(play, "late", [*_yes("UMEHMET"), *play.no("UINES")])
    _vote(play, "extended", _yes(cast.CHAIR, cast.DEPUTY, "UMONA"))
    _vote(play, "extended", [("UMAX", "conditions", play.pick(cast.CONDITIONS))])
    play.hands.say("UMEHMET", play.threads["extended"], f"decline because {next(play.said)}")


def _owners(play: Play) -> None:
    _give(play, "extended", "UPRIYA", 8)
    play.hands.press_dm("UPRIYA", "Another date", play.threads["extended"], {"due_on": play.day(12).isoformat()})
    agree = f"Agree to {play.day(12):%a} {play.day(12).day} {play.day(12):%b %Y}"
    play.hands.press_dm(cast.CHAIR, agree, play.threads["extended"])
    _give(play, "late", "UOLGA", 6)
    play.hands.press_dm("UOLGA", "Hand back", play.threads["late"], {"why": cast.NO_ROOM})
    again = {"owner": "UOMAR", "due_on": play.day(6).isoformat()}
    play.hands.press_dm(cast.CHAIR, "Choose another owner", play.threads["late"], again)
    play.hands.press_dm("UOMAR", "Accept", play.threads["late"])


def _third_week(play: Play) -> None:
    _open_vote(play, "lapsed")
    play.hands.more(cast.CHAIR, play.own[1], "Decline", cast.NOT_OURS)
    play.hands.more(play.authors[play.own[2]], play.own[2], "Withdraw", cast.TAKEN_BACK)
    _new_ideas(play, 3)


def _progress(play: Play) -> None:
    play.hands.press_dm("UOLGA", "On track", play.threads["approved"])
    play.hands.press_dm("UOMAR", "At risk", play.threads["late"], {"line": cast.AT_RISK})


def _first_done(play: Play) -> None:
    play.hands.press_dm("UOLGA", "Done", play.threads["approved"], {"line": cast.DONE})
    play.hands.press_dm(cast.CHAIR, "Confirm it is done", play.threads["approved"])
    _score(play, cast.COMMITTEE[:5], 3)


def _fourth_week(play: Play) -> None:
    _new_ideas(play, 2)
    _open_vote(play, "waiting")
    _open_vote(play, "secret", secret=True)


def _secret_ballot(play: Play) -> None:
    _vote(play, "secret", [*play.no("UMIA", "UMAX", cast.DEPUTY), *_yes(cast.CHAIR, "UINES")])
    _vote(play, "waiting", _yes(*cast.MEMBERS, cast.DEPUTY))


def _nearly_done(play: Play) -> None:
    play.hands.press_dm("UPRIYA", "Done", play.threads["extended"], {"line": cast.NEARLY})
    play.hands.press_dm(cast.CHAIR, "Not yet", play.threads["extended"], {"why": cast.MISSING})
    play.hands.press_dm("UOMAR", "Late", play.threads["late"], {"line": cast.LATE})


def _second_done(play: Play) -> None:
    play.hands.press_dm("UPRIYA", "Done", play.threads["extended"], {"line": cast.DONE})
    play.hands.press_dm(cast.CHAIR, "Confirm it is done", play.threads["extended"])
    _open_vote(play, "open")
    _vote(play, "open", [*_yes("UMIA"), *play.no("UMAX")])


def _rest(play: Play) -> None:
    """Nothing but what the bot does by itself."""


CALENDAR: tuple[tuple[float, str, Callable[[Play], None]], ...] = (
    (0.1, "Week 1: ideas come in", _first_ideas),
    (2.1, "Week 1: members score", _first_scores),
    (3.1, "Week 1: three votes open", _first_votes),
    (4.1, "Week 1: the last words", _last_words),
    (7.1, "Week 2: an owner is found", _second_week),
    (9.1, "Week 2: more scores, one more vote", _second_scores),
    (10.1, "Week 2: a vote that had too few voices", _more_takes_part),
    (11.1, "Week 2: another date, another owner", _owners),
    (14.1, "Week 3: declined, withdrawn, forgotten", _third_week),
    (16.1, "Week 3: how it goes", _progress),
    (17.1, "Week 3: the first one is done", _first_done),
    (21.1, "Week 4: two more votes", _fourth_week),
    (22.1, "Week 4: one of them secret", _secret_ballot),
    (23.1, "Week 4: nearly done, and late", _nearly_done),
    (24.1, "Week 4: done", _second_done),
    (25.3, "Week 4: the digest", _rest),
)
"""Days after the first Monday morning, what happens, and who does it."""
