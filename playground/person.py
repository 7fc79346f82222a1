"""People acting and reading, as they would with Slack's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playground import acts, composer, hooks, layout
from playground.channels import PUBLIC, Channel
from playground.delivery import Answer
from playground.errors import Impossible, SlackError
from playground.layout import INPUT_TYPES, rich_text
from playground.messages import Message
from playground.people import User
from playground.values import Json, escape
from playground.views import View

if TYPE_CHECKING:
    from playground.workspace import Workspace

Place = str | Channel | None


class Person:
    """One person and their client. A verb returns when the app has answered; it raises `Impossible` for what the
    client does not offer, `NoAnswer` if the app fails to answer within three seconds."""

    def __init__(self, slack: Workspace, user_id: str) -> None:
        self._slack = slack
        self.id = user_id

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"

    @property
    def user(self) -> User:
        return self._slack.people.users[self.id]

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def mention(self) -> str:
        """How to mention this person in a text: `<@U...>`."""
        return f"<@{self.id}>"

    # Speaking

    def say(
        self, channel: str | Channel, text: str, thread: Message | str | None = None, *, broadcast: bool = False
    ) -> Message:
        """Post a message, in a thread if given; `@name` becomes a mention as the composer makes it."""
        place = self._member_of(channel)
        slack, user = self._slack, self.user
        sent = composer.complete(self._slack, escape(text))
        with slack.acting():
            message = Message(
                place.id, slack.next_ts(), sent, self.id, user.team_id, bot_id=user.bot_id, broadcast=broadcast,
                thread_ts=thread.ts if isinstance(thread, Message) else thread or "",
                client_msg_id="" if user.is_bot else slack.ids.next("client-"), blocks=rich_text(sent, slack.ids),
            )  # fmt: skip
            return slack.messages.post(place, message)

    def dm(self, text: str) -> Message:
        """Write to the app in its direct message."""
        return self.say(self._app_dm(), text)

    def edit(self, message: Message, text: str) -> None:
        """Change an own message."""
        self._own(message)
        sent = composer.complete(self._slack, escape(text))
        with self._slack.acting():
            place = self._slack.channels.get(message.channel)
            fresh = rich_text(sent, self._slack.ids)
            self._slack.messages.edit(place, message, self.id, text=sent, blocks=fresh)

    def delete(self, message: Message) -> None:
        """Delete an own message; an admin deletes anyone's."""
        if not self.user.is_admin and not self.user.is_owner:
            self._own(message)
        with self._slack.acting():
            self._slack.messages.delete(self._slack.channels.get(message.channel), message)

    def react(self, message: Message, name: str) -> None:
        acts.present(self._slack, self.user, message)
        with self._slack.acting():
            self._slack.messages.react(self._slack.channels.get(message.channel), message, self.id, name)

    def unreact(self, message: Message, name: str) -> None:
        with self._slack.acting():
            self._slack.messages.unreact(self._slack.channels.get(message.channel), message, self.id, name)

    def join(self, channel: str | Channel) -> None:
        place = self._slack.channel(channel)
        if place.kind != PUBLIC or place.archived:
            raise Impossible(f"Nobody can join #{place.name} by themselves.")
        with self._slack.acting():
            self._slack.channels.join(place, self.id)

    def leave(self, channel: str | Channel) -> None:
        with self._slack.acting():
            self._slack.channels.leave(self._member_of(channel), self.id)

    def invite(self, channel: str | Channel, who: Person | str) -> None:
        """Bring somebody, or the app's bot, into a channel."""
        place = self._member_of(channel)
        with self._slack.acting():
            self._slack.channels.join(place, who if isinstance(who, str) else who.id, self.id)

    # Asking the app

    def command(self, name: str, text: str = "", channel: Place = None, *, thread: Message | None = None) -> Answer:
        """Type a slash command in a channel (default: the app's direct message)."""
        slack = self._slack
        if thread is not None:
            raise Impossible(f"Slack does not run {name} in threads; only in the channel itself.")
        place = self._member_of(channel or self._app_dm())
        known = slack.app.manifest.command(name)
        if known is None or slack.people.is_stranger(self.user):
            raise Impossible(f"{name} is not a valid command here: the app's manifest does not have it.")
        sent = escape(text)
        answer = slack.interactions.command(
            self.user, place, name, composer.complete(slack, sent, names=True) if known.escape else sent
        )
        self._show_answer(answer)
        return answer

    def click(
        self, where: Message | View, which: str, *, value: str | None = None, confirm: bool = True
    ) -> Answer | None:
        """Press the button with this text or action id; `value` tells equal ones apart."""
        acts.present(self._slack, self.user, where)
        return acts.click(self._slack, self.user, where, acts.find(where, which, value, {"button"}), confirm=confirm)

    def select(self, where: Message | View, which: str, value: Any) -> Answer | None:
        """Choose in a menu, picker, overflow or box group: by option text or value, id, or date."""
        acts.present(self._slack, self.user, where)
        return acts.choose(
            self._slack, self.user, where, acts.find(where, which, types=INPUT_TYPES | {"overflow"}), value
        )

    def search(self, where: Message | View, which: str, typed: str) -> list[Json]:
        """The options the app offers for an external select."""
        acts.present(self._slack, self.user, where)
        return acts.options(self._slack, self.user, where, acts.find(where, which, types=acts.EXTERNAL), typed)

    def fill(self, view: View, values: dict[str, Any]) -> None:
        """Fill inputs, by label, action id or block id."""
        acts.present(self._slack, self.user, view)
        for which, value in values.items():
            acts.choose(self._slack, self.user, view, acts.find(view, which, types=INPUT_TYPES), value)

    def press_enter(self, where: Message | View, which: str) -> Answer:
        """Press Enter in an input with `dispatch_action`."""
        acts.present(self._slack, self.user, where)
        return acts.press_enter(self._slack, self.user, where, acts.find(where, which, types=INPUT_TYPES))

    def submit(self, view: View | None = None) -> Answer:
        """Submit the top modal (or `view`). Raises `CannotSubmit` for what Slack's client refuses."""
        top = view or self._top()
        acts.present(self._slack, self.user, top)
        return acts.submit(self._slack, self.user, top)

    def close_view(self, *, everything: bool = False) -> None:
        """Press Cancel on the top modal; `everything` presses the × that closes the whole stack."""
        acts.close(self._slack, self.user, self._top(), everything=everything)

    def shortcut(self, callback_id: str) -> Answer:
        """Run a global shortcut."""
        self._may_use_shortcuts(callback_id, "global")
        return self._slack.interactions.shortcut(self.user, callback_id)

    def message_shortcut(self, message: Message, callback_id: str) -> Answer:
        """Run a message shortcut from a message's menu."""
        self._may_use_shortcuts(callback_id, "message")
        acts.present(self._slack, self.user, message)
        if message.visible_to:
            raise Impossible("Slack offers no shortcuts on messages only one person sees.")
        return self._slack.interactions.message_shortcut(self.user, message, callback_id)

    def open_home(self, tab: str = "home") -> View | None:
        """Open the app's Home (or `messages`) tab; returns the Home as it is then."""
        slack = self._slack
        if tab == "home" and not slack.app.manifest.home_tab:
            raise Impossible("The app has no Home tab: its manifest does not enable it.")
        with slack.acting():
            event: Json = {"user": self.id, "channel": self._app_dm().id, "tab": tab}
            shown = {"view": slack.views.describe(self.home)} if self.home and tab == "home" else {}
            slack.events.emit("app_home_opened", event | shown)
        return self.home

    # Reading

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        return self._slack.views.top(self.id)

    @property
    def home(self) -> View | None:
        """The app's Home as this person has it."""
        return self._slack.views.home(self.id)

    def messages(self, channel: str | Channel) -> list[Message]:
        """What stands in a channel, oldest first, without replies in threads."""
        return self._slack.messages.main(self._visible(channel).id)

    def thread(self, message: Message) -> list[Message]:
        """The replies to a message, oldest first."""
        self._visible(message.channel)
        return self._slack.messages.replies(message.channel, message.thread_ts or message.ts)

    def dms(self) -> list[Message]:
        """The direct messages with the app, replies too, oldest first."""
        return self._slack.messages.channel(self._app_dm().id)

    def ephemerals(self, channel: Place = None) -> list[Message]:
        """What only this person sees, in a channel or anywhere, oldest first."""
        place = self._slack.channel(channel).id if channel else ""
        standing = list(self._slack.messages.ephemerals.values())  # others act meanwhile
        shown = [one for one in standing if one.visible_to == self.id]
        return sorted((one for one in shown if place in ("", one.channel)), key=lambda one: one.ts)

    def reload(self) -> None:
        """Reload the client: what only this person saw is gone."""
        for message in self.ephemerals():
            self._slack.messages.hush(message)

    def buttons(self, where: Message | View) -> list[str]:
        """What every button, menu and input on it says."""
        return [layout.label(one) for one in layout.places(acts.blocks(where))]

    # How

    def _top(self) -> View:
        if self.view is None:
            raise Impossible(f"{self.name} has no form open.")
        return self.view

    def _visible(self, channel: str | Channel) -> Channel:
        try:
            return self._slack.channels.visible(self._slack.channel(channel).id, self.id)
        except SlackError:
            raise Impossible(f"{self.name} cannot see that channel: it is private and they are not in it.") from None

    def _member_of(self, channel: str | Channel) -> Channel:
        place = self._slack.channel(channel)
        if self.user.deleted:
            raise Impossible(f"{self.name} is deactivated and cannot act.")
        if self.id not in place.members:
            raise Impossible(f"{self.name} is not in #{place.name}; join() or invite() them first.")
        if place.archived:
            raise Impossible(f"#{place.name} is archived: nobody can write there.")
        return place

    def _app_dm(self) -> Channel:
        return self._slack.channels.direct([self._slack.bot.user_id, self.id])

    def _own(self, message: Message) -> None:
        if message.user != self.id:
            raise Impossible(f"{self.name} can only change their own messages.")

    def _may_use_shortcuts(self, callback_id: str, kind: str) -> None:
        if not self._slack.app.manifest.shortcut(callback_id, kind):
            raise Impossible(f"The app has no {kind} shortcut “{callback_id}” in its manifest.")
        user = self.user
        guest = user.is_restricted or user.is_ultra_restricted
        if user.deleted or self._slack.people.is_stranger(user) or (guest and kind == "global"):
            raise Impossible(f"Slack does not offer this shortcut to {self.name}.")

    def _show_answer(self, answer: Answer) -> None:
        """Show what the app answered to a command with its acknowledgement."""
        body = {"text": answer.body} if isinstance(answer.body, str) else answer.body
        if not isinstance(body, dict) or not any(body.get(one) for one in ("text", "blocks", "attachments")):
            return
        mine = (one for one in reversed(self._slack.wire.deliveries()) if one.request.get("user_id") == self.id)
        path = str(next(mine).request["response_url"]).partition("/hooks/")[2]
        with self._slack.acting():
            hooks.say(self._slack, self._slack.triggers.urls[path], body)
