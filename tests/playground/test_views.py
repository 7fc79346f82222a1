"""Views: the stack of three, hashes, external ids, kept values, App Home."""

import pytest

from playground import Impossible, NoAnswer
from tests.playground.stub import actions, ask, button, call, modal, plain, section

HOME = {"type": "home", "blocks": [actions(button("go", "Go"))]}


@pytest.fixture
def open_form(slack, app, alice):
    def open_form(*blocks, **more):
        body = call(slack, "views.open", trigger_id=slack.triggers.issue(alice.id), view=modal(*blocks, **more))
        assert body["ok"], body
        return alice.view

    return open_form


def push(slack, app, alice):
    """Press “More” on the top view and push another like it."""
    alice.click(alice.view, "More")
    trigger = app.got("block_actions")[-1]["trigger_id"]
    return call(slack, "views.push", trigger_id=trigger, view=modal(actions(button("more", "More"))))


def test_a_fourth_view_is_refused(slack, app, alice, open_form):
    open_form(actions(button("more", "More")))
    assert push(slack, app, alice)["ok"]
    assert push(slack, app, alice)["ok"]
    assert push(slack, app, alice)["error"] == "push_limit_reached"


def test_a_push_needs_a_trigger_from_inside_a_form(slack, alice, open_form):
    open_form(section("x"))
    outside = slack.triggers.issue(alice.id)
    assert call(slack, "views.push", trigger_id=outside, view=modal(section("y")))["error"] == "invalid_trigger_id"


def test_a_fourth_view_by_acknowledgement_is_no_answer(slack, app, alice, open_form):
    open_form(actions(button("more", "More")), ask("a", "A", optional=True))
    push(slack, app, alice)
    push(slack, app, alice)
    alice.view.body["submit"] = plain("Send")
    app.answers["view_submission"] = {"response_action": "push", "view": modal(section("x"))}
    with pytest.raises(NoAnswer, match="push_limit_reached"):
        alice.submit()


def test_a_stale_hash_is_a_conflict(slack, open_form):
    view = open_form(section("x"))
    old = view.hash
    assert call(slack, "views.update", view_id=view.id, hash=old, view=modal(section("y")))["ok"]
    assert call(slack, "views.update", view_id=view.id, hash=old, view=modal(section("z")))["error"] == "hash_conflict"


def test_typed_values_survive_an_update_only_under_the_same_ids(slack, alice, open_form):
    view = open_form(ask("a", "A"), ask("b", "B"))
    alice.fill(view, {"A": "kept", "B": "lost"})
    call(slack, "views.update", view_id=view.id, view=modal(ask("a", "A"), ask("b2", "B")))
    assert {block: row["x"]["value"] for block, row in view.values.items()} == {"a": "kept", "b2": None}


def test_an_external_id_is_unique_and_finds_its_view(slack, alice, bob, open_form):
    view = open_form(section("x"), external_id="draft-1")
    again = modal(section("y"), external_id="draft-1")
    body = call(slack, "views.open", trigger_id=slack.triggers.issue(bob.id), view=again)
    assert body["error"] == "duplicate_external_id"
    assert call(slack, "views.update", external_id="draft-1", view=again)["view"]["id"] == view.id


def test_a_closed_view_cannot_be_updated_or_used(slack, alice, open_form):
    view = open_form(section("x"))
    alice.close_view()
    assert call(slack, "views.update", view_id=view.id, view=modal(section("y")))["error"] == "not_found"
    with pytest.raises(Impossible, match="it was closed"):
        alice.submit(view)


def test_a_form_with_inputs_needs_a_submit_button(slack, alice):
    view = modal(ask("a", "A"))
    del view["submit"]
    body = call(slack, "views.open", trigger_id=slack.triggers.issue(alice.id), view=view)
    assert body["ok"] is False
    assert "/view" in body["response_metadata"]["messages"][0]


def test_home_is_each_persons_own(slack, app, alice, bob):
    assert call(slack, "views.publish", user_id=alice.id, view=HOME)["ok"]
    assert alice.home is not None
    assert bob.home is None
    alice.click(alice.home, "Go")
    sent = app.got("block_actions")[0]
    assert sent["container"] == {"type": "view", "view_id": alice.home.id}
    assert "channel" not in sent


def test_opening_home_tells_the_app_with_the_view_as_it_was(slack, app, alice):
    alice.open_home()
    call(slack, "views.publish", user_id=alice.id, view=HOME)
    alice.open_home()
    first, second = (one["event"] for one in app.got("app_home_opened"))
    assert "view" not in first
    assert second["view"]["hash"] == alice.home.hash
    assert second["tab"] == "home"


def test_publishing_over_a_newer_home_is_a_conflict(slack, alice):
    old = call(slack, "views.publish", user_id=alice.id, view=HOME)["view"]["hash"]
    assert call(slack, "views.publish", user_id=alice.id, view=HOME, hash=old)["ok"]
    assert call(slack, "views.publish", user_id=alice.id, view=HOME, hash=old)["error"] == "hash_conflict"


def test_a_home_needs_its_tab(slack, alice):
    slack.app.manifest.data["features"] = slack.app.manifest.data["features"] | {"app_home": {}}
    assert call(slack, "views.publish", user_id=alice.id, view=HOME)["error"] == "not_enabled"
    with pytest.raises(Impossible, match="no Home tab"):
        alice.open_home()


def test_a_view_read_back_cannot_be_sent_as_it_is(slack, open_form):
    view = open_form(section("x"))
    shown = slack.views.describe(view)
    assert call(slack, "views.update", view_id=view.id, view=shown)["ok"] is False


def test_opening_from_inside_a_form_stacks_and_is_noted(slack, app, alice, open_form):
    first = open_form(actions(button("more", "More")))
    alice.click(first, "More")
    trigger = app.got("block_actions")[-1]["trigger_id"]
    call(slack, "views.open", trigger_id=trigger, view=modal(section("x")))
    assert alice.view.previous_id == first.id
    assert any(one.code == "use_views_push" for _, one in slack.wire.problems("warning"))
