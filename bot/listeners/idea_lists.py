"""Ideas to look at: `/idea list`, `mine`, `top` and `show`, their pages and buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import commands, ids, payload
from bot.commands import Call, Handler
from bot.house import House
from bot.listeners import idea_form
from bot.rendering.ideas import load
from bot.replies import show
from bot.views import ideas as views
from bot.views.message import Message
from workflows import catalogue, ideas
from workflows.catalogue import ListFilter, Which

NUMBER = re.compile(r"#?([0-9]{1,9})")
ABOUT = {
    Which.LIST: "open ideas, newest first",
    Which.MINE: "your ideas and where they stand",
    Which.TOP: "open ideas, most supported first",
}


def register(app: App, house: House) -> None:
    """Listen for the lists."""
    for which, about in ABOUT.items():
        commands.on("/idea", which.value, about)(_lister(which))
    commands.on("/idea", "show", "all of idea 12", usage="show 12")(show_number)

    @app.action(ids.family(ids.IDEA_PAGE))
    def turn(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        data = ids.unpack(body["actions"][0].get("value"))
        wanted = ids.choice(Which, data.get("which", Which.LIST))
        house.tell(client, body, _page(house, body, wanted, ids.number(data, "page")), replace=True)

    @app.action(ids.IDEA_SHOW)
    def look(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        show_pressed(house, body, client)


def _lister(which: Which) -> Handler:
    def answer(call: Call) -> None:
        page = commands.page(call.rest)
        if page is None:
            return idea_form.command(call)  # "/idea top shelf is too high" is an idea, not a list
        return call.answer(_page(call.house, call.body, which, page))

    return answer


def _page(house: House, body: Mapping[str, Any], which: Which, number: int) -> Message:
    with house.gesture(body) as g:
        wanted = ListFilter(which, g.actor, payload.channel_of(body))
        return views.listing(which, catalogue.listing(g.session, wanted, number))


def show_number(call: Call) -> None:
    """All of one idea, for whoever may see it."""
    number = NUMBER.fullmatch(call.rest)
    if number is None:
        return idea_form.command(call)
    with call.house.gesture(call.body) as g:
        idea = catalogue.show(g.session, int(number[1]), g.actor, payload.channel_of(call.body))
        said = views.card(load(g.session, idea, g.now, full=True))
    return call.answer(said)


def show_pressed(house: House, body: Mapping[str, Any], client: WebClient) -> None:
    """All of one idea: on top of the page whose button was pressed, or below the message."""
    with house.gesture(body) as g:
        idea = ideas.get(g.session, ids.number(ids.unpack(body["actions"][0].get("value")), "idea"))
        catalogue.require_visible(g.session, idea, g.actor, payload.channel_of(body))
        found = load(g.session, idea, g.now, full=True)
    if body.get("view"):
        show(client, body, views.page(found))
    else:
        house.tell(client, body, views.card(found))
