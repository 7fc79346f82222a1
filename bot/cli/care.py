"""Commands for whoever runs it: migrate, manifest, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot import log
from bot import manifest as manifests
from bot.cli import KEEP, RUN, app
from bot.cli.words import fail, settings
from bot.doctor import examine
from bot.main import from_environment
from bot.oauth.store import Installed
from bot.oauth.vault import NoKey, Vault, new_key
from db import migrate as migrations
from db.engine import make_engine

NEWER = (
    "The database stands at {}, which a newer version of Touchstone brought. Nothing to do: this version runs on "
    "it if it is the one just before; otherwise install the newer one."
)


@app.command(rich_help_panel=RUN)
def migrate() -> None:
    """Make the tables in DATABASE_URL, or bring them to this version. Run it at every upgrade; twice does no harm."""
    url = settings().database_url
    try:
        before = migrations.current(url)
        newer = migrations.newer(before)
        if not newer:
            migrations.upgrade(url)
    except SQLAlchemyError as error:
        fail(f"The database cannot be reached or changed ({type(error).__name__}). Check DATABASE_URL and try again.")
    head = migrations.head()
    if newer:
        typer.echo(NEWER.format(before))
    elif before == head:
        typer.echo(f"The database stands at {head}.")
    else:
        typer.echo(f"Migrated from {before or 'nothing'} to {head}.")


@app.command(rich_help_panel=RUN)
def manifest(
    url: Annotated[
        str | None, typer.Option(help="Public https:// address of `serve`; without it the app uses Socket Mode.")
    ] = None,
    oauth: Annotated[
        bool, typer.Option("--oauth", help="For many workspaces, which install the app themselves; needs --url.")
    ] = False,
    org: Annotated[
        bool, typer.Option("--org", help="With --oauth: whole Enterprise organisations may install it.")
    ] = False,
    rotation: Annotated[
        bool,
        typer.Option("--rotation", help="With --oauth: tokens expire after 12 hours. Slack never lets you undo this."),
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Print what to paste at api.slack.com/apps (Create New App, From a manifest) to make the Slack app."""
    request_url = url and url.rstrip("/").removesuffix("/slack/events") + "/slack/events"
    if request_url and not request_url.startswith("https://"):
        fail("Slack only calls addresses that begin with https://.")
    if oauth and request_url is None:
        fail("Other workspaces can only install an app that Slack calls by HTTP: give its address with --url.")
    if (org or rotation) and not oauth:
        fail("--org and --rotation only make sense with --oauth.")
    text = manifests.text(request_url, manifests.Reach(oauth=oauth, org=org, rotation=rotation))
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        typer.echo(f"Wrote {output}.")


@app.command(rich_help_panel=KEEP)
def newkey() -> None:
    """Print a new key for TOUCHSTONE_TOKEN_KEYS. Only many workspaces need one; keep it apart from backups."""
    typer.echo(new_key())


@app.command(rich_help_panel=KEEP)
def rekey() -> None:
    """Seal all tokens with the first of TOUCHSTONE_TOKEN_KEYS, so that the others can go. Done hourly by itself."""
    given = settings()
    try:
        vault = Vault(given.token_keys)
        store = Installed(given.client_id, make_engine(given.database_url), vault)
        done, left = store.reseal(), len(store.behind())
    except (NoKey, ValueError) as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"The database cannot be reached or changed ({type(error).__name__}). Check DATABASE_URL and try again.")
    if left:
        fail(f"{done} sealed anew; {left} were sealed with a key that is not here. Add it to TOUCHSTONE_TOKEN_KEYS.")
    typer.echo(f"{done} sealed anew. Keys after the first are not needed any more.")


@app.command(rich_help_panel=RUN)
def doctor() -> None:
    """Look for trouble with token, scopes, channels, database, clock and delivery; say what to do. Changes nothing."""
    settings()
    touchstone = from_environment()
    log.configure("CRITICAL", as_json=False)  # what is wrong is told below, once
    findings = examine(touchstone)
    for finding in findings:
        typer.echo(f"{'ok     ' if finding.well else 'TROUBLE'} {finding.about}: {finding.says}")
        if finding.remedy:
            typer.echo(f"        {finding.remedy}")
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)
