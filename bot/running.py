"""Starting and stopping: the threads beside the requests, and an end that loses nothing."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from socket import MSG_PEEK, socketpair
from typing import Any
from wsgiref.simple_server import WSGIServer

from prometheus_client import start_http_server
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from sqlalchemy.exc import SQLAlchemyError

from bot import log, schedule
from bot.clockwatch import ClockWatch
from bot.installation import new_client
from bot.main import Touchstone, system_clock
from bot.security import Envelopes
from db.patience import answering

DRAIN_S = 8.0
"""From the order to stop to the end, at most; whoever runs containers waits for ten."""

AGAIN_S = 5.0
WATCH_S = 5.0
LOG = log.get(__name__)


class Running:
    """A Touchstone whose delivery and scheduler run."""

    def __init__(self, touchstone: Touchstone) -> None:
        self.touchstone = touchstone
        self._scheduler = schedule.scheduler(touchstone.house)
        self._greeted = threading.Thread(target=self._greet, name="greet", daemon=True)
        self._watching = threading.Thread(target=self._watch, name="clock", daemon=True)
        self._metrics: WSGIServer | None = None

    def start(self) -> None:
        """Start delivery and scheduler, and learn from Slack which workspace this is."""
        self.touchstone.delivery.start()
        self.touchstone.house.afterwards.start()
        self._scheduler.start()
        self._greeted.start()
        self._watching.start()
        self._serve_metrics()
        gc.collect()
        gc.freeze()  # what was made up to now stays: nobody need look through it again for what does not
        LOG.info("started")

    def stop(self) -> None:
        """Ask nothing more, deliver what is on its way, end the jobs at hand, close the database."""
        began = time.monotonic()
        self.touchstone.house.closing.set()
        self._scheduler.remove_all_jobs()
        jobs = threading.Thread(target=self._scheduler.shutdown, name="jobs", daemon=True)
        jobs.start()
        self.touchstone.house.afterwards.stop()
        self.touchstone.delivery.stop(DRAIN_S)
        jobs.join(max(0.0, began + DRAIN_S - time.monotonic()))
        if self._metrics is not None:
            self._metrics.shutdown()
            self._metrics.server_close()
        self.touchstone.engine.dispose()
        LOG.info("stopped", took_s=round(time.monotonic() - began, 3))

    def _serve_metrics(self) -> None:
        settings = self.touchstone.settings
        if settings.metrics and settings.metrics_bind:
            host, _, port = settings.metrics_bind.rpartition(":")
            registry = self.touchstone.house.metrics.registry
            self._metrics, _ = start_http_server(int(port), host.strip("[]"), registry=registry)
            LOG.info("metrics.served", at=settings.metrics_bind)

    def _greet(self) -> None:
        closing = self.touchstone.house.closing
        while not closing.is_set():
            try:
                name = self.touchstone.installations.greet()
            except (SlackApiError, OSError, SQLAlchemyError) as error:
                if not self.touchstone.house.outage.tell(error):
                    LOG.error("slack.unreachable", error=str(error))
                closing.wait(AGAIN_S)
            else:
                LOG.info("slack.found", name=name)
                return

    def _watch(self) -> None:
        watch = ClockWatch(self._scheduler, system_clock)  # the scheduler's own, not the playground's
        while not self.touchstone.house.closing.wait(WATCH_S):
            watch.look()


class Hurried(Envelopes):
    """Envelopes that are answered while Slack waits."""

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt's
        """Let Bolt answer one."""
        with answering():
            super().handle(client, req)


class Socket:
    """Slack by Socket Mode."""

    def __init__(self, touchstone: Touchstone) -> None:
        settings = touchstone.settings
        self._handler = Hurried(
            touchstone.app,
            settings.app_token.get_secret_value(),
            web_client=new_client(settings),
            concurrency=settings.threads,
        )

    def open(self) -> None:
        """Connect. Raises `SlackApiError` and `OSError`."""
        self._handler.client.connect()

    def close(self) -> None:
        """Take nothing more, answer what is being worked on, and hang up."""
        client = self._handler.client
        client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False
        client.closed = True  # nothing more is taken off the queue; Slack sends it to another replica, or again
        client.enqueue_message("")  # wakes whoever takes them off, who may have one in hand: it is answered, too
        client.message_processor.shutdown()  # type: ignore[no-untyped-call]  # slack_sdk gives it no types
        client.message_workers.shutdown(wait=True)
        # Not its close(): that waits for the reader, which never ends if it began just now.
        client.current_session_state.terminated = True
        client.disconnect()


class TheEnd:
    """Hears from now on when the process is told to stop.

    Not an event: a signal wakes nobody who is about to wait for one, nor the main thread if it came to another.
    What is written to a file is there whenever somebody looks.
    """

    def __init__(self) -> None:
        self._hear, self._told = socketpair()
        self._told.setblocking(False)
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: None)

    def wait(self) -> None:
        """Return once the process is told, or at once if it has been."""
        self._hear.recv(1, MSG_PEEK)


def by_socket(touchstone: Touchstone) -> None:
    """Serve Slack by Socket Mode until told to stop."""
    told, running, socket = TheEnd(), Running(touchstone), Socket(touchstone)
    running.start()
    try:
        socket.open()
        told.wait()
    finally:
        last_resort = threading.Timer(DRAIN_S + 1, os._exit, (1,))
        last_resort.daemon = True
        last_resort.start()
        socket.close()
        running.stop()


def application() -> Any:
    """Granian's target: the WSGI application of a worker process, its threads running, stopped when the worker ends."""
    from multiprocessing.util import Finalize  # noqa: PLC0415  # only a worker process needs it

    from bot.main import from_environment  # noqa: PLC0415  # the environment is read in the worker, not on import

    touchstone = from_environment()
    running = Running(touchstone)
    running.start()
    Finalize(None, running.stop, exitpriority=100)
    return touchstone.wsgi()
