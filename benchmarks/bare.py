"""What Touchstone is compared with: the same server with a Bolt handler that does nothing, or only the same SQL.

`python -m benchmarks.bare`, with the plan of what to replay in `BENCH_PLAN` (none: an empty handler).
"""

from __future__ import annotations

import os
import pickle
import re
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult

from benchmarks.ground import HOST
from bot.settings import Settings
from bot.web import Readiness, Site
from db.engine import make_engine

Plan = dict[tuple[str, str], list[tuple[str, Any]]]
"""(user, action) -> statements with their parameters; BEGIN and COMMIT among them."""


def application() -> Site:
    """A WSGI application like Touchstone's, with one bare handler."""
    settings = Settings()
    app = App(
        signing_secret=settings.signing_secret.get_secret_value(),
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T", bot_token="xoxb-x", bot_user_id="U"),
        process_before_response=True,
    )
    app.action(re.compile("ballot"))(_replaying(settings) if "BENCH_PLAN" in os.environ else _empty)
    return Site(SlackRequestHandler(app), lambda: Readiness(True, {}))


def _empty(ack: Ack) -> None:
    ack()


def _replaying(settings: Settings) -> Any:
    # The plan is written by this very run, a moment ago.
    plan: Plan = pickle.loads(Path(os.environ["BENCH_PLAN"]).read_bytes())  # noqa: S301
    engine = make_engine(settings.database_url, pool_size=settings.threads)

    def handler(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        replay(engine, plan[body["user"]["id"], body["actions"][0]["action_id"]])

    return handler


def replay(engine: sa.Engine, statements: list[tuple[str, Any]]) -> None:
    """Run the statements in the transactions they stood in; what must be new each time is."""
    connection = None
    for statement, parameters in statements:
        if statement == "BEGIN":
            connection = engine.connect()
            connection.begin()
        elif connection is None:
            continue
        elif statement == "COMMIT":
            connection.commit()
            connection.close()
        else:
            result = connection.exec_driver_sql(statement, _fresh(parameters))
            if result.returns_rows:
                result.fetchall()


def _fresh(parameters: Any) -> Any:
    if isinstance(parameters, dict):
        return {name: _new(value) for name, value in parameters.items()}
    return tuple(_new(value) for value in parameters)


def _new(value: Any) -> Any:
    once = isinstance(value, str) and value.startswith(("signature:", "trigger:"))
    return f"{value[:10]}{uuid.uuid4()}" if once else value


if __name__ == "__main__":
    settings = Settings()
    Server(
        "benchmarks.bare:application", factory=True, interface=Interfaces.WSGI, address=HOST, port=settings.port,
        blocking_threads=settings.threads, backlog=1024, backpressure=settings.threads, websockets=False,
        log_level=LogLevels.error,
    ).serve()  # fmt: skip
