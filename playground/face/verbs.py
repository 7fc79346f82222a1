"""What a person can do on the page. Each verb takes the request, acts as that person, and returns what to tell."""

from __future__ import annotations

import base64
from collections.abc import Callable

from playground import acts, inputs, layout
from playground.errors import CannotSubmit, Impossible
from playground.face.asking import Ask
from playground.layout import Place
from playground.values import Json
from playground.views import View

Verb = Callable[[Ask], Json]
NOTHING: Json = {}
MOST_BYTES = 10 << 20


class Unfit(CannotSubmit):
    """Fields Slack's client would not send; `fields` says what is wrong by block id."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("Some fields need another look.")
        self.fields = fields


def say(ask: Ask) -> Json:
    sent = ask.me.say(ask.text("channel"), ask.text("text"), ask.text("thread") or None)
    return {"ts": sent.ts}


def command(ask: Ask) -> Json:
    thread = ask.slack.messages.get(ask.text("channel"), ask.text("thread")) if ask.text("thread") else None
    ask.me.command(ask.text("name"), ask.text("text"), ask.text("channel") or None, thread=thread)
    return NOTHING


def click(ask: Ask) -> Json:
    where = ask.where()
    place = ask.place(where)
    ask.keep(where)
    if place.element["type"] == "feedback_buttons":
        place = Place(place.block, place.element | {"value": ask.text("value")})
    acts.click(ask.slack, ask.me.user, where, place, confirm=True)
    return NOTHING


def choose(ask: Ask) -> Json:
    where = ask.where()
    place = ask.place(where)
    ask.keep(where)
    acts.choose(ask.slack, ask.me.user, where, place, ask.given("wanted"), ask.choices(where, place))
    return NOTHING


def enter(ask: Ask) -> Json:
    where = ask.where()
    ask.keep(where)
    acts.press_enter(ask.slack, ask.me.user, where, ask.place(where))
    return NOTHING


def options(ask: Ask) -> Json:
    where = ask.where()
    place = ask.place(where)
    found = acts.options(ask.slack, ask.me.user, where, place, ask.text("typed"))
    ask.remember(where, place, found)
    return {"options": found}


def submit(ask: Ask) -> Json:
    view = ask.view()
    acts.present(ask.slack, ask.me.user, view)
    ask.keep(view)
    if unfit := _unfit(view):
        raise Unfit(unfit)
    acts.submit(ask.slack, ask.me.user, view)
    return NOTHING


def _unfit(view: View) -> dict[str, str]:
    """What Slack's client would refuse to send, by block."""
    said: dict[str, str] = {}
    for place in layout.inputs(view.blocks):
        if place.is_input:
            try:
                inputs.check(place, view.values[place.block_id][place.action_id])
            except CannotSubmit as refusal:
                said[place.block_id] = str(refusal)
    return said


def upload(ask: Ask) -> Json:
    """Take a file for a form, its bytes in base64."""
    try:
        content = base64.b64decode(ask.text("content"), validate=True)
    except ValueError:
        raise Impossible("The file did not arrive whole; choose it again.") from None
    if len(content) > MOST_BYTES:
        raise Impossible(f"Files of up to {MOST_BYTES >> 20} MB fit in here.")
    with ask.slack.acting():
        file = ask.slack.files.upload(ask.text("name") or "file", content, ask.me.id)
    return {"file": {"id": file.id, "name": file.name, "size": file.length}}


def close(ask: Ask) -> Json:
    ask.me.close_view(everything=bool(ask.given("everything")))
    return NOTHING


def shortcut(ask: Ask) -> Json:
    ask.me.shortcut(ask.text("callback_id"))
    return NOTHING


def message_shortcut(ask: Ask) -> Json:
    ask.me.message_shortcut(ask.message(), ask.text("callback_id"))
    return NOTHING


def react(ask: Ask) -> Json:
    ask.me.react(ask.message(), ask.text("name"))
    return NOTHING


def unreact(ask: Ask) -> Json:
    ask.me.unreact(ask.message(), ask.text("name"))
    return NOTHING


def home(ask: Ask) -> Json:
    ask.me.open_home(ask.text("tab") or "home")
    return NOTHING


def join(ask: Ask) -> Json:
    ask.me.join(ask.text("channel"))
    return NOTHING


def direct(ask: Ask) -> Json:
    """Open a direct message with somebody."""
    other = ask.slack.people.find(ask.text("user"))
    with ask.slack.acting():
        return {"channel": ask.slack.channels.direct([ask.me.id, other.id]).id}


def edit(ask: Ask) -> Json:
    text = ask.text("text").strip()
    if not text:
        raise Impossible("A message cannot be empty; delete it instead.")
    ask.me.edit(ask.message(), text)
    return NOTHING


def delete(ask: Ask) -> Json:
    ask.me.delete(ask.message())
    return NOTHING


def hush(ask: Ask) -> Json:
    """Dismiss a message only this person sees."""
    message = ask.message()
    acts.present(ask.slack, ask.me.user, message)
    if not message.visible_to:
        raise Impossible("Only a message that you alone see can be dismissed.")
    with ask.slack.acting():
        ask.slack.messages.hush(message)
    return NOTHING


VERBS: dict[str, Verb] = {
    one.__name__: one
    for one in (
        say, command, click, choose, enter, options, submit, close, shortcut, message_shortcut, react, unreact, home,
        join, direct, edit, delete, hush, upload,
    )
}  # fmt: skip
