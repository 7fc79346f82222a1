"""Commands about one person: what is stored of them, and how it is forgotten."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot import importing
from bot.cli import KEEP, app
from bot.cli.data import Workspace, database
from bot.cli.words import fail
from bot.main import system_clock
from db.engine import Sessions
from workflows import dossier, erasure
from workflows.erasure import Erased

group = typer.Typer(help="Show what is stored of one person, or forget them.", no_args_is_help=True)
app.add_typer(group, name="person", rich_help_panel=KEEP)
Who = Annotated[str, typer.Argument(help="Slack's id of the person: in their profile, “Copy member ID”.", metavar="U…")]


@group.command(name="export")
def export_person(
    who: Who,
    workspace: Workspace = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Write down everything stored of a person, as JSON: table by table, every row that has to do with them."""
    with database() as sessions:
        home = importing.workspace_of(sessions, workspace)
        with sessions.begin(home) as session:
            stored = dossier.of(session, dossier.the_person(session, who))
    document = {"person": who, "workspace": home, "written_at": system_clock().isoformat(), "stored": stored}
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.")
    typer.echo(f"{sum(map(len, stored.values()))} rows from {len(stored)} tables.", err=True)


@group.command(name="erase")
def erase_person(
    who: Who,
    workspace: Workspace = None,
    texts: Annotated[bool, typer.Option("--texts", help="Also the words they put before the committee.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Forget a person. What was decided stays, under no name. It cannot be undone: try --dry-run first."""
    with database() as sessions:
        home = importing.workspace_of(sessions, workspace)
        _tell(_erase(sessions, home, who, texts, really=False), "would go")
        if dry_run:
            return
        if not yes and not typer.confirm(f"Forget {who} for good?"):
            fail("Nothing was changed.")
        _erase(sessions, home, who, texts, really=True)
    typer.echo("Done. Messages in Slack are put right while Touchstone runs.")


def _erase(sessions: Sessions, home: str, who: str, texts: bool, *, really: bool) -> Erased:
    with sessions.begin(home) as session:
        found = erasure.erase(session, dossier.the_person(session, who), now=system_clock(), texts=texts)
        if not really:
            session.rollback()
    return found


def _tell(found: Erased, what: str) -> None:
    for thing, count in found.done.items():
        typer.echo(f"{count:6} {thing} {what}")
    typer.echo(f"     1 name, Slack id, time zone and language {what}")
    for left in found.left:
        typer.echo(f"Somebody has to see to it: {left}.")
