"""Commands that run until told to stop."""

from __future__ import annotations

from typing import Annotated

import typer
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from pydantic import SecretStr

from bot import running
from bot.cli import RUN, app
from bot.cli.words import fail, settings
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


@app.command(rich_help_panel=RUN)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (TOUCHSTONE_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (TOUCHSTONE_PORT).")] = None,
) -> None:
    """Serve Slack by HTTP behind a public https:// address, until told to stop. Any number may run at once."""
    given = settings()
    if given.many:
        _need_keys(given)
    else:
        _need(given.bot_token, "SLACK_BOT_TOKEN", "the app's page, OAuth & Permissions")
    _need(given.signing_secret, "SLACK_SIGNING_SECRET", "the app's page, Basic Information")
    Server(
        "bot.running:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=host or given.host,
        port=port or given.port,
        blocking_threads=given.threads,
        backlog=BACKLOG,
        backpressure=given.threads,
        workers_kill_timeout=int(running.DRAIN_S) + 1,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


@app.command(rich_help_panel=RUN)
def socket() -> None:
    """Serve Slack by Socket Mode, until told to stop. It needs no public address; for one workspace."""
    given = settings()
    _need(given.bot_token, "SLACK_BOT_TOKEN", "the app's page, OAuth & Permissions")
    _need(given.app_token, "SLACK_APP_TOKEN", "the app's page, Basic Information, App-Level Tokens")
    running.by_socket(from_environment())
