"""Short-lived permissions: trigger ids (3 s, once) and response URLs (5 uses in 30 minutes)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from playground.errors import SlackError
from playground.values import secret

if TYPE_CHECKING:
    from playground.workspace import Workspace

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5


@dataclass
class Trigger:
    """The right to open one view for `user`; `view` is the modal it was born in."""

    id: str
    user: str
    born: datetime
    view: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """The right to answer where something happened. `message_ts` is the message acted on, if any."""

    path: str
    user: str
    channel: str
    born: datetime
    message_ts: str = ""
    thread_ts: str = ""
    command: bool = False
    uses: int = 0


class Triggers:
    """Issues both kinds and watches over their limits."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self._triggers: dict[str, Trigger] = {}
        self.urls: dict[str, ResponseUrl] = {}

    def issue(self, user: str, view: str = "") -> str:
        """A new trigger id for `user`."""
        number = self._slack.unix() * 1000 + len(self._triggers)
        trigger = Trigger(secret(f"{number}.{self._slack.number}."), user, self._slack.now(), view)
        self._triggers[trigger.id] = trigger
        return trigger.id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger id up. Raises `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._slack.now() - trigger.born > TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, kind: str, user: str, channel: str, *, message_ts: str = "", thread_ts: str = "") -> str:
        """A new address for answers; `kind` is `commands`, `actions` or `app`, as in Slack's own addresses."""
        slack = self._slack
        path = f"{kind}/{slack.team_id}/{slack.unix()}/{secret('')}"
        self.urls[path] = ResponseUrl(
            path, user, channel, slack.now(), message_ts, thread_ts, command=kind == "commands"
        )
        return f"{slack.base_url}/hooks/{path}"

    def use(self, path: str) -> ResponseUrl:
        """Count one use. Raises `expired_url` after 30 minutes, `used_url` after five uses."""
        url = self.urls.get(path)
        if url is None:
            raise SlackError("expired_url")
        if self._slack.now() - url.born > RESPONSE_LIFE:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
