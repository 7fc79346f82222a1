"""A small real Bolt app that does command -> form -> submission -> message -> update: what the tests drive."""

import logging

from slack_bolt import App
from slack_sdk import WebClient

FORM = {
    "type": "modal",
    "callback_id": "idea",
    "title": {"type": "plain_text", "text": "New idea"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "Title"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 50},
        },
        {
            "type": "input",
            "block_id": "kind",
            "optional": True,
            "label": {"type": "plain_text", "text": "Kind"},
            "element": {
                "type": "static_select",
                "action_id": "choice",
                "options": [
                    {"text": {"type": "plain_text", "text": "Small"}, "value": "s"},
                    {"text": {"type": "plain_text", "text": "Large"}, "value": "l"},
                ],
            },
        },
    ],
}


def card(title: str, supporters: int) -> dict:
    """The message about an idea."""
    section = {"type": "section", "block_id": "card", "text": {"type": "plain_text", "text": title}}
    button = {
        "type": "button",
        "action_id": "support",
        "text": {"type": "plain_text", "text": "Support"},
        "value": title,
    }
    blocks = [section, {"type": "actions", "block_id": "acts", "elements": [button]}]
    return {"text": f"{title}: {supporters} supporters", "blocks": blocks}


def build(slack, **options) -> App:
    """The app, connected to this workspace's Web API."""
    client = WebClient(slack.bot.token, base_url=slack.environment()["SLACK_API_URL"])
    app = App(client=client, signing_secret=slack.app.signing_secret, request_verification_enabled=True, **options)
    app.logger.setLevel(logging.ERROR)
    app.heard = []

    @app.command("/idea")
    def open_form(ack, body, client):
        ack()
        view = FORM | {"private_metadata": body["channel_id"]}
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("idea")
    def submitted(ack, view, client):
        title = view["state"]["values"]["title"]["text"]["value"]
        if title == "bad":
            ack(response_action="errors", errors={"title": "Say more."})
            return
        ack()
        client.chat_postMessage(channel=view["private_metadata"], **card(title, 0))

    @app.action("support")
    def support(ack, body, action, client):
        ack()
        channel, ts = body["container"]["channel_id"], body["container"]["message_ts"]
        client.chat_update(channel=channel, ts=ts, **card(action["value"], 1))

    @app.event("app_mention")
    def mentioned(event, say):
        app.heard.append(event)
        say(text="Yes?", thread_ts=event["ts"])

    @app.event("message")
    def message(event):
        app.heard.append(event)

    return app
