"""The door for HTTP: what is forged, stale, replayed or misshapen goes no further than one line in the log."""

from __future__ import annotations

import time

import pytest
from slack_bolt import BoltResponse
from structlog.testing import capture_logs

from bot.security import LARGEST, STALE_S, sign
from tests.bot.ballot_world import idea_at
from tests.bot.wsgi import FORM, JSON, Reply, event, interaction, post, signed
from tests.world import TEAM, World


@pytest.fixture
def body() -> bytes:
    return event("team_rename", TEAM, "Ev1")


def knock(world: World, body: bytes, headers: dict[str, str]) -> Reply:
    return post(world.bot.wsgi(), body, headers)


def secret(world: World) -> str:
    return world.slack.app.signing_secret


def test_slacks_own_test_vector_is_reproduced() -> None:
    vector = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", vector) == expected


def test_an_honest_request_is_let_in(world: World, body: bytes) -> None:
    assert knock(world, body, signed(secret(world), body)).status != 401


def test_a_url_verification_is_answered(world: World) -> None:
    body = b'{"type": "url_verification", "challenge": "c123"}'
    reply = knock(world, body, signed(secret(world), body))
    assert (reply.status, "c123" in reply.text) == (200, True)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Slack-Signature": "v0=" + "0" * 64}, id="forged"),
        pytest.param({"X-Slack-Signature": ""}, id="unsigned"),
        pytest.param({"X-Slack-Signature": "v0=üñí"}, id="signed-in-letters"),
        pytest.param({"X-Slack-Request-Timestamp": "yesterday"}, id="non-numeric"),
        pytest.param({"X-Slack-Request-Timestamp": ""}, id="no-timestamp"),
        pytest.param({"X-Slack-Request-Timestamp": "-5"}, id="negative"),
        pytest.param({"X-Slack-Request-Timestamp": "9" * 400}, id="astronomical"),
        pytest.param({"X-Slack-Request-Timestamp": "١٧٠٠٠٠٠٠٠٠"}, id="other-digits"),
        pytest.param({"X-Slack-Request-Timestamp": "1e9"}, id="float"),
    ],
)
def test_what_slack_did_not_sign_gets_401_and_one_line(world: World, body: bytes, headers: dict[str, str]) -> None:
    with capture_logs() as lines:
        assert knock(world, body, {**signed(secret(world), body), **headers}).status == 401
    assert [line["event"] for line in lines] == ["request.turned_away"]
    assert "exc_info" not in lines[0]


@pytest.mark.parametrize("age", [-STALE_S - 2, STALE_S + 2])
def test_a_stale_request_gets_401(world: World, body: bytes, age: int) -> None:
    headers = signed(secret(world), body, at=time.time() - age)
    assert knock(world, body, headers).status == 401


def test_a_signature_of_another_body_gets_401(world: World, body: bytes) -> None:
    assert knock(world, body + b" ", signed(secret(world), body)).status == 401


def test_a_replayed_request_gets_401(world: World, body: bytes) -> None:
    headers = signed(secret(world), body)
    assert knock(world, body, headers).status != 401
    with capture_logs() as lines:
        assert knock(world, body, headers).status == 401
    assert lines[0]["why"] == "replayed"


@pytest.mark.parametrize(("who", "votes"), [("Mia", 1), ("Ada", 0)], ids=["done", "refused"])
def test_a_replayed_press_gets_401_and_has_no_second_effect(world: World, who: str, votes: int) -> None:
    ballot = idea_at(world).open()
    world.person(who).click(ballot.card, "Approve")
    pressed = {**world.slack.wire.deliveries("block_actions")[-1].request, "trigger_id": "1.2.fresh"}
    body = interaction(**pressed)
    again = signed(secret(world), body, kind=FORM)
    assert knock(world, body, again).status == 200
    with capture_logs() as lines:
        assert knock(world, body, again).status == 401
    assert [line["why"] for line in lines if line["event"] == "request.turned_away"] == ["replayed"]
    assert knock(world, body, signed(secret(world), body, kind=FORM, at=time.time() - 1)).status == 200  # a retry
    assert len(ballot.standing()) == votes


def test_another_401_than_that_of_a_replay_is_passed_on_and_not_called_one(world: World) -> None:
    @world.bot.app.event("team_rename")
    def renamed() -> BoltResponse:
        return BoltResponse(status=401, body="not you")

    body = event("team_rename", TEAM, "Ev3")
    with capture_logs() as lines:
        reply = knock(world, body, signed(secret(world), body))
    assert (reply.status, reply.text) == (401, "not you")
    assert [line for line in lines if line["event"] == "request.turned_away"] == []


def test_slacks_own_retry_is_let_in(world: World, body: bytes) -> None:
    assert knock(world, body, signed(secret(world), body, at=time.time() - 1)).status != 401
    assert knock(world, body, signed(secret(world), body)).status != 401


def test_a_request_that_failed_may_come_again_within_the_same_second(world: World) -> None:
    heard = []

    @world.bot.app.event("team_rename")
    def renamed() -> None:
        heard.append(1)
        if len(heard) == 1:
            raise ZeroDivisionError

    body = event("team_rename", TEAM, "Ev2")
    headers = signed(secret(world), body)
    assert [knock(world, body, headers).status for _ in range(3)] == [500, 200, 401]


def test_too_large_a_body_is_not_even_hashed(world: World) -> None:
    body = b"x" * (LARGEST + 1)
    assert knock(world, body, signed(secret(world), body)).status == 413


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", ""])
def test_a_content_type_slack_does_not_send_is_refused(world: World, body: bytes, kind: str) -> None:
    assert knock(world, body, signed(secret(world), body, kind=kind)).status == 415


@pytest.mark.parametrize("kind", [FORM, JSON, "application/json; charset=utf-8"])
def test_bytes_that_are_no_text_are_refused(world: World, kind: str) -> None:
    body = b"payload=\xff\xfe"
    assert knock(world, body, signed(secret(world), body, kind=kind)).status == 400


@pytest.mark.parametrize(
    "body",
    [b"{", b"payload=%7B", b"payload=[1]", b'{"a":' * 50_000, b"payload=" + b"[" * 90_000],
    ids=lambda it: it[:12],
)
def test_signed_bytes_that_are_no_payload_are_refused(world: World, body: bytes) -> None:
    assert knock(world, body, signed(secret(world), body, kind=FORM)).status == 400


@pytest.mark.parametrize("body", [b"null", b"", b'{"type": 7}', b"\x00", b'{"type": []}', b'{"team_id": 7}'])
def test_signed_nonsense_neither_crashes_nor_works(world: World, body: bytes) -> None:
    with capture_logs() as lines:
        assert knock(world, body, signed(secret(world), body, kind=FORM)).status < 500
    assert not [line for line in lines if line["log_level"] == "error"]


def test_only_posts_to_the_one_path_reach_the_guard(world: World, body: bytes) -> None:
    assert post(world.bot.wsgi(), body, signed(secret(world), body), path="/slack/install").status == 404
