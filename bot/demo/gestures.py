"""How people use Touchstone: they read what Slack shows them, press what is on it, and fill in what opens."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.demo import cast
from bot.demo.stage import Stage
from playground import acts, layout
from playground.layout import Place
from playground.messages import Message
from playground.person import Person
from playground.views import View

NUMBER = re.compile(r"#(\d+) ")
CHOICES = {
    "approve": "Approve",
    "conditions": "With conditions",
    "decline": "Decline",
    "object": "Object",
    "abstain": "Abstain",
}


class Lost(RuntimeError):
    """Somebody looked for something on their screen, and it is not there."""


class Gestures:
    """What people do, a few seconds apart. Ideas go by the number that stands on their cards."""

    def __init__(self, stage: Stage, rng: random.Random | None = None) -> None:
        self.stage = stage
        self.rng = rng or random.Random(0)  # noqa: S311  # it only says how many seconds people take

    def person(self, who: str) -> Person:
        """Somebody, a moment after whatever happened last."""
        self.stage.slack.clock.advance(timedelta(seconds=self.rng.randint(15, 75)))
        return self.stage.slack.person(who)

    # Ideas

    def found(self, who: str, form: Mapping[str, Any]) -> None:
        """Set a committee up."""
        admin = self.person(who)
        admin.command("/committee", "setup", cast.INTAKE)
        self._fill(admin, form)

    def put_in(self, who: str, words: Mapping[str, str]) -> int:
        """Put an idea in; its number."""
        author = self.person(who)
        author.command("/idea", words["title"], cast.INTAKE)
        self._fill(author, {field: text for field, text in words.items() if field != "title" and text})
        self.stage.deliver()
        return number_of(author.messages(cast.INTAKE)[-1])

    def support(self, who: str, number: int) -> None:
        """Support an idea by its card in the intake channel."""
        self.press(who, self._card(cast.INTAKE, number), "Support")

    def support_listed(self, who: str, page: int, place: int) -> None:
        """Leaf through the list of ideas to a page, look at one, support it."""
        reader = self.person(who)
        reader.command("/idea", f"list {page}", cast.INTAKE)
        listed = reader.ephemerals(cast.INTAKE)[-1]
        shown = [it for it in _buttons(listed) if layout.label(it) == "Show"]
        self._press(reader, listed, shown[place % len(shown)])
        self.press(who, reader.ephemerals(cast.INTAKE)[-1], "Support")

    def ask(self, who: str, number: int, text: str) -> None:
        """Ask the author of an idea something."""
        asker = self.press(who, self._card(cast.TABLE, number), "Ask the author")
        self._fill(asker, {"text": text})
        self.stage.deliver()

    def answer(self, who: str, text: str) -> None:
        """Answer the question that came last."""
        self._fill(self.press(who, self._dm(who, "Answer"), "Answer"), {"text": text})
        self.stage.deliver()

    def more(self, who: str, number: int, deed: str, why: str) -> None:
        """Do something that the card keeps under More, and say why."""
        person = self.press(who, self._card(cast.TABLE, number), "More")
        view = self._view(person)
        self._press(person, view, _button(view, deed))
        self._fill(person, {"why": why})
        self.stage.deliver()

    # Scores and votes

    def backlog(self, who: str) -> Message:
        """The first page of the ranked backlog."""
        reader = self.person(who)
        reader.command("/committee", "backlog", cast.TABLE)
        return reader.ephemerals(cast.TABLE)[-1]

    def score(self, who: str, most: int, judged: Callable[[int], Mapping[str, int]]) -> None:
        """Score the first ideas of the backlog that wait for this person's score, as they judge each."""
        backlog = self.backlog(who)
        for number in _numbers(backlog, "Score")[:most]:
            scorer = self.press(who, backlog, "Score", number)
            self._fill(scorer, {criterion: str(value) for criterion, value in judged(number).items()})
            scorer.close_view(everything=True)

    def votable(self, who: str) -> list[int]:
        """The ideas on the first page of the backlog on which a vote can be opened, best first."""
        return _numbers(self.backlog(who), "Open a vote")

    def open_vote(self, who: str, number: int, *, secret: bool = False) -> None:
        """Open the vote on an idea, from the backlog."""
        chair = self.press(who, self.backlog(who), "Open a vote", number)
        self._fill(chair, {"secret": "Secret"} if secret else {})
        self.stage.deliver()

    def vote(self, who: str, number: int, choice: str, why: str | None = None) -> None:
        """Vote by the buttons in the thread."""
        voter = self.press(who, self.in_thread(number, CHOICES[choice]), CHOICES[choice])
        if why is not None:
            self._fill(voter, {"reason": why})
        self.stage.deliver()

    def say(self, who: str, number: int, words: str) -> None:
        """Vote by mentioning the bot in the thread."""
        bot = self.stage.slack.bot.user_id
        self.person(who).say(cast.TABLE, f"<@{bot}> {words}", self._card(cast.TABLE, number))
        self.stage.deliver()

    # Work

    def give(self, who: str, number: int, owner: str, due_on: date, kpi: str, promise: str) -> None:
        """Give an approved idea an owner."""
        chair = self.press(who, self._dm(who, "Choose an owner", number), "Choose an owner")
        form = {"owner": owner, "due_on": due_on.isoformat(), "kpi": kpi, "promise": promise}
        self._fill(chair, form)
        self.stage.deliver()

    def press_dm(self, who: str, button: str, number: int, form: Mapping[str, Any] | None = None) -> None:
        """Press a button in the direct message about this idea, and fill in what opens."""
        person = self.press(who, self._dm(who, button, number), button)
        if form is not None:
            self._fill(person, form)
        self.stage.deliver()

    # Finding and pressing

    def press(self, who: str, where: Message | View, button: str, number: int | None = None) -> Person:
        """Press the button with this text; `number` tells which idea's where there are several."""
        person = self.person(who)
        self._press(person, where, _button(where, button, number))
        return person

    def _press(self, person: Person, where: Message | View, found: Place) -> None:
        person.click(where, found.action_id, value=found.element["value"])

    def _fill(self, person: Person, form: Mapping[str, Any]) -> None:
        view = self._view(person)
        person.fill(view, dict(form))
        person.submit()
        if person.view is not None and person.view.errors:
            raise Lost(f"{person.name} cannot submit “{view.title}”: {person.view.errors}")

    def _view(self, person: Person) -> View:
        if person.view is None:
            told = person.ephemerals()[-1:]
            raise Lost(f"No form has opened for {person.name}; they read: {[one.text for one in told]}")
        return person.view

    def _card(self, channel: str, number: int) -> Message:
        cards = self.stage.slack.person(cast.CHAIR).messages(channel)
        found = [one for one in cards if one.text.startswith(f"*Idea #{number} ")]
        if not found:
            raise Lost(f"The card of #{number} is not in {channel}.")
        return found[-1]

    def thread(self, number: int) -> list[Message]:
        """The card of an idea where the committee talks, and everything below it."""
        card = self._card(cast.TABLE, number)
        return [card, *self.stage.slack.person(cast.CHAIR).thread(card)]

    def in_thread(self, number: int, button: str) -> Message:
        """The last message in an idea's thread that has this button."""
        return _last(self.thread(number), button, f"button {button} in the thread of #{number}")

    def _dm(self, who: str, button: str, number: int | None = None) -> Message:
        messages = self.stage.slack.person(who).dms()
        about = [one for one in messages if number is None or f"#{number} " in one.text]
        return _last(about, button, f"message to {who} about #{number} with {button}")


def number_of(card: Message) -> int:
    """The number of the idea that a card shows."""
    found = NUMBER.search(card.text)
    if found is None:
        raise Lost(f"This is no card of an idea: {card.text[:80]}")
    return int(found[1])


def _last(messages: Iterable[Message], button: str, what: str) -> Message:
    found = [one for one in messages if any(layout.label(it) == button for it in _buttons(one))]
    if not found:
        raise Lost(f"There is no {what}.")
    return found[-1]


def _buttons(where: Message | View) -> list[Place]:
    return [place for place in layout.places(acts.blocks(where)) if place.element["type"] == "button"]


def _button(where: Message | View, text: str, number: int | None = None) -> Place:
    spoken = "" if number is None else f" {number}"
    for place in _buttons(where):
        if layout.label(place) == text and place.element.get("accessibility_label", "").endswith(spoken):
            return place
    raise Lost(f"There is no button {text}{spoken} on “{where.words[:200]}”.")


def _numbers(where: Message, text: str) -> list[int]:
    spoken = [it.element.get("accessibility_label", "") for it in _buttons(where) if layout.label(it) == text]
    return [int(label.rsplit(" ", 1)[1]) for label in spoken]
