"""Commands that run until told to stop."""

from __future__ import annotations

from typing import Annotated

import typer
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from pydantic import SecretStr

from bot import running
from bot.cli import app
from bot.cli.words import fail
from bot.main import from_environment
from bot.oauth.vault import MAKE_ONE, Vault
from bot.settings import Settings

BACKLOG = 1024


def _need(secret: SecretStr, name: str, where: str) -> None:
    if not secret.get_secret_value():
        fail(f"{name} is not set. Copy it from {where}, put it into the environment or into .env, and start again.")


def _need_keys(settings: Settings) -> None:
    try:
        if not Vault(settings.token_keys).has_key:
            fail(f"TOUCHSTONE_TOKEN_KEYS is not set: tokens of other workspaces are kept sealed. {MAKE_ONE}")
    except ValueError as error:
        fail(str(error))
    if not settings.url:
        fail("TOUCHSTONE_URL is not set. Put the public address there (https://…): Slack sends people back to it.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (TOUCHSTONE_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (TOUCHSTONE_PORT).")] = None,
) -> None:
    """Serve Slack over signed HTTP: POST /slack/events, GET /healthz, GET /readyz."""
    settings = Settings()
    if settings.many:
        _need_keys(settings)
    else:
        _need(settings.bot_token, "SLACK_BOT_TOKEN", "the app's page, OAuth & Permissions")
    _need(settings.signing_secret, "SLACK_SIGNING_SECRET", "the app's page, Basic Information")
    Server(
        "bot.running:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=host or settings.host,
        port=port or settings.port,
        blocking_threads=settings.threads,
        backlog=BACKLOG,
        backpressure=settings.threads,
        workers_kill_timeout=int(running.DRAIN_S) + 1,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


@app.command()
def socket() -> None:
    """Serve Slack by Socket Mode: no public address needed."""
    settings = Settings()
    _need(settings.bot_token, "SLACK_BOT_TOKEN", "the app's page, OAuth & Permissions")
    _need(settings.app_token, "SLACK_APP_TOKEN", "the app's page, Basic Information, App-Level Tokens")
    running.by_socket(from_environment())
