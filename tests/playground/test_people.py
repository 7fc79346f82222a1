"""People acting as with Slack's client: what it offers, sends and refuses."""

from datetime import UTC, date, datetime

import pytest

from playground import CannotSubmit, Impossible, NoAnswer
from tests.playground.stub import actions, ask, button, call, modal, plain, section


@pytest.fixture
def show(slack, app, alice):
    """Open a modal for Alice; returns it."""

    def show(*blocks, **more):
        body = call(slack, "views.open", trigger_id=slack.triggers.issue(alice.id), view=modal(*blocks, **more))
        assert body["ok"], body
        return alice.view

    return show


@pytest.fixture
def card(slack, ideas):
    """Post a message with these elements in an actions block."""

    def card(*elements):
        args = {"channel": ideas.id, "text": "card", "blocks": [actions(*elements)]}
        return slack.messages.get(ideas.id, call(slack, "chat.postMessage", **args)["ts"])

    return card


def test_a_click_sends_the_button_with_its_message(app, alice, card):
    message = card(button("go", "Go", "42"))
    alice.click(message, "Go")
    sent = app.got("block_actions")[0]
    assert sent["actions"][0]["value"] == "42"
    assert sent["message"]["ts"] == message.ts
    assert sent["container"]["is_ephemeral"] is False


def test_a_button_that_is_not_there_cannot_be_clicked(app, alice, card):
    with pytest.raises(Impossible, match=r"no “Stop” here. There is: “Go” \(go\)"):
        alice.click(card(button("go", "Go")), "Stop")


def test_equal_buttons_are_told_apart_by_value(app, alice, card):
    message = card(button("a", "Vote", "1"), button("b", "Vote", "2"))
    with pytest.raises(Impossible, match="2 “Vote” here"):
        alice.click(message, "Vote")
    alice.click(message, "Vote", value="2")
    assert app.got("block_actions")[0]["actions"][0]["action_id"] == "b"


def test_a_confirmation_may_be_declined(app, alice, card):
    confirm = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
    message = card(button("go", "Go", confirm=confirm), button("other", "Other"))
    assert alice.click(message, "Go", confirm=False) is None
    assert app.got("block_actions") == []
    with pytest.raises(Impossible, match="nothing to decline"):
        alice.click(message, "Other", confirm=False)


def test_a_deleted_message_cannot_be_clicked(slack, app, alice, ideas, card):
    message = card(button("go", "Go"))
    call(slack, "chat.delete", channel=ideas.id, ts=message.ts)
    with pytest.raises(Impossible, match="does not see this message"):
        alice.click(message, "Go")


def test_outsiders_and_deactivated_people_cannot_click(slack, app, alice):
    slack.add_channel("secret", [alice], id="C0SECRET", private=True)
    ts = call(slack, "chat.postMessage", channel="C0SECRET", text="x", blocks=[actions(button("go", "Go"))])["ts"]
    message = slack.messages.get("C0SECRET", ts)
    with pytest.raises(Impossible, match="does not see"):
        slack.add_user("carol").click(message, "Go")
    slack.change_user(alice, deleted=True)
    with pytest.raises(Impossible, match="deactivated"):
        alice.click(message, "Go")


def test_a_menu_on_a_message_is_sent_at_once_with_the_state(app, alice, card):
    options = [{"text": plain("Low"), "value": "1"}, {"text": plain("High"), "value": "2"}]
    message = card({"type": "static_select", "action_id": "level", "placeholder": plain("Level"), "options": options})
    alice.select(message, "level", "High")
    sent = app.got("block_actions")[0]
    assert sent["actions"][0]["selected_option"]["value"] == "2"
    assert sent["state"]["values"]["acts"]["level"]["selected_option"]["value"] == "2"
    with pytest.raises(Impossible, match="“Enormous” is not on offer; “Low”, “High” is"):
        alice.select(message, "level", "Enormous")


def test_an_overflow_menu_sends_its_option(app, alice, card):
    options = [{"text": plain("Edit"), "value": "edit"}, {"text": plain("Withdraw"), "value": "withdraw"}]
    alice.select(card({"type": "overflow", "action_id": "more", "options": options}), "more", "Withdraw")
    assert app.got("block_actions")[0]["actions"][0]["selected_option"]["value"] == "withdraw"


def test_a_form_is_not_sent_before_it_is_complete(app, alice, show):
    view = show(ask("title", "Title"), ask("why", "Why", optional=True))
    with pytest.raises(CannotSubmit, match="“Title” must be filled in"):
        alice.submit()
    assert app.requests == []
    alice.fill(view, {"Title": "x"})
    alice.submit()
    assert app.got("view_submission")[0]["view"]["state"]["values"]["title"]["x"]["value"] == "x"
    assert alice.view is None


WRONG = [
    ({"min_length": 3}, "ab", "at least 3 characters"),
    ({"max_length": 3}, "abcd", "at most 3 characters"),
    ({"type": "email_text_input"}, "nobody", "e-mail address"),
    ({"type": "url_text_input"}, "example", "web address"),
    ({"type": "number_input", "is_decimal_allowed": False}, "many", "takes a number"),
    ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole numbers"),
    ({"type": "number_input", "is_decimal_allowed": True, "max_value": "3"}, 3.5, "between None and 3"),
]


@pytest.mark.parametrize(("element", "value", "sentence"), WRONG)
def test_the_client_checks_values_before_it_sends(app, alice, show, element, value, sentence):
    alice.fill(show(ask("field", "Field", element)), {"Field": value})
    with pytest.raises(CannotSubmit, match=sentence):
        alice.submit()


CHOSEN = [
    ({"type": "datepicker"}, date(2026, 3, 5), "selected_date", "2026-03-05"),
    ({"type": "timepicker"}, "09:30", "selected_time", "09:30"),
    ({"type": "datetimepicker"}, datetime(2026, 3, 5, tzinfo=UTC), "selected_date_time", 1772668800),
    ({"type": "number_input", "is_decimal_allowed": False}, 7, "value", "7"),
    ({"type": "users_select"}, "U0ALICE", "selected_user", "U0ALICE"),
    ({"type": "multi_users_select"}, ["U0ALICE", "U0BOB"], "selected_users", ["U0ALICE", "U0BOB"]),
    ({"type": "channels_select"}, "C0IDEAS", "selected_channel", "C0IDEAS"),
]


@pytest.mark.parametrize(("element", "value", "key", "sent"), CHOSEN)
def test_every_input_sends_its_value_in_slacks_shape(app, alice, show, element, value, key, sent):
    alice.fill(show(ask("field", "Field", element)), {"Field": value})
    alice.submit()
    state = app.got("view_submission")[0]["view"]["state"]["values"]["field"]["x"]
    assert state == {"type": element["type"], key: sent}


def test_a_form_shows_the_apps_errors_and_takes_another_try(app, alice, show):
    view = show(ask("title", "Title"))
    app.answers["view_submission"] = {"response_action": "errors", "errors": {"title": "Say more."}}
    alice.fill(view, {"Title": "x"})
    alice.submit()
    assert (alice.view, view.errors) == (view, {"title": "Say more."})
    app.answers["view_submission"] = ""
    alice.submit()
    assert alice.view is None


def test_errors_for_blocks_that_are_no_inputs_are_no_answer(app, alice, show):
    show(ask("title", "Title", optional=True), section("x", block_id="s"))
    app.answers["view_submission"] = {"response_action": "errors", "errors": {"s": "No."}}
    with pytest.raises(NoAnswer, match="does not accept the app's answer"):
        alice.submit()


def test_answers_update_push_and_clear_the_stack(app, alice, show):
    first = show(ask("a", "A", optional=True))
    app.answers["view_submission"] = {"response_action": "push", "view": modal(section("two"), title=plain("Two"))}
    alice.submit()
    assert (alice.view.title, alice.view.previous_id, alice.view.root_id) == ("Two", first.id, first.id)
    app.answers["view_submission"] = {"response_action": "update", "view": modal(section("three"), title=plain("3"))}
    alice.submit()
    assert alice.view.title == "3"
    app.answers["view_submission"] = {"response_action": "clear"}
    alice.submit()
    assert alice.view is None


def test_closing_is_told_only_if_asked_for_and_tells_nothing_typed(app, alice, show):
    show(section("x"))
    alice.close_view()
    assert app.requests == []
    alice.fill(show(ask("title", "Title"), notify_on_close=True), {"title": "Typed, not sent"})
    alice.close_view()
    told = app.got("view_closed")[0]
    assert (told["is_cleared"], told["view"]["state"]) == (False, {"values": {}})


def test_the_cross_closes_the_whole_stack_and_names_its_root(slack, app, alice, show):
    root = show(actions(button("more", "More")), notify_on_close=True)
    alice.click(root, "More")
    trigger = app.got("block_actions")[0]["trigger_id"]
    assert call(slack, "views.push", trigger_id=trigger, view=modal(section("x")))["ok"]
    alice.close_view(everything=True)
    told = app.got("view_closed")[0]
    assert (told["view"]["id"], told["is_cleared"]) == (root.id, True)


def test_an_external_select_asks_the_app_while_typing(app, alice, show):
    element = {"type": "external_select", "min_query_length": 2}
    view = show(ask("who", "Who", element))
    app.answers["block_suggestion"] = {"options": [{"text": plain("Marketing"), "value": "m"}]}
    with pytest.raises(Impossible, match="from 2 characters"):
        alice.search(view, "Who", "M")
    assert alice.search(view, "Who", "Mark")[0]["value"] == "m"
    alice.fill(view, {"Who": "Marketing"})
    assert view.values["who"]["x"]["selected_option"]["value"] == "m"


def test_inputs_tell_the_app_at_once_only_with_dispatch_action(app, alice, show):
    options = [{"text": plain("Low"), "value": "1"}]
    select = {"type": "static_select", "options": options}
    view = show(ask("a", "A", select), ask("b", "B", select, dispatch_action=True), ask("c", "C", dispatch_action=True))
    alice.fill(view, {"A": "Low", "C": "text"})
    assert app.requests == []
    alice.fill(view, {"B": "Low"})
    alice.press_enter(view, "C")
    assert [one["actions"][0]["block_id"] for one in app.got("block_actions")] == ["b", "c"]


def test_a_response_url_of_a_submission_posts_to_the_chosen_channel(app, alice, ideas, show):
    element = {"type": "conversations_select", "response_url_enabled": True}
    view = show(ask("where", "Where", element))
    alice.fill(view, {"Where": ideas.id})
    alice.submit()
    assert app.got("view_submission")[0]["response_urls"][0]["channel_id"] == ideas.id


def test_a_private_channel_is_not_read_by_outsiders(slack, alice, bob):
    slack.add_channel("secret", [alice], private=True)
    with pytest.raises(Impossible, match="private"):
        bob.messages("secret")
