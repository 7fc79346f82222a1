"""Signed HTTP delivery: to a server over the network, or straight into a WSGI callable."""

import hashlib
import hmac
import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from typing import Any
from urllib.parse import urlencode

import httpx

from playground.delivery import COMMANDS, EVENTS, Answer, Request

REDIRECTS = 2
FORM = "application/x-www-form-urlencoded"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
BAD_REQUEST = 400


def sign(secret: str, timestamp: str, body: str) -> str:
    """Slack's `X-Slack-Signature` of `body`."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(request: Request) -> tuple[str, str]:
    """The body and content type Slack uses for each kind of request."""
    if request.kind == EVENTS:
        return json.dumps(request.payload), "application/json"
    if request.kind == COMMANDS:
        return urlencode({key: _plain(value) for key, value in request.payload.items()}), FORM
    return urlencode({"payload": json.dumps(request.payload)}), FORM


def stamp(request: Request) -> str:
    """The second in which a delivery is signed.

    The first retry comes at once and may bear the signature of the delivery itself. Those after minutes cannot, even
    if the workspace's clock was moved by hand and the real one still shows the same second.
    """
    return str(int(time.time()) + max(0, request.retry_num - 1))


def signed(request: Request, secret: str, timestamp: str) -> tuple[str, dict[str, str]]:
    """The body and all headers of a delivery."""
    body, content_type = encode(request)
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(secret, timestamp, body),
    }
    if request.retry_num:
        headers |= {"X-Slack-Retry-Num": str(request.retry_num), "X-Slack-Retry-Reason": request.retry_reason}
    return body, headers


class HttpTransport:
    """Posts to one address, as Slack does to a request URL."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret
        self._client = httpx.Client(follow_redirects=True, max_redirects=REDIRECTS, trust_env=False)

    def send(self, request: Request) -> Answer:
        body, headers = signed(request, self._secret, stamp(request))
        began = time.monotonic()
        try:
            response = self._client.post(self._url, content=body, headers=headers, timeout=request.patience)
        except httpx.TimeoutException:
            return Answer(time.monotonic() - began, failure="http_timeout")
        except httpx.TooManyRedirects:
            return Answer(time.monotonic() - began, failure="too_many_redirects")
        except httpx.HTTPError:
            return Answer(time.monotonic() - began, failure="connection_failed")
        return _answer(began, response.status_code, dict(response.headers), response.text)

    def close(self) -> None:
        self._client.close()


class WsgiTransport:
    """Calls a WSGI application in this process, with real signatures and no network: quick tests.

    `errors` holds what the application raised; a server would have made a 500 of it.
    """

    def __init__(self, app: Wsgi, secret: str, path: str = "/slack/events") -> None:
        self._app = app
        self._secret = secret
        self._path = path
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="slack-delivery")
        self.errors: list[BaseException] = []

    def send(self, request: Request) -> Answer:
        body, headers = signed(request, self._secret, stamp(request))
        began = time.monotonic()
        try:
            status, answered, text = self._pool.submit(self._call, body, headers).result(request.patience)
        except TooLate:
            return Answer(time.monotonic() - began, failure="http_timeout")
        return _answer(began, status, answered, text)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _call(self, body: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        got: dict[str, Any] = {}

        def start_response(status: str, answered: list[tuple[str, str]], _exc: object = None) -> None:
            got.update(status=int(status.partition(" ")[0]), headers={name.lower(): value for name, value in answered})

        try:
            chunks = self._app(_environ(self._path, body, headers), start_response)
            text = b"".join(chunks).decode()
        except Exception as error:  # noqa: BLE001 - a server answers 500 whatever the application raises
            self.errors.append(error)
            return 500, {}, str(error)
        return got["status"], got["headers"], text


def _environ(path: str, body: str, headers: dict[str, str]) -> dict[str, Any]:
    raw = body.encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(raw)),
        "CONTENT_TYPE": headers["Content-Type"],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(raw),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ


def _answer(began: float, status: int, headers: dict[str, str], text: str) -> Answer:
    body: Any = text
    if headers.get("content-type", "").startswith("application/json") and text:
        try:
            body = json.loads(text)
        except ValueError:
            body = text
    failure = "http_error" if status >= BAD_REQUEST else ""
    return Answer(time.monotonic() - began, status, body, failure, headers)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
