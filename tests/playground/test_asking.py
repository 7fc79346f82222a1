"""Commands, shortcuts and mentions: what reaches the app, and how its answers show."""

import pytest

from playground import Impossible, NoAnswer
from tests.playground.stub import HTTP, actions, button, call, section


def test_a_command_carries_what_slack_sends(slack, app, alice, ideas):
    alice.command("/idea", "Fewer forms", ideas)
    sent = app.got("/idea")[0]
    assert (sent["text"], sent["user_id"], sent["channel_id"], sent["channel_name"]) == (
        "Fewer forms", alice.id, ideas.id, "ideas",
    )  # fmt: skip
    assert sent["is_enterprise_install"] == "false"
    assert sent["response_url"].startswith(slack.base_url)


def test_a_command_in_a_private_place_does_not_name_it(slack, app, alice):
    slack.add_channel("secret", [alice], private=True)
    alice.command("/idea", channel="secret")
    alice.command("/idea")
    assert [one["channel_name"] for one in app.got("/idea")] == ["privategroup", "directmessage"]


def test_mentions_are_tokens_only_in_commands_that_asked_for_it(app, alice, bob, ideas):
    alice.command("/idea", "for @bob in #ideas", ideas)
    alice.command("/who", "for @bob in #ideas", ideas)
    assert app.got("/idea")[0]["text"] == "for @bob in #ideas"
    assert app.got("/who")[0]["text"] == "for <@U0BOB|bob> in <#C0IDEAS|ideas>"


def test_commands_do_not_run_in_threads_nor_unknown_nor_for_outsiders(slack, app, alice, ideas):
    said = alice.say(ideas, "hello")
    with pytest.raises(Impossible, match="not run /idea in threads"):
        alice.command("/idea", "", ideas, thread=said)
    with pytest.raises(Impossible, match="/nothing is not a valid command"):
        alice.command("/nothing", "", ideas)
    with pytest.raises(Impossible, match="is not in #ideas"):
        slack.add_user("carol").command("/idea", "", ideas)
    stranger = slack.add_user("eve", team_id="T0ELSEWHERE")
    slack.channels.join(ideas, stranger.id)
    with pytest.raises(Impossible, match="not a valid command"):
        stranger.command("/idea", "", ideas)


def test_an_answer_is_for_the_asker_unless_it_says_otherwise(app, alice, bob, ideas):
    app.answers["/idea"] = "Only you see this"
    alice.command("/idea", "", ideas)
    assert [one.text for one in alice.ephemerals()] == ["Only you see this"]
    assert bob.ephemerals() == []
    app.answers["/idea"] = {"response_type": "in_channel", "text": "All see this"}
    alice.command("/idea", "", ideas)
    assert [one.text for one in bob.messages(ideas)] == ["All see this"]


def test_an_app_that_fails_gives_no_answer(app, alice, ideas):
    app.answers["/idea"] = (500, "", {})
    with pytest.raises(NoAnswer, match=r"dispatch_failed.*HTTP 500") as caught:
        alice.command("/idea", "", ideas)
    assert caught.value.code == "dispatch_failed"


def test_shortcuts_carry_a_message_or_nothing(app, alice, bob, ideas):
    said = bob.say(ideas, "We could do better")
    alice.message_shortcut(said, "turn")
    alice.shortcut("new")
    message, globally = app.got("message_action")[0], app.got("shortcut")[0]
    assert (message["message"]["text"], message["message_ts"]) == ("We could do better", said.ts)
    assert "response_url" in message
    assert not {"channel", "response_url"} & set(globally)
    with pytest.raises(Impossible, match="no global shortcut “turn”"):
        alice.shortcut("turn")


def test_guests_see_no_global_shortcut(slack, app):
    with pytest.raises(Impossible, match="does not offer"):
        slack.add_user("guest", is_restricted=True).shortcut("new")


def test_no_shortcut_on_what_only_one_person_sees(slack, app, alice, ideas):
    call(slack, "chat.postEphemeral", channel=ideas.id, user=alice.id, text="psst")
    with pytest.raises(Impossible, match="only one person sees"):
        alice.message_shortcut(alice.ephemerals()[0], "turn")


def test_an_ephemeral_is_changed_only_through_the_response_url_of_a_click_on_it(slack, app, alice, ideas):
    blocks = [actions(button("go", "Go"))]
    call(slack, "chat.postEphemeral", channel=ideas.id, user=alice.id, text="x", blocks=blocks)
    alice.click(alice.ephemerals()[0], "Go")
    sent = app.got("block_actions")[0]
    assert sent["container"]["is_ephemeral"] is True
    assert "message" not in sent
    assert HTTP.post(sent["response_url"], json={"replace_original": True, "text": "done"}).text == "ok"
    assert [one.text for one in alice.ephemerals()] == ["done"]
    assert HTTP.post(sent["response_url"], json={"delete_original": True}).text == "ok"
    assert alice.ephemerals() == []


def test_a_response_url_adds_hidden_public_or_in_place(slack, app, alice, bob, ideas):
    call(slack, "chat.postMessage", channel=ideas.id, text="x", blocks=[section("x"), actions(button("go", "Go"))])
    message = alice.messages(ideas)[-1]
    alice.click(message, "Go")
    url = app.got("block_actions")[0]["response_url"]
    HTTP.post(url, json={"text": "only you"})
    HTTP.post(url, json={"text": "all", "response_type": "in_channel", "replace_original": False})
    HTTP.post(url, json={"text": "in place", "replace_original": True})
    assert [one.text for one in alice.ephemerals()] == ["only you"]
    assert [one.text for one in bob.messages(ideas)] == ["in place", "all"]
    assert message.blocks == []


def test_what_people_type_is_escaped_and_names_become_mentions(alice, bob, ideas):
    said = alice.say(ideas, "@bob <b> & @nobody <!channel> @here")
    assert said.text == f"{bob.mention} &lt;b&gt; &amp; @nobody &lt;!channel&gt; <!here>"


def test_a_mention_arrives_as_mention_and_as_message(slack, app, alice, ideas):
    alice.say(ideas, "@committee hello")
    mention, message = app.got("app_mention")[0], app.got("message")[0]
    assert mention["event"]["text"] == f"<@{slack.bot.user_id}> hello"
    assert mention["event"]["ts"] == message["event"]["ts"]
    assert mention["event_id"] != message["event_id"]


def test_a_mention_in_a_direct_message_is_only_a_message(app, alice):
    alice.dm("@committee hello")
    assert app.got("app_mention") == []
    assert app.got("message")[0]["event"]["channel_type"] == "im"


def test_the_app_hears_only_of_what_it_subscribed_to_and_may_see(slack, app, alice):
    slack.add_channel("elsewhere", [alice], bot=False)
    alice.say("elsewhere", "@committee hello")
    secret = slack.add_channel("secret", [alice], private=True)
    alice.say(secret, "message.groups is not subscribed")
    slack.settle()
    assert app.got("message") == []
    assert app.got("app_mention") == []
