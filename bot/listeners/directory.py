"""What Slack tells about people and about the installation by itself."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from bot import payload
from bot.house import House
from db.models import Workspace


def register(app: App, house: House) -> None:
    """Listen for people who change and for the app being removed."""

    @app.event("user_change")
    def change(body: dict[str, Any], event: dict[str, Any]) -> None:
        workspace_id = payload.workspace_of(body)
        if workspace_id is not None:
            house.directory.learn(workspace_id, event["user"], house.clock())

    @app.event("app_uninstalled")
    @app.event("tokens_revoked")
    def stop(body: dict[str, Any], event: dict[str, Any]) -> None:
        if event["type"] == "tokens_revoked" and not event.get("tokens", {}).get("bot"):
            return
        with house.news(body) as news:
            workspace = news.session.get_one(Workspace, payload.workspace_of(body))
            workspace.stopped_at, workspace.stopped_why = news.now, event["type"]
