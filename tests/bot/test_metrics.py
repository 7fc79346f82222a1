"""The figures: counted where things happen, read by Prometheus, shown on the dashboard, without anybody's name."""

from __future__ import annotations

import io
import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import main, schedule
from bot.metrics import NAMES, OTHER, Metrics, verb
from bot.running import Running
from bot.settings import Settings
from tests.bot.test_serving import free_port
from tests.house.tree import ROOT
from tests.world import World, settings_for

DASHBOARD = ROOT / "docs" / "deploy" / "grafana-dashboard.json"
METRIC = re.compile(r"\b((?:touchstone|process)_[a-z_]+)\b")


def get(world: World, path: str = "/metrics") -> tuple[int, str]:
    said: list[str] = []
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": io.BytesIO()}
    body = b"".join(world.bot.wsgi()(environ, lambda status, headers, exc=None: said.append(status)))  # type: ignore[arg-type, return-value]  # it is told, not written to
    return int(said[0].split()[0]), body.decode()


def figures(world: World) -> dict[tuple[str, frozenset[str]], float]:
    """Every figure, by name and the values of its labels."""
    families = text_string_to_metric_families(get(world)[1])
    return {(it.name, frozenset(it.labels.values())): it.value for family in families for it in family.samples}


def figure(world: World, name: str, *labels: str) -> float:
    return figures(world)[f"touchstone_{name}", frozenset(labels)]


def test_what_people_do_and_what_slack_is_told_is_counted(world: World) -> None:
    world.committee()
    world.settle()
    alice = world.person("Alice")
    alice.command("/idea", "Shorter queues", "CIDEAS")
    alice.fill(alice.view, {"problem": "Half an hour"})
    alice.submit()
    alice.command("/idea", "mine", "CIDEAS")
    world.slack.faults.server_error("chat.postMessage", status=500)
    world.settle()
    world.advance(minutes=5)
    assert figure(world, "ack_seconds_count", "command", "200") == 2
    assert figure(world, "verb_seconds_count", "/idea mine") == 1
    assert figure(world, "verb_seconds_count", "idea.form") == 1
    assert figure(world, "deliveries_total", "chat.postMessage", "sent") >= 4
    assert figure(world, "deliveries_total", "chat.postMessage", "transient") == 1
    assert figure(world, "slack_failures_total", "chat.postMessage", "no_answer") == 1
    assert figure(world, "slack_call_seconds_count", "chat.postMessage") >= 5
    assert figure(world, "delivery_wait_seconds_count") >= 4
    assert figure(world, "job_seconds_count", "owe digests", "done") >= 1


def test_what_waits_and_what_slack_refused_is_told(world: World) -> None:
    world.committee()
    world.slack.archive("CIDEAS")
    committee = world.committee(name="Second", intake_channel="CRANDOM", committee_channel="CRANDOM",
                                digest_channel="CRANDOM")  # fmt: skip
    world.settle()
    world.idea(committee)
    world.slack.advance(minutes=2)
    assert figure(world, "database_up") == 1
    assert figure(world, "notices_owed") >= 2
    assert figure(world, "delivery_lag_seconds") >= 120
    world.slack.archive("CRANDOM")
    world.settle()
    assert figure(world, "notices_parked") >= 1
    assert figure(world, "slack_failures_total", "chat.postMessage", "is_archived") >= 1


def test_the_figures_name_nobody(world: World) -> None:
    world.committee()
    world.idea(world.committee(name="Second", intake_channel="CRANDOM", committee_channel="CRANDOM",
                               digest_channel="CRANDOM"), title="Secret of the title")  # fmt: skip
    world.person("Alice").command("/idea", "somebody's own words", "CIDEAS")
    world.settle()
    page = get(world)[1]
    for private in ("UAGENT", "Alice", "CIDEAS", "T0TOUCH", "own words", "Secret of the title"):
        assert private not in page


def test_a_database_that_is_away_is_a_figure_and_not_an_error() -> None:
    bot = main.build(Settings(database_url="sqlite:////nowhere/at/all.db", _env_file=None))
    page = bot.house.metrics.page().decode()
    assert "touchstone_database_up 0.0" in page
    assert "touchstone_delivery_lag_seconds " not in page


def test_the_page_can_be_turned_off_or_moved_to_an_address_of_its_own(world: World) -> None:
    port = free_port()
    off = settings_for(world.slack, metrics=False)
    moved = settings_for(world.slack, metrics_bind=f"127.0.0.1:{port}")
    for settings in (off, moved):
        world.bot.settings = settings
        assert get(world)[0] == 404
    bot = main.build(moved, clock=world.clock.now, engine=world.bot.engine)
    running = Running(bot)
    running.start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            assert b"touchstone_database_up 1.0" in answer.read()
    finally:
        running.stop()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="metrics_bind"):
        Settings(metrics_bind="everywhere", _env_file=None)


def test_a_job_that_fails_and_one_that_begins_late_are_told(world: World) -> None:
    def fails(house: object, now: object) -> int:
        raise RuntimeError("no")

    schedule.run(world.bot.house, schedule.Job("break", 1, fails))
    assert figure(world, "job_seconds_count", "break", "failed") == 1
    made = schedule.scheduler(world.bot.house)
    made.start()
    world.slack.wait_for(lambda: any(key[0] == "touchstone_job_lateness_seconds_count" for key in figures(world)), 10)
    made.shutdown()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"command": "/idea", "text": "A title of one's own"}, "/idea"),
        ({"command": "/committee", "text": " PRIVACY "}, "/committee privacy"),
        ({"command": "/cx", "text": ""}, "/cx"),
        ({"type": "block_actions", "actions": [{"action_id": "ballot.vote.approve"}]}, "ballot.vote"),
        ({"type": "block_actions", "actions": [{"action_id": "somebody.elses"}]}, OTHER),
        ({"type": "view_submission", "view": {"callback_id": "idea.form"}}, "idea.form"),
        ({"type": "shortcut", "callback_id": "idea.new"}, "idea.new"),
        ({"type": "event_callback", "event": {"type": "app_mention"}}, "app_mention"),
        ({"type": "event_callback", "event": {"type": "No Such <thing>"}}, OTHER),
        ({}, OTHER),
    ],
)
def test_a_verb_is_a_word_that_the_house_knows(world: World, body: dict[str, Any], said: str) -> None:
    assert verb(body) == said
    assert "ballot.vote" in NAMES


def test_every_figure_on_the_dashboard_exists(world: World) -> None:
    world.settle()
    told = {
        name
        for family in world.bot.house.metrics.registry.collect()
        for name in (family.name, *(f"{family.name}_{part}" for part in ("bucket", "count", "sum", "total")))
    }
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    asked = {name for panel in board["panels"] for it in panel["targets"] for name in METRIC.findall(it["expr"])}
    assert len(asked) > 12
    assert asked <= told
    ours = {family.name for family in Metrics().registry.collect() if family.name.startswith("touchstone")}
    assert {name for name in ours if not any(it.startswith(name) for it in asked)} == set(), "nobody sees these"


def test_the_labels_on_the_dashboard_are_those_of_the_figures(world: World) -> None:
    labels = {"le", "kind", "status", "verb", "method", "outcome", "error", "task", "job"}
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    used = [re.findall(r"by \(([^)]*)\)", it["expr"]) for panel in board["panels"] for it in panel["targets"]]
    assert {name.strip() for groups in used for group in groups for name in group.split(",")} <= labels
