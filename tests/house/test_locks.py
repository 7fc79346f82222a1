"""What is installed is what is pinned: locks match pyproject.toml, pins have hashes, code imports what it declares."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import PACKAGES, ROOT, modules

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; ([^\\]+?))? \\$")
NEVER_IMPORTED = {
    "python-multipart": "Starlette reads forms with it",
    "tzdata": "time zones where the system has none",
    "websockets": "uvicorn speaks WebSocket with it",
}
COME_ALONG = {
    "pydantic-core": "pydantic raises its errors",
    "pytest": "playground.testing is a plugin for it, and is imported by nothing else",
}

FOR_DEVELOPERS = {"playground.testing", "bot.__main__"}
IMPORT_ALL = """
import importlib, sys
class Withhold:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {withheld} and name.partition(".")[0] not in {packages}:
            raise ModuleNotFoundError(name + " is not in requirements.lock", name=name)
sys.meta_path.insert(0, Withhold())
for name in {ours}:
    importlib.import_module(name)
"""


@cache
def project() -> dict[str, list[Requirement]]:
    text = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = [Requirement(one) for one in text["project"]["dependencies"]]
    return {"requirements.lock": runtime, "requirements-dev.lock": runtime + _group(text["dependency-groups"]["dev"])}


def _group(listed: Iterable[str]) -> list[Requirement]:
    return [Requirement(one) for one in listed]


@cache
def pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text().splitlines()
    return {canonicalize_name(found[1]): found[2] for line in lines if (found := PIN.match(line))}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned_within_what_is_allowed(lock: str) -> None:
    wrong = [
        f"{wanted} but {pins(lock).get(canonicalize_name(wanted.name))}"
        for wanted in project()[lock]
        if not wanted.specifier.contains(pins(lock).get(canonicalize_name(wanted.name), "0"), prereleases=True)
    ]
    assert wrong == [], "run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_nothing_else_is_in_the_lock(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    for block in blocks:
        first, *rest = block.splitlines()
        assert PIN.match(first), first
        assert any(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest), first
        assert all(re.fullmatch(r"    (--hash=sha256:[0-9a-f]{64}( \\)?|#.*)", line) for line in rest), first


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_server_and_no_folder(lock: str) -> None:
    assert not re.search(r"://|--index|--find-links|file:| @ ", (ROOT / lock).read_text())


def test_both_locks_pin_the_same_versions() -> None:
    runtime, develop = (pins(lock) for lock in LOCKS)
    assert {name: develop.get(name) for name in runtime} == runtime


def test_code_imports_only_what_is_declared_and_declares_only_what_it_imports() -> None:
    homes = packages_distributions()
    imported = {
        canonicalize_name(homes[top][0])
        for tree in modules(*PACKAGES).values()
        for top in _imports(tree)
        if top not in sys.stdlib_module_names and top not in PACKAGES and top in homes
    }
    declared = {canonicalize_name(one.name) for one in project()["requirements.lock"]}
    assert imported - declared == set(COME_ALONG), "imported but not in pyproject.toml"
    assert declared - imported == set(NEVER_IMPORTED), "declared but imported nowhere"


def test_what_users_install_is_enough_to_import_everything() -> None:
    users = set(pins("requirements.lock"))
    withheld = [
        top for top, homes in packages_distributions().items() if not users & {canonicalize_name(one) for one in homes}
    ]
    names = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in modules(*PACKAGES)]
    ours = [one for one in names if one not in FOR_DEVELOPERS and not one.startswith("db.migrations.")]
    script = IMPORT_ALL.format(withheld=withheld, packages=PACKAGES, ours=ours)
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stderr


def _imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found - {"_typeshed"}
