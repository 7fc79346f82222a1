"""What a person does on the page: each verb, and what is said when it cannot be done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from playground.face import JUMPS

BUTTONS = [
    {"type": "button", "action_id": "vote", "text": {"type": "plain_text", "text": "Vote"}, "value": value}
    for value in ("yes",)
]
EXTERNAL = {"type": "external_select", "action_id": "who", "min_query_length": 1}
FORM = {
    "type": "modal", "callback_id": "f", "notify_on_close": True, "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {"type": "input", "block_id": "title", "label": {"type": "plain_text", "text": "Title"},
         "element": {"type": "plain_text_input", "action_id": "it", "min_length": 3}},
        {"type": "input", "block_id": "who", "optional": True, "label": {"type": "plain_text", "text": "Who"},
         "element": EXTERNAL},
        {"type": "actions", "block_id": "acts", "elements": BUTTONS},
    ],
}  # fmt: skip
OAK = {"text": {"type": "plain_text", "text": "Oak"}, "value": "oak"}


@pytest.fixture
def form(slack, app):
    app.answers["block_suggestion"] = {"options": [OAK]}
    return slack.views.open("U0ALICE", FORM)


def test_saying_editing_and_deleting(slack, browser, app):
    ts = browser.act("say", channel="C0IDEAS", text="hello <all> @bob")["ts"]
    assert slack.messages.get("C0IDEAS", ts).text == "hello &lt;all&gt; <@U0BOB>"
    assert browser.act("edit", channel="C0IDEAS", ts=ts, text="bye")["ok"]
    assert browser.act("edit", channel="C0IDEAS", ts=ts, text="  ")["error"].startswith("A message cannot be empty")
    assert "only change their own" in browser.act("delete", "U0BOB", channel="C0IDEAS", ts=ts)["error"]
    assert browser.act("delete", channel="C0IDEAS", ts=ts)["ok"]
    assert browser.get("place", channel="C0IDEAS")["messages"] == []


def test_reacting_twice_is_refused_in_a_sentence(browser, app):
    ts = browser.act("say", channel="C0IDEAS", text="hello")["ts"]
    assert browser.act("react", channel="C0IDEAS", ts=ts, name="tada")["ok"]
    assert browser.act("react", channel="C0IDEAS", ts=ts, name="tada")["error"] == "Slack refuses: already reacted."
    assert browser.act("unreact", channel="C0IDEAS", ts=ts, name="tada")["ok"]


def test_a_command_reaches_the_app_but_not_from_a_thread(browser, app):
    assert browser.act("command", channel="C0IDEAS", name="/idea", text="a & b")["ok"]
    assert app.got("/idea")[0]["text"] == "a &amp; b"
    ts = browser.act("say", channel="C0IDEAS", text="root")["ts"]
    said = browser.act("command", channel="C0IDEAS", thread=ts, name="/idea", text="")["error"]
    assert "does not run /idea in threads" in said
    assert "not a valid command" in browser.act("command", channel="C0IDEAS", name="/nope", text="")["error"]


def test_a_button_is_pressed_with_what_stands_in_the_form(slack, browser, app, form):
    values = {"title": {"it": "typed"}, "gone": {"it": "x"}}
    told = browser.act("click", view_id=form.id, block_id="acts", action_id="vote", value="yes", values=values)
    assert told == {"ok": True}
    (payload,) = app.got("block_actions")
    assert payload["actions"][0]["value"] == "yes"
    assert payload["view"]["state"]["values"]["title"]["it"]["value"] == "typed"


def test_a_button_that_is_gone_is_said_to_be(browser, app, form):
    told = browser.act("click", view_id=form.id, block_id="acts", action_id="old", value="yes")
    assert "no longer there" in told["error"]


def test_nobody_acts_in_another_persons_form(browser, app, form):
    told = browser.act("submit", "U0BOB", view_id=form.id, values={})
    assert "does not see this view" in told["error"]
    assert app.got("view_submission") == []


def test_what_cannot_be_sent_is_said_field_by_field(browser, app, form):
    told = browser.act("submit", view_id=form.id, values={"title": {"it": "a"}})
    assert told["fields"] == {"title": "“Title” needs at least 3 characters; 1 were typed."}
    assert app.got("view_submission") == []


def test_a_choice_the_app_offered_is_kept_and_sent(slack, browser, app, form):
    where = {"view_id": form.id, "block_id": "who", "action_id": "who"}
    assert browser.act("options", **where, typed="o")["options"] == [OAK]
    told = browser.act("submit", view_id=form.id, values={"title": {"it": "Tree"}, "who": {"who": "oak"}})
    assert told == {"ok": True}
    values = app.got("view_submission")[0]["view"]["state"]["values"]
    assert values["who"]["who"]["selected_option"]["value"] == "oak"
    assert slack.person("alice").view is None


def test_a_choice_nobody_offered_is_refused(browser, app, form):
    told = browser.act("submit", view_id=form.id, values={"title": {"it": "Tree"}, "who": {"who": "elm"}})
    assert "“elm” is not on offer" in told["error"]


@pytest.mark.parametrize("everything", [True, False])
def test_closing_is_told_as_it_was_done(browser, app, form, everything):
    assert browser.act("close", everything=everything)["ok"]
    assert app.got("view_closed")[0]["is_cleared"] is everything


def test_an_app_that_fails_is_said_to(browser, app, form):
    app.answers["view_submission"] = (500, "oops", {})
    told = browser.act("submit", view_id=form.id, values={"title": {"it": "Tree"}})
    assert "dispatch_failed" in told["error"]
    assert "500" in told["error"]


def test_an_unknown_verb_and_a_wrong_field_are_refused(browser):
    assert browser.act("fly") == {"ok": False, "error": "Nobody can do that here."}
    assert browser.act("say", channel=7) == {"ok": False, "error": "“channel” must be text."}


def test_shortcuts_home_joining_and_direct_messages(slack, browser, app):
    ts = browser.act("say", channel="C0IDEAS", text="turn me")["ts"]
    assert browser.act("shortcut", callback_id="new")["ok"]
    assert browser.act("message_shortcut", channel="C0IDEAS", ts=ts, callback_id="turn")["ok"]
    assert browser.act("home", tab="home")["ok"]
    slack.add_channel("open", [], id="C0OPEN")
    assert browser.act("join", channel="C0OPEN")["ok"]
    direct = browser.act("direct", user="U0BOB")["channel"]
    assert slack.channel(direct).members == ["U0ALICE", "U0BOB"]
    assert [len(app.got(name)) for name in ("shortcut", "message_action", "app_home_opened")] == [1, 1, 1]


def test_only_what_one_alone_sees_can_be_dismissed(slack, browser, app):
    app.answers["/idea"] = "Between us"
    browser.act("command", channel="C0IDEAS", name="/idea", text="")
    whisper = browser.get("place", channel="C0IDEAS")["messages"][0]["ts"]
    ts = browser.act("say", channel="C0IDEAS", text="hello")["ts"]
    assert "alone see" in browser.act("hush", channel="C0IDEAS", ts=ts)["error"]
    assert browser.act("hush", channel="C0IDEAS", ts=whisper)["ok"]
    assert slack.person("alice").ephemerals() == []


def test_the_clock_jumps_and_goes_to_a_time_of_the_persons_zone_but_never_back(slack, browser):
    assert browser.post("clock", jump=0)["ok"]
    assert slack.now() == datetime(2026, 3, 4, 8, 1, tzinfo=UTC)
    assert browser.post("clock", to="2026-03-04T12:00")["ok"]
    assert slack.now() == datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
    assert "only moves forward" in browser.post("clock", to="2026-03-04T12:00")["error"]
    assert browser.post("clock", to="tomorrow")["error"].startswith("Give a date and a time")
    assert browser.post("clock", jump=99)["ok"] is False


@pytest.mark.parametrize(
    ("title", "moves"),
    [
        ("Next morning", [("04 08:00", "04 09:01"), ("04 09:01", "05 09:01"), ("06 23:00", "07 09:01")]),
        ("+3 days", [("04 08:00", "07 08:00")]),
        ("Friday digest", [("04 08:00", "06 15:01"), ("06 15:00", "06 15:01"), ("06 15:01", "13 15:01")]),
    ],
)
def test_jumps_go_where_they_say(title, moves):
    to = next(one.to for one in JUMPS if one.title == title)
    for before, after in moves:
        assert to(in_march(before)) == in_march(after)


def in_march(text: str) -> datetime:
    return datetime.strptime(f"2026-03-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def test_the_wire_is_listed_and_told_in_full(browser, app):
    browser.act("command", channel="C0IDEAS", name="/idea", text="")
    (line,) = [one for one in browser.get("wire")["records"] if one["name"] == "/idea"]
    assert (line["kind"], line["status"], line["verdicts"]) == ("delivery", 200, [])
    assert line["elapsed"] >= 0
    assert browser.get("record", seq=str(line["seq"]))["request"]["command"] == "/idea"
    assert browser.get("wire", after=str(line["seq"]))["records"] == []
    assert browser.get("record", seq="99999") == {"ok": False, "error": "That record is no longer kept."}


def test_faults_are_asked_for_and_called_off(slack, browser):
    assert browser.post("fault", kind="rate_limit", method="chat.update")["ok"]
    assert browser.post("fault", kind="duplicate")["ok"]
    assert [one["kind"] for one in browser.get("wire")["faults"]] == ["rate_limit", "duplicate"]
    assert browser.post("fault", kind="clear_faults")["ok"]
    assert slack.faults.waiting == []
    assert browser.post("fault", kind="flood")["error"] == "There is no fault called “flood”."
