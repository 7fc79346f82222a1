"""`python -m playground`: a workspace for one app, until Ctrl-C. Prints what the app needs as environment variables."""

import argparse
import json
import signal
import sys
from pathlib import Path
from queue import SimpleQueue

import yaml

from playground import face
from playground.server import Server
from playground.snapshot import load, save
from playground.workspace import Workspace


def main(argv: list[str] | None = None) -> None:
    """Serve one workspace with three people in #general, or the one saved in `--state`."""
    options = _options().parse_args(argv)
    manifest = yaml.safe_load(options.manifest.read_text()) if options.manifest else None
    slack = Workspace(manifest)
    if options.state and options.state.exists():
        load(slack, options.state)
    else:
        slack.add_channel("general", [slack.add_user(name) for name in ("alice", "bob", "carol")])
    if options.url:
        slack.connect_http(options.url)
    with Server([slack], port=options.port, routes=face.routes(slack)) as server:
        told: SimpleQueue[int] = SimpleQueue()  # not an event: a signal may come while its lock is held
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda number, _: told.put(number))
        server.start()
        exports = [f"export {name}={json.dumps(value)}" for name, value in slack.environment().items()]
        sys.stdout.write("\n".join([*exports, f"# the page: {server.url}"]) + "\n")
        sys.stdout.flush()
        told.get()
        if options.state:
            save(slack, options.state)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m playground", description=main.__doc__)
    parser.add_argument("--manifest", type=Path, help="the app's manifest (YAML or JSON); without one all is allowed")
    parser.add_argument("--port", type=int, default=8765, help="loopback port (default: 8765; 0 takes a free one)")
    parser.add_argument("--url", help="deliver by signed HTTP to this request URL instead of Socket Mode")
    parser.add_argument("--state", type=Path, help="keep the workspace in this file between runs")
    return parser


if __name__ == "__main__":
    main()
