"""`python -m benchmarks [NAME ...] [--quick]`: run all of them, or those named."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog

from benchmarks import ack, ballot, calls, digest, home, obligations, startup
from benchmarks.ground import SAY

ALL = {
    "ack": ack.run,
    "ballot": ballot.run,
    "obligations": obligations.run,
    "digest": digest.run,
    "home": home.run,
    "calls": calls.run,
    "startup": startup.run,
}


def main(words: Sequence[str] | None = None) -> None:
    """Run what is asked for, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ratios, measured side by side.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(ALL)} (all)")
    parser.add_argument("--quick", action="store_true", help="small and short: to see that they run, not for figures")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - set(ALL):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    SAY.print(machine())
    for name in asked.names or ALL:
        SAY.rule(name)
        ALL[name](quick=asked.quick)


def machine() -> str:
    """When and on what this is measured."""
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} x {_processor()}, {system}, SQLite {sqlite3.sqlite_version}"


def _processor() -> str:
    try:
        facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(": ")[2] for line in facts if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
