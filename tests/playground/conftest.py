"""A workspace with two people, two channels and an app that answers as told."""

import pytest

from playground.testing import slack_workspace
from tests.playground.stub import StubApp

SCOPES = [
    "app_mentions:read", "bookmarks:write", "channels:history", "channels:join", "channels:manage",
    "channels:read", "chat:write", "commands", "files:read", "files:write", "groups:history", "groups:read",
    "im:history", "im:read", "im:write", "metadata.message:read", "pins:read", "pins:write", "reactions:read",
    "reactions:write", "team:read", "usergroups:read", "users:read", "users:read.email",
]  # fmt: skip
EVENTS = [
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_id_changed", "function_executed",
    "member_joined_channel", "member_left_channel", "message.channels", "message.im", "reaction_added",
    "reaction_removed", "subteam_members_changed", "tokens_revoked", "user_change",
]  # fmt: skip
MANIFEST = {
    "display_information": {"name": "Committee"},
    "features": {
        "bot_user": {"display_name": "committee"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/idea", "description": "An idea", "should_escape": False},
            {"command": "/who", "description": "People", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Turn into an idea", "type": "message", "callback_id": "turn", "description": "x"},
            {"name": "New idea", "type": "global", "callback_id": "new", "description": "x"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {"event_subscriptions": {"bot_events": EVENTS}, "interactivity": {"is_enabled": True}},
}


@pytest.fixture
def slack():
    with slack_workspace(MANIFEST) as workspace:
        yield workspace


@pytest.fixture
def app(slack):
    return StubApp(slack)


@pytest.fixture
def alice(slack):
    return slack.add_user("alice", id="U0ALICE", tz="Europe/Paris")


@pytest.fixture
def bob(slack):
    return slack.add_user("bob", id="U0BOB", tz="America/New_York")


@pytest.fixture
def ideas(slack, alice, bob):
    return slack.add_channel("ideas", [alice, bob], id="C0IDEAS")
