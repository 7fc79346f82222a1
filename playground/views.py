"""Views: each user's stack of modals and App Home, their hashes, values and errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playground import inputs, layout
from playground.errors import SlackError
from playground.values import Json, secret

if TYPE_CHECKING:
    from playground.workspace import Workspace

DEPTH = 3
COPIED = ("title", "submit", "close")


@dataclass
class View:
    """A modal or Home as it stands. `values` is what its owner has typed; `errors` what the app refused."""

    id: str
    user: str
    body: Json
    hash: str
    blocks: list[Json]
    values: inputs.State
    root_id: str = ""
    previous_id: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id") or "")

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")

    @property
    def private_metadata(self) -> str:
        return str(self.body.get("private_metadata") or "")

    @property
    def title(self) -> str:
        return str((self.body.get("title") or {}).get("text", ""))

    @property
    def words(self) -> str:
        """All a person can read on it."""
        return "\n".join(filter(None, (self.title, layout.all_text(self.blocks), *self.errors.values())))

    def json(self, team_id: str, app_id: str, bot_id: str) -> Json:
        """The view object as Slack sends it back."""
        view: Json = {
            "id": self.id,
            "team_id": team_id,
            "type": self.body["type"],
            "blocks": self.blocks,
            "private_metadata": self.private_metadata,
            "callback_id": self.callback_id,
            "state": {"values": self.values},
            "hash": self.hash,
            "clear_on_close": bool(self.body.get("clear_on_close")),
            "notify_on_close": bool(self.body.get("notify_on_close")),
            "previous_view_id": self.previous_id or None,
            "root_view_id": self.root_id,
            "app_id": app_id,
            "external_id": self.external_id,
            "app_installed_team_id": team_id,
            "bot_id": bot_id,
        }
        view |= {name: layout.stored_text(self.body.get(name)) for name in COPIED}
        if self.body.get("submit_disabled"):
            view["submit_disabled"] = True
        return view


class Views:
    """Every user's open views."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self.all: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}

    def describe(self, view: View) -> Json:
        slack = self._slack
        return view.json(slack.team_id, slack.app.id, slack.bot.bot_id)

    def stack(self, user: str) -> list[View]:
        """The user's modals, the topmost last."""
        return [self.all[one] for one in self.stacks.get(user, [])]

    def top(self, user: str) -> View | None:
        stack = self.stack(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        return self.all.get(self.homes.get(user, ""))

    def get(self, view_id: str = "", external_id: str = "") -> View:
        """The open view with this id or external id. Raises `not_found`."""
        for view in self.all.values():
            if view_id == view.id or (external_id and external_id == view.external_id):
                return view
        raise SlackError("not_found")

    def open(self, user: str, body: Json) -> View:
        """A new modal; one that was open is gone."""
        self._unique(body)
        for old in self.stacks.pop(user, []):
            del self.all[old]
        return self._push(user, body)

    def push(self, user: str, body: Json) -> View:
        """A modal on top of the others. Raises `push_limit_reached` beyond three."""
        if len(self.stacks.get(user, [])) >= DEPTH:
            raise SlackError("push_limit_reached")
        self._unique(body)
        return self._push(user, body)

    def update(self, view: View, body: Json, expected_hash: str = "") -> View:
        """Replace what a view shows; values survive by their ids. Raises `hash_conflict`."""
        if expected_hash and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        self._unique(body, but=view)
        if "external_id" not in body and view.external_id:
            body = body | {"external_id": view.external_id}
        view.body, view.errors = body, {}
        view.blocks = layout.stored(body["blocks"], self._slack.ids)
        view.values = inputs.state(view.blocks, view.values)
        view.hash = self._hash()
        self._show("view_updated", view)
        return view

    def publish(self, user: str, body: Json, expected_hash: str = "") -> View:
        """Set the user's App Home. Raises `hash_conflict`."""
        home = self.home(user)
        if home is not None:
            return self.update(home, body, expected_hash)
        if expected_hash:
            raise SlackError("hash_conflict")
        self._unique(body)
        view = self._new(user, body)
        view.root_id = view.id
        self.homes[user] = view.id
        self._show("home", view)
        return view

    def pop(self, user: str) -> View | None:
        """Close the topmost modal."""
        stack = self.stacks.get(user)
        if not stack:
            return None
        view = self.all.pop(stack.pop())
        self._show("view_closed", view)
        return view

    def clear(self, user: str) -> None:
        while self.pop(user):
            pass

    def refuse(self, view: View, errors: dict[str, str]) -> None:
        """Show the app's errors under their fields."""
        view.errors = dict(errors)
        self._show("view_errors", view)

    def _push(self, user: str, body: Json) -> View:
        stack = self.stacks.setdefault(user, [])
        view = self._new(user, body)
        view.root_id = stack[0] if stack else view.id
        view.previous_id = stack[-1] if stack else ""
        stack.append(view.id)
        self._show("view_opened", view)
        return view

    def _new(self, user: str, body: Json) -> View:
        ids = self._slack.ids
        blocks = layout.stored(body["blocks"], ids)
        view = View(ids.next("V"), user, body, self._hash(), blocks, inputs.state(blocks))
        self.all[view.id] = view
        return view

    def _unique(self, body: Json, but: View | None = None) -> None:
        wanted = body.get("external_id")
        if wanted and any(one.external_id == wanted for one in self.all.values() if one is not but):
            raise SlackError("duplicate_external_id")

    def _hash(self) -> str:
        return secret(f"{self._slack.unix()}.")[:19]

    def _show(self, kind: str, view: View) -> None:
        self._slack.feed.publish(kind, viewers=(view.user,), view=self.describe(view) | {"errors": view.errors})
