"""How commands speak, and how they say that a setting is wrong."""

from __future__ import annotations

from typing import NoReturn

import typer
from pydantic import ValidationError

from bot.settings import Settings
from db.engine import make_engine


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Say what is wrong and what to do, on stderr, and end."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def settings() -> Settings:
    """The settings of the environment; what is wrong with them is told in sentences, without their values."""
    try:
        found = Settings()
        make_engine(found.database_url).dispose()  # connects to nothing
    except ValidationError as error:
        told = (f"{_name(str(one['loc'][0]))}: {one['msg']}." for one in error.errors(include_url=False))
        fail("\n".join([*told, "Put it right in the environment or in .env, and start again."]))
    except ValueError as error:
        fail(f"DATABASE_URL: {error}.")
    return found


def _name(field: str) -> str:
    return field if field.isupper() else f"TOUCHSTONE_{field.upper()}"
