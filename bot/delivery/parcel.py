"""Packing: a claimed notice, rendered as things stand now, becomes one call of Slack's Web API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from bot.delivery.claims import DELETED, LEASE, Claim
from bot.rendering import RENDERINGS
from bot.views.message import Home, Message
from bot.views.privacy import FORGOTTEN
from bot.views.text import clip_mrkdwn
from db.models import Notice, NoticeState, Person

TEXT = 4000  # what chat.update takes; chat.postMessage would take more
EVENT_TYPE = "touchstone_notice"

POST = "chat.postMessage"
EDIT = "chat.update"
PUBLISH = "views.publish"


@dataclass(frozen=True)
class Parcel:
    """A call to make for a notice. `doubtful`: an earlier try may have reached Slack. `wanted`: the change it shows.

    It was to be seen `since`, and may be sent `until` then.
    """

    claim: Claim
    method: str
    arguments: dict[str, Any]
    wanted: int
    doubtful: bool
    since: datetime
    until: datetime
    attempts: int
    trace: str | None
    parent_id: int | None


@dataclass(frozen=True)
class Nothing:
    """There is nothing to send, and why."""

    why: str


def pack(session: Session, claim: Claim, now: datetime) -> Parcel | Nothing:
    """Render a claimed notice. A post is marked uncertain from here on, until its outcome is known.

    Raises whatever the rendering raises.
    """
    notice = session.get_one(Notice, claim.notice_id, with_for_update={"key_share": True})
    if notice.leased_by != claim.by:
        return Nothing("another sender has it")
    person = session.get(Person, notice.person_id) if notice.person_id else None
    if person is not None and (person.slack_id is None or not person.active):
        return Nothing("the person has left")
    root = _root(session, notice)
    if root is not None and root.state is NoticeState.DROPPED and notice.in_thread:
        return Nothing("the thread was never begun")
    shown = RENDERINGS[notice.kind](session, notice, now)
    if shown is None and notice.posted_ts is not None and not notice.is_card:
        shown = FORGOTTEN  # said once, and to be said otherwise now: it names somebody who is forgotten
    if shown is None:
        return Nothing("its reason has gone")
    method, arguments = _call(notice, person, root, shown)
    doubtful, notice.uncertain = notice.uncertain, method == POST
    notice.lease_until = now + LEASE
    return Parcel(
        claim,
        method,
        arguments,
        wanted=notice.wanted,
        doubtful=doubtful,
        since=max(notice.owed_at, notice.due_at),
        until=notice.lease_until,
        attempts=notice.attempts,
        trace=notice.trace,
        parent_id=root.id if root else None,
    )


def _root(session: Session, notice: Notice) -> Notice | None:
    """The notice that began the thread this one goes to."""
    found = notice
    while found.in_thread and found.after_id is not None:
        found = session.get_one(Notice, found.after_id)
    return None if found is notice else found


def _call(
    notice: Notice, person: Person | None, root: Notice | None, shown: Message | Home
) -> tuple[str, dict[str, Any]]:
    layout = _plain(shown.blocks)
    if isinstance(shown, Home):
        user = person.slack_id if person else None
        return PUBLISH, {"user_id": user, "view": {"type": "home", "blocks": layout}}
    said = {"text": clip_mrkdwn(shown.text, TEXT), "blocks": layout}
    if notice.posted_ts is not None:
        return EDIT, {"channel": notice.posted_channel, "ts": notice.posted_ts, **said}
    thread = {"thread_ts": root.posted_ts} if root is not None and root.error not in DELETED else {}
    where = root.posted_channel if thread and root is not None else notice.channel or (person and person.slack_id)
    return POST, {
        "channel": where,
        **said,
        **thread,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"notice": notice.id}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _plain(layout: Sequence[Block | dict[str, Any]]) -> list[dict[str, Any]]:
    return [block if isinstance(block, dict) else block.to_dict() for block in layout]
