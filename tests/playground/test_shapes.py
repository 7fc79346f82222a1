"""What the local Slack sends and answers has the keys that Slack's own payloads have.

`recorded/` holds the samples: those of bolt-python with real keys only, those of the Java SDK with every key that may
appear. So: our keys are among the Java SDK's, and we have all keys of bolt-python's samples but a few, named here.
"""

import pytest

from tests.playground.recorded import samples
from tests.playground.stub import actions, ask, button, call, modal, section

# Deprecated, or of Enterprise Grid, which the playground is not.
NOT_OURS = {
    "authed_users",
    "authed_teams",
    "enterprise_id",
    "enterprise_name",
    "ssl_check",
    "function_data",
    "interactivity",
}
# Newer than the Java SDK's samples: docs.slack.dev/apis/events-api and the recordings in bolt-python.
NEWER = {"context_team_id", "context_enterprise_id", "response_urls", "api_app_id"}


@pytest.fixture
def story(slack, app, alice, bob, ideas):
    """Everything that Slack sends, at least once; name -> payloads."""
    blocks = [section("x"), actions(button("go", "Go"))]
    ts = call(slack, "chat.postMessage", channel=ideas.id, text="x", blocks=blocks)["ts"]
    alice.click(slack.messages.get(ideas.id, ts), "Go")
    alice.command("/idea", "x", ideas)
    said = alice.say(ideas, "@committee hello")
    alice.react(said, "heart")
    alice.edit(said, "changed")
    bob.message_shortcut(said, "turn")
    bob.shortcut("new")
    alice.delete(said)
    view = modal(ask("a", "A", optional=True), notify_on_close=True)
    for leave in (alice.submit, alice.close_view):
        assert call(slack, "views.open", trigger_id=slack.triggers.issue(alice.id), view=view)["ok"]
        leave()
    call(slack, "views.publish", user_id=alice.id, view={"type": "home", "blocks": blocks})
    alice.open_home()
    slack.add_user("carol").join(ideas)
    alice.invite(ideas, slack.add_user("dan"))
    group = slack.add_group("chairs", [alice])
    slack.set_group(group, [bob])
    slack.change_user(bob, tz="Asia/Tokyo")
    slack.archive(ideas)
    with slack.acting():
        slack.channels.change_id(ideas)
    slack.uninstall()
    slack.settle()
    return app


EVENTS = {
    "MessageChangedPayload": ("message", "message_changed"),
    "MessageDeletedPayload": ("message", "message_deleted"),
    "MessageChannelJoinPayload": ("message", "channel_join"),
    "MessagePayload": ("message", None),
    "AppMentionPayload": ("app_mention", None),
    "AppHomeOpenedPayload": ("app_home_opened", None),
    "ReactionAddedPayload": ("reaction_added", None),
    "MemberJoinedChannelPayload": ("member_joined_channel", None),
    "UserChangePayload": ("user_change", None),
    "SubteamMembersChangedPayload": ("subteam_members_changed", None),
    "ChannelArchivePayload": ("channel_archive", None),
    "ChannelIdChangedPayload": ("channel_id_changed", None),
    "TokensRevokedPayload": ("tokens_revoked", None),
    "AppUninstalledPayload": ("app_uninstalled", None),
}
# What some of the Java SDK's samples lack and others have: who reacted, a message's app, an event's own time.
UNRECORDED = {"app_id", "blocks", "event_ts", "reactions", "username", "users"}


@pytest.mark.parametrize("sample", EVENTS)
def test_events_have_no_key_that_slack_does_not_send(story, sample):
    name, subtype = EVENTS[sample]
    recorded = next(one.value for one in samples("java-events") if one.source.endswith(f"/{sample}.json"))
    ours = [one for one in story.got(name) if one["event"].get("subtype") == subtype]
    assert ours
    for payload in ours:
        assert unknown(payload, recorded) <= NEWER | UNRECORDED


INTERACTIONS = {
    "BlockActionPayload": "block_actions",
    "MessageShortcutPayload": "message_action",
    "SlashCommandPayload": "/idea",
    "ViewSubmissionPayload": "view_submission",
    "ViewClosedPayload": "view_closed",
}


@pytest.mark.parametrize("sample", INTERACTIONS)
def test_interactions_have_no_key_that_slack_does_not_send(story, sample):
    recorded = next(one.value for one in samples("java-app-backend") if one.source.endswith(f"/{sample}.json"))
    for payload in story.got(INTERACTIONS[sample]):
        assert unknown(payload, recorded) <= NEWER | UNRECORDED


def recorded_kinds():
    """bolt-python's samples of the kinds in our story, by name."""
    for source, value in samples("bolt-python"):
        event = value.get("event", value)
        yield source, event.get("type") or value.get("command"), event.get("subtype"), value


@pytest.mark.parametrize(
    "kind",
    ["block_actions", "view_submission", "view_closed", "shortcut", "message_action", "/hello-world", "app_mention",
     "reaction_added", "member_joined_channel", "app_home_opened", "tokens_revoked", "app_uninstalled", "message"],
)  # fmt: skip
def test_we_send_every_key_that_recorded_payloads_have(story, kind):
    ours = story.got({"/hello-world": "/idea"}.get(kind, kind))
    known = set().union(*(keys(one) for one in ours))
    for source, name, subtype, value in recorded_kinds():
        if name == kind and subtype in (None, "message_changed", "message_deleted"):
            assert keys(value) - known <= NOT_OURS | {"response_urls", "app_unfurl", "workflow_step"}, source


def keys(payload):
    """The keys of a payload and of its event, each once."""
    return set(payload) | set(payload.get("event", {}))


def unknown(ours, recorded):
    """The keys in `ours`, at any depth where the recording goes too, that it does not have."""
    if isinstance(ours, list) and isinstance(recorded, list):
        return set().union(*(unknown(one, recorded[0]) for one in ours)) if recorded else set()
    if not (isinstance(ours, dict) and isinstance(recorded, dict)) or not recorded:
        return set()
    extra = {key for key in ours if key not in recorded}
    free = ("blocks", "values", "elements", "metadata")  # what the app sent, or keyed by its ids
    return extra.union(*(unknown(ours[k], recorded[k]) for k in ours if k in recorded and k not in free))
