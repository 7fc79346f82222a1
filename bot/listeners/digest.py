"""`/committee digest`: when the next one comes, and a preview of it for oneself."""

from __future__ import annotations

from slack_bolt import App

from bot import commands
from bot.commands import Call
from bot.house import House
from bot.views import digest
from workflows import committees, digests, gathering
from workflows.errors import WorkflowError
from workflows.permissions import Action, require


def register(app: App, house: House) -> None:
    """Listen for the digest's subcommand."""
    commands.on("/committee", "digest", "the digest as it would be now, for your eyes", usage="digest preview")(preview)


def preview(call: Call) -> None:
    """Show the digest of this week so far to whoever asked."""
    with call.house.gesture(call.body) as g:
        committee = committees.meant(g.session, g.actor, call.body.get("channel_id"))
        if committee is None:
            raise WorkflowError("There is no committee here yet. An admin can type `/committee setup`.")
        require(g.session, Action.PREVIEW_DIGEST, g.actor, committee=committee)
        week = gathering.gather(g.session, committee, digests.told_until(g.session, committee, g.now), g.now)
    call.answer(digest.message(week, preview=True))
