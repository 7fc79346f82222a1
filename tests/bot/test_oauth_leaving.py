"""Leaving and coming back: nothing is sent from that moment, tokens are gone, and a new installation goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from bot import schedule
from db.models import Workspace
from tests.bot.wsgi import post, signed
from tests.towns import Towns, open_towns, team
from tests.world import World


def row(world: World) -> Workspace:
    with world.session() as session:
        return session.scalars(sa.select(Workspace)).one()


def since(world: World) -> int:
    return len(world.slack.wire.calls())


def tell(towns: Towns, world: World, event: dict[str, Any], event_id: str, **outer: Any) -> int:
    """An event as Slack would send it."""
    body = {
        "type": "event_callback",
        "team_id": world.team,
        "event_id": event_id,
        "event_time": int(world.now.timestamp()),
        "event": event,
        **outer,
    }
    sent = json.dumps(body).encode()
    return post(towns.bot.wsgi(), sent, signed(world.slack.app.signing_secret, sent)).status


@pytest.mark.parametrize("how", ["uninstall", "revoke_token"])
def test_whoever_leaves_hears_nothing_more_and_the_other_town_goes_on(towns: Towns, how: str) -> None:
    aachen, bergen = towns["Aachen"], towns["Bergen"]
    for world in (aachen, bergen):
        world.idea(world.committee())
    getattr(aachen.slack, how)()
    before = since(aachen)
    towns.advance(hours=26)
    assert since(aachen) == before, "not even a refused call"
    assert [kept["team_id"] for kept in towns.kept()] == [team("Bergen")]
    stopped = row(aachen)
    assert stopped.stopped_at is not None
    assert stopped.stopped_why == "tokens_revoked"
    assert row(bergen).stopped_at is None
    assert bergen.waiting() == []
    assert [one for one in bergen.slack.wire.calls() if not one.response["ok"]] == [], "without a token nobody asks"
    assert schedule.serving(towns.bot.house) == [team("Bergen")]


def test_whoever_comes_back_finds_everything_and_gets_what_was_owed(towns: Towns) -> None:
    aachen = towns["Aachen"]
    made = aachen.committee()
    aachen.idea(made, title="Before")
    towns.settle()
    aachen.idea(made, title="Owed")
    aachen.slack.uninstall()
    towns.advance(hours=3)
    assert aachen.waiting() != []
    assert towns.browser().install(aachen.slack).status == 200
    towns.settle()
    assert aachen.waiting() == []
    assert row(aachen).stopped_at is None
    titles = [message.text for message in aachen.person("Alice").messages("CIDEAS")]
    assert sum("Owed" in text for text in titles) == 1
    aachen.person("Alice").command("/idea", "mine", "CIDEAS")
    assert "Before" in str(aachen.person("Alice").ephemerals("CIDEAS")[-1].blocks)


def test_bad_news_that_comes_late_does_not_end_the_new_installation(towns: Towns) -> None:
    aachen = towns["Aachen"]
    aachen.slack.uninstall()
    old = int(aachen.now.timestamp())
    towns.advance(minutes=5)
    assert towns.browser().install(aachen.slack).status == 200
    assert tell(towns, aachen, {"type": "app_uninstalled"}, "EvLATE", event_time=old) == 200
    assert row(aachen).stopped_at is None
    assert aachen.team in [kept["team_id"] for kept in towns.kept()]


def test_a_revoked_token_of_a_person_changes_nothing(towns: Towns) -> None:
    aachen = towns["Aachen"]
    assert tell(towns, aachen, {"type": "tokens_revoked", "tokens": {"oauth": ["UAGENT"]}}, "Ev1") == 200
    assert row(aachen).stopped_at is None


def test_slack_saying_so_when_sending_stops_the_workspace_as_well(towns: Towns) -> None:
    aachen = towns["Aachen"]
    aachen.idea(aachen.committee())
    aachen.slack.bot.installed = False  # and the event got lost
    towns.settle()
    assert row(aachen).stopped_why == "account_inactive"
    before = since(aachen)
    towns.advance(hours=26)
    assert since(aachen) == before


# Whole organisations


@pytest.fixture
def organisation(engine: sa.Engine) -> Iterator[Towns]:
    """Both towns belong to one organisation, which has installed the app for all of them at once."""
    with open_towns(engine, enterprise="E0HANSE") as towns:
        assert towns.browser().install(towns["Aachen"].slack).status == 200
        yield towns


def test_one_installation_serves_every_workspace_of_an_organisation(organisation: Towns) -> None:
    (kept,) = organisation.kept()
    assert (kept["team_id"], kept["enterprise_id"], bool(kept["is_enterprise_install"])) == (None, "E0HANSE", True)
    for name, world in organisation.worlds.items():
        world.person("Alice").command("/idea", "help", "CIDEAS")
        assert "/idea help" in world.person("Alice").ephemerals("CIDEAS")[-1].text
        world.committee()
        world.person("Alice").command("/idea", f"Bells of {name}", channel="CIDEAS")
        world.person("Alice").fill(world.person("Alice").view, {"problem": f"{name} is quiet"})
        world.person("Alice").submit()
    organisation.settle()
    for name, world in organisation.worlds.items():
        assert world.waiting() == []
        assert [name in message.text for message in world.person("Alice").messages("CIDEAS")] == [True]
        assert world.problems() == []


def test_an_organisation_may_shut_one_workspace_out_and_let_it_in_again(organisation: Towns) -> None:
    aachen, bergen = organisation["Aachen"], organisation["Bergen"]
    for world in (aachen, bergen):
        world.person("Alice").open_home()
        world.idea(world.committee())
    with aachen.slack.acting():
        aachen.slack.events.emit("team_access_revoked", {"team_ids": [aachen.team]})
    before = since(aachen)
    organisation.advance(hours=2)
    assert since(aachen) == before
    assert row(aachen).stopped_why == "team_access_revoked"
    assert bergen.waiting() == []
    aachen.person("Alice").command("/idea", "help", "CIDEAS")
    assert "not installed in your workspace" in aachen.person("Alice").ephemerals("CIDEAS")[-1].text
    with bergen.slack.acting():
        bergen.slack.events.emit("team_access_granted", {"team_ids": [aachen.team]})
    organisation.settle()
    assert aachen.waiting() == []


def test_when_an_organisation_leaves_all_its_workspaces_fall_silent(organisation: Towns) -> None:
    for world in organisation.worlds.values():
        world.person("Alice").open_home()
        world.idea(world.committee())
    organisation["Aachen"].slack.uninstall()
    before = [since(world) for world in organisation.worlds.values()]
    organisation.advance(hours=2)
    assert [since(world) for world in organisation.worlds.values()] == before
    assert organisation.kept() == []
    assert all(row(world).stopped_at for world in organisation.worlds.values())
    assert organisation.browser().install(organisation["Bergen"].slack).status == 200
    organisation.settle()
    assert [world.waiting() for world in organisation.worlds.values()] == [[], []]


def test_an_organisation_has_no_say_over_workspaces_of_others(towns: Towns) -> None:
    with towns["Bergen"].session() as session:
        session.scalars(sa.select(Workspace)).one().enterprise_id = "E0OTHER"
    outer = {"enterprise_id": "E0HANSE", "is_enterprise_install": True}
    event = {"type": "team_access_revoked", "team_ids": [team("Bergen")]}
    assert tell(towns, towns["Aachen"], event, "Ev1", **outer) == 200
    assert row(towns["Bergen"]).stopped_at is None
