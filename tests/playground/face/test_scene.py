"""What one person's page is told: what they may see, what is unread, what changes."""

from __future__ import annotations

import pytest

from playground.face import stream
from playground.feed import Change

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "1"}
VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "A form"},
    "blocks": [{"type": "actions", "block_id": "acts", "elements": [BUTTON]}],
}


def test_a_scene_tells_who_is_there_where_one_talks_and_what_the_app_offers(browser):
    seen = browser.get("scene")
    assert (seen["me"], seen["team"]["name"], seen["notice"]) == ("U0ALICE", "Playground", "Made up.")
    assert {one["name"]: one["tz"] for one in seen["people"]}["bob"] == "America/New_York"
    assert [one["name"] for one in seen["app"]["commands"]] == ["/idea", "/who"]
    assert [one["type"] for one in seen["app"]["shortcuts"]] == ["message", "global"]
    assert seen["guide"] == [{"title": "Say hello", "hint": "In #ideas.", "done": False}]
    assert seen["jumps"] == ["Next morning", "+3 days", "Friday digest"]


def test_without_a_name_the_first_person_acts(browser):
    assert browser.get("scene", "")["me"] == "U0ALICE"


def test_nobody_acts_as_somebody_unknown(browser):
    assert browser.get("scene", "U0NOBODY") == {"ok": False, "error": "Nobody here is called 'U0NOBODY'."}


def test_a_private_channel_is_told_to_its_members_only(browser):
    names = {who: [one["name"] for one in browser.get("scene", who)["channels"]] for who in ("U0ALICE", "U0BOB")}
    assert names == {"U0ALICE": ["ideas"], "U0BOB": ["ideas", "secret"]}
    assert browser.get("place", channel="C0SECRET")["error"] == "Slack refuses: channel not found."
    assert browser.get("place", "U0BOB", channel="C0SECRET")["ok"]


def test_no_token_or_secret_is_told(slack, browser):
    slack.person("alice").say("ideas", "hello")
    told = str(browser.get("scene")) + str(browser.get("wire")) + browser.page.text
    for secret in (slack.bot.token, slack.app.app_token, slack.app.signing_secret, slack.app.verification_token):
        assert secret not in told


def test_what_comes_after_the_page_is_open_is_unread_until_it_is_looked_at(slack, browser):
    def unread() -> tuple[int, int]:
        ideas = browser.get("scene")["channels"][0]
        return ideas["unread"], ideas["called"]

    slack.person("bob").say("ideas", "before the page was open")
    assert unread() == (0, 0)
    root = slack.person("bob").say("ideas", "one")
    slack.person("alice").say("ideas", "my own does not count")
    slack.person("bob").say("ideas", "for @alice", thread=root)
    assert unread() == (1, 1)
    browser.get("place", channel="C0IDEAS")
    assert unread() == (1, 1)
    browser.get("place", channel="C0IDEAS", reading="true")
    assert unread() == (0, 0)


def test_a_place_shows_threads_in_brief_and_whispers_to_one_only(slack, browser, app):
    root = slack.person("bob").say("ideas", "a thread")
    slack.person("alice").say("ideas", "an answer", thread=root)
    app.answers["/idea"] = {"text": "Between us"}
    slack.person("alice").command("/idea", "", "ideas")
    mine, his = (browser.get("place", who, channel="C0IDEAS")["messages"] for who in ("U0ALICE", "U0BOB"))
    assert [(one["text"], one["hidden"]) for one in mine] == [("a thread", False), ("Between us", True)]
    assert [one["text"] for one in his] == ["a thread"]
    assert mine[0]["reply_count"] == 1
    replies = browser.get("thread", channel="C0IDEAS", ts=root.ts)["messages"]
    assert [one["text"] for one in replies] == ["a thread", "an answer"]


def test_a_form_is_told_to_its_owner_with_its_errors(slack, browser):
    view = slack.views.open("U0ALICE", VIEW)
    slack.views.refuse(view, {"acts": "No."})
    told = browser.get("scene")["views"]
    assert [(one["id"], one["errors"]) for one in told] == [(view.id, {"acts": "No."})]
    assert browser.get("scene", "U0BOB")["views"] == []


def change(slack, kind: str, channel: str | None, viewers: tuple[str, ...] | None) -> Change:
    return Change(1, kind, slack.now(), channel, viewers)


@pytest.mark.parametrize(
    ("kind", "channel", "viewers", "heard"),
    [
        ("message", "C0IDEAS", None, True),
        ("message", "C0SECRET", ("U0BOB",), False),
        ("message", "C0SECRET", None, False),
        ("ephemeral", "C0IDEAS", ("U0BOB",), False),
        ("view_opened", None, ("U0ALICE",), True),
        ("wire", None, (), True),
        ("clock", None, (), True),
        ("typed", None, ("U0ALICE",), False),
    ],
)
def test_a_page_hears_of_what_its_person_sees(slack, kind, channel, viewers, heard):
    assert stream.concerns(slack, slack.person("alice"), change(slack, kind, channel, viewers)) is heard


def test_changes_come_as_events(slack, browser):
    with browser.http.stream("GET", "/face/stream", params={"as": "U0ALICE", "key": browser.key}) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": hello"
        slack.person("bob").say("secret", "unheard")
        slack.person("bob").say("ideas", "heard")
        told = next(line for line in lines if '"message"' in line)
        assert '"channel": "C0IDEAS"' in told
        assert "heard" not in told
