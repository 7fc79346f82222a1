"""What single Web API methods ask of their arguments beyond name and type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playground.contract.data import table
from playground.contract.problems import Problem, pointer, warning

Arguments = Mapping[str, Any]
Rule = Callable[[str, Arguments], Iterator[Problem]]

REACTION = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")


def call_rules(method: str, given: Arguments) -> Iterator[Problem]:
    """What `method` has against its arguments."""
    for prefix, rules in RULES.items():
        if method.startswith(prefix):
            for rule in rules:
                yield from rule(method, given)


def _limit(name: str) -> int:
    number: int = table("limits")[name]
    return number


def _true(value: Any) -> bool:
    return str(value).lower() in ("true", "1")


def _posting(_: str, given: Arguments) -> Iterator[Problem]:
    if _true(given.get("as_user")):
        yield Problem("as_user_not_supported", "/as_user", "only classic apps could post as a user")
    if _true(given.get("link_names")) or given.get("parse") == "full":
        name = "link_names" if _true(given.get("link_names")) else "parse"
        yield warning("auto_parsing", pointer("", name), "makes plain @words of the text live mentions")


def _broadcasting(method: str, given: Arguments) -> Iterator[Problem]:
    if _true(given.get("reply_broadcast")) and "thread_ts" not in given and method != "chat.update":
        yield warning("broadcast_without_thread", "/reply_broadcast", "means nothing without thread_ts")


def _scheduling(_: str, given: Arguments) -> Iterator[Problem]:
    if given.get("metadata"):
        yield warning("scheduled_metadata", "/metadata", "a scheduled message with metadata is never posted")
    if not re.fullmatch(r"\d+", str(given.get("post_at", "0"))):
        yield Problem("invalid_time", "/post_at", "must be a Unix time in whole seconds")


def _reaction(_: str, given: Arguments) -> Iterator[Problem]:
    name = given.get("name")
    if isinstance(name, str) and name and not REACTION.fullmatch(name):
        yield Problem("invalid_name", "/name", f"{name!r}: the emoji's name, without colons")


def _channel_name(_: str, given: Arguments) -> Iterator[Problem]:
    name = given.get("name")
    if not isinstance(name, str) or not name:
        return
    if len(name) > (most := _limit("channel_name")):
        yield Problem("invalid_name_maxlength", "/name", f"{len(name)} characters; {most} are allowed")
    if re.search(r"[A-Z\s.!@#$%^&*()+=]", name):
        yield Problem("invalid_name_specials", "/name", "only lower-case letters, digits, - and _")
    elif not re.search(r"\w", name):
        yield Problem("invalid_name_punctuation", "/name", "needs a letter or a digit")


def _topic(method: str, given: Arguments) -> Iterator[Problem]:
    name = method.removeprefix("conversations.set").lower()
    if len(str(given.get(name, ""))) > (most := _limit("channel_topic")):
        yield Problem("too_long", pointer("", name), f"{most} characters are allowed")


def _people(method: str, given: Arguments) -> Iterator[Problem]:
    users = str(given.get("users", "")).split(",")
    most = _limit("opened_users" if method == "conversations.open" else "invited_users")
    if len(users) > most:
        yield Problem("too_many_users", "/users", f"{len(users)} people; {most} are allowed")
    if any(user != user.strip() for user in users):
        yield Problem("user_not_found", "/users", "IDs are separated by commas, without spaces")


def _page(_: str, given: Arguments) -> Iterator[Problem]:
    asked, most = str(given.get("limit", 0)), _limit("page")
    if re.fullmatch(r"-?\d{1,9}", asked) and not 0 <= int(asked) <= most:
        yield Problem("invalid_limit", "/limit", f"{asked}; a page holds up to {most}")


def _bookmark(_: str, given: Arguments) -> Iterator[Problem]:
    if not re.match(r"https?://", str(given.get("link", "https://"))):
        yield Problem("invalid_link", "/link", "must be an http or https address")


def _uploaded(_: str, given: Arguments) -> Iterator[Problem]:
    files = given.get("files")
    for index, file in enumerate(files if isinstance(files, list) else []):
        if not isinstance(file, dict) or not isinstance(file.get("id"), str):
            yield Problem("invalid_arguments", f"/files/{index}", "a file is an object with the id from the upload")


def _canvas(_: str, given: Arguments) -> Iterator[Problem]:
    content = given.get("document_content")
    if not isinstance(content, dict):
        return
    if content.get("type") != "markdown":
        yield Problem("invalid_arguments", "/document_content/type", "must be markdown")
    if len(str(content.get("markdown", ""))) > _limit("canvas_markdown"):
        yield Problem("invalid_arguments", "/document_content/markdown", "holds at most 1 MiB")


def _view(method: str, given: Arguments) -> Iterator[Problem]:
    view = given.get("view")
    expected = {"views.open": "modal", "views.push": "modal", "views.publish": "home"}.get(method)
    if expected and isinstance(view, dict) and view.get("type") != expected:
        yield Problem("invalid_arguments", "/view/type", f"{method} takes a view of type {expected}")


def _one_layout(_: str, given: Arguments) -> Iterator[Problem]:
    if sum(name in given for name in ("blocks", "view", "message")) != 1:
        yield Problem("invalid_arguments", "", "provide exactly one of blocks, view, message")


RULES: Mapping[str, tuple[Rule, ...]] = {
    "chat.": (_posting,),
    "chat.postMessage": (_broadcasting,),
    "chat.scheduleMessage": (_broadcasting, _scheduling),
    "reactions.add": (_reaction,),
    "reactions.remove": (_reaction,),
    "conversations.create": (_channel_name,),
    "conversations.rename": (_channel_name,),
    "conversations.setTopic": (_topic,),
    "conversations.setPurpose": (_topic,),
    "conversations.open": (_people,),
    "conversations.invite": (_people,),
    "conversations.": (_page,),
    "users.": (_page,),
    "bookmarks.": (_bookmark,),
    "files.completeUploadExternal": (_uploaded,),
    "canvases.create": (_canvas,),
    "conversations.canvases.create": (_canvas,),
    "views.": (_view,),
    "blocks.validate": (_one_layout,),
}
