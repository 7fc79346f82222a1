"""`python -m benchmarks [NAME ...] [--quick]`: run all of them, or those named."""

from __future__ import annotations

import sys

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


def main(wanted: list[str]) -> None:
    """Run what is asked for, one after the other."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    names = [name for name in wanted if not name.startswith("--")] or list(ALL)
    for name in names:
        if name not in ALL:
            sys.exit(f"There is no benchmark {name}. There are: {', '.join(ALL)}.")
        SAY.rule(name)
        ALL[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
