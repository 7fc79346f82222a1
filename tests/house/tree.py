"""The files of this repository, as the rules of the house look at them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "workflows", "db", "playground")
NOT_OURS = {"__pycache__", "build", "dist", "node_modules", "var"}
HIDDEN = {".env.example", ".dockerignore", ".gitignore"}
TEXT = {".py", ".md", ".toml", ".lock", ".yaml", ".yml", ".json", ".jsonl", ".csv", ".html", ".js", ".css", ".mako", ""}


def files(*folders: str) -> Iterator[Path]:
    """Every file under these folders of the repository (all of it by default), without caches and what git ignores."""
    for folder in folders or (".",):
        for place, below, names in os.walk(ROOT / folder):
            below[:] = sorted(one for one in below if one not in NOT_OURS and (not one.startswith(".") or one == ".ci"))
            yield from (Path(place) / one for one in sorted(names) if not one.startswith(".") or one in HIDDEN)


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file."""
    for path in files():
        if path.suffix in TEXT or path.name in HIDDEN:
            yield name(path), path.read_text(encoding="utf-8")


def modules(*folders: str) -> dict[str, ast.Module]:
    """The parsed modules under these folders, by name."""
    return {name(path): parsed(path) for path in files(*folders) if path.suffix == ".py"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
