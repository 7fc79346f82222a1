"""What Slack refuses: the stateless half of the local Slack.

Pure functions from what an app sent to a list of `Problem`s, with Slack's own error codes. They know no workspace:
whether a channel exists or a trigger is spent is for the server that calls them. The facts are in `playground/data`.
"""

from playground.contract.answers import check_ack, check_response_url_body
from playground.contract.calls import check_call, decode
from playground.contract.layout import check_blocks, check_view
from playground.contract.manifest import check_manifest, granted_scopes
from playground.contract.methods import METHODS, Method, event_scopes, missing_scope
from playground.contract.problems import Problem
from playground.contract.text import check_text

__all__ = [
    "METHODS",
    "Method",
    "Problem",
    "check_ack",
    "check_blocks",
    "check_call",
    "check_manifest",
    "check_response_url_body",
    "check_text",
    "check_view",
    "decode",
    "event_scopes",
    "granted_scopes",
    "missing_scope",
]
