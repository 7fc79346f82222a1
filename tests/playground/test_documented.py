"""What docs/playground.md shows is true: its examples are taken out of the page and run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "playground.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def example(word: str) -> str:
    """The one block of code with this word in it."""
    (found,) = [block for block in BLOCKS if word in block]
    return found


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def test_ten_lines_open_a_workspace_with_a_page() -> None:
    code = example("face.routes(slack))")
    assert len([line for line in code.splitlines() if line]) <= 10
    command = [sys.executable, "-c", code.replace("port=8765", "port=0")]
    with subprocess.Popen(command, stdin=-1, stdout=-1, env=environment(), text=True) as process:
        told = [process.stdout.readline() for _ in range(7)]
        url = told[0].removeprefix("# the page: ").strip()
        assert "playground-key" in httpx.get(url, trust_env=False).text
        assert {line.split("=")[0] for line in told[1:]} >= {"export SLACK_BOT_TOKEN", "export SLACK_API_URL"}
        process.communicate("\n", timeout=20)
    assert process.returncode == 0


@pytest.mark.parametrize("broken", [False, True])
def test_the_example_of_a_test_passes_and_can_fail(tmp_path: Path, broken: bool) -> None:
    code = example("def test_lunch_is_for_two")
    wrong = code.replace("Count me in", "Leave me out", 1)
    (tmp_path / "test_lunch.py").write_text(wrong if broken else code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    alone = environment() | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # ours would take longer to load than the test runs
    run = subprocess.run(command, env=alone, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == int(broken), run.stdout
