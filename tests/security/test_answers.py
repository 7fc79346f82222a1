"""Answers go to Slack and nowhere else; one that does not arrive undoes nothing and is one line in the log."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from structlog.testing import capture_logs

from bot import ids, replies
from bot.views.message import Message
from playground.delivery import Request
from tests.security import gestures
from tests.security.conftest import Scene
from tests.security.laboratory import acted_by

API = "https://slack.com/api/"


@pytest.mark.parametrize(
    ("url", "api", "ours"),
    [
        ("https://hooks.slack.com/actions/T1/2/x", API, True),
        ("https://HOOKS.slack.com/actions/T1/2/x", API, True),
        ("https://hooks.slack-gov.com/actions/T1/2/x", "https://slack-gov.com/api/", True),
        ("http://127.0.0.1:8000/hooks/x", "http://127.0.0.1:8000/api/", True),
        ("http://127.0.0.1:8001/hooks/x", "http://127.0.0.1:8000/api/", False),
        ("http://hooks.slack.com/actions/T1/2/x", API, False),
        ("https://hooks.slack.com:8443/x", API, False),
        ("https://hooks.slack.com.evil.example/x", API, False),
        ("https://evilslack.com/x", API, False),
        ("https://hooks.slack.com@evil.example/x", API, False),
        ("https://evil.example/https://hooks.slack.com/x", API, False),
        (r"https://evil.example\.slack.com/x", API, False),
        ("http://169.254.169.254/latest/meta-data", API, False),
        ("file:///etc/passwd", API, False),
        ("https://[::1", API, False),
        ("//hooks.slack.com/x", API, False),
        ("", API, False),
    ],
)
def test_an_answer_goes_to_slack_or_to_nobody(url: str, api: str, ours: bool) -> None:
    assert replies.is_slacks(url, api) is ours


BUTTONS = {
    ids.IDEA_SUPPORT: "UAGENT2",
    "work.update.on_track": "UOWNER",
    ids.TROUBLE_RETRY: "UADMIN",
}
"""Buttons that do something at once and then say so, each with somebody who may."""


def press(scene: Scene, action_id: str, who: str, url: str) -> Request:
    row = next(one for name, one in gestures.PRESSES.items() if action_id.startswith(name))
    data = row.data(scene.open_one) | ({"health": "on_track"} if "on_track" in action_id else {})
    request = acted_by(scene.lab, gestures.pressed(scene.base, action_id, data), who)
    return Request(request.kind, {**request.payload, "response_url": url})


@pytest.mark.parametrize("action_id", BUTTONS)
@pytest.mark.parametrize(
    "where", ["http://169.254.169.254/x", "{slack}/hooks/actions/T0/1/gone"], ids=["foreign", "gone"]
)
def test_what_was_done_stays_done_where_the_answer_cannot_be_given(scene: Scene, action_id: str, where: str) -> None:
    url = where.format(slack=scene.lab.world.slack.base_url)
    request = press(scene, action_id, BUTTONS[action_id], url)
    outcome = scene.lab.send(request)
    assert (outcome.status, bool(outcome.effects)) == (200, True)
    assert outcome.errors == ()
    assert [line["log_level"] for line in outcome.lines if line["event"] == "request.unanswered"] == ["warning"]
    assert not [line for line in outcome.lines if line.get("exc_info")]
    assert not [call for call in outcome.calls if call.name == "chat.postMessage"], "no apology for what was done"


def unanswered(client: WebClient, body: dict[str, Any]) -> list[Any]:
    with capture_logs() as lines:
        replies.tell(client, body, Message("Done."))
    return lines


@pytest.mark.parametrize("body", [{"response_url": "http://127.0.0.1:9/hooks/x"}, {"user": {"id": "U1"}}])
def test_a_slack_that_cannot_be_reached_is_one_line_in_the_log(body: dict[str, Any]) -> None:
    nowhere = WebClient("xoxb-none", base_url="http://127.0.0.1:9/api/", timeout=2, retry_handlers=[])
    lines = unanswered(nowhere, body)
    assert [(line["event"], line["log_level"]) for line in lines] == [("request.unanswered", "warning")]
    assert "exc_info" not in lines[0]
