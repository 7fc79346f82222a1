"""What Slack tells about people by itself."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from bot import payload
from bot.house import House


def register(app: App, house: House) -> None:
    """Listen for people who change."""

    @app.event("user_change")
    def change(body: dict[str, Any], event: dict[str, Any]) -> None:
        workspace_id = payload.workspace_of(body)
        if workspace_id is not None:
            house.directory.learn(workspace_id, event["user"], house.clock())
