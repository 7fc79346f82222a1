"""Commands for whoever runs it: migrate, manifest, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot import manifest as manifests
from bot.cli import app
from bot.cli.words import fail
from bot.doctor import examine
from bot.main import from_environment
from bot.oauth.store import Installed
from bot.oauth.vault import NoKey, Vault, new_key
from bot.settings import Settings
from db import migrate as migrations
from db.engine import make_engine


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema. Any number of processes may do it at once."""
    url = Settings().database_url
    try:
        before = migrations.current(url)
        migrations.upgrade(url)
    except SQLAlchemyError as error:
        fail(f"The database cannot be reached or changed ({type(error).__name__}). Check DATABASE_URL and try again.")
    head = migrations.head()
    typer.echo(
        f"The database stands at {head}." if before == head else f"Migrated from {before or 'nothing'} to {head}."
    )


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="Public address of `serve`, for HTTP instead of Socket Mode.")] = None,
    oauth: Annotated[bool, typer.Option("--oauth", help="Other workspaces install it themselves.")] = False,
    org: Annotated[bool, typer.Option("--org", help="Whole organisations may install it; with --oauth.")] = False,
    rotation: Annotated[bool, typer.Option("--rotation", help="Tokens expire; with --oauth, for good.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
) -> None:
    """Print the app manifest for api.slack.com/apps."""
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


@app.command()
def newkey() -> None:
    """Make a key for TOUCHSTONE_TOKEN_KEYS."""
    typer.echo(new_key())


@app.command()
def rekey() -> None:
    """Seal every token with the first of TOUCHSTONE_TOKEN_KEYS; a running Touchstone does so by itself every hour."""
    settings = Settings()
    try:
        vault = Vault(settings.token_keys)
        store = Installed(settings.client_id, make_engine(settings.database_url), vault)
        done, left = store.reseal(), len(store.behind())
    except (NoKey, ValueError) as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"The database cannot be reached or changed ({type(error).__name__}). Check DATABASE_URL and try again.")
    if left:
        fail(f"{done} sealed anew; {left} were sealed with a key that is not here. Add it to TOUCHSTONE_TOKEN_KEYS.")
    typer.echo(f"{done} sealed anew. Keys after the first are not needed any more.")


@app.command()
def doctor() -> None:
    """Examine token, scopes, channels, database, clock and delivery; say what to do; exit 1 on trouble."""
    findings = examine(from_environment())
    for finding in findings:
        typer.echo(f"{'ok     ' if finding.well else 'TROUBLE'} {finding.about}: {finding.says}")
        if finding.remedy:
            typer.echo(f"        {finding.remedy}")
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)
