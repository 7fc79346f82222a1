"""Web API calls: one wrong call a rule, with Slack's code and the argument at fault; and calls it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.contract import check_call, check_response_url_body, decode
from tests.playground.contract.pieces import TS, C, Piece, U, home, modal, plain, raw, refused, section, table, warned


def post(**more: Any) -> tuple[str, Piece]:
    return "chat.postMessage", {"channel": C, "text": "Hello", **more}


def update(**more: Any) -> tuple[str, Piece]:
    return "chat.update", {"channel": C, "ts": TS, **more}


def schedule(**more: Any) -> tuple[str, Piece]:
    return "chat.scheduleMessage", {"channel": C, "text": "x", "post_at": 1712345678, **more}


def react(**more: Any) -> tuple[str, Piece]:
    return "reactions.add", {"channel": C, "name": "wave", "timestamp": TS, **more}


LONG_BLOCKS = [section("x" * 2900)] * 5

REFUSED: dict[str, tuple[tuple[str, Any], str, str]] = {
    # methods and arguments
    "a method nobody knows": (("chat.postMesage", {}), "unknown_method", ""),
    "a method from before the Conversations API": (("channels.list", {}), "unknown_method", ""),
    "the old way to upload": (("files.upload", {}), "method_deprecated", ""),
    "a family of retired methods": (("apps.permissions.info", {}), "method_deprecated", ""),
    "an argument nobody knows": (post(colour="red"), "invalid_arg_name", "/colour"),
    "a missing argument": (("chat.delete", {"channel": C}), "invalid_arguments", "/ts"),
    "an argument that is empty": (("views.publish", {"user_id": "", "view": home()}), "invalid_arguments", "/user_id"),
    "neither of two ways to call": (
        ("views.update", {"view": modal()}),
        "invalid_arguments",
        "/external_id",
    ),
    "a text that is an object": (post(text={"a": 1}), "invalid_arguments", "/text"),
    "a flag that is a word": (post(unfurl_links="perhaps"), "invalid_arguments", "/unfurl_links"),
    "a value that is not one of the few": (post(parse="loud"), "invalid_arguments", "/parse"),
    "blocks that do not parse": (post(blocks="[{"), "invalid_blocks_format", "/blocks"),
    "attachments that are no list": (post(attachments={}), "invalid_attachments", "/attachments"),
    # identifiers
    "a message's time as a number": (update(ts=1712345678.0001, text="x"), "message_not_found", "/ts"),
    "a person as the channel of an update": (update(channel=U, text="x"), "channel_not_found", "/channel"),
    "a channel's name where an ID is due": (react(channel="general"), "channel_not_found", "/channel"),
    "a channel that is a number": (post(channel=7), "channel_not_found", "/channel"),
    "a person's name": (("users.info", {"user": "ada"}), "user_not_found", "/user"),
    "nobody": (("users.info", {}), "user_not_found", "/user"),
    "a user group's name": (("usergroups.users.list", {"usergroup": "@it"}), "no_such_subteam", "/usergroup"),
    "a thread that is no time": (post(thread_ts="yesterday"), "invalid_thread_ts", "/thread_ts"),
    "a reaction to no time": (react(timestamp="now"), "bad_timestamp", "/timestamp"),
    # content
    "nothing to say": (("chat.postMessage", {"channel": C}), "no_text", ""),
    "an empty text and no blocks": (post(text="", blocks=[]), "no_text", ""),
    "an update that changes nothing": (update(), "no_text", ""),
    "markdown beside text": (post(markdown_text="**x**"), "markdown_text_conflict", "/markdown_text"),
    "12,001 characters of markdown": (post(text="", markdown_text="x" * 12001), "msg_too_long", "/markdown_text"),
    "an update of 4,001 characters": (update(text="x" * 4001), "msg_too_long", "/text"),
    "a scheduled text of 40,001 characters": (schedule(text="x" * 40001), "msg_too_long", "/text"),
    "101 attachments": (post(attachments=[{"fallback": "x"}] * 101), "too_many_attachments", "/attachments"),
    "an attachment's unknown field": (
        post(attachments=[{"colour": "red"}]),
        "invalid_attachments",
        "/attachments/0/colour",
    ),
    "an attachment's wrong block": (
        post(attachments=[{"blocks": [section("")]}]),
        "invalid_attachments",
        "/attachments/0/blocks/0/text/text",
    ),
    "a wrong block": (post(blocks=[section("")]), "invalid_blocks", "/blocks/0/text/text"),
    "blocks of 14,500 characters": (post(blocks=LONG_BLOCKS), "msg_blocks_too_long", "/blocks"),
    "two tables": (post(blocks=[table([raw()])] * 2), "invalid_blocks", "/blocks"),
    "metadata without a payload": (
        post(metadata={"event_type": "x"}),
        "invalid_metadata_format",
        "/metadata/event_payload",
    ),
    "metadata that does not parse": (post(metadata="{"), "invalid_metadata_format", "/metadata"),
    "much metadata": (
        post(metadata={"event_type": "x", "event_payload": {"a": "x" * 9000}}),
        "metadata_too_large",
        "/metadata",
    ),
    "posting as a user": (post(as_user=True), "as_user_not_supported", "/as_user"),
    "a stream's long plan": (
        ("chat.appendStream", {"channel": C, "ts": TS, "chunks": [{"type": "plan_update", "title": "x" * 257}]}),
        "invalid_chunks",
        "/chunks/0/title",
    ),
    "an unfurl of the wrong shape": (
        ("chat.unfurl", {"channel": C, "ts": TS, "unfurls": {"https://e.example": {"colour": "red"}}}),
        "cannot_parse_attachment",
        "/unfurls/https:~1~1e.example/colour",
    ),
    # views
    "a modal published as a Home tab": (
        ("views.publish", {"user_id": U, "view": modal()}),
        "invalid_arguments",
        "/view/type",
    ),
    "a Home tab opened as a modal": (
        ("views.open", {"trigger_id": "1", "view": home()}),
        "invalid_arguments",
        "/view/type",
    ),
    "a view that does not parse": (("views.open", {"trigger_id": "1", "view": "{"}), "invalid_arguments", "/view"),
    "a wrong view": (
        ("views.open", {"trigger_id": "1", "view": modal(title=plain(""))}),
        "invalid_arguments",
        "/view/title/text",
    ),
    "two layouts to validate": (("blocks.validate", {"blocks": [], "view": {}}), "invalid_arguments", ""),
    # single methods
    "a scheduled time in words": (schedule(post_at="soon"), "invalid_time", "/post_at"),
    "an emoji with colons": (react(name=":wave:"), "invalid_name", "/name"),
    "a channel name in capitals": (("conversations.create", {"name": "Ideas"}), "invalid_name_specials", "/name"),
    "a channel name of dashes": (("conversations.create", {"name": "---"}), "invalid_name_punctuation", "/name"),
    "a channel name of 81 characters": (
        ("conversations.create", {"name": "x" * 81}),
        "invalid_name_maxlength",
        "/name",
    ),
    "no channel name": (("conversations.create", {}), "invalid_name_required", "/name"),
    "a topic of 251 characters": (
        ("conversations.setTopic", {"channel": C, "topic": "x" * 251}),
        "too_long",
        "/topic",
    ),
    "a conversation with nobody": (("conversations.open", {}), "users_list_not_supplied", "/users"),
    "a conversation of nine": (
        ("conversations.open", {"users": ",".join(f"U{n}AAA" for n in range(9))}),
        "too_many_users",
        "/users",
    ),
    "spaces between people": (("conversations.open", {"users": "U1AAA, U2AAA"}), "user_not_found", "/users"),
    "a page of 1,001": (("users.list", {"limit": 1001}), "invalid_limit", "/limit"),
    "a page of minus one": (("conversations.list", {"limit": "-1"}), "invalid_limit", "/limit"),
    "a bookmark of a script": (
        ("bookmarks.add", {"channel_id": C, "title": "t", "type": "link", "link": "javascript:x"}),
        "invalid_link",
        "/link",
    ),
    "an upload without its id": (
        ("files.completeUploadExternal", {"files": [{"title": "a"}]}),
        "invalid_arguments",
        "/files/0",
    ),
    "a canvas in HTML": (
        ("canvases.create", {"document_content": {"type": "html", "markdown": "x"}}),
        "invalid_arguments",
        "/document_content/type",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_call_is_refused_for(name: str) -> None:
    (method, args), code, pointer = REFUSED[name]
    assert (code, pointer) in refused(check_call(method, args))


WARNED: dict[str, tuple[tuple[str, Any], str, str]] = {
    "blocks without text": (post(text="", blocks=[section()]), "missing_text_in_message", "/text"),
    "a text that stands for much more": (
        post(text="New idea", blocks=[section("x" * 900)]),
        "thin_text",
        "/text",
    ),
    "a text of 4,001 characters": (post(text="x" * 4001), "text_long", "/text"),
    "a text that Slack will cut off": (post(text="x" * 40001), "message_truncated", "/text"),
    "blocks of 12,500 characters": (post(blocks=[section("x" * 2500)] * 5), "msg_blocks_too_long", "/blocks"),
    "a channel by its name": (post(channel="#general"), "channel_by_name", "/channel"),
    "names that become mentions": (post(link_names=True), "auto_parsing", "/link_names"),
    "words that become mentions": (post(parse="full"), "auto_parsing", "/parse"),
    "a broadcast from no thread": (post(reply_broadcast=True), "broadcast_without_thread", "/reply_broadcast"),
    "a scheduled message that never comes": (
        schedule(metadata={"event_type": "a", "event_payload": {}}),
        "scheduled_metadata",
        "/metadata",
    ),
    "a mention of everybody": (post(text="<!channel> hello"), "broadcast_mention", "/text"),
    "an ampersand in an attachment": (
        post(attachments=[{"fields": [{"title": "t", "value": "R&D"}]}]),
        "unescaped_ampersand",
        "/attachments/0/fields/0/value",
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_a_call_is_taken_with_a_warning_for(name: str) -> None:
    (method, args), code, pointer = WARNED[name]
    problems = check_call(method, args)
    assert refused(problems) == []
    assert (code, pointer) in warned(problems)


TAKEN: dict[str, tuple[str, Piece]] = {
    "a post": post(thread_ts=TS, unfurl_links=False, metadata={"event_type": "idea", "event_payload": {"id": 1}}),
    "a post to a person": post(channel=U),
    "a form's flags and numbers": post(unfurl_links="false", mrkdwn="1"),
    "arguments left out with None": post(blocks=None, thread_ts=None),
    "a token beside the arguments": post(token="xoxb-1"),
    "markdown alone": ("chat.postMessage", {"channel": C, "markdown_text": "**x** & <y>"}),
    "an update of the metadata alone": update(metadata={"event_type": "a", "event_payload": {}}),
    "an update that removes blocks": update(text="x", blocks=[]),
    "an ephemeral": ("chat.postEphemeral", {"channel": C, "user": U, "text": "x"}),
    "an unfurl in the composer": (
        "chat.unfurl",
        {"channel": "COMPOSER", "ts": "abc", "unfurls": {"https://e.example": {"title": "x", "hide_color": True}}},
    ),
    "a reaction in colour": react(name="+1::skin-tone-3"),
    "every page at once": ("users.list", {"limit": 0}),
    "a modal": ("views.open", {"trigger_id": "1.2", "view": modal(section())}),
    "a Home tab": ("views.publish", {"user_id": U, "view": home(section()), "hash": "1"}),
    "a view by its own name": ("views.update", {"external_id": "x", "view": modal()}),
    "an upload": ("files.completeUploadExternal", {"files": [{"id": "F1"}], "channel_id": C}),
    "a step done": ("functions.completeSuccess", {"function_execution_id": "Fx1", "outputs": {"a": 1}}),
    "no arguments": ("auth.test", {}),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_call_is_taken_with(name: str) -> None:
    assert check_call(*TAKEN[name]) == []


def test_refusals_come_before_warnings_so_that_the_first_code_is_slacks_answer() -> None:
    problems = check_call(*post(text="R&D", colour="red"))
    assert [problem.code for problem in problems] == ["invalid_arg_name", "unescaped_ampersand"]


def test_only_messages_of_the_web_api_are_refused_for_the_length_of_all_blocks_together() -> None:
    message = {"text": "x" * 2000, "blocks": LONG_BLOCKS}
    assert refused(check_call(*post(**message))) == [("msg_blocks_too_long", "/blocks")]
    assert refused(check_response_url_body(message, slash_command=True)) == []


def test_what_people_wrote_is_found_wherever_a_call_carries_it() -> None:
    said = ["<https://evil.example|Payroll>"]
    for args in (
        {"text": said[0]},
        {"blocks": [section(said[0])], "text": "x"},
        {"text": "x", "attachments": [{"text": said[0]}]},
    ):
        problems = check_call("chat.postMessage", {"channel": C, **args}, untrusted=said)
        assert "mention_injection" in {problem.code for problem in problems}
    view = {"trigger_id": "1", "view": modal(section(said[0]))}
    assert ("mention_injection", "/view/blocks/0/text/text") in warned(check_call("views.open", view, untrusted=said))


def test_a_form_carries_structures_as_text() -> None:
    form = {"channel": C, "text": "[1]", "blocks": json.dumps([section()]), "unfurl_links": "1"}
    assert decode("chat.postMessage", form) == {**form, "blocks": [section()]}
    assert decode("chat.postMessage", {"blocks": "[{"}) == {"blocks": "[{"}
    assert decode("no.such.method", {"blocks": "[]"}) == {"blocks": "[]"}
