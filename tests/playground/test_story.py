"""One story, over every way Slack has to reach an app: command, form, submission, message, button, update."""

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler

from playground.testing import slack_workspace
from tests.playground.bolt_app import build


@pytest.fixture(params=["wsgi", "socket"])
def connected(request):
    with slack_workspace() as slack:
        app = build(slack, process_before_response=request.param == "wsgi")
        if request.param == "wsgi":
            slack.connect_wsgi(SlackRequestHandler(app))
            yield slack
        else:
            handler = SocketModeHandler(app, slack.app.app_token)
            handler.client.web_client = app.client
            handler.connect()
            slack.sockets.wait_open()
            yield slack
            handler.close()


def test_an_idea_goes_from_the_command_to_the_updated_card(connected):
    slack = connected
    alice = slack.add_user("alice")
    slack.add_channel("ideas", [alice])
    alice.command("/idea", channel="ideas")
    view = slack.wait_for(lambda: alice.view)
    alice.fill(view, {"Title": "Fewer forms", "Kind": "Small"})
    alice.submit()
    assert alice.view is None
    posted = slack.wait_for(lambda: alice.messages("ideas"))[0]
    assert posted.text == "Fewer forms: 0 supporters"
    alice.click(posted, "Support")
    slack.wait_for(lambda: posted.text == "Fewer forms: 1 supporters")
    assert slack.wire.problems() == []


def test_an_error_in_the_acknowledgement_keeps_the_form_open_with_the_error(connected):
    slack = connected
    alice = slack.add_user("alice")
    slack.add_channel("ideas", [alice])
    alice.command("/idea", channel="ideas")
    view = slack.wait_for(lambda: alice.view)
    alice.fill(view, {"Title": "bad"})
    alice.submit()
    assert alice.view is view
    assert view.errors == {"title": "Say more."}


def test_a_mention_is_answered_in_its_thread_and_also_arrives_as_a_message(connected):
    slack = connected
    alice = slack.add_user("alice")
    slack.add_channel("ideas", [alice])
    question = alice.say("ideas", "@app are you there?")
    answer = slack.wait_for(lambda: alice.thread(question))[0]
    assert answer.text == "Yes?"
    slack.settle()
    assert len(slack.wire.deliveries("app_mention")) == 1
