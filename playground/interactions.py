"""What Slack sends when a person acts on the app: commands, clicks, submissions, shortcuts, option requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playground import contract, organisation
from playground.channels import COMMAND_NAME, Channel
from playground.delivery import COMMANDS, INTERACTIVE, Answer, Request
from playground.errors import NoAnswer
from playground.inputs import State, initial
from playground.layout import Place, inputs
from playground.messages import Message
from playground.people import User
from playground.values import Json
from playground.views import View

if TYPE_CHECKING:
    from playground.workspace import Workspace

LENIENT = frozenset({"block_actions", "shortcut", "message_action", "view_closed"})
SENT_IN_ACTION = frozenset(
    {"action_id", "type", "text", "value", "url", "style", "confirm", "placeholder", "min_query_length"}
)


class Interactions:
    """Builds each payload as Slack does, sends it, and returns the answer."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack

    def command(self, user: User, channel: Channel, name: str, text: str) -> Answer:
        slack = self._slack
        payload: Json = {
            "token": slack.app.verification_token,
            "team_id": slack.team_id,
            "team_domain": slack.domain,
            "channel_id": channel.id,
            "channel_name": COMMAND_NAME.get(channel.kind, channel.name),
            "user_id": user.id,
            "user_name": user.name,
            "command": name,
            "text": text,
            "api_app_id": slack.app.id,
            **_organisation(organisation.describe(slack)),
            "is_enterprise_install": str(organisation.is_whole(slack)).lower(),
            "response_url": slack.triggers.response_url("commands", user.id, channel.id),
            "trigger_id": slack.triggers.issue(user.id),
        }
        return self._send(Request(COMMANDS, payload))

    def act_on_message(self, user: User, message: Message, place: Place, value: Json, values: State) -> Answer:
        """`block_actions` from a message or an ephemeral."""
        slack = self._slack
        channel = slack.channels.get(message.channel)
        hidden = bool(message.visible_to)
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
        container |= {"is_ephemeral": hidden} | ({"thread_ts": message.thread_ts} if message.thread_ts else {})
        payload = self._common("block_actions", user) | {
            "container": container,
            "trigger_id": slack.triggers.issue(user.id),
            "channel": {"id": channel.id, "name": COMMAND_NAME.get(channel.kind, channel.name)},
            "state": {"values": values},
            "response_url": slack.triggers.response_url(
                "actions", user.id, channel.id, message_ts=message.ts, thread_ts=message.thread_ts
            ),
            "actions": [self._action(place, value)],
        }
        shown: Json = {} if hidden else {"message": slack.messages.describe(message)}
        return self._send(Request(INTERACTIVE, payload | shown))

    def act_on_view(self, user: User, view: View, place: Place, value: Json) -> Answer:
        """`block_actions` from a modal or App Home."""
        slack = self._slack
        payload = self._common("block_actions", user) | {
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": slack.triggers.issue(user.id, view.id if view.body["type"] == "modal" else ""),
            "view": slack.views.describe(view),
            "actions": [self._action(place, value)],
        }
        return self._send(Request(INTERACTIVE, payload))

    def submit(self, user: User, view: View) -> Answer:
        slack = self._slack
        payload = self._common("view_submission", user) | {
            "trigger_id": slack.triggers.issue(user.id, view.id),
            "view": slack.views.describe(view),
            "response_urls": self._response_urls(user, view),
        }
        return self._send(Request(INTERACTIVE, payload))

    def closed(self, user: User, view: View, *, cleared: bool) -> Answer:
        payload = self._common("view_closed", user)
        shown = self._slack.views.describe(view) | {"state": {"values": {}}}  # what was typed is not told, as recorded
        payload |= {"view": shown, "is_cleared": cleared}
        return self._send(Request(INTERACTIVE, payload))

    def shortcut(self, user: User, callback_id: str) -> Answer:
        """A global shortcut: no channel, no response URL."""
        slack = self._slack
        payload = self._common("shortcut", user)
        del payload["api_app_id"]
        payload |= {
            "action_ts": slack.next_ts(),
            "callback_id": callback_id,
            "trigger_id": slack.triggers.issue(user.id),
        }
        return self._send(Request(INTERACTIVE, payload))

    def message_shortcut(self, user: User, message: Message, callback_id: str) -> Answer:
        slack = self._slack
        channel = slack.channels.get(message.channel)
        payload = self._common("message_action", user)
        del payload["api_app_id"]
        payload |= {
            "action_ts": slack.next_ts(),
            "callback_id": callback_id,
            "trigger_id": slack.triggers.issue(user.id),
            "channel": {"id": channel.id, "name": COMMAND_NAME.get(channel.kind, channel.name)},
            "message_ts": message.ts,
            "message": slack.messages.describe(message),
            "response_url": slack.triggers.response_url("app", user.id, channel.id, message_ts=message.ts),
        }
        return self._send(Request(INTERACTIVE, payload))

    def options(
        self, user: User, place: Place, typed: str, *, view: View | None, message: Message | None
    ) -> list[Json]:
        """Ask the app for the options of an external select. Raises `NoAnswer`."""
        slack = self._slack
        payload = self._common("block_suggestion", user)
        payload |= {"action_id": place.action_id, "block_id": place.block_id, "value": typed}
        if view is not None:
            payload |= {"container": {"type": "view", "view_id": view.id}, "view": slack.views.describe(view)}
        if message is not None:
            channel = slack.channels.get(message.channel)
            payload["container"] = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
            payload |= {
                "channel": {"id": channel.id, "name": channel.name},
                "message": slack.messages.describe(message),
            }
        body = self._send(Request(INTERACTIVE, payload)).body
        return _offered(body if isinstance(body, dict) else {})

    def _common(self, kind: str, user: User) -> Json:
        slack = self._slack
        about = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}
        return {
            "type": kind,
            "user": about,
            "api_app_id": slack.app.id,
            "token": slack.app.verification_token,
            "team": {"id": slack.team_id, "domain": slack.domain},
            "enterprise": organisation.describe(slack),
            "is_enterprise_install": organisation.is_whole(slack),
        }

    def _action(self, place: Place, value: Json) -> Json:
        element = place.element.items()
        shown = {key: part for key, part in element if key in SENT_IN_ACTION or key.startswith("initial_")}
        return shown | value | {"block_id": place.block_id, "action_ts": self._slack.next_ts()}

    def _response_urls(self, user: User, view: View) -> list[Json]:
        urls = []
        for place in inputs(view.blocks):
            if not (place.is_input and place.element.get("response_url_enabled")):
                continue
            value = view.values[place.block_id][place.action_id]
            channel = value.get("selected_conversation") or value.get("selected_channel")
            if channel:
                url = self._slack.triggers.response_url("app", user.id, channel)
                about = {"block_id": place.block_id, "action_id": place.action_id, "channel_id": channel}
                urls.append(about | {"response_url": url})
        return urls

    def _send(self, request: Request) -> Answer:
        answer = self._slack.send(request)
        if not answer.ok:
            code = "operation_timeout" if answer.failure == "http_timeout" else "dispatch_failed"
            raise NoAnswer(code, _complaint(request, answer, code, self._slack.patience))
        problems = [one for one in contract.check_ack(request.payload, answer.body) if one.severity == "error"]
        if problems and request.name not in LENIENT:
            said = "; ".join(f"{one.message} ({one.code} at {one.pointer or '/'})" for one in problems)
            raise NoAnswer("invalid_answer", f"Slack does not accept the app's answer to {request.name}: {said}")
        return answer


def _organisation(known: Json | None) -> Json:
    """How a command names the organisation."""
    return {"enterprise_id": known["id"], "enterprise_name": known["name"]} if known else {}


def untouched(blocks: list[Json]) -> State:
    """The state of a message's inputs before anybody chose."""
    values: State = {}
    for place in inputs(blocks):
        values.setdefault(place.block_id, {})[place.action_id] = initial(place.element)
    return values


def _offered(body: Json) -> list[Json]:
    groups: list[Any] = body.get("option_groups") or []
    return [*(body.get("options") or []), *(one for group in groups for one in group["options"])]


def _complaint(request: Request, answer: Answer, code: str, patience: float) -> str:
    if code == "operation_timeout":
        return f"{request.name} failed with “{code}”: the app did not answer within {patience:g} seconds."
    said = f"it answered HTTP {answer.status}: {answer.body}" if answer.status else f"{answer.failure}"
    return f"{request.name} failed with “{code}”: {said}."
