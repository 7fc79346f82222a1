"""Slack's refusals as a table: what each means, whether waiting helps, and what somebody can do about it."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Fate(enum.StrEnum):
    TRANSIENT = "transient"  # worth another try
    PERMANENT = "permanent"  # never works as it is: park it and tell an admin
    DELETED = "deleted"  # the message to edit or to answer has been deleted
    REVOKED = "revoked"  # nothing works in this workspace until the app is installed anew


@dataclass(frozen=True)
class Refusal:
    """One of Slack's error codes. `meaning` and `remedy` are sentences for an admin."""

    code: str
    fate: Fate
    meaning: str
    remedy: str


_WAIT = "Nothing to do: Touchstone tries again by itself."
_REPORT = "This is a fault in Touchstone. Please report it with this error code."
_REINSTALL = "Install the app again and put the new token into SLACK_BOT_TOKEN."
_INVITE = "Invite Touchstone to the channel (type /invite @Touchstone there), then press Try again."
_POSTING = "Allow apps to post in the channel (channel settings, Posting permissions), then press Try again."
_ANOTHER = "Unarchive the channel, or choose another one with /committee setup, then press Try again."

_TABLE: dict[Fate, dict[str, tuple[str, str]]] = {
    Fate.TRANSIENT: {
        "ratelimited": ("Slack asked to wait", _WAIT),
        "rate_limited": ("Slack asked to wait", _WAIT),
        "message_limit_exceeded": ("Slack asked to wait", _WAIT),
        "accesslimited": ("Slack is limiting this workspace", _WAIT),
        "internal_error": ("Slack has a problem", _WAIT),
        "fatal_error": ("Slack has a problem", _WAIT),
        "service_unavailable": ("Slack is not available", _WAIT),
        "request_timeout": ("Slack did not get the request in time", _WAIT),
        "team_added_to_org": ("Slack is moving this workspace into an organisation", _WAIT),
        "org_login_required": ("Slack is moving this workspace into an organisation", _WAIT),
        "hash_conflict": ("Somebody's Home changed at the same moment", _WAIT),
        "streaming_state_conflict": ("The message is being written", _WAIT),
        "no_answer": ("Slack could not be reached", "Check this machine's way to Slack; Touchstone keeps trying."),
    },
    Fate.PERMANENT: {
        "is_archived": ("The channel is archived", _ANOTHER),
        "channel_not_found": ("The channel does not exist, or Touchstone may not see it", _INVITE),
        "not_in_channel": ("Touchstone is not in the channel", _INVITE),
        "restricted_action": ("The workspace does not let apps post there", _POSTING),
        "restricted_action_read_only_channel": ("The channel is read-only", _POSTING),
        "restricted_action_thread_only_channel": ("The channel takes replies only", _POSTING),
        "restricted_action_non_threadable_channel": ("The channel has no threads", _POSTING),
        "restricted_action_thread_locked": ("The thread is locked", "Unlock the thread, then press Try again."),
        "ekm_access_denied": ("The organisation's key management forbids it", "Ask who manages the keys."),
        "messages_tab_disabled": ("Touchstone's Messages tab is off", "Turn it on in the app's settings, App Home."),
        "not_enabled": ("Touchstone's Home tab is off", "Turn it on in the app's settings, App Home."),
        "cannot_dm_bot": ("The message was for a bot", "Choose a person instead."),
        "user_not_found": ("The person does not exist any more", "Give their part to somebody else."),
        "user_disabled": ("The person's account is deactivated", "Give their part to somebody else."),
        "user_not_visible": ("Touchstone may not see the person", "Give their part to somebody else."),
        "missing_scope": ("The app was installed without a permission it needs", _REINSTALL),
        "no_permission": ("The token lacks a permission", _REINSTALL),
        "not_allowed_token_type": ("The token is not a bot token", _REINSTALL),
        "team_access_not_granted": ("The app was not added to this workspace", "Ask an organisation admin to add it."),
        "edit_window_closed": ("The workspace forbids editing older messages", "Allow longer editing, or leave it."),
        "cant_update_message": ("The message is not Touchstone's to edit", _REPORT),
        "block_mismatch": ("The message cannot be changed into this", _REPORT),
        "is_inactive": ("The message was frozen by Slack", "Nothing to do; it stays as it is."),
        "msg_too_long": ("The message is too long", _REPORT),
        "msg_blocks_too_long": ("The message is too long", _REPORT),
        "no_text": ("The message is empty", _REPORT),
        "invalid_blocks": ("Slack does not accept the layout", _REPORT),
        "invalid_blocks_format": ("Slack does not accept the layout", _REPORT),
        "invalid_arguments": ("Slack does not accept the request", _REPORT),
        "invalid_arg_name": ("Slack does not accept the request", _REPORT),
        "view_too_large": ("The Home is too large", _REPORT),
        "metadata_too_large": ("The message's data is too large", _REPORT),
        "invalid_metadata_format": ("Slack does not accept the message's data", _REPORT),
        "invalid_metadata_schema": ("Slack does not accept the message's data", _REPORT),
        "not_rendered": ("Touchstone could not write the message", _REPORT),
    },
    Fate.DELETED: {
        "message_not_found": ("The message was deleted in Slack", "Press Try again to post it anew, or leave it."),
        "thread_not_found": ("The thread was deleted in Slack", "Press Try again to post it anew, or leave it."),
        "cannot_reply_to_message": ("The message cannot be answered", "Press Try again to post it anew, or leave it."),
    },
    Fate.REVOKED: {
        "token_revoked": ("The token was revoked", _REINSTALL),
        "token_expired": ("The token has expired", _REINSTALL),
        "account_inactive": ("The app was removed from the workspace", _REINSTALL),
        "invalid_auth": ("Slack does not know the token", _REINSTALL),
        "not_authed": ("There is no token", "Put the bot token into SLACK_BOT_TOKEN."),
        "app_uninstalled": ("The app was removed from the workspace", _REINSTALL),
    },
}
REFUSALS = {
    code: Refusal(code, fate, meaning, remedy)
    for fate, rows in _TABLE.items()
    for code, (meaning, remedy) in rows.items()
}


def refusal(code: str) -> Refusal:
    """What a code means; one that is not in the table is worth a few more tries."""
    known = REFUSALS.get(code)
    return known or Refusal(code, Fate.TRANSIENT, "Slack refused for a reason Touchstone does not know", _REPORT)


def is_known(code: str) -> bool:
    """Whether the table has this code."""
    return code in REFUSALS
