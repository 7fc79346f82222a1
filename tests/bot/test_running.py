"""Told to stop, a process stops: whatever it was doing when the signal came."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta

from bot.running import Running
from tests.world import World

# A signal is heard between any two lines of the main thread. Here it comes at each line of the waiting in turn: a lock
# that the waiting holds just then, and the handler takes, would never be let go.
AT_EVERY_LINE = """
import signal, sys, threading
from bot.running import TheEnd

def ends_when_told_at(line):
    seen, told = 0, TheEnd()
    def trace(frame, event, _):
        nonlocal seen
        seen += event == "line"
        if event == "line" and seen == line:
            signal.raise_signal(signal.SIGINT)
        return trace
    late = threading.Timer(0.2, signal.pthread_kill, (threading.main_thread().ident, signal.SIGTERM))
    late.start()
    sys.settrace(trace)
    told.wait()
    sys.settrace(None)
    late.cancel()
    return seen >= line

line = 1
while ends_when_told_at(line):
    line += 1
"""


def test_a_signal_ends_the_waiting_at_whatever_line_it_comes() -> None:
    subprocess.run([sys.executable, "-c", AT_EVERY_LINE], check=True, timeout=20)


# The system may give the signal to any thread. This one knows nothing of it, and the main thread sleeps.
IN_ANOTHER_THREAD = """
import signal, threading
from bot.running import TheEnd

told = TheEnd()
beside = threading.Thread(target=threading.Event().wait, daemon=True)
beside.start()
threading.Timer(0.2, signal.pthread_kill, (beside.ident, signal.SIGTERM)).start()
told.wait()
told.wait()
"""


def test_a_signal_ends_the_waiting_whichever_thread_it_comes_to() -> None:
    subprocess.run([sys.executable, "-c", IN_ANOTHER_THREAD], check=True, timeout=10)


def test_the_end_waits_for_the_job_at_hand_so_that_none_meets_a_closed_database(world: World) -> None:
    world.person("Alice").command("/idea", "mine", "CIDEAS")  # she is known from now on
    before, it = set(threading.enumerate()), Running(world.bot)
    world.clock.advance(timedelta(days=8))
    world.slack.faults.time_out("users.info", seconds=0.5)
    it.start()
    world.slack.wait_for(lambda: not world.slack.faults.waiting, what="people to be asked about")
    it.stop()
    at_work = [one.name for one in set(threading.enumerate()) - before if one.name.startswith("ThreadPool")]
    assert at_work == []
