"""Committees whose members come from a user group: asking Slack who is in it. Never asks inside a transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from slack_sdk import WebClient

from bot import places
from db.engine import Sessions
from db.models import Committee, Workspace
from workflows import committees


def refresh(sessions: Sessions, clients: Callable[[str], WebClient], now: datetime) -> int:
    """Bring every committee that follows a group in step with it, for events that never came; seats changed."""
    with sessions.everywhere() as session:
        following = sa.select(Committee.workspace_id).join(Workspace, Workspace.id == Committee.workspace_id)
        following = following.where(Committee.usergroup_id.is_not(None), Workspace.stopped_at.is_(None))
        found = session.scalars(following.distinct()).all()
    return sum(follow(sessions, clients(workspace_id), workspace_id, now) for workspace_id in found)


def follow(sessions: Sessions, client: WebClient, workspace_id: str, now: datetime, *, only: str | None = None) -> int:
    """Bring the committees of one workspace that follow a group, or this group `only`, in step; seats changed."""
    with sessions.begin(workspace_id) as session:
        here = committees.in_workspace(session)
        following = [(it.id, it.usergroup_id) for it in here if it.usergroup_id and only in (None, it.usergroup_id)]
    told = {group: places.group_members(client, group) for group in {group for _, group in following}}
    changed = 0
    for committee_id, group in following:
        inside = told[group]
        if inside is not None:
            with sessions.begin(workspace_id) as session:
                changed += committees.sync_group(session, committees.get(session, committee_id), inside, now)
    return changed
