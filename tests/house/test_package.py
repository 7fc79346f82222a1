"""The wheel carries everything: installed elsewhere it migrates a database and knows its own manifest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from db import migrate
from tests.house.tree import PACKAGES, ROOT, files, name

pytestmark = pytest.mark.xdist_group("wheel")  # it is built once, for both tests


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of the wheel, in a folder."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    uv = [str(Path(sys.executable).parent / "uv"), "build", "--wheel", "--offline", "--no-build-isolation", "--quiet"]
    subprocess.run([*uv, "--python", sys.executable, "--out-dir", str(target), str(source)], check=True)
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target / "site")
    return target / "site"


def test_the_wheel_has_every_file_of_the_packages(installed: Path) -> None:
    missing = [name(file) for file in files(*PACKAGES) if not (installed / name(file)).exists()]
    assert missing == []


def test_the_installed_package_migrates_a_database(installed: Path, tmp_path: Path) -> None:
    settings = {"PYTHONPATH": str(installed), "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"}
    run = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, f"Migrated from nothing to {migrate.head()}."), run.stderr
