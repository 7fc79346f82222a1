"""Socket Mode, frame by frame."""

import json
import threading
from contextlib import ExitStack, contextmanager

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from playground import NoAnswer
from tests.playground.stub import call


def address(slack):
    body = call(slack, "apps.connections.open", token=slack.app.app_token)
    assert body["ok"], body
    return body["url"]


def frame(socket):
    return json.loads(socket.recv(timeout=5))


@contextmanager
def linked(slack):
    """An open connection that has said hello."""
    with connect(address(slack)) as socket:
        assert frame(socket)["type"] == "hello"
        yield socket


@contextmanager
def acting(verb):
    """A person's act in the background, so the test can play the app; what it raised is in the list."""
    raised = []

    def act():
        try:
            verb()
        except NoAnswer as error:
            raised.append(error)

    thread = threading.Thread(target=act)
    thread.start()
    yield raised
    thread.join()


def test_hello_says_how_many_connections_there_are_and_how_long_they_last(slack):
    with connect(address(slack)) as socket:
        hello = frame(socket)
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": slack.app.id}
    assert hello["debug_info"]["approximate_connection_time"] == 3600


def test_an_address_serves_once(slack):
    url = address(slack)
    with connect(url):
        pass
    with pytest.raises((InvalidStatus, ConnectionClosed)), connect(url) as socket:
        socket.recv(timeout=2)


def test_a_command_is_answered_with_a_payload(slack, alice, ideas):
    with linked(slack) as socket, acting(lambda: alice.command("/idea", "x", ideas)) as raised:
        envelope = frame(socket)
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["text"] == "x"
        socket.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "Thanks"}}))
    assert raised == []
    assert [one.text for one in alice.ephemerals()] == ["Thanks"]


def test_an_event_takes_no_payload_and_says_which_attempt_it_is(slack, alice, ideas):
    with linked(slack) as socket, acting(lambda: alice.say(ideas, "hello")):
        envelope = frame(socket)
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
        socket.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "ignored"}}))
    assert slack.wire.deliveries("message")[0].response == ""


def test_each_payload_goes_to_one_of_the_connections(slack, alice, ideas):
    with linked(slack) as one, linked(slack) as two:
        got = []
        for _ in range(2):
            with acting(lambda: alice.command("/idea", "", ideas)):
                for name, socket in (("one", one), ("two", two)):
                    try:
                        envelope = json.loads(socket.recv(timeout=0.3))
                    except TimeoutError:
                        continue
                    got.append(name)
                    socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        assert sorted(got) == ["one", "two"]


def test_the_eleventh_connection_is_one_too_many(slack):
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(linked(slack))
        eleventh = stack.enter_context(connect(address(slack)))
        assert frame(eleventh) == {
            "type": "disconnect",
            "reason": "too_many_websockets",
            "debug_info": {"host": "playground"},
        }


def test_a_warning_keeps_the_connection_and_a_refresh_ends_it(slack):
    with linked(slack) as socket:
        slack.faults.refresh_sockets("warning")
        assert frame(socket)["reason"] == "warning"
        slack.faults.refresh_sockets()
        assert frame(socket)["reason"] == "refresh_requested"
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)


def test_an_event_lost_with_its_connection_comes_again_on_the_next(slack, alice, ideas):
    with linked(slack) as socket, acting(lambda: alice.say(ideas, "hello")):
        frame(socket)
        assert slack.faults.drop_sockets() == 1
    slack.settle()
    with linked(slack) as socket, acting(lambda: slack.advance(seconds=61)):
        envelope = frame(socket)
        assert envelope["payload"]["event"]["text"] == "hello"
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (2, "connection_failed")
        socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))


def test_without_a_connection_people_get_no_answer(slack, alice, ideas):
    with linked(slack):
        pass
    slack.wait_for(lambda: slack.sockets.count == 0)
    with pytest.raises(NoAnswer, match="connection_failed"):
        alice.command("/idea", "", ideas)


def test_a_connection_that_never_answers_is_an_operation_timeout(slack, alice, ideas):
    with linked(slack) as socket:
        with acting(lambda: alice.command("/idea", "", ideas)) as raised:
            frame(socket)
        assert [one.code for one in raised] == ["operation_timeout"]
