"""The app removed from a workspace, or let into one by its organisation: sending stops, or goes on, at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from slack_bolt import App

from bot import payload
from bot.house import House
from bot.oauth.many import REVOKED
from db.models import Workspace
from workflows import workspaces

Body = dict[str, Any]


def register(app: App, house: House) -> None:
    """Listen for what ends and begins an installation."""

    @app.event("app_uninstalled")
    @app.event("tokens_revoked")
    def gone(body: Body, event: Body) -> None:
        if event["type"] == "app_uninstalled" or event.get("tokens", {}).get("bot"):
            stop(house, body, house.installations.forget(body), event["type"])

    @app.event("team_access_revoked")
    def shut_out(body: Body, event: Body) -> None:
        stop(house, body, of_its_own(house, body, event["team_ids"]), REVOKED)

    @app.event("team_access_granted")
    def let_in(body: Body, event: Body) -> None:
        for workspace_id in of_its_own(house, body, event["team_ids"]):
            with house.sessions.begin(workspace_id) as session:
                enterprise = payload.enterprise_of(body)
                workspaces.resume(session, workspace_id, now=house.clock(), enterprise_id=enterprise)


def stop(house: House, body: Body, workspace_ids: list[str], why: str) -> None:
    """Stop serving workspaces; the body's own last, for that is what makes the event dealt with."""
    own = payload.workspace_of(body)
    for workspace_id in workspace_ids:
        if workspace_id != own:
            with house.sessions.begin(workspace_id) as session:
                workspaces.stop(session, workspace_id, why, now=house.clock())
    if own in workspace_ids:
        with house.news(body) as news:
            workspaces.stop(news.session, own, why, now=news.now)


def of_its_own(house: House, body: Body, workspace_ids: list[str]) -> list[str]:
    """Those among the workspaces that are not known to belong to another organisation than the one that speaks."""
    enterprise = payload.enterprise_of(body)
    foreign = sa.select(Workspace.id).where(Workspace.enterprise_id != enterprise, Workspace.id.in_(workspace_ids))
    with house.sessions.everywhere() as session:
        others = set(session.scalars(foreign))
    return [one for one in workspace_ids if enterprise and one not in others]
