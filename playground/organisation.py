"""Organisations: workspaces that belong together, in all of which an app can be installed at once with one token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.values import Json

if TYPE_CHECKING:
    from playground.workspace import Workspace


def describe(slack: Workspace) -> Json | None:
    """The organisation of a workspace as payloads name it."""
    return {"id": slack.enterprise, "name": f"Organisation {slack.enterprise}"} if slack.enterprise else None


def is_whole(slack: Workspace) -> bool:
    """Whether the app is installed in all workspaces of the organisation at once."""
    return bool(slack.enterprise) and slack.app.manifest.for_organisations


def sharing(slack: Workspace) -> list[Workspace]:
    """The workspaces that share one installation, `slack` included."""
    if not is_whole(slack):
        return [slack]
    return [one for one in slack.app.homes if one.enterprise == slack.enterprise]
