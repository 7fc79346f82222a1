"""Subcommands of the slash commands. What is registered here is what `help` lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import channels
from bot.house import House
from bot.views import blocks
from bot.views.message import Message
from workflows.errors import WorkflowError

COMMANDS = {
    "/idea": "submit an idea and see where yours stand",
    "/committee": "how your committee stands, its backlog and its set-up",
    "/cx": "the work that came out of ideas",
}
NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
MOST_DIGITS = 6
HELP_WORDS = ("help", "?", "-h", "--help")


@dataclass(frozen=True)
class Call:
    """A slash command, already acknowledged: `rest` is what stands after the subcommand."""

    body: dict[str, Any]
    rest: str
    client: WebClient
    house: House

    def answer(self, message: Message | str) -> None:
        """Say something to whoever typed the command, for their eyes only, once Slack has its answer."""
        said = Message(message) if isinstance(message, str) else message
        self.house.tell(self.client, self.body, said)


def page(rest: str) -> int | None:
    """The page that somebody typed after a list's name, counted from 1; None if what they typed is no number.

    Raises `WorkflowError` for a number that no page has.
    """
    if not rest:
        return 1
    if NUMBER.fullmatch(rest) is None:
        return None
    if not rest.isdecimal() or int(rest[:MOST_DIGITS]) < 1:
        raise WorkflowError(f"There is no page {rest[:MOST_DIGITS]}: pages are counted 1, 2, 3.")
    return int(rest[:MOST_DIGITS])


Handler = Callable[[Call], None]


@dataclass(frozen=True)
class Subcommand:
    """One word of a command: how it is written and what it does."""

    usage: str
    about: str
    handler: Handler


@dataclass
class Command:
    """A slash command's words, and what answers when the first word is none of them."""

    words: dict[str, Subcommand] = field(default_factory=dict)
    otherwise: Subcommand | None = None


REGISTRY: dict[str, Command] = {name: Command() for name in COMMANDS}


def on(command: str, word: str, about: str, *, usage: str | None = None) -> Callable[[Handler], Handler]:
    """Register a handler for a subcommand; `usage` is how to write it ("show 12"), `about` what one gets."""

    def register(handler: Handler) -> Handler:
        _take(REGISTRY[command].words.get(word), handler, f"{command} {word}")
        REGISTRY[command].words[word] = Subcommand(usage or word, about, handler)
        return handler

    return register


def otherwise(command: str, handler: Handler, about: str = "", *, usage: str = "") -> Handler:
    """Register what answers when the first word is no subcommand; it gets the whole text as `rest`."""
    _take(REGISTRY[command].otherwise, handler, command)
    REGISTRY[command].otherwise = Subcommand(usage, about, handler)
    return handler


def _take(present: Subcommand | None, handler: Handler, name: str) -> None:
    # A closure made anew for another app replaces itself; anything else is two features with one word.
    if present is not None and (present.handler.__module__, present.handler.__qualname__) != (
        handler.__module__,
        handler.__qualname__,
    ):
        raise ValueError(f"{name} is answered twice")


def help_on(command: str) -> Message:
    """Everything a command can do."""
    known = REGISTRY[command]
    lines = [(known.otherwise.usage, known.otherwise.about)] if known.otherwise and known.otherwise.about else []
    lines += [(sub.usage, sub.about) for sub in known.words.values()]
    said = "\n".join(f"`{f'{command} {usage}'.strip()}` – {about}" for usage, about in lines)
    text = f"{command}: {COMMANDS[command]}.\n{said}\n`{command} help` – this list"
    return Message(text, [blocks.section(text)])


def dispatch(command: str, call: Call) -> None:
    """Send a call to the handler of its first word."""
    text = call.rest.strip()
    word, _, rest = text.partition(" ")
    known = REGISTRY[command]
    if word.lower() in HELP_WORDS:
        return call.answer(help_on(command))
    found = known.words.get(word.lower())
    if found is not None:
        return found.handler(Call(call.body, rest.strip(), call.client, call.house))
    if known.otherwise is not None:
        return known.otherwise.handler(Call(call.body, text, call.client, call.house))
    return call.answer(help_on(command))


def register(app: App, house: House) -> None:
    """Listen for every command."""

    def listener(name: str) -> Callable[..., None]:
        def answer(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            ack()
            channels.overhear(house, body)
            dispatch(name, Call(body, body.get("text") or "", client, house))

        return answer

    for name in COMMANDS:
        app.command(name)(listener(name))
