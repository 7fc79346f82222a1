"""What `touchstone serve` answers over HTTP: Slack's requests, and what whoever runs it asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from prometheus_client import CONTENT_TYPE_LATEST

from bot.oauth.flow import INSTALL, REDIRECT
from bot.security import answer
from db.patience import answering

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SLACK = "/slack/events"
JSON = "application/json"
PROMETHEUS = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")


@dataclass(frozen=True)
class Readiness:
    """Whether this replica can serve, and the figures behind it."""

    ready: bool
    facts: dict[str, Any]


@dataclass(frozen=True)
class Site:
    """A WSGI application: Slack's requests, the pages of `bot.oauth.flow`, `/healthz`, `/readyz`, `/metrics`."""

    slack: WSGIApplication
    readiness: Callable[[], Readiness]
    oauth: WSGIApplication | None = None
    metrics: Callable[[], bytes] | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with answering():
            return self._answer(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO"), environ.get("REQUEST_METHOD")
        if path == SLACK:
            if method != "POST":
                return answer(start_response, HTTPStatus.METHOD_NOT_ALLOWED, "Slack posts here")
            return self.slack(environ, start_response)
        if self.oauth is not None and method == "GET" and path in (INSTALL, REDIRECT):
            return self.oauth(environ, start_response)
        return self._asked(path if method in ("GET", "HEAD") else None, start_response)

    def _asked(self, path: str | None, start_response: StartResponse) -> Iterable[bytes]:
        if path == "/healthz":
            return answer(start_response, HTTPStatus.OK, '{"status": "ok"}', JSON)
        if path == "/readyz":
            return self._readyz(start_response)
        if path == "/metrics" and self.metrics is not None:
            return answer(start_response, HTTPStatus.OK, self.metrics().decode(), PROMETHEUS)
        return answer(start_response, HTTPStatus.NOT_FOUND, "Not found")

    def _readyz(self, start_response: StartResponse) -> Iterable[bytes]:
        found = self.readiness()
        status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return answer(start_response, status, json.dumps({"ready": found.ready, **found.facts}), JSON)
