"""Who may use the page: this machine's browser, from the page itself, with the key of this run."""

import secrets
from collections.abc import Awaitable, Callable
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NAMES = ("127.0.0.1", "localhost", "[::1]")
FORBIDDEN = 403
Endpoint = Callable[[Request], Awaitable[Response]]


class Guard:
    """Checks every request of one run of the playground."""

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(24)

    def page(self, endpoint: Endpoint) -> Endpoint:
        """Serve to this machine only, under the page's policy."""
        return self._checked(endpoint, self._here)

    def inside(self, endpoint: Endpoint) -> Endpoint:
        """Serve only to the page itself: it knows the key."""
        return self._checked(endpoint, lambda request: self._here(request) and self._knows(request))

    def _checked(self, endpoint: Endpoint, allowed: Callable[[Request], bool]) -> Endpoint:
        async def answer(request: Request) -> Response:
            refusal = PlainTextResponse("Open the address the playground printed, on this machine.", FORBIDDEN)
            response = await endpoint(request) if allowed(request) else refusal
            response.headers.update(HEADERS)
            return response

        return answer

    def _here(self, request: Request) -> bool:
        """Whether it was sent to a loopback name of this port, and from a page of the same."""
        port = (request.scope.get("server") or ("", 0))[1]
        hosts = {f"{name}:{port}" for name in NAMES}
        origin = request.headers.get("origin")
        if request.headers.get("host", "") not in hosts:
            return False
        return origin in {f"http://{host}" for host in hosts} if origin else request.method in ("GET", "HEAD")

    def _knows(self, request: Request) -> bool:
        given = request.headers.get("x-playground-key") or request.query_params.get("key", "")
        return compare_digest(given.encode(), self.key.encode())
