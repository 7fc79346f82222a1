"""Home: opened, and its lists turned."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.house import House
from bot.views import home
from workflows import homes
from workflows.errors import Gone

Body = dict[str, Any]
LISTS = (home.WAITING, home.IDEAS)


def register(app: App, house: House) -> None:
    """Listen for Home being opened, and for its pagers."""

    @app.event("app_home_opened")
    def opened(body: Body, event: Body) -> None:
        if event.get("tab") == "home":
            with house.gesture(body) as g:
                homes.opened(g.session, g.actor, g.now)

    @app.action(ids.family(ids.HOME_PAGE))
    def turned(ack: Ack, body: Body) -> None:
        ack()
        data = ids.unpack(body["actions"][0].get("value"))
        if data.get("list") not in LISTS:
            raise Gone("That list is no longer here.")
        with house.gesture(body) as g:
            homes.turn(g.session, g.actor, data["list"], ids.number(data, "page"), g.now)
