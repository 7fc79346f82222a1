"""`touchstone playground`: what it is kept in, and how it starts and ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.demo import cast
from bot.playing import Place, furnish, reopened
from db import migrate
from db.engine import Sessions
from db.models import Ballot, BallotState, Event, Idea, IdeaState
from playground import snapshot
from tests.databases import open_engine

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@pytest.fixture
def place(tmp_path: Path, empty_url: str) -> Place:
    return Place(tmp_path / "kept", empty_url)


def test_it_begins_in_the_middle_of_things_and_in_a_database_of_this_version(place: Place) -> None:
    furnish(place, empty=False)
    slack = reopened(place)
    assert "the week to" in slack.person(cast.CHAIR).messages(cast.DIGEST)[-1].text
    migrate.check(place.database_url)
    with open_engine(place.database_url) as engine, Sessions(engine).everywhere() as session:
        assert set(session.scalars(sa.select(Idea.state).distinct())) == set(IdeaState)
        assert session.scalar(sa.select(sa.exists().where(Ballot.state == BallotState.OPEN)))
        latest = session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert latest.at <= slack.now()
        known = {name: getattr(latest, name) for name in ("workspace_id", "kind", "at", "actor_id")}
        session.add(Event(**known))
        session.flush()  # the next number is free, also where a sequence gives it


def test_a_database_that_is_in_use_is_left_alone_until_it_is_cleared(place: Place) -> None:
    furnish(place, empty=False)
    place.slack.unlink()
    with pytest.raises(ValueError, match="in that database already"):
        furnish(place, empty=True)
    place.clear()
    furnish(place, empty=True)
    assert reopened(place).person(cast.CHAIR).messages(cast.DIGEST) == []


@contextmanager
def opened(folder: Path, *words: str) -> Iterator[str]:
    """The address of a playground in a process of its own, which Ctrl-C must end well."""
    command = [sys.executable, "-m", "bot", "playground", "--port", "0", "--no-page", "--folder", str(folder), *words]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TOUCHSTONE_"))}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=quiet) as process:
        assert process.stderr is not None
        said: list[str] = []
        for line in process.stderr:
            said.append(line)
            if found := ADDRESS.search(line):
                yield found.group()
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert (process.returncode, rest.strip().splitlines()[-1:]) == (0, ["Closing …"]), "".join(said) + rest


def test_it_goes_on_where_it_was_left_until_it_is_reset_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    place = Place.of(tmp_path / "kept", None)
    furnish(place, empty=True)
    slack = reopened(place)
    slack.person(cast.CHAIR).say(cast.INTAKE, "Still here")
    snapshot.save(slack, place.slack)
    with opened(place.folder) as url, urllib.request.urlopen(url) as page:  # a loopback address
        assert b"playground-key" in page.read()
    assert reopened(place).person(cast.CHAIR).messages(cast.INTAKE)[-1].text == "Still here"
    with opened(place.folder, "--reset"):
        pass
    assert "Still here" not in {one.text for one in reopened(place).person(cast.CHAIR).messages(cast.INTAKE)}
