"""Which Web API methods the bot's code calls, read off the code itself."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

from slack_sdk import WebClient

ROOT = Path(__file__).parents[2] / "bot"
SCOPELESS = {"api_call"}
API_METHOD = re.compile(r'api_call\(\s*f?"(\w[\w.]*)"')


def _names() -> dict[str, str]:
    """`chat_postMessage` -> `chat.postMessage`, from the client's own source."""
    found = {}
    for name, function in inspect.getmembers(WebClient, inspect.isfunction):
        match = API_METHOD.search(inspect.getsource(function))
        if match and name not in SCOPELESS:
            found[name] = match.group(1)
    return found


def called() -> set[str]:
    """Every method that some attribute of that name in `bot/` could call."""
    names = _names()
    found = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in names:
                found.add(names[node.attr])
    return found
