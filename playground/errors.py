"""What can go wrong: refusals told to the app (`SlackError`) and to the person acting (`Impossible` and its kin)."""

from typing import Any


class SlackError(Exception):
    """A refusal in the Web API's terms: `code` as in Slack's `error` field, the rest beside it."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class Impossible(Exception):
    """The person tried what Slack's client does not offer, such as a button that is not there."""


class CannotSubmit(Impossible):
    """Slack's client keeps the form open: a required field is empty or a value is not allowed."""


class NoAnswer(Impossible):
    """The app gave no answer Slack accepts; `code` is what Slack would report, such as `operation_timeout`."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
