"""What is measured: how quickly Slack is answered, what is delivered, what Slack refuses, how late jobs begin.

Every figure has a bounded set of labels: no person, channel, workspace or text is among them. `docs/deploy` has a
dashboard made of these.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot import ids, payload
from bot.payload import Kind
from bot.slack_errors import is_known

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
"""Seconds; Slack waits for three."""
PATIENT = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0)
OTHER = "other"
NAMES = sorted((value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)), key=len)
_EVENT = re.compile(r"^[a-z_.]{1,40}$")


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for make in (ProcessCollector, PlatformCollector, GCCollector):
            make(registry=self.registry)
        own: dict[str, Any] = {"registry": self.registry}
        self.acks = Histogram(
            "touchstone_ack_seconds", "From a request of Slack's to its answer.", ["kind", "status"],
            buckets=QUICK, **own,
        )  # fmt: skip
        self.verbs = Histogram(
            "touchstone_verb_seconds", "How long it takes to do what somebody asked for.", ["verb"],
            buckets=QUICK, **own,
        )  # fmt: skip
        self.deliveries = Counter(
            "touchstone_deliveries", "Tries to deliver a notice, by what came of them.", ["method", "outcome"], **own
        )
        self.sending = Histogram(
            "touchstone_slack_call_seconds", "How long Slack takes to answer a delivery.", ["method"],
            buckets=QUICK, **own,
        )  # fmt: skip
        self.waits = Histogram(
            "touchstone_delivery_wait_seconds", "From a message being due to it being in Slack.",
            buckets=PATIENT, **own,
        )  # fmt: skip
        self.failures = Counter("touchstone_slack_failures", "Refusals by Slack.", ["method", "error"], **own)
        self.lateness = Histogram(
            "touchstone_job_lateness_seconds", "How long after its time a scheduled job began.", ["task"],
            buckets=PATIENT, **own,
        )  # fmt: skip
        self.jobs = Histogram(
            "touchstone_job_seconds", "How long a scheduled job took.", ["task", "outcome"], buckets=PATIENT, **own
        )

    def watch(self, queue: Callable[[], Mapping[str, float]]) -> None:
        """Ask for the state of the queue whenever somebody reads the figures."""
        self.registry.register(_Queue(queue))

    def page(self) -> bytes:
        """The figures as Prometheus reads them."""
        return generate_latest(self.registry)

    @contextmanager
    def answering(self, body: Mapping[str, Any]) -> Iterator[Callable[[int], None]]:
        """Time one request of Slack's; call what is given with the status of the answer."""
        began, status = time.perf_counter(), 500

        def answered(code: int) -> None:
            nonlocal status
            status = code

        try:
            yield answered
        finally:
            took = time.perf_counter() - began
            self.acks.labels(str(payload.kind(body)), str(status)).observe(took)
            self.verbs.labels(verb(body)).observe(took)

    @contextmanager
    def calling(self, method: str) -> Iterator[None]:
        """Time one call of Slack's Web API."""
        with self.sending.labels(method).time():
            yield

    @contextmanager
    def working(self, job: str) -> Iterator[Callable[[], None]]:
        """Time one round of a job; call what is given if it failed."""
        began, outcome = time.perf_counter(), "done"

        def failed() -> None:
            nonlocal outcome
            outcome = "failed"

        try:
            yield failed
        finally:
            self.jobs.labels(job, outcome).observe(time.perf_counter() - began)

    def refused(self, method: str, error: str) -> None:
        """Slack did not do it."""
        self.failures.labels(method, error if is_known(error) else OTHER).inc()


class _Queue(Collector):
    """Figures that are asked for when they are read; a database that does not answer has none."""

    def __init__(self, ask: Callable[[], Mapping[str, float]]) -> None:
        self._ask = ask

    def collect(self) -> Iterable[GaugeMetricFamily]:
        found = self._ask()
        for name, about in QUEUE.items():
            if name in found:
                yield GaugeMetricFamily(f"touchstone_{name}", about, value=found[name])

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return [GaugeMetricFamily(f"touchstone_{name}", about) for name, about in QUEUE.items()]


QUEUE = {
    "database_up": "Whether the database answers.",
    "delivery_lag_seconds": "For how long the oldest message that could go has been waiting.",
    "notices_owed": "Messages that are due and not in Slack yet.",
    "notices_stale": "Cards that show less than is so by now.",
    "notices_parked": "Messages that Slack refused for good.",
    "workspaces_stopped": "Workspaces in which the app may not act any more.",
}


def verb(body: Mapping[str, Any]) -> str:
    """What somebody asked for, in a word that the house knows: "/idea mine", "ballot.vote", "app_mention"."""
    kind = payload.kind(body)
    if kind is Kind.COMMAND:
        return _command(str(body.get("command")), str(body.get("text") or ""))
    if kind is Kind.EVENT:
        named = str((body.get("event") or {}).get("type"))
        return named if _EVENT.match(named) else OTHER
    action = (body.get("actions") or [{}])[0].get("action_id")
    view = (body.get("view") or {}).get("callback_id")
    said = str((view if kind in (Kind.SUBMISSION, Kind.CLOSED) else action) or body.get("callback_id") or "")
    known = [name for name in NAMES if said == name or said.startswith(f"{name}.")]
    return known[-1] if known else OTHER


def _command(name: str, text: str) -> str:
    from bot import commands  # noqa: PLC0415  # the house counts with these figures, and commands live in the house

    known = commands.REGISTRY.get(name)
    word = text.strip().partition(" ")[0].lower()
    if known is None:
        return OTHER
    return f"{name} {word}" if word in known.words else name
