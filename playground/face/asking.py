"""What the page asks for, read with care: its fields, and the message, form and element it points at."""

from __future__ import annotations

from typing import Any

from playground import acts, layout
from playground.acts import Where
from playground.errors import Impossible
from playground.layout import Place
from playground.messages import Message
from playground.person import Person
from playground.values import Json
from playground.views import View
from playground.workspace import Workspace

Options = list[Json]


class Ask:
    """One request of one person's page."""

    def __init__(self, slack: Workspace, body: Json, offered: dict[tuple[str, ...], Options]) -> None:
        self.slack = slack
        self.body = body
        self.offered = offered
        self.me = Person(slack, slack.people.find(self.text("as")).id)

    def text(self, name: str) -> str:
        """A field that must be text. Raises `Impossible`."""
        value = self.body.get(name, "")
        if not isinstance(value, str):
            raise Impossible(f"“{name}” must be text.")
        return value

    def given(self, name: str) -> Any:
        return self.body.get(name)

    def message(self) -> Message:
        """The message pointed at, one only this person sees included. Raises `Impossible`."""
        place = (self.text("channel"), self.text("ts"))
        whispered = self.slack.messages.ephemerals.get(place)
        return whispered or self.slack.messages.get(*place)

    def view(self) -> View:
        """The form or Home pointed at. Raises `Impossible` if it is gone."""
        view = self.slack.views.all.get(self.text("view_id"))
        if view is None:
            raise Impossible("This form is closed.")
        return view

    def where(self) -> Where:
        """The form or message pointed at; this person must see it."""
        found = self.view() if self.text("view_id") else self.message()
        acts.present(self.slack, self.me.user, found)
        return found

    def place(self, where: Where) -> Place:
        """The element by its exact ids, among equal ones by its value. Raises `Impossible`."""
        ids = (self.text("block_id"), self.text("action_id"))
        fits = [one for one in layout.places(acts.blocks(where)) if (one.block_id, one.action_id) == ids]
        exact = [one for one in fits if one.element.get("value") == self.given("value")]
        if not fits:
            raise Impossible("That is no longer there: the message or form changed meanwhile.")
        return (exact or fits)[0]

    def remember(self, where: Where, place: Place, options: Options) -> None:
        """Keep what the app offered for an external select, so that one of them can be chosen."""
        self.offered.setdefault(self._select(where, place), []).extend(options)

    def choices(self, where: Where, place: Place) -> Options | None:
        """What may be chosen in an external select: what was offered, and what stands in it."""
        if place.element["type"] not in acts.EXTERNAL:
            return None
        value = acts.state_of(self.slack, self.me.user, where)[place.block_id][place.action_id]
        standing = [value.get("selected_option"), *(value.get("selected_options") or [])]
        return [one for one in standing if one] + self.offered.get(self._select(where, place), [])

    def keep(self, where: Where) -> None:
        """Put what was typed into the page's fields where Slack keeps it; elements that are gone are passed over."""
        values = self.given("values")
        for place in layout.inputs(acts.blocks(where)) if isinstance(values, dict) else ():
            row = values.get(place.block_id)
            if isinstance(row, dict) and place.action_id in row:
                offered = self.choices(where, place)
                acts.put(self.slack, self.me.user, where, place, row[place.action_id], offered)

    def _select(self, where: Where, place: Place) -> tuple[str, ...]:
        root = where.id if isinstance(where, View) else where.ts
        return (self.me.id, root, place.block_id, place.action_id)
