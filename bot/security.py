"""The doors: nothing reaches Bolt misshapen, and over HTTP nothing that Slack did not sign just now, or twice."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.request.internals import parse_body
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import log, payload, shape
from bot.house import AT_HAND, Request
from bot.payload import Kind
from db.engine import Sessions, why_away
from db.models import Receipt
from db.once import insert_once

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STALE_S = 300
LARGEST = 1_000_000
"""Bytes; Slack's own largest payloads are a quarter of this."""

BY_GESTURE = (Kind.ACTION, Kind.SUBMISSION, Kind.COMMAND)
EVENTS_BY_GESTURE = ("app_mention", "message", "app_home_opened")
"""What has no effect but by gestures, which write the receipt with their effect; others get theirs at the door."""
TYPES = ("application/json", "application/x-www-form-urlencoded")
LOG = log.get(__name__)


class Refused(Exception):
    """A request that goes no further."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Guard:
    """A WSGI application: Bolt behind a door. `clock` dates receipts; signatures know only the `wall_clock`."""

    app: App
    signing_secret: str
    sessions: Sessions
    clock: Callable[[], datetime]
    wall_clock: Callable[[], float] = time.time

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            asked, signature = self._admit(environ)
            told = self._ask(asked, f"signature:{signature}")
        except Refused as refused:
            LOG.warning("request.turned_away", why=str(refused), status=refused.status.value)
            return answer(start_response, refused.status, refused.status.phrase)
        kind, _, _ = told.first_headers()["content-type"].partition(";")
        return answer(start_response, HTTPStatus(told.status), told.body, kind)

    def _admit(self, environ: WSGIEnvironment) -> tuple[BoltRequest, str]:
        """What is asked, and the signature of the request."""
        signature = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
        body = read_body(environ)
        self._verify(body, signature, str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")))
        kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
        if kind not in TYPES:
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a content type Slack does not send")
        try:
            asked = parse_body(body.decode("utf-8"), kind)
        except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested beyond reason
            raise Refused(HTTPStatus.BAD_REQUEST, "not what Slack sends") from None
        check(asked)
        # As an envelope's payload: it has been verified and parsed, and Bolt need not do so again.
        return BoltRequest(body=asked, mode="socket_mode"), signature

    def _verify(self, body: bytes, signature: str, timestamp: str) -> None:
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= len("9999999999")):
            raise Refused(HTTPStatus.UNAUTHORIZED, "no timestamp")
        if abs(self.wall_clock() - int(timestamp)) > STALE_S:
            raise Refused(HTTPStatus.UNAUTHORIZED, "stale")
        if not hmac.compare_digest(sign(self.signing_secret, timestamp, body), signature.encode()):
            raise Refused(HTTPStatus.UNAUTHORIZED, "not signed by Slack")

    def _ask(self, asked: BoltRequest, signature: str) -> BoltResponse:
        """Have it answered, once. Slack's retry within the same second has the same signature."""
        by_gesture = _is_by_gesture(asked.body)
        if not by_gesture:
            self._once(signature, signature)
        request = Request(asked.body, signature if by_gesture else None)
        AT_HAND.set(request)
        told = self.app.dispatch(asked)
        if request.replayed:
            raise Refused(HTTPStatus.UNAUTHORIZED, "replayed")
        if told.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._forget(signature)
        elif by_gesture and not request.claimed:
            self._once(payload.delivery_key(asked.body, payload.workspace_of(asked.body)) or signature, signature)
        return told

    def _once(self, key: str, signature: str) -> None:
        try:
            with self.sessions.everywhere() as session:
                first = insert_once(session, Receipt, key=key, received_at=self.clock(), signature=signature)
        except SQLAlchemyError as error:
            # Without a database nothing can have an effect, and whoever asks is owed a sentence: the app says it.
            away = why_away(error)
            LOG.warning("request.database", away=away, exc_info=None if away else error)
            return
        if first is None:
            raise Refused(HTTPStatus.UNAUTHORIZED, "replayed")

    def _forget(self, signature: str) -> None:
        with suppress(SQLAlchemyError), self.sessions.everywhere() as session:
            session.execute(sa.delete(Receipt).where(Receipt.key == signature))


class Envelopes(SocketModeHandler):
    """Socket Mode's door. What is turned away is acknowledged, or Slack would send it again."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # As a listener to messages, for what is handed to the other kind has been unpacked and may have failed at it.
        self.client.socket_mode_request_listeners.clear()
        self.client.message_listeners.append(self.open)

    def open(self, client: BaseSocketModeClient, message: dict[str, Any], _raw: str | None) -> None:
        """Hand one envelope's payload to Bolt; other messages are about the connection."""
        if not {"type", "envelope_id", "payload"} <= message.keys():
            return
        try:
            check(message["payload"])
        except Refused as refused:
            LOG.warning("request.turned_away", why=str(refused), status=refused.status.value)
            client.send_socket_mode_response(SocketModeResponse(envelope_id=message["envelope_id"]))
        else:
            self.handle(cast(SocketModeClient, client), cast(SocketModeRequest, SocketModeRequest.from_dict(message)))


def check(payload: object) -> None:
    """Raise `Refused` for what Slack could not have sent."""
    if not isinstance(payload, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "not an object")
    try:
        shape.check(payload)
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"misshapen: {error}") from None


def _is_by_gesture(body: Mapping[str, Any]) -> bool:
    kind = payload.kind(body)
    return kind in BY_GESTURE or (kind is Kind.EVENT and body["event"]["type"] in EVENTS_BY_GESTURE)


def sign(secret: str, timestamp: str, body: bytes) -> bytes:
    """Slack's signature of a body."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return f"v0={digest}".encode()


def read_body(environ: WSGIEnvironment) -> bytes:
    """The whole body. Raises `Refused` if it has no length or is larger than anything Slack sends."""
    text = str(environ.get("CONTENT_LENGTH") or "")
    if not (text.isascii() and text.isdecimal()):
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "no length")
    if int(text) > LARGEST:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
    body: bytes = environ["wsgi.input"].read(int(text))
    return body


def answer(start_response: StartResponse, status: HTTPStatus, text: str, kind: str = "text/plain") -> Iterable[bytes]:
    """A plain answer."""
    body = text.encode()
    headers: list[tuple[str, Any]] = [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
