"""`python -m bot` is `touchstone`."""

from bot.cli import app

app()
