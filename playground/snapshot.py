"""A workspace on disk: saved as JSON, put back so that the same tokens, people and messages are there again."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from playground.channels import Channel
from playground.files import File
from playground.messages import Message
from playground.people import User, UserGroup
from playground.schedule import Scheduled
from playground.values import Json
from playground.views import View
from playground.workspace import Workspace

APP_SECRETS = ("id", "client_id", "client_secret", "signing_secret", "verification_token", "app_token")
VERSION = 1


def save(slack: Workspace, path: str | Path) -> None:
    """Write the workspace to `path`. Open forms, ephemerals and waiting retries are not kept, as after a reload."""
    with slack.lock:
        content = json.dumps(_content(slack), ensure_ascii=False)
    target = Path(path)
    fresh = target.with_suffix(target.suffix + ".new")
    fresh.write_text(content, encoding="utf-8")
    fresh.replace(target)


def load(slack: Workspace, path: str | Path) -> None:
    """Put what was saved into a new workspace. Raises `ValueError` for a file this version does not know."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    if content.get("version") != VERSION:
        raise ValueError(f"{path} is no workspace this version can read; delete it to start anew.")
    with slack.lock:
        _restore_app(slack, content)
        _restore_people(slack, content)
        _restore_talk(slack, content)
    slack.clock.set(datetime.fromisoformat(content["now"]))


def _content(slack: Workspace) -> Json:
    homes = [slack.views.all[one] for one in slack.views.homes.values()]
    return {
        "version": VERSION,
        "now": slack.now().isoformat(),
        "last_micros": slack.last_micros,
        "ids": slack.ids.given,
        "app": {name: getattr(slack.app, name) for name in APP_SECRETS},
        "bot": {"user_id": slack.bot.user_id, "bot_id": slack.bot.bot_id, "token": slack.bot.token},
        "users": [asdict(one) for one in slack.people.users.values()],
        "groups": [asdict(one) for one in slack.people.groups.values()],
        "channels": [asdict(one) for one in slack.channels.all.values()],
        "messages": [asdict(one) for one in slack.messages.everything()],
        "homes": [asdict(one) for one in homes],
        "files": [_file(one) for one in slack.files.all.values()],
        "bookmarks": slack.bookmarks,
        "scheduled": [asdict(one) for one in slack.scheduled.values()],
    }


def _file(file: File) -> Json:
    return asdict(file) | {"content": base64.b64encode(file.content).decode()}


def _restore_app(slack: Workspace, content: Json) -> None:
    for name, value in content["app"].items():
        setattr(slack.app, name, value)
    for name, value in content["bot"].items():
        setattr(slack.bot, name, value)
    slack.ids.resume(content["ids"])
    slack.last_micros = content["last_micros"]


def _restore_people(slack: Workspace, content: Json) -> None:
    slack.people.users = {one["id"]: User(**one) for one in content["users"]}
    slack.people.groups = {one["id"]: UserGroup(**one) for one in content["groups"]}
    slack.channels.all = {one["id"]: Channel(**one) for one in content["channels"]}


def _restore_talk(slack: Workspace, content: Json) -> None:
    slack.messages.restore([Message(**one) for one in content["messages"]])
    homes = [View(**one) for one in content["homes"]]
    slack.views.all = {one.id: one for one in homes}
    slack.views.homes = {one.user: one.id for one in homes}
    files = [File(**(one | {"content": base64.b64decode(one["content"])})) for one in content["files"]]
    slack.files.all = {one.id: one for one in files}
    slack.bookmarks = content["bookmarks"]
    for one in content["scheduled"]:
        slack.schedule(Scheduled(**(one | {"message": Message(**one["message"])})))
