"""The log: a trace from request to delivery, and no secret in any line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import sqlalchemy as sa
import structlog
from structlog.testing import capture_logs

from bot import log
from bot.settings import Settings
from db.engine import make_engine
from db.models import Notice
from tests.world import World


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-abc",
        "xoxe.xoxb-1-abc",
        "xapp-1-A1-2-abc",
        "v0=" + "ab" * 32,
        "https://hooks.slack.com/actions/T1/2/abc",
    ],
)
def test_secrets_do_not_get_into_the_log(secret: str) -> None:
    assert secret not in log.hush(f"it said {secret} and went on")
    assert "went on" in log.hush(f"it said {secret} and went on")


def test_a_database_password_does_not_get_into_the_log() -> None:
    assert "hunter2" not in log.hush("postgresql://ann:hunter2@db/touchstone is down")


def test_the_pool_of_connections_is_as_quiet_as_sqlalchemys_own() -> None:
    engine = make_engine("sqlite://")
    assert engine.pool.logger.name in log.NOISY
    engine.dispose()


def test_settings_never_show_their_secrets() -> None:
    settings = Settings(bot_token="xoxb-secret", signing_secret="shh", _env_file=None)
    assert "xoxb-secret" not in repr(settings)
    assert "shh" not in str(settings.model_dump())


def test_the_lines_of_libraries_are_json_too_and_hushed() -> None:
    script = (
        "import logging; from bot import log; log.configure('INFO', as_json=True);"
        "logging.getLogger('somebody').warning('token %s', 'xoxb-1-2-3');"
        "log.get('us').info('thing.done', n=1)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    first, second = (json.loads(line) for line in run.stderr.splitlines())
    assert first["event"] == "token [hidden]"
    assert (second["event"], second["n"], second["level"]) == ("thing.done", 1, "info")


def test_one_trace_leads_from_the_request_to_what_is_delivered(world: World) -> None:
    world.committee()
    alice = world.person("Alice")
    alice.command("/idea", "A faster till", "CIDEAS")
    form = alice.view
    assert form is not None
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        alice.fill(form, {"title": "A faster till", "problem": "Queues"})
        alice.submit()
        world.settle()
    with world.session() as session:
        trace = session.scalars(sa.select(Notice.trace).where(Notice.kind == "idea.card")).one()
    assert trace
    assert [line["event"] for line in lines if line.get("trace") == trace].count("notice.sent") >= 2
