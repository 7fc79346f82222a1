"""Install what a lock pins into .venv: python .ci/install.py requirements.lock.

uv does in seconds what takes pip minutes. pip installs it, from its pin in requirements-dev.lock, and it is told what
pip was told (indexes, certificates, proxy), since it does not read pip's settings. Where it fails, pip goes on.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
TOLD = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "no-index": ("UV_NO_INDEX", " "),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "default-timeout": ("UV_HTTP_TIMEOUT", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "proxy": ("ALL_PROXY", " "),
}
"""pip's settings, uv's variables for the same, and what stands between several values there."""

SECTIONS = ("global", "install", ":env:")
"""Of pip's settings, the later one holds."""
SETTING = re.compile(rf"(?P<section>{'|'.join(SECTIONS)})\.(?P<name>[a-z-]+)=(?P<value>.+)")


def pip() -> list[str]:
    """The pip to use: the one of .venv, or one outside it (Debian without python3-venv makes a .venv without)."""
    inside = [str(BIN / "python"), "-m", "pip"]
    if subprocess.run([*inside, "--version"], capture_output=True, check=False).returncode == 0:
        return inside
    return [sys.executable, "-m", "pip", "--python", str(BIN / "python")]


def pip_install(lock: str) -> None:
    subprocess.run([*pip(), "install", "--disable-pip-version-check", "--require-hashes", "-r", lock], check=True)


def pip_settings() -> dict[str, str]:
    """What pip was told in its files and in the environment, by name."""
    listed = subprocess.run([*pip(), "config", "list"], capture_output=True, text=True, check=False).stdout
    told = [SETTING.match(line) for line in listed.splitlines()]
    ranked = sorted((SECTIONS.index(one["section"]), one["name"], one["value"]) for one in told if one)
    return {name: str(ast.literal_eval(value)) for _, name, value in ranked}


def environment() -> dict[str, str]:
    """The environment for uv. Hashes say what may be installed, so any index may have the file, as with pip."""
    settings = pip_settings()
    told = {uv: mark.join(settings[name].split()) for name, (uv, mark) in TOLD.items() if settings.get(name)}
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **told, **os.environ}


def uv_pin() -> str:
    """The lines that pin uv."""
    lines = (ROOT / "requirements-dev.lock").read_text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    last = next(number for number in range(first, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[first : last + 1]) + "\n"


def bring_uv() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pin = Path(folder) / "uv.lock"
        pin.write_text(uv_pin())
        pip_install(str(pin))


def uv_install(lock: str) -> bool:
    """Whether uv could install the lock."""
    command = [str(BIN / "uv"), "pip", "install", "--python", str(BIN / "python"), "--require-hashes", "-r", lock]
    try:
        bring_uv()
        return subprocess.run(command, env=environment(), check=False).returncode == 0
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"==> uv is not to be had here ({problem})", flush=True)
        return False


if __name__ == "__main__":
    if not uv_install(sys.argv[1]):
        print("==> going on with pip, which takes a few minutes", flush=True)
        pip_install(sys.argv[1])
