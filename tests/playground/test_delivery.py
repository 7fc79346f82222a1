"""Delivery and its misfortunes: signatures, retries, duplicates, rates, broken connections."""

import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.signature import SignatureVerifier

from playground import NoAnswer
from playground.clock import Clock
from playground.courier import Courier
from playground.http_delivery import sign
from tests.playground.stub import HTTP, call, decoded

# Slack's published example: docs.slack.dev/authentication/verifying-requests-from-slack
EXAMPLE = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


@pytest.fixture
def client(slack):
    return WebClient(slack.bot.token, base_url=slack.environment()["SLACK_API_URL"], timeout=5)


@pytest.fixture
def receiver(slack):
    """A real HTTP server as the app; `status` is what it answers, `got` what came."""

    class Receiver(BaseHTTPRequestHandler):
        got: ClassVar[list] = []
        status = 200
        delay = 0.0

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            verifier = SignatureVerifier(slack.app.signing_secret)
            assert verifier.is_valid_request(body, dict(self.headers))
            Receiver.got.append((decoded(self.headers["Content-Type"], body), dict(self.headers)))
            time.sleep(Receiver.delay)
            self.send_response(Receiver.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    slack.connect_http(f"http://127.0.0.1:{server.server_port}/slack/events")
    yield Receiver
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_signature_is_that_of_slacks_published_example():
    made = sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", EXAMPLE)
    assert made == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_commands_and_events_reach_a_real_server_signed(receiver, alice, ideas):
    alice.command("/idea", "x", ideas)
    alice.say(ideas, "@committee hello")
    kinds = [one.get("command") or one["event"]["type"] for one, _ in receiver.got]
    assert kinds == ["/idea", "message", "app_mention"]


def test_a_failed_event_is_retried_at_once_after_a_minute_and_after_five(slack, app, alice, ideas):
    app.answers["app_mention"] = (500, "", {})
    alice.say(ideas, "@committee hello")
    slack.settle()
    seen = [h.get("x-slack-retry-num") for name, _, h in app.requests if name == "app_mention"]
    assert seen == [None, "1"]
    slack.advance(seconds=61)
    slack.advance(minutes=5, seconds=1)
    slack.advance(hours=2)
    mentions = [(payload["event_id"], h) for name, payload, h in app.requests if name == "app_mention"]
    assert [h.get("x-slack-retry-num") for _, h in mentions] == [None, "1", "2", "3"]
    assert {h.get("x-slack-retry-reason") for _, h in mentions} == {None, "http_error"}
    assert len({event_id for event_id, _ in mentions}) == 1
    at_once, after_a_minute, after_five = [int(h["x-slack-request-timestamp"]) for _, h in mentions[1:]]
    assert at_once < after_a_minute < after_five, "or an app that knows replays would refuse them"


def test_an_app_may_ask_not_to_be_told_again(slack, app, alice, ideas):
    app.answers["app_mention"] = (500, "", {"X-Slack-No-Retry": "1"})
    alice.say(ideas, "@committee hello")
    slack.settle()
    assert len(app.got("app_mention")) == 1


def test_an_app_that_needs_more_than_three_seconds_has_not_answered(slack, receiver, alice, ideas):
    receiver.delay = 3.2
    with pytest.raises(NoAnswer, match="operation_timeout"):
        alice.command("/idea", "", ideas)
    record = slack.wire.deliveries("/idea")[0]
    assert (record.elapsed, record.note) == (None, "operation_timeout")


def test_a_patient_workspace_waits_longer(slack, receiver, alice, ideas):
    slack.patience, receiver.delay = 0.1, 0.2
    with pytest.raises(NoAnswer, match=r"within 0\.1 seconds"):
        alice.command("/idea", "", ideas)
    slack.patience = 5
    alice.command("/idea", "", ideas)


def test_no_app_at_all_is_no_answer(slack, alice, ideas):
    with pytest.raises(NoAnswer, match="No app is connected"):
        alice.command("/idea", "", ideas)


def test_events_can_come_twice_and_out_of_order(slack, app, alice, ideas):
    slack.faults.duplicate_events()
    alice.say(ideas, "one")
    assert len({one["event_id"] for one in app.got("message")}) == 1
    assert len(app.got("message")) == 2
    slack.faults.reorder_events()
    alice.say(ideas, "two")
    alice.say(ideas, "three")
    assert [one["event"]["text"] for one in app.got("message")] == ["one", "one", "three", "two"]


def test_an_event_held_back_with_none_after_it_is_delivered_in_the_end(slack, app, alice, ideas):
    slack.faults.reorder_events()
    alice.say(ideas, "one")
    assert app.got("message") == []
    slack.settle()
    assert len(app.got("message")) == 1


def test_what_the_clock_made_due_is_done_when_all_has_settled():
    courier, begun, done = Courier(Clock()), threading.Event(), threading.Event()

    def slow():
        begun.set()
        time.sleep(0.2)
        done.set()

    courier.at(datetime.now(UTC), slow)
    assert begun.wait(5)
    courier.settle()
    assert done.is_set()
    courier.close()


def test_an_answered_event_can_come_again_as_a_retry(slack, app, alice, ideas):
    slack.faults.retry_events()
    alice.say(ideas, "one")
    headers = [h for name, _, h in app.requests if name == "message"]
    assert headers[1]["x-slack-retry-num"] == "1"
    assert headers[1]["x-slack-retry-reason"] == "http_timeout"


def test_429_says_how_long_to_wait_and_the_sdk_waits(slack, client, ideas):
    slack.faults.rate_limit("chat.postMessage", times=2, retry_after=1)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=ideas.id, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["retry-after"]) == (429, "1")
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    assert client.chat_postMessage(channel=ideas.id, text="x")["ok"]
    assert [one.status for one in slack.wire.calls("chat.postMessage")] == [429, 429, 200]


def test_a_fault_can_be_for_one_channel_only(slack, alice, ideas):
    slack.add_channel("other", [alice], id="C0OTHER")
    slack.faults.refuse("chat.*", "fatal_error", channel=ideas.id)
    assert call(slack, "chat.postMessage", channel="C0OTHER", text="x")["ok"]
    assert call(slack, "chat.postMessage", channel=ideas.id, text="x")["error"] == "fatal_error"
    assert call(slack, "chat.postMessage", channel=ideas.id, text="x")["ok"]


@pytest.mark.parametrize(("after_effect", "posted"), [(False, 0), (True, 1)])
def test_an_answer_that_never_came_says_nothing_about_the_effect(slack, alice, ideas, after_effect, posted):
    slack.faults.time_out("chat.postMessage", after_effect=after_effect)
    with pytest.raises(httpx.RemoteProtocolError):
        call(slack, "chat.postMessage", channel=ideas.id, text="x")
    assert len(alice.messages(ideas)) == posted
    assert slack.wire.calls("chat.postMessage")[0].status is None


@pytest.mark.parametrize(("after_effect", "posted"), [(False, 0), (True, 1)])
def test_a_500_may_come_before_or_after_the_effect(slack, client, alice, ideas, after_effect, posted):
    slack.faults.server_error("chat.postMessage", status=503, after_effect=after_effect)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=ideas.id, text="x")
    assert len(alice.messages(ideas)) == posted


def test_a_timed_out_call_keeps_the_app_waiting(slack, ideas):
    slack.faults.time_out("chat.postMessage", seconds=1.0)
    with pytest.raises(httpx.ReadTimeout):
        HTTP.post(f"{slack.base_url}/api/chat.postMessage", json={}, timeout=0.2)


def test_too_fast_is_noted_and_refused_only_when_enforced(slack, ideas):
    for _ in range(4):
        assert call(slack, "chat.postMessage", channel=ideas.id, text="x")["ok"]
    assert any(one.code == "ratelimited" for _, one in slack.wire.problems("warning"))
    slack.rates.mode = "enforce"
    assert call(slack, "chat.postMessage", channel=ideas.id, text="x")["error"] == "ratelimited"
    slack.advance(seconds=4)
    assert call(slack, "chat.postMessage", channel=ideas.id, text="x")["ok"]


def test_what_happens_in_the_workspace_is_told(slack, app, alice, bob, ideas):
    group = slack.add_group("chairs", [alice])
    slack.set_group(group, [bob])
    slack.change_user(bob, deleted=True)
    slack.archive(ideas)
    changed = app.got("subteam_members_changed")[0]["event"]
    assert (changed["added_users"], changed["removed_users"]) == ([bob.id], [alice.id])
    assert app.got("user_change")[0]["event"]["user"]["deleted"] is True
    assert app.got("channel_archive")[0]["event"]["channel"] == ideas.id


def test_a_removed_bot_hears_of_its_removal_and_then_nothing(slack, app, alice, ideas):
    slack.remove_bot(ideas)
    alice.say(ideas, "gone?")
    assert app.got("member_left_channel")[0]["event"]["user"] == slack.bot.user_id
    assert app.got("message") == []


def test_an_uninstalled_app_hears_its_last_words(slack, app, alice, ideas):
    slack.uninstall()
    alice.say(ideas, "hello?")
    assert [name for name, _, _ in app.requests] == ["tokens_revoked", "app_uninstalled"]
    assert call(slack, "auth.test")["error"] == "token_revoked"


def test_a_channel_that_changes_its_id_keeps_its_messages(slack, app, alice, ideas):
    alice.say(ideas, "before")
    with slack.acting():
        slack.channels.change_id(ideas)
    told = app.got("channel_id_changed")[0]["event"]
    assert (told["old_channel_id"], told["new_channel_id"]) == ("C0IDEAS", ideas.id)
    assert [one.text for one in alice.messages(ideas)] == ["before"]


def test_a_custom_step_is_run_and_finished_once_with_its_own_token(slack, app):
    with slack.acting():
        step = slack.steps.run("score", {"idea": "1"})
    event = app.got("function_executed")[0]["event"]
    args = {"function_execution_id": event["function_execution_id"], "outputs": {"score": 3}}
    assert call(slack, "functions.completeSuccess", token=event["bot_access_token"], **args)["ok"]
    assert (step.outcome, step.outputs) == ("success", {"score": 3})
    assert call(slack, "functions.completeSuccess", **args)["error"] == "not_running"
    assert call(slack, "auth.test", token=event["bot_access_token"])["error"] == "invalid_auth"
