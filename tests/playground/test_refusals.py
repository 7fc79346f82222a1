"""Each refusal of the Web API, with Slack's code."""

from datetime import timedelta

import pytest

from tests.playground.conftest import MANIFEST
from tests.playground.stub import HTTP, actions, button, call, form, modal, section

HELLO = {"channel": "C0IDEAS", "text": "hello"}


@pytest.fixture
def places(slack, alice, bob, ideas):
    """One of each thing that refuses."""
    slack.add_user("gone", id="U0GONE", deleted=True)
    slack.add_user("stranger", id="U0STRANGER", team_id="T0ELSEWHERE")
    slack.add_channel("elsewhere", [alice], id="C0ELSEWHERE", bot=False)
    slack.add_channel("secret", [alice], id="C0SECRET", private=True, bot=False)
    slack.add_channel("old", [alice], id="C0OLD", archived=True)
    slack.add_channel("quiet", [alice], id="C0QUIET").restrictions.append("read_only_channel")
    return slack


REFUSALS = [
    ("nosuch.method", {}, "unknown_method"),
    ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0ELSEWHERE", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "C0OLD", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "C0QUIET", "text": "x"}, "restricted_action_read_only_channel"),
    ("chat.postMessage", {"channel": "U0GONE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0IDEAS"}, "no_text"),
    ("chat.postMessage", HELLO | {"thread_ts": "1700000000.000001"}, "thread_not_found"),
    ("chat.postMessage", HELLO | {"blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
    ("chat.postMessage", HELLO | {"username": "somebody"}, "missing_scope"),
    ("chat.postEphemeral", HELLO | {"user": "U0STRANGER"}, "user_not_in_channel"),
    ("chat.update", HELLO | {"ts": "1700000000.000001"}, "message_not_found"),
    ("chat.update", HELLO | {"ts": "1700000000.000001", "text": "x" * 4001}, "msg_too_long"),
    ("chat.delete", {"channel": "C0IDEAS", "ts": "1700000000.000001"}, "message_not_found"),
    ("chat.scheduleMessage", HELLO | {"post_at": 1}, "time_in_past"),
    ("chat.scheduleMessage", HELLO | {"post_at": 1893456000}, "time_too_far"),
    ("conversations.info", {"channel": "C0SECRET"}, "channel_not_found"),
    ("conversations.history", {"channel": "C0ELSEWHERE"}, "not_in_channel"),
    ("conversations.history", {"channel": "C0IDEAS", "cursor": "nonsense"}, "invalid_cursor"),
    ("conversations.replies", {"channel": "C0IDEAS", "ts": "1700000000.000001"}, "thread_not_found"),
    ("conversations.open", {"users": "U0GONE"}, "user_disabled"),
    ("conversations.list", {"types": "mpim"}, "missing_scope"),
    ("conversations.join", {"channel": "C0OLD"}, "is_archived"),
    ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "nobody@playground.example"}, "users_not_found"),
    ("usergroups.users.list", {"usergroup": "S0NOBODY"}, "no_such_subteam"),
    ("usergroups.create", {"name": "x"}, "missing_scope"),
    ("bots.info", {"bot": "B0NOBODY"}, "bot_not_found"),
    ("reactions.add", {"channel": "C0IDEAS", "timestamp": "1700000000.000001", "name": "x"}, "message_not_found"),
    ("views.open", {"trigger_id": "1.1.x", "view": modal(section("x"))}, "invalid_trigger_id"),
    ("views.update", {"view_id": "V0NOTHING", "view": modal(section("x"))}, "not_found"),
    ("views.publish", {"user_id": "U0NOBODY", "view": {"type": "home", "blocks": []}}, "user_not_found"),
    ("files.info", {"file": "F0NOTHING"}, "file_not_found"),
    ("functions.completeSuccess", {"function_execution_id": "Fx0NO", "outputs": {}}, "function_execution_not_found"),
]


@pytest.mark.parametrize(
    ("method", "args", "code"), REFUSALS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_slack_refuses_with_this_code(places, method, args, code):
    assert call(places, method, **args)["error"] == code


def test_a_token_is_asked_for_and_checked(slack):
    assert call(slack, "auth.test", token="")["error"] == "not_authed"
    assert call(slack, "auth.test", token="xoxb-invented")["error"] == "invalid_auth"
    assert call(slack, "apps.connections.open")["error"] == "not_allowed_token_type"
    assert call(slack, "auth.test", token=slack.app.app_token)["error"] == "not_allowed_token_type"
    assert form(slack, "auth.test")["ok"] is True


def test_a_revoked_token_is_told_so(slack):
    slack.revoke_token()
    assert call(slack, "auth.test")["error"] == "token_revoked"


def test_a_missing_scope_is_named_with_what_was_granted(places):
    body = call(places, "chat.postMessage", **HELLO, username="somebody")
    assert body["needed"] == "chat:write.customize"
    assert set(body["provided"].split(",")) == set(MANIFEST["oauth_config"]["scopes"]["bot"])


def test_wrong_blocks_are_pointed_at(ideas, slack):
    blocks = [section("fine"), actions(button("a", "x" * 76))]
    body = call(slack, "chat.postMessage", channel=ideas.id, text="x", blocks=blocks)
    assert body["error"] == "invalid_blocks"
    assert "/blocks/1/elements/0/text" in body["response_metadata"]["messages"][0]


def test_only_own_messages_may_be_changed_or_deleted(slack, alice, ideas):
    said = alice.say(ideas, "mine")
    assert call(slack, "chat.update", channel=ideas.id, ts=said.ts, text="x")["error"] == "cant_update_message"
    assert call(slack, "chat.delete", channel=ideas.id, ts=said.ts)["error"] == "cant_delete_message"


def test_a_body_that_is_no_json_is_refused(slack):
    headers = {"Authorization": f"Bearer {slack.bot.token}", "Content-Type": "application/json"}
    url = f"{slack.base_url}/api/auth.test"
    assert HTTP.post(url, content=b"{", headers=headers).json()["error"] == "invalid_json"
    assert HTTP.post(url, content=b"[]", headers=headers).json()["error"] == "json_not_object"


def test_a_trigger_serves_once_and_for_three_seconds(slack, alice):
    view = modal(section("x"))
    trigger = slack.triggers.issue(alice.id)
    assert call(slack, "views.open", trigger_id=trigger, view=view)["ok"]
    assert call(slack, "views.open", trigger_id=trigger, view=view)["error"] == "exchanged_trigger_id"
    late = slack.triggers.issue(alice.id)
    slack.advance(seconds=3.1)
    assert call(slack, "views.open", trigger_id=late, view=view)["error"] == "expired_trigger_id"


def test_the_bot_reads_and_posts_nothing_where_it_was_removed(slack, ideas):
    slack.remove_bot(ideas)
    assert call(slack, "chat.postMessage", **HELLO)["error"] == "not_in_channel"
    assert call(slack, "conversations.history", channel=ideas.id)["error"] == "not_in_channel"


def test_public_channels_are_open_to_those_with_the_scope(slack, alice):
    slack.add_channel("open", [alice], id="C0OPEN", bot=False)
    slack.bot.scopes |= {"chat:write.public"}
    assert call(slack, "chat.postMessage", channel="C0OPEN", text="x")["ok"]


def test_thirty_scheduled_messages_in_five_minutes_are_enough(slack, ideas):
    when = slack.unix() + 3600
    for _ in range(30):
        assert call(slack, "chat.scheduleMessage", **HELLO, post_at=when)["ok"]
    assert call(slack, "chat.scheduleMessage", **HELLO, post_at=when)["error"] == "restricted_too_many"


def test_a_response_url_serves_five_times_in_half_an_hour(slack, alice, ideas):
    url = slack.triggers.response_url("actions", alice.id, ideas.id)
    for _ in range(5):
        assert HTTP.post(url, json={"text": "x"}).status_code == 200
    assert HTTP.post(url, json={"text": "x"}).json()["error"] == "used_url"
    late = slack.triggers.response_url("actions", alice.id, ideas.id)
    slack.clock.advance(timedelta(minutes=31))
    assert HTTP.post(late, json={"text": "x"}).json()["error"] == "expired_url"
