"""Messages: what posting, editing, threading, hiding, fetching and scheduling do."""

import re

import pytest

from tests.playground.stub import HTTP, actions, button, call, plain, section

CARD = [section("A card", block_id="s"), actions(button("go", "Go"))]


@pytest.fixture
def post(slack, ideas):
    """Post as the bot; returns the message as it stands."""

    def post(**args):
        body = call(slack, "chat.postMessage", channel=ideas.id, **args)
        assert body["ok"], body
        return slack.messages.get(ideas.id, body["ts"])

    return post


def update(slack, message, **args):
    body = call(slack, "chat.update", channel=message.channel, ts=message.ts, **args)
    assert body["ok"], body
    return body


def test_timestamps_are_unique_and_increase_though_the_clock_stands_still(post):
    stamps = [post(text="x").ts for _ in range(5)]
    assert stamps == sorted(set(stamps))
    assert all(re.fullmatch(r"\d{10}\.\d{6}", one) for one in stamps)


def test_text_without_blocks_removes_the_blocks(slack, post):
    message = post(text="x", blocks=CARD)
    update(slack, message, text="y")
    assert message.blocks == []


def test_an_update_keeps_what_it_does_not_name(slack, post):
    message = post(text="x", blocks=CARD, metadata={"event_type": "t", "event_payload": {"id": 1}})
    update(slack, message, metadata={"event_type": "t", "event_payload": {"id": 2}})
    assert [one["type"] for one in message.blocks] == ["section", "actions"]
    update(slack, message, text="y", blocks=CARD)
    assert message.metadata["event_payload"] == {"id": 2}


def test_an_empty_list_of_blocks_removes_them(slack, post):
    message = post(text="x", blocks=CARD)
    update(slack, message, blocks=[], text="x")
    assert message.blocks == []


def test_only_a_new_text_marks_a_message_as_edited(slack, post):
    message = post(text="x", blocks=CARD)
    update(slack, message, text="x", blocks=CARD[:1])
    assert message.edited is None
    assert update(slack, message, text="y")["message"]["edited"]["user"] == slack.bot.user_id


def test_rich_text_cannot_become_other_blocks(slack, post):
    text = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    message = post(text="x", blocks=[{"type": "rich_text", "elements": [text]}])
    body = call(slack, "chat.update", channel=message.channel, ts=message.ts, text="x", blocks=CARD)
    assert body["error"] == "block_mismatch"


def test_buttons_in_attachments_can_be_clicked(app, alice, post):
    message = post(text="x", attachments=[{"color": "#ff0000", "blocks": [actions(button("go", "Go"))]}])
    alice.click(message, "Go")
    assert app.got("block_actions")[0]["actions"][0]["action_id"] == "go"


def test_a_reply_to_a_reply_lands_in_the_same_thread(slack, alice, post):
    parent = post(text="parent")
    reply = post(text="reply", thread_ts=parent.ts)
    again = alice.say("ideas", "again", reply)
    assert again.thread_ts == parent.ts
    assert [one.text for one in alice.thread(parent)] == ["reply", "again"]
    assert alice.messages("ideas") == [parent]


def test_a_thread_is_read_with_its_figures(slack, alice, ideas, post):
    parent = post(text="parent")
    alice.say(ideas, "one", parent)
    post(text="two", thread_ts=parent.ts)
    messages = call(slack, "conversations.replies", channel=ideas.id, ts=parent.ts)["messages"]
    assert [one["text"] for one in messages] == ["parent", "one", "two"]
    assert messages[0]["reply_count"] == 2
    assert messages[0]["reply_users"] == [alice.id, slack.bot.user_id]
    assert messages[1]["parent_user_id"] == slack.bot.user_id


def test_a_broadcast_reply_also_stands_in_the_channel(alice, post):
    parent = post(text="parent")
    reply = post(text="reply", thread_ts=parent.ts, reply_broadcast=True)
    assert alice.messages("ideas") == [parent, reply]


def test_deleting_a_parent_leaves_its_replies_under_a_placeholder(slack, alice, ideas, post):
    parent = post(text="parent")
    alice.say(ideas, "reply", parent)
    assert call(slack, "chat.delete", channel=ideas.id, ts=parent.ts)["ok"]
    assert [one.subtype for one in alice.messages(ideas)] == ["tombstone"]
    assert [one.text for one in alice.thread(parent)] == ["reply"]


def test_nobody_can_reply_to_a_join_message(slack, ideas):
    carol = slack.add_user("carol")
    carol.join(ideas)
    joined = carol.messages(ideas)[-1]
    assert joined.subtype == "channel_join"
    answer = call(slack, "chat.postMessage", channel=ideas.id, text="x", thread_ts=joined.ts)
    assert answer["error"] == "cannot_reply_to_message"


def test_an_ephemeral_is_for_one_person_and_cannot_be_fetched_updated_or_deleted(slack, alice, bob, ideas):
    ts = call(slack, "chat.postEphemeral", channel=ideas.id, user=alice.id, text="psst")["message_ts"]
    assert [one.text for one in alice.ephemerals(ideas)] == ["psst"]
    assert bob.ephemerals() == []
    alice.reload()
    assert alice.ephemerals() == alice.messages(ideas) == []
    assert call(slack, "conversations.history", channel=ideas.id)["messages"] == []
    assert call(slack, "chat.update", channel=ideas.id, ts=ts, text="x")["error"] == "message_not_found"
    assert call(slack, "chat.delete", channel=ideas.id, ts=ts)["error"] == "message_not_found"


def test_a_message_to_a_user_opens_their_direct_message(slack, alice):
    body = call(slack, "chat.postMessage", channel=alice.id, text="for you")
    assert body["channel"].startswith("D")
    assert [one.text for one in alice.dms()] == ["for you"]
    assert call(slack, "conversations.open", users=alice.id)["channel"]["id"] == body["channel"]


def test_metadata_is_kept_and_read_on_request(slack, ideas, post):
    post(text="x", metadata={"event_type": "notice", "event_payload": {"key": "k1"}})
    asked = call(slack, "conversations.history", channel=ideas.id, include_all_metadata=True)["messages"]
    assert asked[0]["metadata"]["event_payload"] == {"key": "k1"}
    assert "metadata" not in call(slack, "conversations.history", channel=ideas.id)["messages"][0]


def test_reading_metadata_needs_its_scope(slack, ideas):
    slack.bot.scopes -= {"metadata.message:read"}
    body = call(slack, "conversations.history", channel=ideas.id, include_all_metadata=True)
    assert body["needed"] == "metadata.message:read"


def test_history_comes_in_pages_newest_first(slack, ideas, post):
    for number in range(5):
        post(text=str(number))
    first = call(slack, "conversations.history", channel=ideas.id, limit=2)
    assert [one["text"] for one in first["messages"]] == ["4", "3"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    second = call(slack, "conversations.history", channel=ideas.id, limit=4, cursor=cursor)
    assert [one["text"] for one in second["messages"]] == ["2", "1", "0"]
    assert not second["has_more"]


def test_history_between_two_times_is_exclusive_unless_asked_otherwise(slack, ideas, post):
    stamps = [post(text=str(number)).ts for number in range(3)]
    span = {"channel": ideas.id, "oldest": stamps[0], "latest": stamps[2]}
    texts = [one["text"] for one in call(slack, "conversations.history", **span)["messages"]]
    assert texts == ["1"]
    assert len(call(slack, "conversations.history", **span, inclusive=True)["messages"]) == 3


def test_reactions_are_given_once_each(slack, alice, ideas, post):
    message = post(text="x")
    alice.react(message, "thumbsup")
    args = {"channel": ideas.id, "timestamp": message.ts, "name": "thumbsup"}
    assert call(slack, "reactions.add", **args)["ok"]
    assert call(slack, "reactions.add", **args)["error"] == "already_reacted"
    assert call(slack, "reactions.remove", **args)["ok"]
    assert call(slack, "reactions.remove", **args)["error"] == "no_reaction"
    assert message.reactions == {"thumbsup": [alice.id]}


def test_a_scheduled_message_comes_when_its_time_has_come(slack, alice, ideas):
    args = {"channel": ideas.id, "text": "later", "post_at": slack.unix() + 3600}
    scheduled = call(slack, "chat.scheduleMessage", **args)
    assert "ts" not in scheduled["message"]
    slack.advance(minutes=59)
    assert alice.messages(ideas) == []
    slack.advance(minutes=2)
    assert [one.text for one in alice.messages(ideas)] == ["later"]
    assert call(slack, "chat.scheduledMessages.list")["scheduled_messages"] == []


def test_a_scheduled_message_can_be_called_off(slack, alice, ideas):
    args = {"channel": ideas.id, "text": "later", "post_at": slack.unix() + 3600}
    scheduled = call(slack, "chat.scheduleMessage", **args)["scheduled_message_id"]
    assert call(slack, "chat.deleteScheduledMessage", channel=ideas.id, scheduled_message_id=scheduled)["ok"]
    slack.advance(hours=2)
    assert alice.messages(ideas) == []


def test_a_scheduled_message_with_metadata_never_comes(slack, alice, ideas):
    metadata = {"event_type": "t", "event_payload": {}}
    call(slack, "chat.scheduleMessage", channel=ideas.id, text="x", post_at=slack.unix() + 60, metadata=metadata)
    slack.advance(hours=2)
    assert alice.messages(ideas) == []
    assert any(one.code == "scheduled_metadata" for _, one in slack.wire.problems("warning"))


def test_a_file_goes_up_in_three_steps_and_is_shared(slack, alice, ideas):
    step = call(slack, "files.getUploadURLExternal", filename="digest.csv", length=5)
    assert HTTP.post(step["upload_url"], content=b"too much").status_code == 400
    assert HTTP.post(step["upload_url"], files={"file": ("digest.csv", b"a,b,c")}).status_code == 200
    done = call(
        slack, "files.completeUploadExternal", files=[{"id": step["file_id"], "title": "Digest"}],
        channel_id=ideas.id, initial_comment="The week",
    )  # fmt: skip
    assert done["ok"], done
    shared = alice.messages(ideas)[-1]
    assert (shared.text, shared.files[0]["title"], shared.files[0]["size"]) == ("The week", "Digest", 5)
    url = shared.files[0]["url_private"]
    assert HTTP.get(url, headers={"Authorization": f"Bearer {slack.bot.token}"}).content == b"a,b,c"
    assert HTTP.get(url).status_code == 404


def test_a_file_whose_bytes_never_came_cannot_be_completed(slack):
    step = call(slack, "files.getUploadURLExternal", filename="digest.csv", length=5)
    body = call(slack, "files.completeUploadExternal", files=[{"id": step["file_id"]}])
    assert body["error"] == "file_not_found"


def test_slack_fills_in_the_ids_an_app_left_out(post):
    message = post(text="x", blocks=[{"type": "section", "text": plain("hello")}])
    assert message.blocks[0]["block_id"]
    assert message.blocks[0]["text"]["emoji"] is True


def test_a_permalink_names_channel_and_time(slack, ideas, post):
    message = post(text="x")
    link = call(slack, "chat.getPermalink", channel=ideas.id, message_ts=message.ts)["permalink"]
    assert link == f"https://playground.slack.com/archives/{ideas.id}/p{message.ts.replace('.', '')}"


def test_pins_and_bookmarks_are_kept(slack, ideas, post):
    message = post(text="x")
    assert call(slack, "pins.add", channel=ideas.id, timestamp=message.ts)["ok"]
    assert call(slack, "pins.add", channel=ideas.id, timestamp=message.ts)["error"] == "already_pinned"
    assert call(slack, "pins.list", channel=ideas.id)["items"][0]["message"]["ts"] == message.ts
    args = {"channel_id": ideas.id, "title": "Charter", "type": "link", "link": "https://example.org"}
    assert call(slack, "bookmarks.add", **args)["bookmark"]["title"] == "Charter"


def test_a_stream_grows_until_it_is_stopped(slack, alice, bob, ideas):
    parent = alice.say(ideas, "well?")
    args = {
        "channel": ideas.id,
        "thread_ts": parent.ts,
        "recipient_user_id": bob.id,
        "recipient_team_id": slack.team_id,
    }
    ts = call(slack, "chat.startStream", **args)["ts"]
    assert call(slack, "chat.appendStream", channel=ideas.id, ts=ts, markdown_text="one ")["ok"]
    assert call(slack, "chat.stopStream", channel=ideas.id, ts=ts, markdown_text="two")["ok"]
    assert alice.thread(parent)[0].text == "one two"
    body = call(slack, "chat.appendStream", channel=ideas.id, ts=ts, markdown_text="x")
    assert body["error"] == "message_not_in_streaming_state"
