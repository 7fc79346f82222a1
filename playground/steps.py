"""Custom steps: functions of the app run by Workflow Builder (`function_executed`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playground.errors import SlackError
from playground.values import Json, secret

if TYPE_CHECKING:
    from playground.workspace import Workspace


@dataclass
class Step:
    """One run of a function. `outcome` is None until the app says `success` or `error`."""

    id: str
    callback_id: str
    token: str
    outcome: str | None = None
    outputs: Json = field(default_factory=dict)
    error: str = ""


class Steps:
    """The functions Slack has asked the app to run."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self.all: dict[str, Step] = {}

    def run(self, callback_id: str, inputs: Json) -> Step:
        """Ask the app to run its function; returns at once with a step to watch."""
        slack = self._slack
        step = Step(slack.ids.next("Fx"), callback_id, secret("xwfp-"))
        self.all[step.id] = step
        event: Json = {
            "function": {"id": slack.ids.next("Fn"), "callback_id": callback_id, "title": callback_id},
            "inputs": inputs,
            "function_execution_id": step.id,
            "workflow_execution_id": slack.ids.next("Wx"),
            "bot_access_token": step.token,
        }
        slack.events.emit("function_executed", event)
        return step

    def finish(self, step_id: str, outcome: str, outputs: Json, error: str) -> None:
        """Raises `function_execution_not_found`, or `not_running` if it has ended already."""
        step = self.all.get(step_id)
        if step is None:
            raise SlackError("function_execution_not_found")
        if step.outcome is not None:
            raise SlackError("not_running")
        step.outcome, step.outputs, step.error = outcome, outputs, error

    def owns(self, token: str) -> bool:
        """Whether `token` belongs to a step that is still running."""
        return any(one.token == token and one.outcome is None for one in self.all.values())
