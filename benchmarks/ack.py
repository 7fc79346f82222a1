"""Ack: a signed vote, durable rows, the answer: as ratios to an empty Bolt handler and to one with the same SQL."""

from __future__ import annotations

import pickle
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import load
from benchmarks.bare import Plan
from benchmarks.ground import SAY, Scene, click, database, free_port, scene, serving
from benchmarks.report import table
from playground.workspace import Workspace

CHOICES = ("Approve", "Abstain")
SECONDS, QUICK_SECONDS = 8.0, 1.0
RATE = 50.0


def run(*, quick: bool) -> None:
    """Both databases, one after the other."""
    for kind in ("sqlite", "postgresql"):
        with database(kind) as url, scene(url) as it:
            measure(kind, url, it, QUICK_SECONDS if quick else SECONDS)


def measure(kind: str, url: str, it: Scene, seconds: float) -> None:
    """Three servers, the same clicks, one after the other."""
    clicks, plan = recorded(it)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan"
        path.write_bytes(pickle.dumps(plan))
        base = {**it.world.slack.environment(), "DATABASE_URL": url}
        targets: dict[str, tuple[list[str], dict[str, str]]] = {
            "empty handler": (["benchmarks.bare"], base),
            "bare handler, same SQL": (["benchmarks.bare"], {**base, "BENCH_PLAN": str(path)}),
            "touchstone serve": (["bot", "serve"], base),
        }
        found = {name: _load(it.world.slack, target, env, clicks, seconds) for name, (target, env) in targets.items()}
    _tell(kind, found)


def recorded(it: Scene) -> tuple[list[dict[str, Any]], Plan]:
    """Every voter's click on two choices in turn, and the statements that each ran."""
    log: list[tuple[str, Any]] = []
    engine = it.world.bot.engine
    hooks: list[tuple[str, Any]] = [
        ("before_cursor_execute", lambda c, cur, sql, values, ctx, many: log.append((sql, values))),
        ("begin", lambda c: log.append(("BEGIN", ()))),
        ("commit", lambda c: log.append(("COMMIT", ()))),
    ]
    clicks, plan = [], {}
    for choice in (*CHOICES, *CHOICES):  # the first round finds no vote to change
        for voter in it.voters:
            log.clear()
            for name, hook in hooks:
                sa.event.listen(engine, name, hook)
            request = click(it, voter, choice)
            for name, hook in hooks:
                sa.event.remove(engine, name, hook)
            plan[voter, request["actions"][0]["action_id"]] = [line for line in log if line[0] != "BEGIN IMMEDIATE"]
            clicks.append(request)
    return clicks[2 * len(it.voters) :], plan


def _load(
    slack: Workspace, target: list[str], env: dict[str, str], clicks: list[dict[str, Any]], seconds: float
) -> dict[str, float]:
    port = free_port()
    with serving(target, port, env):
        base = load.Load(port, slack.app.signing_secret, clicks, 2.0)
        load.run(base)
        full = load.run(load.Load(port, slack.app.signing_secret, clicks, seconds))
        steady = load.run(load.Load(port, slack.app.signing_secret, clicks, seconds, rate=RATE))
    if full.failed or steady.failed:
        SAY.print(f"[red]{full.failed + steady.failed} requests failed: {target}")
    return {"rate": full.per_second, "p50": steady.quantile(0.5), "p99": steady.quantile(0.99)}


def _tell(kind: str, found: dict[str, dict[str, float]]) -> None:
    empty, bare = found["empty handler"], found["bare handler, same SQL"]
    rows = [
        [name, f"{it['rate']:.0f}/s", f"{it['rate'] / empty['rate']:.2f}", f"{it['rate'] / bare['rate']:.2f}",
         f"{it['p50'] * 1000:.1f} ms", f"{it['p99'] * 1000:.1f} ms", f"{it['p99'] / bare['p99']:.2f}"]
        for name, it in found.items()
    ]  # fmt: skip
    head = ["", "at saturation", "÷ empty", "÷ same SQL", "p50 at 50/s", "p99 at 50/s", "p99 ÷ same SQL"]
    table(f"Ack of a vote, {kind}", head, rows)
