"""The few pages that somebody sees who installs the app: one sentence each, and the way on."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1em;color:#1d1c1d}"
    "a.go{display:inline-block;padding:.6em 1.2em;border-radius:.3em;background:#1f3a5f;color:#fff}"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
AGAIN = "Start again"
UNKNOWN = "Slack did not go through with the installation ({}). Please start again."
FAILURES = {
    "access_denied": (HTTPStatus.OK, "You did not allow the installation, so nothing was changed."),
    "invalid_browser": (HTTPStatus.BAD_REQUEST, "This installation was not begun in this browser."),
    "invalid_state": (HTTPStatus.BAD_REQUEST, "This link has been used already, or is older than ten minutes."),
    "missing_code": (HTTPStatus.BAD_REQUEST, "Slack's answer was not complete."),
    "invalid_code": (HTTPStatus.BAD_REQUEST, "Slack did not accept this installation: it was used, or is too old."),
    "no_answer": (HTTPStatus.BAD_GATEWAY, "Slack could not be reached. Start again in a minute."),
    "no_key": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Touchstone has no key to keep tokens with. Ask whoever runs it to set TOUCHSTONE_TOKEN_KEYS.",
    ),
    "storage_error": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Touchstone's database cannot be reached, so nothing was kept. Start again in a minute.",
    ),
}


def invitation(url: str) -> str:
    """Before Slack is asked."""
    return _page("Add Touchstone to Slack", "Ideas, decided in the open and followed through.", url, "Add to Slack")


def welcome(where: str, url: str) -> str:
    """When the app is in."""
    said = f"Touchstone is now in {where}. Open its Home in Slack to set up a committee."
    return _page("Installed", said, url, "Open Slack")


def failure(reason: str, install_path: str) -> tuple[HTTPStatus, str]:
    """When it is not: the status and a page that says why."""
    status, said = FAILURES.get(reason, (HTTPStatus.BAD_REQUEST, UNKNOWN.format(reason)))
    return status, _page("Not installed", said, install_path, AGAIN)


def _page(title: str, said: str, url: str, label: str) -> str:
    way = f'<a class="go" href="{escape(url)}">{escape(label)}</a>'
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1><p>{escape(said)}</p><p>{way}</p></body></html>"
    )
