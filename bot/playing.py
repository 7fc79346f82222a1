"""`touchstone playground`: a local Slack with the real bot in it, by Socket Mode exactly as to Slack, and its page.

The bot lives on the playground's clock, which the page can move. Everything is kept in a folder, so a restart goes on
where the last one ended.
"""

from __future__ import annotations

import shutil
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console

from bot import importing, main, schedule, tour
from bot.demo import cast, keeping
from bot.demo.stage import settings, workspace
from bot.running import Running, Socket, TheEnd
from db import migrate
from db.engine import Sessions, make_engine
from db.models import Base, tables_on
from playground import face, snapshot
from playground.clock import Clock
from playground.feed import Change
from playground.server import HOST, serve
from playground.values import secret
from playground.workspace import Workspace

KEPT = "slack.json"
SINCE = "since.txt"
EMPTY = "empty"
SAVE_EVERY_S = 5.0
NOTICE = (
    "The sample ideas are petitions to the UK Parliament (petition.parliament.uk, Open Government Licence v3.0, "
    "collected by mySociety). Contains Parliamentary information licensed under the Open Parliament Licence v3.0. "
    "The people are made up."
)


@dataclass(frozen=True)
class Place:
    """Where a playground is kept: its folder, and the database, which may live elsewhere."""

    folder: Path
    database_url: str

    @classmethod
    def of(cls, folder: Path, database_url: str | None) -> Place:
        """The playground in this folder."""
        return cls(folder, database_url or f"sqlite:///{(folder / 'touchstone.db').resolve()}")

    @property
    def slack(self) -> Path:
        return self.folder / KEPT

    @property
    def since(self) -> Path:
        return self.folder / SINCE

    @property
    def empty(self) -> Path:
        return self.folder / EMPTY

    def clear(self) -> None:
        """Forget everything. Raises `SQLAlchemyError` if the database cannot be emptied."""
        engine = make_engine(self.database_url)
        if engine.dialect.name == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{engine.url.database}{suffix}").unlink(missing_ok=True)
        else:
            with engine.begin() as connection:
                tables_on(engine.dialect.name, Base.metadata).drop_all(connection)
                connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
            engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def saved(slack: Workspace, path: Path) -> Iterator[None]:
    """Keep the workspace on disk while it changes, and at the end."""
    changed, over = threading.Event(), threading.Event()

    def note(_change: Change) -> None:
        changed.set()

    def keep() -> None:
        while not over.wait(SAVE_EVERY_S):
            if changed.is_set():
                changed.clear()
                snapshot.save(slack, path)

    forget = slack.feed.subscribe(note)
    keeper = threading.Thread(target=keep, name="keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
        forget()
        snapshot.save(slack, path)


def reopened(place: Place) -> Workspace:
    """The workspace as it was left, on a clock that goes on from there, with secrets of its own for this run."""
    slack = workspace(Clock())
    snapshot.load(slack, place.slack)
    slack.app.app_token, slack.app.signing_secret = secret("xapp-1-"), secret("")
    slack.bot.token = secret("xoxb-")
    return slack


def check_port(port: int) -> None:
    """Raise `OSError` now, not after minutes of furnishing, if somebody else has the port."""
    socket.create_server((HOST, port)).close()


def furnish(place: Place, *, empty: bool) -> None:
    """Make the playground: people and channels, and unless `empty` what four weeks of a committee left behind.

    Raises `ValueError` if the database is somebody's already.
    """
    place.folder.mkdir(parents=True, exist_ok=True)
    _check_unused(place.database_url)
    if empty:
        place.empty.touch()
        migrate.upgrade(place.database_url)
        slack = workspace(Clock())
        cast.populate(slack)
        snapshot.save(slack, place.slack)
    else:
        keeping.lay_out(place.slack, place.database_url)


def _check_unused(database_url: str) -> None:
    """An earlier start may have been broken off before anybody came; a database with people in it is left alone."""
    engine = make_engine(database_url)
    try:
        if migrate.current(database_url) is not None and importing.workspaces(Sessions(engine)):
            raise ValueError("there is a workspace in that database already; name an empty one, or add --reset")
    finally:
        engine.dispose()


def _bring_up_to_date(database_url: str) -> None:
    standing = migrate.current(database_url)
    if standing is None:
        raise ValueError("its database is not there; give the same --database-url as before")
    if standing != migrate.head():
        migrate.upgrade(database_url)


def _since(place: Place, now: datetime) -> datetime:
    """When it was opened first: whatever happened before belongs to the sample."""
    if not place.since.exists():
        place.since.write_text(now.isoformat(), encoding="utf-8")
    return datetime.fromisoformat(place.since.read_text(encoding="utf-8"))


class Catcher(threading.Thread):
    """Asks all scheduled questions at once when the clock was moved: nobody waits a minute for a reminder."""

    def __init__(self, touchstone: main.Touchstone, clock: Clock) -> None:
        super().__init__(name="catcher", daemon=True)
        self._touchstone = touchstone
        self._moved = threading.Event()
        self._over = False
        clock.on_move(self._moved.set)

    def run(self) -> None:
        while not self._over:
            if self._moved.wait(1.0):
                self._moved.clear()
                for job in schedule.JOBS:
                    schedule.run(self._touchstone.house, job)
                self._touchstone.delivery.nudge()

    def stop(self) -> None:
        """End after the round at hand."""
        self._over = True
        self._moved.set()
        self.join()


def play(place: Place, *, port: int, page: bool, bot: bool, console: Console) -> None:
    """Open the playground as it was left, with the bot in it, until told to stop."""
    told = TheEnd()
    _bring_up_to_date(place.database_url)
    slack = reopened(place)
    engine = make_engine(place.database_url)
    sessions = Sessions(engine)
    empty = place.empty.exists()
    guide = tour.Tour(sessions, _since(place, slack.now()), empty=empty)
    page_of = face.routes(slack, guide=guide, notice="" if empty else NOTICE, jumps=tour.jumps(sessions))
    with (
        saved(slack, place.slack),
        serve(slack, port=port, routes=page_of) as server,
        inhabited(slack, engine) if bot else nullcontext(),
    ):
        url = server.url + (f"/?as={cast.ADMIN}#home" if empty and bot else "")
        _greet(url, slack, place, bot=bot, console=console)
        if page:
            webbrowser.open(url)
        told.wait()
        console.print("Closing …")
    engine.dispose()


@contextmanager
def inhabited(slack: Workspace, engine: sa.Engine) -> Iterator[main.Touchstone]:
    """The bot, living in this Slack by Socket Mode and on its clock."""
    url = engine.url.render_as_string(hide_password=False)
    touchstone = main.build(settings(slack, url), clock=slack.now, engine=engine)
    running, link, catcher = Running(touchstone), Socket(touchstone), Catcher(touchstone, slack.clock)
    running.start()
    catcher.start()
    link.open()
    slack.sockets.wait_open()
    try:
        yield touchstone
    finally:
        catcher.stop()
        link.close()
        running.stop()


def _greet(url: str, slack: Workspace, place: Place, *, bot: bool, console: Console) -> None:
    now, database = slack.now(), sa.make_url(place.database_url).render_as_string()
    for line in (
        f"\n[bold]{url}[/bold]  – open it in as many tabs as you like, each as somebody else. Ctrl-C ends it.",
        f"It is {now:%A}, {now.day} {now:%B %Y} in there; the bar on top moves the clock.",
        f"Kept in {place.folder}; the database is {database}",
    ):
        console.print(line, soft_wrap=True)
    if not bot:
        console.print("No bot is connected. An app finds this Slack by:")
        for name, value in slack.environment().items():
            console.print(f"export {name}={value}", soft_wrap=True)
