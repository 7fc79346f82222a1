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
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from pydantic import SecretStr
from rich.console import Console

from bot import main, manifest, schedule
from bot.demo import cast
from bot.demo.programme import WEEKS
from bot.demo.season import sample, season
from bot.demo.stage import TEAM, theatre
from bot.running import Running, Socket, wait_for_the_end
from bot.settings import Settings
from bot.tour import Tour
from db import migrate
from db.engine import Sessions, make_engine
from db.models import Base
from playground import face, snapshot
from playground.clock import Clock
from playground.feed import Change
from playground.server import HOST, serve
from playground.values import secret
from playground.workspace import Workspace

NAME = "Bright & Sons"
KEPT = "slack.json"
SINCE = "since.txt"
EMPTY = "empty"
SEED = 7
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

    def clear(self) -> None:
        """Forget everything. Raises `SQLAlchemyError` if the database cannot be emptied."""
        if not self.database_url.startswith("sqlite"):
            engine = make_engine(self.database_url)
            with engine.begin() as connection:
                Base.metadata.drop_all(connection)
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
    slack = Workspace(manifest.build(), clock=Clock(), team_id=TEAM, name=NAME, domain="bright")
    snapshot.load(slack, place.slack)
    slack.app.app_token, slack.app.signing_secret = secret("xapp-1-"), secret("")
    slack.bot.token = secret("xoxb-")
    return slack


def check_port(port: int) -> None:
    """Raise `OSError` now, not after minutes of furnishing, if somebody else has the port."""
    socket.create_server((HOST, port)).close()


def furnish(place: Place, *, empty: bool, console: Console) -> None:
    """Make the playground: people and channels, and unless `empty` four weeks of a committee with real ideas."""
    place.folder.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(place.database_url)
    if empty:
        slack = Workspace(manifest.build(), clock=Clock(), team_id=TEAM, name=NAME, domain="bright")
        cast.populate(slack)
        (place.folder / EMPTY).touch()
        _keep(slack, place)
        return
    with theatre(place.database_url, _a_monday(), cast.populate, NAME) as stage:
        with console.status("Four weeks of a committee pass …") as status:
            season(stage, sample(), seed=SEED, told=lambda what: status.update(f"{what} …"))
        _keep(stage.slack, place)


def _keep(slack: Workspace, place: Place) -> None:
    snapshot.save(slack, place.slack)
    place.since.write_text(slack.now().isoformat(), encoding="utf-8")


def _a_monday() -> datetime:
    """A Monday morning, so long ago that the sample weeks end about today."""
    today = main.system_clock().replace(hour=8, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


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
    slack = reopened(place)
    engine = make_engine(place.database_url)
    since = datetime.fromisoformat(place.since.read_text(encoding="utf-8"))
    tour = Tour(Sessions(engine), since, empty=_is_empty(place))
    with (
        saved(slack, place.slack),
        serve(slack, port=port, routes=face.routes(slack, guide=tour, notice=NOTICE)) as server,
        _inhabited(slack, engine, place) if bot else nullcontext(),
    ):
        _greet(server.url, slack, place, bot=bot, console=console)
        if page:
            webbrowser.open(server.url)
        wait_for_the_end()
        console.print("Closing …")
    engine.dispose()


@contextmanager
def _inhabited(slack: Workspace, engine: sa.Engine, place: Place) -> Iterator[None]:
    touchstone = main.build(_settings(slack, place), clock=slack.now, engine=engine)
    running, link, catcher = Running(touchstone), Socket(touchstone), Catcher(touchstone, slack.clock)
    running.start()
    catcher.start()
    link.open()
    slack.sockets.wait_open()
    try:
        yield
    finally:
        catcher.stop()
        link.close()
        running.stop()


def _settings(slack: Workspace, place: Place) -> Settings:
    return Settings(
        bot_token=SecretStr(slack.bot.token),
        app_token=SecretStr(slack.app.app_token),
        slack_api_url=slack.environment()["SLACK_API_URL"],
        database_url=place.database_url,
        _env_file=None,
    )


def _is_empty(place: Place) -> bool:
    return (place.folder / EMPTY).exists()


def _greet(url: str, slack: Workspace, place: Place, *, bot: bool, console: Console) -> None:
    console.print(
        f"\n[bold]{url}[/bold]  – open it in as many tabs as you like, each as somebody else. Ctrl-C ends it."
    )
    console.print(f"Kept in {place.folder}; the database is {sa.make_url(place.database_url).render_as_string()}")
    if not bot:
        console.print("No bot is connected. An app finds this Slack by:")
        for name, value in slack.environment().items():
            console.print(f"export {name}={value}", soft_wrap=True)
