"""The Bolt app: middleware, error handling and the listeners of every feature, over HTTP and Socket Mode alike."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.listener_matcher import ListenerMatcher
from slack_bolt.listener_matcher.builtins import BuiltinListenerMatcher
from slack_sdk import WebClient

from bot import commands, errors, log, payload
from bot.house import AT_HAND, House, Request, at_hand
from bot.metrics import Metrics

FEATURES: tuple[str, ...] = (
    "ballots",
    "directory",
    "installation",
    "home",
    "upkeep",
    "trouble",
    "setup",
    "committee",
    "idea_form",
    "idea_deeds",
    "idea_lists",
    "questions",
    "scoring",
    "backlog",
    "mentions",
    "direct",
    "work",
    "digest",
    "privacy",
)
"""Modules of `bot.listeners`, each with `register(app, house)`; the first listener that matches answers.

Each is asked in turn, so what many people press at once comes first.
"""

RENDERINGS: tuple[str, ...] = (
    "home",
    "trouble",
    "setup",
    "ideas",
    "questions",
    "ballots",
    "work",
    "reminders",
    "digest",
    "privacy",
)
"""Modules of `bot.rendering`, imported for the notice kinds they register."""

NOT_INSTALLED = "Touchstone is not installed in your workspace. Ask somebody of the workspace that owns this channel."
Authorize = Callable[[str | None, str | None, str | None], AuthorizeResult | None]


class Directly(ListenerMatcher):
    """A matcher of Bolt's own that is handed the body, not every argument there is: ten times as quick.

    A request meets dozens of them before the listener that answers it.
    """

    def __init__(self, matcher: BuiltinListenerMatcher) -> None:
        self._asked = matcher.func

    def matches(self, req: BoltRequest, resp: BoltResponse) -> bool:
        """Whether the request is for this listener."""
        return bool(self._asked(body=req.body))


class Answering(App):
    """An app whose answers are timed."""

    def __init__(self, metrics: Metrics, **options: Any) -> None:
        super().__init__(**options)
        self._metrics = metrics

    def quicken(self) -> None:
        """Match requests to the listeners registered so far with as little ado as possible."""
        for listener in self._listeners:
            listener.matchers = [_direct(matcher) for matcher in listener.matchers]

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer a request of Slack's."""
        with self._metrics.answering(req.body) as answered:
            response = super().dispatch(req)
            answered(response.status)
            return response


def _direct(matcher: ListenerMatcher) -> ListenerMatcher:
    if isinstance(matcher, BuiltinListenerMatcher) and matcher.arg_names == ["body"]:
        return Directly(matcher)
    return matcher


def build(house: House, client: WebClient, authorize: Authorize) -> App:
    """An app with every listener. Signatures are `bot.security`'s business: Socket Mode has none."""

    def may(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        # Bolt reads the names off the function, so a bound method will not do; and it takes None for "not installed",
        # whatever its types say.
        # An event to a whole organisation names its workspace where Bolt does not look.
        here = team_id or payload.workspace_of(AT_HAND.get(Request()).body or {})
        return cast(AuthorizeResult, authorize(enterprise_id, here, user_id))

    app = Answering(
        house.metrics,
        name="touchstone",
        client=client,
        before_authorize=begin,
        authorize=may,
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,  # Bolt logs what it ignores, secrets too; listeners look
        user_facing_authorize_error_message=NOT_INSTALLED,
    )
    errors.install(app)
    listen(app, house)
    app.quicken()
    for rendering in RENDERINGS:
        import_module(f"bot.rendering.{rendering}")
    return app


def listen(app: App, house: House) -> None:
    """Register every feature's listeners."""
    for feature in FEATURES:
        import_module(f"bot.listeners.{feature}").register(app, house)
    commands.register(app, house)


def begin(req: BoltRequest, body: dict[str, Any], next: Callable[[], BoltResponse]) -> None:
    """Start the trace that every line about this request carries, and forget the one before on this thread."""
    structlog.contextvars.clear_contextvars()
    AT_HAND.set(at_hand(body))
    structlog.contextvars.bind_contextvars(
        trace=log.new_trace(), kind=str(payload.kind(body)), workspace=payload.workspace_of(body)
    )
    next()
