"""A small Bolt app that shows one of everything: inputs of all kinds, blocks of all kinds, forms on top of forms."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from playground.workspace import Workspace

Json = dict[str, Any]
MANIFEST: Json = {
    "display_information": {"name": "Gallery"},
    "features": {
        "bot_user": {"display_name": "Gallery"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": f"/{name}", "description": f"Shows {name}", "usage_hint": "[words]"}
            for name in ("form", "whisper", "blocks", "slow")
        ],
        "shortcuts": [
            {"name": "Turn into a form", "type": "message", "callback_id": "turn", "description": "From a message"},
            {"name": "A form", "type": "global", "callback_id": "form", "description": "From anywhere"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "channels:read", "users:read", "im:write"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}, "interactivity": {"is_enabled": True}},
}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(name: str) -> Json:
    return {"text": plain(name), "value": name.lower()}


def field(name: str, kind: str, *, optional: bool = True, **more: Any) -> Json:
    element = {"type": kind, "action_id": "it", **more}
    return {"type": "input", "block_id": name, "label": plain(name.title()), "optional": optional, "element": element}


THREE = [option("Ash"), option("Birch"), option("Cedar")]
GROUPS = [{"label": plain("Trees"), "options": THREE}, {"label": plain("Herbs"), "options": [option("Dill")]}]
INPUTS = [
    field("title", "plain_text_input", optional=False, max_length=40, focus_on_load=True),
    field("notes", "plain_text_input", multiline=True),
    field("rich", "rich_text_input"),
    field("mail", "email_text_input"),
    field("web", "url_text_input"),
    field("number", "number_input", is_decimal_allowed=False, min_value="1", max_value="9"),
    field("tree", "static_select", option_groups=GROUPS),
    field("trees", "multi_static_select", options=THREE),
    field("asked", "external_select", min_query_length=2),
    field("person", "users_select"),
    field("people", "multi_users_select"),
    field("place", "conversations_select"),
    field("channel", "channels_select"),
    field("day", "datepicker"),
    field("hour", "timepicker"),
    field("moment", "datetimepicker"),
    field("one", "radio_buttons", options=THREE),
    field("some", "checkboxes", options=THREE),
    field("papers", "file_input", max_files=2, filetypes=["txt", "png"]),
]


def form(extra: list[Json] | None = None, *, name: str = "All inputs") -> Json:
    more = {"type": "button", "action_id": "more", "text": plain("One more field")}
    push = {"type": "button", "action_id": "push", "text": plain("On top")}
    bar = {"type": "actions", "block_id": "bar", "elements": [more, push]}
    return {
        "type": "modal", "callback_id": "form", "title": plain(name), "submit": plain("Send"), "close": plain("Leave"),
        "notify_on_close": True, "blocks": [*INPUTS, *(extra or []), bar],
    }  # fmt: skip


def message_blocks() -> list[Json]:
    """Blocks a message can carry."""
    sure = {"title": plain("Sure?"), "text": plain("It is gone."), "confirm": plain("Remove it"), "deny": plain("Keep")}
    remove = {"type": "button", "action_id": "danger", "text": plain("Remove"), "style": "danger", "confirm": sure}
    pick = {"type": "static_select", "action_id": "pick", "placeholder": plain("Pick"), "options": THREE}
    menu = {"type": "overflow", "action_id": "menu", "options": [option("Up"), option("Down")]}
    words = mrkdwn("*bold* _italic_ ~gone~ `code` <https://example.org|a link> <@UANN>")
    return [
        {"type": "header", "text": plain("A header")},
        {"type": "section", "text": words, "accessory": menu},
        {"type": "context", "elements": [mrkdwn("small print"), plain("and plain")]},
        {"type": "divider"},
        {"type": "actions", "elements": [remove, pick]},
        {
            "type": "card",
            "title": plain("A card"),
            "body": plain("With a sign"),
            "slack_icon": {"type": "icon", "name": "rocket"},
        },
        *_figures(),
    ]


def _figures() -> list[Json]:
    pie = {"type": "pie", "segments": [{"label": "Yes", "value": 3}, {"label": "No", "value": 1}]}
    points = [{"label": "Mon", "value": 2}, {"label": "Tue", "value": 5}]
    bar = {"type": "bar", "series": [{"name": "Votes", "data": points}], "axis_config": {"categories": ["Mon", "Tue"]}}
    table = [[raw("Name"), raw("Votes")], *([raw(name), {"type": "raw_number", "value": 3}] for name in "abcdefg")]
    return [
        {"type": "data_visualization", "title": "Who voted", "chart": pie},
        {"type": "data_visualization", "title": "By day", "chart": bar},
        {"type": "data_table", "caption": "All of them", "rows": table},
    ]


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def install(slack: Workspace) -> App:
    """The app, connected; `app.seen` lists what it was told, the newest last."""
    client = WebClient(slack.bot.token, base_url=slack.environment()["SLACK_API_URL"])
    app = App(client=client, signing_secret=slack.app.signing_secret, process_before_response=True)
    app.logger.setLevel(logging.CRITICAL)
    app.seen = []
    _commands(app)
    _forms(app)
    _clicks(app)
    slack.connect_wsgi(SlackRequestHandler(app))
    return app


def _commands(app: App) -> None:
    @app.command("/form")
    def form_asked(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.command("/whisper")
    def whisper(ack):
        ack("Between you and me.")

    @app.command("/blocks")
    def blocks(ack, body, client):
        ack()
        client.chat_postMessage(channel=body["channel_id"], text="One of everything", blocks=message_blocks())

    @app.command("/slow")
    def slow():
        pass

    @app.shortcut("form")
    def anywhere(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.shortcut("turn")
    def turn(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form(name="From a message"))


def _forms(app: App) -> None:
    @app.view("form")
    def submitted(ack, view):
        values = view["state"]["values"]
        app.seen.append(values)
        if values["title"]["it"]["value"] == "bad":
            ack(response_action="errors", errors={"title": "Say more than bad.", "notes": "And why."})
        else:
            ack()

    @app.view("top")
    def top(ack):
        ack()

    @app.view_closed("form")
    def closed(ack, body):
        app.seen.append({"closed": body["is_cleared"]})
        ack()

    @app.options("it")
    def offered(ack, payload):
        ack(options=[option(f"{payload['value']} {n}") for n in (1, 2)])


def _clicks(app: App) -> None:
    @app.action("more")
    def more(ack, body, client):
        ack()
        client.views_update(view_id=body["view"]["id"], view=form([field("extra", "plain_text_input")]))

    @app.action("push")
    def push(ack, body, client):
        ack()
        view = {"type": "modal", "callback_id": "top", "title": plain("On top"), "submit": plain("Ok"),
                "blocks": [field("why", "plain_text_input")]}  # fmt: skip
        client.views_push(trigger_id=body["trigger_id"], view=view)

    @app.action({"action_id": "danger"})
    @app.action("pick")
    @app.action("menu")
    def clicked(ack, action, client, body):
        ack()
        app.seen.append(action)

    @app.event("app_home_opened")
    def home(event, client):
        blocks = [{"type": "header", "text": plain("Your home")}, {"type": "actions", "elements": [
            {"type": "button", "action_id": "menu", "text": plain("Do it")}]}]  # fmt: skip
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
