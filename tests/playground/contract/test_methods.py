"""The table of methods: scopes, rates, and whether it agrees with the client the bot uses."""

from __future__ import annotations

import inspect
import re

import pytest
import slack_sdk

from playground.contract import METHODS, event_scopes, missing_scope


@pytest.mark.parametrize(
    ("method", "granted", "more", "missing"),
    [
        ("chat.postMessage", {"chat:write"}, {}, None),
        ("chat.postMessage", {"commands"}, {}, ("chat:write",)),
        ("chat.postMessage", {"chat:write"}, {"arguments": ["username"]}, ("chat:write.customize",)),
        ("chat.postMessage", {"chat:write", "chat:write.customize"}, {"arguments": ["username"]}, None),
        ("conversations.history", {"channels:history"}, {}, None),
        ("conversations.history", {"channels:history"}, {"conversation": "public"}, None),
        ("conversations.history", {"channels:history"}, {"conversation": "private"}, ("groups:history",)),
        ("conversations.history", {"channels:history"}, {"conversation": "im"}, ("im:history",)),
        ("chat.postMessage", {"chat:write"}, {"conversation": "private"}, None),
        ("reactions.add", {"chat:write"}, {"conversation": "public"}, ("reactions:write",)),
        ("views.open", set(), {}, None),
        ("apps.connections.open", set(), {}, None),
    ],
)
def test_a_scope_is_missing_only_when_none_of_those_that_serve_is_granted(
    method: str, granted: set[str], more: dict[str, str], missing: tuple[str, ...] | None
) -> None:
    assert missing_scope(method, granted, **more) == missing  # type: ignore[arg-type]  # a table of keywords


def test_a_method_nobody_knows_has_no_scope() -> None:
    with pytest.raises(KeyError):
        missing_scope("chat.postMesage", set())


def test_rates_are_those_of_slacks_tiers() -> None:
    named = ["apps.connections.open", "users.list", "chat.update", "views.open", "chat.postMessage"]
    assert [METHODS[name].per_minute for name in named] == [1, 20, 50, 100, 600]


def test_only_known_kinds_of_types_and_tokens_occur() -> None:
    kinds = {kind for method in METHODS.values() for types in method.arguments.values() for kind in types}
    assert {kind for kind in kinds if not kind.startswith("=")} == {
        "string",
        "number",
        "boolean",
        "array",
        "object",
        "any",
    }
    assert {method.token for method in METHODS.values()} == {"bot", "app", "none"}


def test_every_way_to_call_a_method_names_its_own_arguments() -> None:
    for method in METHODS.values():
        assert all(way <= method.arguments.keys() for way in method.required), method.name


def test_events_of_messages_need_the_history_of_their_kind_of_channel() -> None:
    assert event_scopes["message.groups"] == ("groups:history",)
    assert event_scopes["app_mention"] == ("app_mentions:read",)


def _clients_calls() -> dict[str, set[str]]:
    """Method to argument names, as `slack_sdk` sends them."""
    calls: dict[str, set[str]] = {}
    for _, function in inspect.getmembers(slack_sdk.WebClient, inspect.isfunction):
        source = inspect.getsource(function)
        if called := re.search(r"api_call\(\s*\"([\w.]+)\"", source):
            names = set(inspect.signature(function).parameters) - {"self", "kwargs", "app_token", "token"}
            calls.setdefault(called.group(1), set()).update(names)
    return calls


def test_the_client_sends_no_argument_the_table_does_not_know() -> None:
    calls = {name: names for name, names in _clients_calls().items() if name in METHODS}
    assert len(calls) > 80
    strange = {name: names - METHODS[name].arguments.keys() for name, names in calls.items()}
    assert {name: names for name, names in strange.items() if names} == {}
