"""How long `touchstone socket` takes until Slack has its connection, and the memory it then holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.ground import database
from benchmarks.report import table
from playground.server import serve
from playground.workspace import Workspace

MIB = 1 << 20
SETTLE_S = 3.0


def run(*, quick: bool) -> None:
    """Start it three times, or once."""
    rows = []
    for number in range(1, 2 if quick else 4):
        with database("sqlite") as url:
            seconds, memory = _once(url)
        rows.append([str(number), f"{seconds:.1f} s", f"{memory / MIB:.0f} MiB"])
    table("touchstone socket", ["start", "until connected", "resident memory"], rows)


def _once(url: str) -> tuple[float, int]:
    slack = Workspace()
    with serve(slack):
        began = time.monotonic()
        process = subprocess.Popen(  # our own program
            [sys.executable, "-m", "bot", "socket"],
            env={**os.environ, **slack.environment(), "DATABASE_URL": url, "TOUCHSTONE_LOG_LEVEL": "ERROR"},
        )
        slack.sockets.wait_open(60)
        seconds = time.monotonic() - began
        time.sleep(SETTLE_S)
        memory = _resident(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    return seconds, memory


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
