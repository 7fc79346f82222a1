"""The workspace as a whole: its clock, its feed, its log, its copies on disk, several of them, and installation."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler

from playground import Clock, Workspace, serve
from playground.snapshot import load, save
from playground.testing import slack_workspace
from tests.playground.bolt_app import build
from tests.playground.conftest import MANIFEST
from tests.playground.stub import HTTP, actions, button, call, query, section

TWELVE_HOURS = timedelta(hours=12)


def test_a_still_clock_moves_only_when_told():
    clock = Clock(datetime(2026, 3, 2, 9, tzinfo=UTC), running=False)
    assert clock.now() == clock.now()
    assert clock.advance(timedelta(days=1)) == datetime(2026, 3, 3, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 3, 2, 9))  # noqa: DTZ001 - a naive time is what is refused


def test_a_running_clock_runs_and_can_be_moved():
    clock = Clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert clock.now() < clock.now()
    assert timedelta(0) <= clock.set(datetime(2030, 1, 1, tzinfo=UTC)) - datetime(2030, 1, 1, tzinfo=UTC) < timedelta(1)


def test_a_running_clock_brings_scheduled_messages_by_itself():
    with slack_workspace(start=None) as slack:
        alice = slack.add_user("alice")
        ideas = slack.add_channel("ideas", [alice])
        call(slack, "chat.scheduleMessage", channel=ideas.id, text="soon", post_at=slack.unix() + 1)
        assert slack.wait_for(lambda: alice.messages(ideas))[0].text == "soon"


def test_every_change_is_told_once_and_only_to_those_who_may_see_it(slack, alice, bob, ideas):
    changes = []
    stop = slack.feed.subscribe(changes.append)
    call(slack, "chat.postMessage", channel=ideas.id, text="for all")
    call(slack, "chat.postEphemeral", channel=ideas.id, user=alice.id, text="for alice")
    call(slack, "chat.postMessage", channel=bob.id, text="for bob")
    shown = [(one.kind, one.viewers) for one in changes if one.kind in ("message", "ephemeral")]
    assert shown == [("message", None), ("ephemeral", (alice.id,)), ("message", (slack.bot.user_id, bob.id))]
    assert [one.seq for one in changes] == sorted({one.seq for one in changes})
    stop()
    call(slack, "chat.postMessage", channel=ideas.id, text="unseen")
    assert not any(one.data.get("message", {}).get("text") == "unseen" for one in changes)


def test_the_log_says_what_went_both_ways_how_long_it_took_and_what_is_wrong(slack, app, alice, ideas):
    alice.command("/idea", "x", ideas)
    call(slack, "chat.postMessage", channel=ideas.id, text="x", blocks=[{"type": "nonsense"}])
    delivery, refused = slack.wire.deliveries("/idea")[0], slack.wire.calls("chat.postMessage")[0]
    assert 0 < delivery.elapsed < 3
    assert delivery.status == 200
    assert refused.response["error"] == refused.verdicts[0].code == "invalid_blocks"
    assert slack.wire.problems()[0][0] is refused


def test_the_log_holds_no_secrets(slack, app, alice, ideas):
    with slack.acting():
        slack.steps.run("score", {})
    call(slack, "auth.test")
    args = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret, "code": "x"}
    call(slack, "oauth.v2.access", token="", **args)
    said = json.dumps([one.request for one in slack.wire.records])
    for secret in (slack.bot.token, slack.app.client_secret, slack.app.verification_token, "xwfp-"):
        assert secret not in said


def test_a_capture_has_a_line_an_exchange_in_the_order_they_happened(slack, app, alice, ideas, tmp_path):
    blocks = [section("x"), actions(button("go", "Go"))]
    call(slack, "chat.postMessage", channel=ideas.id, text="x", blocks=blocks)
    slack.settle()
    alice.click(alice.messages(ideas)[0], "Go")
    HTTP.post(app.got("block_actions")[0]["response_url"], json={"text": "thanks"})
    slack.faults.rate_limit("auth.test", retry_after=7)
    call(slack, "auth.test")
    assert slack.wire.write_capture(tmp_path / "capture.jsonl") == 5
    posted, event, click, thanks, limited = map(json.loads, (tmp_path / "capture.jsonl").read_text().splitlines())
    assert (posted["method"], posted["args"]["text"], posted["response"]["ok"]) == ("chat.postMessage", "x", True)
    assert event["request"]["event"]["type"] == "message"
    assert (click["request"]["type"], click["ack"], click["status"]) == ("block_actions", "", 200)
    assert click["elapsed"] > 0
    assert thanks["body"] == {"text": "thanks"}
    assert thanks["response_url"].startswith(slack.base_url)
    assert (limited["status"], limited["retry_after"]) == (429, 7)


def test_a_workspace_comes_back_from_disk_as_it_was(slack, alice, bob, ideas, tmp_path):
    parent = alice.say(ideas, "hello")
    bob.say(ideas, "reply", parent)
    bob.react(parent, "heart")
    slack.add_group("chairs", [alice], id="S0CHAIRS")
    call(slack, "views.publish", user_id=alice.id, view={"type": "home", "blocks": [section("home")]})
    call(slack, "chat.scheduleMessage", channel=ideas.id, text="later", post_at=slack.unix() + 3600)
    save(slack, tmp_path / "slack.json")
    again = Workspace(MANIFEST, clock=Clock(running=False))
    load(again, tmp_path / "slack.json")
    alice = again.person("alice")
    assert again.environment() | {"SLACK_API_URL": ""} == slack.environment() | {"SLACK_API_URL": ""}
    assert again.now() == slack.now()
    assert [(one.text, one.reactions) for one in alice.messages("ideas")] == [("hello", {"heart": [bob.id]})]
    assert [one.text for one in alice.thread(alice.messages("ideas")[0])] == ["reply"]
    assert alice.home.words == "home"
    assert again.people.groups["S0CHAIRS"].users == [alice.id]
    assert alice.say("ideas", "new").ts > parent.ts
    assert again.add_user("carol").id not in slack.people.users
    again.advance(hours=2)
    assert alice.messages("ideas")[-1].text == "later"


def test_a_file_of_another_version_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "slack.json").write_text('{"version": 99}')
    with pytest.raises(ValueError, match="delete it to start anew"):
        load(Workspace(), tmp_path / "slack.json")


def test_an_installation_is_agreed_to_and_exchanged_once(slack, alice):
    ask = {
        "client_id": slack.app.client_id,
        "redirect_uri": "https://app.example/back",
        "state": "s1",
        "user": alice.id,
    }
    back = HTTP.get(f"{slack.base_url}/oauth/v2/authorize", params=ask).headers["location"]
    code = query(back)["code"][0]
    assert query(back)["state"] == ["s1"]
    secrets = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    args = {"code": code, "redirect_uri": "https://app.example/back"} | secrets
    old = slack.bot.token
    granted = call(slack, "oauth.v2.access", token="", **args)
    assert granted["access_token"] == slack.bot.token != old
    assert granted["authed_user"]["id"] == alice.id
    assert call(slack, "oauth.v2.access", token="", **args)["error"] == "invalid_code"
    wrong = {"code": slack.consent(alice), "client_id": slack.app.client_id, "client_secret": "guess"}
    assert call(slack, "oauth.v2.access", token="", **wrong)["error"] == "bad_client_secret"
    late = {"code": slack.consent(alice)} | secrets
    slack.advance(minutes=11)
    assert call(slack, "oauth.v2.access", token="", **late)["error"] == "code_expired"


def test_rotating_tokens_expire_and_refresh_tokens_serve_once():
    manifest = MANIFEST | {"settings": MANIFEST["settings"] | {"token_rotation_enabled": True}}
    with slack_workspace(manifest) as slack:
        secrets = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
        code = slack.consent(slack.add_user("alice"))
        first = call(slack, "oauth.v2.access", token="", code=code, **secrets)
        assert first["expires_in"] == TWELVE_HOURS.total_seconds()
        refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]} | secrets
        slack.advance(hours=11)
        second = call(slack, "oauth.v2.access", token="", **refresh)
        assert call(slack, "auth.test", token=first["access_token"])["ok"]
        assert call(slack, "oauth.v2.access", token="", **refresh)["error"] == "invalid_refresh_token"
        slack.advance(hours=2)
        assert call(slack, "auth.test", token=first["access_token"])["error"] == "token_expired"
        assert call(slack, "auth.test", token=second["access_token"])["ok"]


def test_two_workspaces_share_an_app_and_keep_their_own():
    one = Workspace(MANIFEST, team_id="T0ONE", domain="one")
    two = Workspace(team_id="T0TWO", domain="two", app=one.app)
    with serve(one, two):
        for slack in (one, two):
            slack.add_channel("ideas", [slack.add_user("alice", id="U0ALICE")], id="C0IDEAS")
            assert call(slack, "auth.test")["team_id"] == slack.team_id
            call(slack, "chat.postMessage", channel="C0IDEAS", text=slack.domain)
        assert [one_message.text for one_message in one.person("alice").messages("ideas")] == ["one"]
        assert [one_message.text for one_message in two.person("alice").messages("ideas")] == ["two"]
        assert len(one.wire.calls()) == len(two.wire.calls()) == 2


def test_many_threads_post_and_click_at_once_without_losing_anything(slack, alice, ideas):
    slack.rates.mode = "off"
    slack.connect_wsgi(SlackRequestHandler(build(slack, process_before_response=True)))
    people = [slack.add_user(f"person{number}") for number in range(8)]
    for one in people:
        one.join(ideas)

    def act(person):
        for number in range(5):
            call(slack, "chat.postMessage", channel=ideas.id, text=f"{person.name} {number}")
            person.say(ideas, f"{person.name} says {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, people))
    said = [one for one in alice.messages(ideas) if not one.subtype]
    assert len(said) == len({one.ts for one in said}) == 80


def test_waiting_in_vain_says_so(slack):
    with pytest.raises(TimeoutError, match="the card, in vain"):
        slack.wait_for(lambda: None, 0.05, what="the card")


def test_the_server_is_for_this_machine_only(slack):
    assert slack.base_url.startswith("http://127.0.0.1:")
    elsewhere = HTTP.post(f"{slack.base_url}/api/api.test", headers={"Host": "evil.example"})
    assert elsewhere.status_code == 400


def test_as_a_program_it_prints_the_environment_and_keeps_its_state(tmp_path):
    state = tmp_path / "slack.json"
    tokens = []
    for _ in range(2):
        program = [sys.executable, "-m", "playground", "--port", "0", "--state", str(state)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
            lines = [process.stdout.readline() for _ in range(6)]
            environment = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
            token, url = json.loads(environment["SLACK_BOT_TOKEN"]), json.loads(environment["SLACK_API_URL"])
            process.send_signal(signal.SIGINT)
            process.wait(10)
        tokens.append(token)
        assert url.startswith("http://127.0.0.1:")
    assert tokens[0] == tokens[1]
    assert {one["name"] for one in json.loads(state.read_text())["users"]} >= {"alice", "bob", "carol"}


def test_messages_in_shared_channels_name_the_writers_team(slack, app, alice):
    eve = slack.add_user("eve", team_id="T0ELSEWHERE")
    shared = slack.add_channel("shared", [alice, eve], shared_with=["T0ELSEWHERE"])
    eve.say(shared, "hello from elsewhere")
    sent = app.got("message")[0]
    assert sent["is_ext_shared_channel"] is True
    assert sent["event"]["user_team"] == "T0ELSEWHERE"
    user = call(slack, "users.info", user=eve.id)["user"]
    assert user["is_stranger"] is True
    assert "tz" not in user
