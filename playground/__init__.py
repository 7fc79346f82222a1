"""A Slack workspace for people who have none: strict about what Slack accepts and does."""

from playground.clock import Clock
from playground.errors import CannotSubmit, Impossible, NoAnswer
from playground.person import Person
from playground.server import Server, serve
from playground.workspace import Workspace

__all__ = ["CannotSubmit", "Clock", "Impossible", "NoAnswer", "Person", "Server", "Workspace", "serve"]
