"""The Web API, one file a family of methods. Importing this registers them all."""

from playground.api import (
    apps,
    bookmarks,
    chat,
    conversations,
    files,
    reactions,
    schedule,
    streams,
    users,
    views,
)
from playground.api.registry import SERVED

__all__ = [
    "SERVED",
    "apps",
    "bookmarks",
    "chat",
    "conversations",
    "files",
    "reactions",
    "schedule",
    "streams",
    "users",
    "views",
]
