"""What is done after Slack has its answer: at once before anything runs, by threads of its own afterwards."""

from __future__ import annotations

import threading

from structlog.testing import capture_logs

from bot import replies
from bot.afterwards import Afterwards
from tests.world import World

PATIENCE_S = 5


def test_until_it_is_started_things_are_done_at_once() -> None:
    done: list[str] = []
    Afterwards().do(lambda: done.append(threading.current_thread().name))
    assert done == [threading.current_thread().name]


def test_once_started_nobody_waits_for_it() -> None:
    afterwards, may, done = Afterwards(), threading.Event(), threading.Event()
    afterwards.start()
    afterwards.do(lambda: may.wait(PATIENCE_S) and done.set())
    assert not done.is_set()
    may.set()
    assert done.wait(PATIENCE_S)
    afterwards.stop()


def test_a_command_is_acknowledged_before_its_answer_is_sent(world: World) -> None:
    alice, house = world.person("Alice"), world.bot.house
    alice.command("/idea", "help", "CIDEAS")
    before = len(alice.ephemerals("CIDEAS"))
    house.afterwards.start()
    try:
        with world.slack.lock:  # Slack takes no answer in the meantime
            assert alice.command("/idea", "help", "CIDEAS").elapsed < replies.TIMEOUT_S
            assert len(alice.ephemerals("CIDEAS")) == before
        world.slack.wait_for(lambda: len(alice.ephemerals("CIDEAS")) > before, what="the answer")
    finally:
        house.afterwards.stop()


def test_what_fails_is_a_line_in_the_log_and_stops_nothing() -> None:
    afterwards, done = Afterwards(), threading.Event()
    afterwards.start()
    with capture_logs() as lines:
        afterwards.do(lambda: 1 / 0)
        afterwards.do(lambda: afterwards.do(done.set))
        assert done.wait(PATIENCE_S)
        afterwards.stop()
    assert "afterwards.failed" in [line["event"] for line in lines]


def test_after_the_end_nothing_begins_and_nothing_fails() -> None:
    afterwards, begun = Afterwards(), threading.Event()
    afterwards.start()
    afterwards.stop()
    afterwards.do(begun.set)
    assert not begun.wait(0.05)
