"""What a listener has in hand: settings, sessions, clock, clients; and the gesture, one transaction with its actor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Event
from typing import Any

from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot import log, payload, replies
from bot.afterwards import Afterwards
from bot.directory import Directory
from bot.installation import Installations
from bot.metrics import Metrics
from bot.outage import Outage
from bot.settings import Settings
from bot.views.message import Message
from db.engine import Sessions
from db.models import Person, Receipt
from db.once import insert_once
from workflows import people
from workflows.errors import NotAllowed, WorkflowError


@dataclass
class Request:
    """The request at hand: its signature if it came by HTTP, whether its receipt is written, and whether it is a copy
    of one that was answered before."""

    body: Mapping[str, Any] | None = None
    signature: str | None = None
    claimed: bool = False
    replayed: bool = False


AT_HAND: ContextVar[Request] = ContextVar("at_hand")


class Unheard(Exception):
    """Nothing is to be done, and nobody is to be told."""


class Repeated(Unheard):
    """This delivery has been dealt with already."""


class Replayed(Unheard):
    """This very request has been answered already, to the byte."""


@dataclass(frozen=True)
class News:
    """One transaction in the workspace that an event tells of. `key` is the same when the event comes again."""

    session: Session
    now: datetime
    key: str


@dataclass(frozen=True)
class Gesture(News):
    """One transaction, and the person who made the gesture. `key` is the same when the gesture is repeated."""

    actor: Person


@dataclass
class House:
    """The bot's parts. `nudge` wakes the sender; once `closing` is set, jobs begin nothing more."""

    settings: Settings
    sessions: Sessions
    clock: Callable[[], datetime]
    installations: Installations
    nudge: Callable[[], None]
    metrics: Metrics = field(default_factory=Metrics)
    outage: Outage = field(default_factory=Outage)
    afterwards: Afterwards = field(default_factory=Afterwards)
    closing: Event = field(default_factory=Event)
    directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        self.directory = Directory(self.sessions, self.installations.client)

    @contextmanager
    def gesture(self, body: Mapping[str, Any]) -> Iterator[Gesture]:
        """Open one transaction in the body's workspace, its actor known and refreshed.

        Raises `Repeated` if this delivery has had its effect, `Replayed` if this very request has, `Unheard` for bots,
        `NotAllowed` for people who have left or belong to another workspace.
        """
        workspace_id, slack_id = _workspace(body), payload.user_of(body)
        if slack_id is None:
            raise Unheard("nobody did this")
        now = self.clock()
        self.directory.know(workspace_id, [slack_id], now)
        with self._opened(body, workspace_id, now) as session:
            actor = people.seen(session, workspace_id, slack_id, now=now)
            # Erased a moment ago, and so met for the first time: nobody knows yet whether this is a guest.
            if actor.refreshed_at is None and self.directory.forget(workspace_id, slack_id):
                raise NotAllowed("I have just forgotten you and must ask Slack who you are. Please do that once more.")
            _admit(actor, body)
            yield Gesture(session, now, payload.gesture_key(body), actor)

    @contextmanager
    def news(self, body: Mapping[str, Any]) -> Iterator[News]:
        """Open one transaction for an event that is nobody's gesture. Raises `Repeated` as `gesture` does."""
        workspace_id, now = _workspace(body), self.clock()
        with self._opened(body, workspace_id, now) as session:
            people.workspace(session, workspace_id, now=now)
            yield News(session, now, payload.gesture_key(body))

    def know(self, body: Mapping[str, Any], slack_ids: Iterable[str]) -> None:
        """Ask Slack about people whom a form names, before the gesture that builds on them."""
        self.directory.know(_workspace(body), slack_ids, self.clock())

    def tell(self, client: WebClient, body: Mapping[str, Any], message: Message, *, replace: bool = False) -> None:
        """Say something for their eyes only once Slack has its answer: see `bot.replies.tell`."""
        self.afterwards.do(partial(replies.tell, client, body, message, replace=replace))

    @contextmanager
    def _opened(self, body: Mapping[str, Any], workspace_id: str, now: datetime) -> Iterator[Session]:
        request = at_hand(body)
        with self.sessions.begin(workspace_id) as session:
            session.info["trace"] = log.current_trace()
            if not request.claimed:
                _claim(session, request, payload.delivery_key(body, workspace_id), now)
            yield session
        request.claimed = True


def at_hand(body: Mapping[str, Any]) -> Request:
    """What is known of the request with this body; nothing but the body unless it is the one at hand."""
    request = AT_HAND.get(None)
    return request if request is not None and request.body is body else Request(body)


def _claim(session: Session, request: Request, delivery: str | None, now: datetime) -> None:
    # In the transaction of the effect itself: if that fails, the receipt goes too and a retry is welcome.
    key, signature = delivery or request.signature, request.signature
    if key is None or insert_once(session, Receipt, key=key, received_at=now, signature=signature) is not None:
        return
    request.claimed = True
    request.replayed = signature is not None and signature == session.get_one(Receipt, key).signature
    raise Replayed(key) if request.replayed else Repeated(key)


def _workspace(body: Mapping[str, Any]) -> str:
    found = payload.workspace_of(body)
    if found is None:
        raise WorkflowError("Slack did not say which workspace this came from. Please try again.")
    return found


def _admit(actor: Person, body: Mapping[str, Any]) -> None:
    if actor.is_bot:
        raise Unheard("a bot did this")
    if actor.is_stranger or payload.from_outside(body):
        raise NotAllowed("Touchstone serves the people of this workspace only. Ask somebody here to do it for you.")
    if not actor.active:
        raise NotAllowed("This account is deactivated, so it cannot do that.")
