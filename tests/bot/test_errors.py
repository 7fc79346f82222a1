"""Errors speak, each in the place where the person is looking, over HTTP as it happens in production."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.blocks import ExternalDataSelectElement
from structlog.testing import capture_logs

from bot import forms
from bot.views import blocks
from playground.errors import NoAnswer
from playground.messages import Message
from playground.person import Person
from tests.world import World
from workflows.errors import WorkflowError

PROBLEM = "That cannot be: <!channel> is closed. Wait for Monday."
Raise = Callable[[], None]


def refuse() -> None:
    raise WorkflowError(PROBLEM, "second")


def crash() -> None:
    raise ZeroDivisionError("secret detail")


@pytest.fixture(params=[refuse, crash], ids=["refused", "crashed"])
def failing(request: pytest.FixtureRequest) -> Raise:
    found: Raise = request.param
    return found


def expected(failing: Raise) -> str:
    return "Wait for Monday" if failing is refuse else "Reference: "


def form() -> Any:
    inputs = [forms.input_text("first", "First"), forms.input_text("second", "Second", optional=True)]
    return blocks.modal("A form", inputs, callback_id="test.form", submit="Send")


def posted(world: World, *, thread: bool = False) -> Message:
    """A message with a button, in #random or in a thread there."""
    client = world.bot.installations.client("")
    row = blocks.buttons(blocks.button("Press", "test.press", "v"))
    root = client.chat_postMessage(channel="CRANDOM", text="A button", blocks=[row])
    if thread:
        root = client.chat_postMessage(channel="CRANDOM", text="A button", blocks=[row], thread_ts=root["ts"])
    return world.slack.messages.get("CRANDOM", root["ts"])


def go_first(world: World) -> None:
    """Ask the listener registered last before those of the features."""
    listeners = world.bot.app._listeners
    listeners.insert(0, listeners.pop())


def on_press(app: App, failing: Raise) -> None:
    @app.action("test.press")
    def press(ack: Ack) -> None:
        ack()
        failing()


def open_form(world: World, who: Person) -> None:
    @world.bot.app.global_shortcut("idea.new")
    def begin(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    go_first(world)
    who.shortcut("idea.new")


def test_a_form_shows_a_refusal_under_its_field_and_keeps_what_was_typed(world: World) -> None:
    alice = world.person("Alice")
    world.bot.app.view("test.form")(lambda ack: refuse())
    open_form(world, alice)
    alice.fill(alice.view, {"First": "typed"})
    answer = alice.submit()
    assert answer.body == {"response_action": "errors", "errors": {"second": PROBLEM}}
    assert alice.view is not None


def test_a_form_that_crashes_says_so_under_its_first_field_with_a_reference(world: World) -> None:
    alice = world.person("Alice")
    world.bot.app.view("test.form")(lambda ack: crash())
    open_form(world, alice)
    alice.fill(alice.view, {"First": "typed"})
    with capture_logs() as lines:
        answer = alice.submit()
    failed = next(line for line in lines if line["event"] == "request.failed")
    assert f"Reference: {failed['reference']}" in answer.body["errors"]["first"]
    assert "secret" not in str(answer.body)


def test_what_fails_after_a_form_was_acknowledged_does_not_undo_the_acknowledgement(world: World) -> None:
    alice = world.person("Alice")

    @world.bot.app.view("test.form")
    def submit(ack: Ack) -> None:
        ack()
        crash()

    open_form(world, alice)
    alice.fill(alice.view, {"First": "typed"})
    answer = alice.submit()
    assert (answer.status, answer.body) == (200, "")
    assert alice.view is None


def test_a_form_without_inputs_turns_into_a_page_that_says_it(world: World, failing: Raise) -> None:
    alice = world.person("Alice")
    world.bot.app.view("test.form")(lambda ack: failing())

    @world.bot.app.action("test.press")
    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        view = blocks.modal("Sure?", [blocks.section("Really?")], callback_id="test.form", submit="Yes")
        client.views_open(trigger_id=body["trigger_id"], view=view)

    alice.click(posted(world), "Press")
    alice.submit()
    assert expected(failing) in str(alice.view.body if alice.view else None)


def test_a_button_in_a_channel_is_answered_for_the_presser_alone(world: World, failing: Raise) -> None:
    alice = world.person("Alice")
    on_press(world.bot.app, failing)
    alice.click(posted(world), "Press")
    assert expected(failing) in alice.ephemerals("CRANDOM")[-1].text
    assert "<!channel>" not in alice.ephemerals("CRANDOM")[-1].text


def test_a_button_in_a_thread_is_answered_in_the_thread(world: World, failing: Raise) -> None:
    alice = world.person("Alice")
    on_press(world.bot.app, failing)
    message = posted(world, thread=True)
    alice.click(message, "Press")
    shown = alice.ephemerals("CRANDOM")[-1]
    assert expected(failing) in shown.text
    assert shown.thread_ts == message.thread_ts


def test_a_command_is_answered_in_its_acknowledgement(world: World, failing: Raise) -> None:
    alice = world.person("Alice")

    @world.bot.app.command("/cx")
    def cx(ack: Ack) -> None:
        ack()
        failing()

    go_first(world)
    answer = alice.command("/cx", "", "CIDEAS")
    assert answer.body["response_type"] == "ephemeral"
    assert expected(failing) in alice.ephemerals("CIDEAS")[-1].text


def test_a_global_shortcut_is_answered_on_a_small_page(world: World, failing: Raise) -> None:
    alice = world.person("Alice")

    @world.bot.app.global_shortcut("idea.new")
    def begin(ack: Ack) -> None:
        ack()
        failing()

    go_first(world)
    alice.shortcut("idea.new")
    assert expected(failing) in str(alice.view.body if alice.view else None)


def test_a_button_in_a_form_is_answered_on_a_page_above_it(world: World, failing: Raise) -> None:
    alice = world.person("Alice")
    on_press(world.bot.app, failing)

    @world.bot.app.action("test.open")
    def opened(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        row = blocks.buttons(blocks.button("Press", "test.press", "v"))
        client.views_open(trigger_id=body["trigger_id"], view=blocks.modal("Page", [row]))

    client = world.bot.installations.client("")
    row = blocks.buttons(blocks.button("Open", "test.open", "v"))
    ts = client.chat_postMessage(channel="CRANDOM", text="Open", blocks=[row])["ts"]
    alice.click(world.slack.messages.get("CRANDOM", ts), "Open")
    below = alice.view
    assert below is not None
    alice.click(below, "Press")
    assert alice.view is not below
    assert expected(failing) in str(alice.view.body if alice.view else None)


def test_where_nothing_can_be_opened_any_more_it_is_said_directly(world: World) -> None:
    alice = world.person("Alice")

    @world.bot.app.global_shortcut("idea.new")
    def begin(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())
        refuse()

    go_first(world)
    alice.shortcut("idea.new")
    assert "Wait for Monday" in world.dms("Alice")[-1].text


def test_a_form_that_came_too_late_can_be_tried_again_in_place(world: World) -> None:
    alice = world.person("Alice")

    @world.bot.app.action("test.press")
    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    world.slack.faults.refuse("views.open", "expired_trigger_id")
    alice.click(posted(world), "Press")
    assert "try again" in alice.ephemerals("CRANDOM")[-1].text
    alice.click(alice.ephemerals("CRANDOM")[-1], "Try again")
    assert alice.view is not None


def test_a_trigger_used_twice_says_nothing(world: World) -> None:
    alice = world.person("Alice")

    @world.bot.app.action("test.press")
    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        for _ in range(2):
            client.views_open(trigger_id=body["trigger_id"], view=form())

    alice.click(posted(world), "Press")
    assert alice.ephemerals() == []
    assert alice.view is not None


def test_an_event_that_crashes_is_delivered_again_by_slack(world: World) -> None:
    tries = []

    @world.bot.app.event("app_home_opened")
    def opened() -> None:
        tries.append(1)
        if len(tries) == 1:
            crash()

    go_first(world)
    world.person("Alice").open_home()
    world.slack.settle()
    world.slack.advance(minutes=2)
    assert len(tries) == 2


def test_a_refused_mention_is_answered_where_it_was_made(world: World) -> None:
    alice = world.person("Alice")

    @world.bot.app.event("app_mention")
    def mentioned() -> None:
        refuse()

    go_first(world)
    alice.say("CRANDOM", "@Touchstone hello")
    world.slack.settle()
    assert "Wait for Monday" in alice.ephemerals("CRANDOM")[-1].text


def test_nobody_hears_that_nobody_can_be_told(world: World) -> None:
    alice = world.person("Alice")
    on_press(world.bot.app, refuse)
    message = posted(world, thread=True)
    world.slack.faults.refuse("chat.postEphemeral", "not_in_channel")
    try:
        answer = alice.click(message, "Press")
    except NoAnswer:
        pytest.fail("the press was not acknowledged")
    assert answer is not None
    assert answer.ok
    assert "Wait for Monday" in alice.ephemerals("CRANDOM")[-1].text


def test_nobody_is_written_to_for_opening_their_home_or_typing_into_a_menu(world: World, failing: Raise) -> None:
    alice = world.person("Alice")
    world.bot.app.event("app_home_opened")(refuse)
    go_first(world)
    world.bot.app.options("test.menu")(lambda ack: failing())

    @world.bot.app.action("test.press")
    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        menu = forms.wrap("menu", "Menu", ExternalDataSelectElement(action_id="test.menu", min_query_length=1))
        client.views_open(
            trigger_id=body["trigger_id"], view=blocks.modal("Page", [menu], callback_id="x", submit="Go")
        )

    alice.open_home()
    alice.click(posted(world), "Press")
    assert alice.view is not None
    assert alice.search(alice.view, "test.menu", "abc") == []
    assert world.dms("Alice") == []
    assert alice.ephemerals() == []
