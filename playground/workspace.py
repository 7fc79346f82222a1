"""A whole Slack workspace in memory. Everything else hangs on `Workspace`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from playground import channels, contract, organisation
from playground.app import App, Grant, Installation, Manifest
from playground.clock import Clock
from playground.courier import Courier
from playground.delivery import ACK_SECONDS, Answer, Request
from playground.errors import NoAnswer
from playground.events import Events
from playground.faults import Faults
from playground.feed import Feed
from playground.files import Files
from playground.http_delivery import HttpTransport, Wsgi, WsgiTransport
from playground.inputs import State
from playground.interactions import Interactions
from playground.messages import Messages
from playground.people import People
from playground.person import Person
from playground.rates import Mode, Rates
from playground.schedule import Scheduled
from playground.socket_mode import Sockets
from playground.steps import Steps
from playground.triggers import Triggers
from playground.values import Identifiers, Json, secret
from playground.views import Views
from playground.wire import Wire

MICRO = 1_000_000
CODE_LIFE = timedelta(minutes=10)
POLL_SECONDS = 0.02
T = TypeVar("T")


class Workspace:
    """A Slack workspace with one app installed.

    `manifest` is the app's manifest; without one every command, event and scope is allowed. `clock` defaults to
    a running clock. Several workspaces may share one `app`, and belong to one `enterprise` (an organisation's id).
    `rates` is `off`, `warn` or `enforce`. `patience` is how long an acknowledgement may take, in real seconds: three
    in Slack, more where a busy machine runs the tests.
    """

    def __init__(
        self,
        manifest: Json | None = None,
        *,
        clock: Clock | None = None,
        name: str = "Playground",
        domain: str = "playground",
        team_id: str = "T000000001",
        enterprise: str = "",
        app: App | None = None,
        rates: Mode = "warn",
        patience: float = ACK_SECONDS,
    ) -> None:
        self.name, self.domain, self.team_id = name, domain, team_id
        self.number = int.from_bytes(team_id.encode()[-5:])
        self.clock = clock or Clock()
        self.patience = patience
        self.lock = threading.RLock()
        self.base_url = "https://hooks.slack.com"
        self.app, self.enterprise = app or App(Manifest(manifest)), enterprise
        self.app.homes.append(self)
        self.ids = Identifiers()
        self.last_micros = 0
        self.feed = Feed(self.now)
        self.wire = Wire(self.feed, lambda: self.now().timestamp())
        self.courier = Courier(self.clock)
        self.faults, self.rates = Faults(self), Rates(self, rates)
        self.events, self.interactions = Events(self), Interactions(self)
        self.sockets = Sockets.of(self.app)
        self.people, self.channels = People(self), channels.Channels(self)
        self.messages, self.views = Messages(self), Views(self)
        self.files, self.triggers, self.steps = Files(self), Triggers(self), Steps(self)
        self.grants: dict[str, Grant] = {}
        self.typed: dict[tuple[str, str, str], State] = {}
        self.streams: set[tuple[str, str]] = set()
        self.bookmarks: dict[str, list[Json]] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.bot = self._install()

    # Time

    def now(self) -> datetime:
        return self.clock.now()

    def unix(self) -> int:
        return int(self.now().timestamp())

    def next_ts(self) -> str:
        """A message's `ts`: unique and increasing, seconds and six digits."""
        with self.lock:
            self.last_micros = max(int(self.now().timestamp() * MICRO), self.last_micros + 1)
            return f"{self.last_micros // MICRO}.{self.last_micros % MICRO:06d}"

    def schedule(self, scheduled: Scheduled) -> None:
        """Post a message when its time comes, unless it is called off or its channel closes before."""
        self.scheduled[scheduled.id] = scheduled
        due = datetime.fromtimestamp(scheduled.post_at, UTC)
        if scheduled.message.metadata is None:
            self.courier.at(due, lambda: self._post_scheduled(scheduled))
        else:
            self.wire.warn("scheduled_metadata", "Slack never posts a scheduled message with metadata.")

    def _post_scheduled(self, scheduled: Scheduled) -> None:
        channel = self.channels.get(scheduled.message.channel)
        with self.lock:
            if self.scheduled.pop(scheduled.id, None) is not None and not channel.archived:
                scheduled.message.ts = self.next_ts()
                self.messages.post(channel, scheduled.message)

    def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Move the clock on, by a timedelta or `hours=3`; due retries and scheduled messages go out."""
        return self.clock.advance(by if by is not None else timedelta(**parts))

    # People and places

    def add_user(self, name: str, **facts: Any) -> Person:
        """Add a user. `facts`: `id`, `real_name`, `email`, `tz`, `locale`, `is_admin`, `is_owner`, `is_restricted`
        (guest), `is_ultra_restricted` (single-channel guest), `is_bot`, `deleted`, `team_id` (stranger) ..."""
        if facts.get("is_bot"):
            facts.setdefault("bot_id", self.ids.next("B"))
        with self.acting():
            return Person(self, self.people.add(name, **facts).id)

    def person(self, who: str) -> Person:
        """The person with this id, handle or real name. Raises `LookupError`."""
        return Person(self, self.people.find(who).id)

    def change_user(self, who: str | Person, **facts: Any) -> None:
        """Change a user, for example `deleted=True` to deactivate; the app hears `user_change`."""
        with self.acting():
            self.people.change(self._user_id(who), **facts)

    def add_group(self, handle: str, users: list[str | Person], *, name: str = "", id: str = "") -> str:
        """Add a user group; returns its id."""
        with self.acting():
            return self.people.add_group(handle, [self._user_id(one) for one in users], name=name, id=id).id

    def set_group(self, group_id: str, users: list[str | Person]) -> None:
        """Replace the members of a user group; the app hears `subteam_members_changed`."""
        with self.acting():
            self.people.set_group(group_id, [self._user_id(one) for one in users])

    def add_channel(
        self,
        name: str,
        members: Sequence[str | Person] | None = None,
        *,
        id: str = "",
        private: bool = False,
        archived: bool = False,
        shared_with: list[str] | None = None,
        bot: bool = True,
    ) -> channels.Channel:
        """Add a channel; `bot` puts the app's bot in it. `shared_with` names teams elsewhere (Slack Connect)."""
        users = [self._user_id(one) for one in members or []] + ([self.bot.user_id] if bot else [])
        kind = channels.PRIVATE if private else channels.PUBLIC
        with self.acting():
            channel = self.channels.add(name, list(dict.fromkeys(users)), kind=kind, id=id)
            channel.archived, channel.shared_with = archived, list(shared_with or [])
            return channel

    def channel(self, channel: str | channels.Channel) -> channels.Channel:
        """The channel with this id or name. Raises `LookupError`."""
        return channel if isinstance(channel, channels.Channel) else self.channels.find(channel)

    def archive(self, channel: str | channels.Channel) -> None:
        with self.acting():
            self.channels.archive(self.channel(channel), "USLACKBOT")

    def convert(self, channel: str | channels.Channel, *, private: bool) -> None:
        """Make a channel private, or public, as an admin may at any time. Raises `SlackError` if it is so already."""
        with self.acting():
            self.channels.convert(self.channel(channel), "USLACKBOT", private=private)

    def remove_bot(self, channel: str | channels.Channel) -> None:
        """Take the bot out of a channel, as an admin may at any time."""
        with self.acting():
            self.channels.leave(self.channel(channel), self.bot.user_id)

    # The app

    def connect_wsgi(self, app: Wsgi, path: str = "/slack/events") -> WsgiTransport:
        """Deliver signed requests straight into a WSGI callable in this process."""
        transport = WsgiTransport(app, self.app.signing_secret, path)
        self.app.transport = transport
        return transport

    def connect_http(self, url: str) -> None:
        """Deliver signed requests to this request URL."""
        self.app.transport = HttpTransport(url, self.app.signing_secret)

    def connect_sockets(self) -> None:
        """Deliver by Socket Mode. Happens by itself when an app asks for a connection and no HTTP is set."""
        self.app.transport = self.sockets

    def revoke_token(self) -> None:
        """Revoke the bot's token: the app hears `tokens_revoked`, its calls get `token_revoked`."""
        with self.acting():
            for one in organisation.sharing(self):
                one.bot.revoked.add(self.bot.token)
            tokens = {"oauth": [], "bot": [self.bot.user_id]}
            self.events.emit("tokens_revoked", {"tokens": tokens})

    def uninstall(self) -> None:
        """Remove the app: `tokens_revoked`, `app_uninstalled`, then silence."""
        self.revoke_token()
        with self.acting():
            for one in organisation.sharing(self):
                one.bot.installed = False
            self.events.emit("app_uninstalled", {})

    def consent(self, user: str | Person, redirect_uri: str = "") -> str:
        """A person agrees to install the app: returns the `code` for `oauth.v2.access`, good for ten minutes."""
        code = secret(f"{self.number}.")
        self.grants[code] = Grant(self._user_id(user), redirect_uri, self.now() + CODE_LIFE)
        return code

    def environment(self) -> dict[str, str]:
        """What an app in any language needs to connect, as environment variables."""
        return {
            "SLACK_BOT_TOKEN": self.bot.token,
            "SLACK_APP_TOKEN": self.app.app_token,
            "SLACK_SIGNING_SECRET": self.app.signing_secret,
            "SLACK_CLIENT_ID": self.app.client_id,
            "SLACK_CLIENT_SECRET": self.app.client_secret,
            "SLACK_API_URL": f"{self.base_url}/api/",
        }

    # Delivery

    def acting(self) -> AbstractContextManager[None]:
        """What happens inside is one act; its events are delivered and answered before it ends."""
        return self.events.acting()

    def send(self, request: Request) -> Answer:
        """Deliver one request and log it. Raises `NoAnswer` if no app is connected at all."""
        transport = self.app.transport
        if transport is None:
            raise NoAnswer("dispatch_failed", "No app is connected: use connect_wsgi(), connect_http() or a socket.")
        began = self.wire.begin()
        answer = transport.send(replace(request, patience=self.patience))
        verdicts = tuple(contract.check_ack(request.payload, answer.body)) if answer.ok else ()
        self.wire.add(
            "delivery",
            request.name,
            request.payload,
            began=began,
            response=answer.body,
            status=answer.status,
            elapsed=answer.elapsed if answer.failure != "http_timeout" else None,
            note=self._note(request, answer),
            verdicts=verdicts,
        )
        return answer

    def settle(self, seconds: float = 5.0) -> None:
        """Wait until every event caused by the app's own calls has been delivered, held back or not."""
        self.events.release()
        self.courier.settle(seconds)

    def wait_for(self, seen: Callable[[], T], seconds: float = 5.0, *, what: str = "it") -> T:
        """Call `seen` until it gives something true, and return that. Raises `TimeoutError`."""
        end = time.monotonic() + seconds
        while not (found := seen()):
            if time.monotonic() > end:
                raise TimeoutError(f"Waited {seconds} s for {what}, in vain.")
            self.feed.wait(POLL_SECONDS)
        return found

    def close(self) -> None:
        self.courier.close()
        if self.app.transport is not None:
            self.app.transport.close()

    def _note(self, request: Request, answer: Answer) -> str:
        retry = f"retry {request.retry_num} ({request.retry_reason})" if request.retry_num else ""
        failure = "operation_timeout" if answer.failure == "http_timeout" else answer.failure
        return "; ".join(filter(None, (retry, failure)))

    def _user_id(self, who: str | Person) -> str:
        return who.id if isinstance(who, Person) else self.people.find(who).id

    def _install(self) -> Installation:
        self.people.add("slackbot", id="USLACKBOT", real_name="Slackbot")
        bot_id = self.ids.next("B")
        name = self.app.manifest.name
        user = self.people.add(name, real_name=name, is_bot=True, bot_id=bot_id, app_id=self.app.id)
        return Installation(user.id, bot_id, scopes=self.app.manifest.scopes)
