"""The HTTP and WebSocket server apps talk to. Loopback only."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.api.dispatch import serve as serve_call
from playground.errors import SlackError
from playground.hooks import answer_url
from playground.workspace import Workspace

HOST = "127.0.0.1"
START_SECONDS = 10.0
FOUND, NOT_FOUND = 302, 404
UNKNOWN_TICKET = 1008
STEP_SECONDS = 0.002


class BreakableProtocol(H11Protocol):
    """HTTP whose connection a request may cut, to play a network that fails."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn itself does
        super().connection_made(transport)
        self.app_state = self.app_state | {"transport": transport}


class Server:
    """A running server; `url` is its address. Use as a context manager, or `close()` it."""

    def __init__(self, workspaces: Sequence[Workspace], *, port: int = 0, routes: Sequence[BaseRoute] = ()) -> None:
        self.workspaces = list(workspaces)
        self._socket = socket.create_server((HOST, port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        guard = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
        app = Starlette(routes=[*self._routes(), *routes], middleware=[guard])
        config = uvicorn.Config(
            app, http=BreakableProtocol, ws="websockets-sansio", log_level="error", lifespan="off", access_log=False
        )
        self._server = uvicorn.Server(config)
        for workspace in self.workspaces:
            workspace.base_url = self.url

    def add(self, workspace: Workspace) -> None:
        """Serve one more workspace. Tokens, codes and addresses tell them apart."""
        workspace.base_url = self.url
        self.workspaces.insert(0, workspace)

    def remove(self, workspace: Workspace) -> None:
        """Let a workspace go."""
        workspace.close()
        self.workspaces.remove(workspace)

    @property
    def api_url(self) -> str:
        """The value for `SLACK_API_URL`."""
        return f"{self.url}/api/"

    def start(self) -> Server:
        """Serve in a background thread; returns once connections are taken."""
        self._thread = threading.Thread(target=self.run, name="slack-server", daemon=True)
        self._thread.start()
        end = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > end:
                raise TimeoutError("The playground's server did not start.")
            time.sleep(STEP_SECONDS)
        return self

    def run(self) -> None:
        """Serve until `close()`; blocks."""
        self._server.run(sockets=[self._socket])

    def close(self) -> None:
        """Stop serving and let the workspaces go."""
        for workspace in self.workspaces:
            workspace.close()
        self._server.force_exit = True
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(START_SECONDS)
        self._socket.close()

    _thread: threading.Thread | None = None

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/api/{method}", self._call, methods=["GET", "POST"]),
            Route("/hooks/{path:path}", self._hook, methods=["POST"]),
            Route("/upload/v1/{ticket}", self._upload, methods=["POST", "PUT"]),
            Route("/files-pri/{name:path}", self._download),
            Route("/oauth/v2/authorize", self._authorize),
            WebSocketRoute("/link/", self._link),
        ]

    async def _call(self, request: Request) -> Response:
        body = await request.body()
        reply = serve_call(self.workspaces, request.path_params["method"], request.headers, body, request.url.query)
        if reply.broken:
            await asyncio.sleep(reply.seconds)
            return _Broken()
        return JSONResponse(reply.body, reply.status, reply.headers)

    async def _hook(self, request: Request) -> Response:
        path = request.path_params["path"]
        slack = next((one for one in self.workspaces if path in one.triggers.urls), self.workspaces[0])
        try:
            body = json.loads(await request.body())
            answer_url(slack, path, body if isinstance(body, dict) else {})
        except ValueError:
            return PlainTextResponse("invalid_payload", 400)
        except SlackError as refusal:
            return JSONResponse({"ok": False, "error": refusal.code} | refusal.extra, NOT_FOUND)
        return PlainTextResponse("ok")

    async def _upload(self, request: Request) -> Response:
        content = await _content(request)
        for slack in self.workspaces:
            try:
                with slack.lock:
                    file = slack.files.receive(request.path_params["ticket"], content)
            except SlackError as refusal:
                if refusal.code != "file_not_found":
                    return PlainTextResponse(refusal.code, 400)
            else:
                return PlainTextResponse(f"OK - {file.length}")
        return PlainTextResponse("file_not_found", NOT_FOUND)

    async def _download(self, request: Request) -> Response:
        name = request.path_params["name"]
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        for slack in self.workspaces:
            for file in slack.files.all.values():
                if f"{slack.team_id}-{file.id}/{file.name}" == name and token == slack.bot.token:
                    return Response(file.content)
        return PlainTextResponse("not found", NOT_FOUND)

    async def _authorize(self, request: Request) -> Response:
        """The consent page, without the page: whoever comes here agrees, as the user named by `user` or an admin."""
        asked = request.query_params
        slack = next((one for one in self.workspaces if one.app.client_id == asked.get("client_id")), None)
        if slack is None or "redirect_uri" not in asked:
            return PlainTextResponse("invalid_client_id", NOT_FOUND)
        admins = [one.id for one in slack.people.users.values() if one.is_admin or one.is_owner]
        code = slack.consent(asked.get("user") or next(iter(admins), "USLACKBOT"), asked["redirect_uri"])
        given = urlencode({"code": code, "state": asked.get("state", "")})
        return RedirectResponse(f"{asked['redirect_uri']}?{given}", FOUND)

    async def _link(self, websocket: WebSocket) -> None:
        ticket = websocket.query_params.get("ticket", "")
        sockets = next((one.sockets for one in self.workspaces if one.sockets.admit(ticket)), None)
        if sockets is None:
            await websocket.close(UNKNOWN_TICKET)
        else:
            await sockets.serve(websocket)


class _Broken(Response):
    """No response: the connection ends."""

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]  # ASGI's own shape
        scope["state"]["transport"].abort()
        while (await receive())["type"] != "http.disconnect":
            pass


async def _content(request: Request) -> bytes:
    """The bytes of a plain or a multipart upload."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        parts = [await one.read() for one in form.values() if not isinstance(one, str)]
    return b"".join(parts)


def serve(*workspaces: Workspace, port: int = 0, routes: Sequence[BaseRoute] = ()) -> Server:
    """Start a server for these workspaces in the background; port 0 takes a free one. `close()` it at the end."""
    return Server(workspaces, port=port, routes=routes).start()
