"""Hot ballot: 64 people vote at once on one ballot; the slowest ack, and how often the card was edited."""

from __future__ import annotations

import time

from benchmarks import load
from benchmarks.ground import VOTERS, Scene, click, database, free_port, scene, serving
from benchmarks.report import table

WATCHED_S, QUICK_S = 12.0, 3.0


def run(*, quick: bool) -> None:
    """Both databases, one after the other."""
    for kind in ("sqlite", "postgresql"):
        with database(kind) as url, scene(url) as it:
            measure(kind, url, it, QUICK_S if quick else WATCHED_S)


def measure(kind: str, url: str, it: Scene, watched: float) -> None:
    """Everybody changes their vote at the same moment, through `serve`, with Slack's edits counted."""
    clicks = []
    for choice in ("Approve", "Abstain"):
        clicks = [click(it, voter, choice) for voter in it.voters]
    wire, port = it.world.slack.wire, free_port()
    clicks = [{**one, "actions": [_other(one["actions"][0])]} for one in clicks]
    with serving(["bot", "serve"], port, {**it.world.slack.environment(), "DATABASE_URL": url}):
        load.run(load.Load(port, "wrong", clicks[:8], 1.0, total=8))  # warms the server; nothing gets in
        before, began = len(wire.calls("chat.update")), time.monotonic()
        done = load.run(load.Load(port, it.world.slack.app.signing_secret, clicks, 30.0, VOTERS, total=VOTERS))
        time.sleep(max(0.0, watched - (time.monotonic() - began)))
        seconds, edits = time.monotonic() - began, len(wire.calls("chat.update")) - before
    row = [kind, f"{done.quantile(0.5) * 1000:.0f} ms", f"{done.quantile(0.99) * 1000:.0f} ms", str(done.failed),
           str(edits), f"{edits / seconds:.2f}"]  # fmt: skip
    table(f"Hot ballot: {VOTERS} votes at once", ["", "p50", "p99", "failed", "edits of cards", "a second"], [row])


def _other(action: dict[str, str]) -> dict[str, str]:
    """The other button: a click that changes the vote."""
    return {
        **action,
        "action_id": action["action_id"].replace("abstain", "approve"),
        "value": action["value"].replace("abstain", "approve"),
    }
