"""Two workspaces with equal people, channels and idea numbers, one bot, one database, turn and turn about."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.delivery.parcel import EVENT_TYPE
from db.models import Ballot, Base, Draft, Idea, Intervention, Notice, Owned, Person
from playground.messages import Message
from tests.bot.wsgi import FORM, post, signed
from tests.conftest import BOTH
from tests.databases import open_engine
from tests.towns import NAMES, Towns, install, open_towns, team
from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")
VOTED = datetime(2026, 11, 23, 17, 1, tzinfo=BERLIN)
REMINDED = datetime(2026, 12, 2, 9, 5, tzinfo=BERLIN)
DIGEST = datetime(2026, 12, 4, 15, 1, tzinfo=BERLIN)
OWNED = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Owned)]
pytestmark = pytest.mark.xdist_group("two towns")  # they share one story, in this order

UNTOUCHED = [kind for kind in OWNED if kind not in (Draft, Person, Notice)]
"""What a gesture that is refused may not change. Drafts keep typed words; people are seen; a Home may be refreshed."""


def of_kind(world: World, kind: str) -> Message:
    """The message of the latest notice of a kind."""
    with world.session() as session:
        key = session.scalars(sa.select(Notice.key).where(Notice.kind == kind).order_by(Notice.id.desc())).first()
    assert key is not None, kind
    return world.message_of(key)


def story(world: World, name: str) -> Iterator[datetime | None]:
    """Idea, question, score, vote, decision, work, reminder, digest. It pauses after each gesture, so that the other
    town has its turn; a pause with a time waits until both are there."""
    alice, clara, mona, olga = (world.person(who) for who in ("Alice", "Clara", "Mona", "Olga"))
    world.committee(name=f"Council of {name}")
    yield None
    alice.command("/idea", f"Shorter queues in {name}", channel="CIDEAS")
    yield None
    alice.fill(alice.view, {"problem": f"In {name} people wait for half an hour"})
    alice.submit()
    yield None
    world.settle()
    world.person("Bob").click(of_kind(world, "idea.card"), "Support")
    yield None
    clara.click(of_kind(world, "idea.committee_card"), "Open a vote")
    yield None
    clara.submit()
    world.settle()
    yield None
    ballot = of_kind(world, "ballot.card")
    for who in ("Clara", "Mia", "Max"):
        world.person(who).click(ballot, "Approve")
        yield None
    mona.say("CCOMM", f"@touchstone decline because {name} cannot pay", thread=ballot.thread_ts)
    yield VOTED
    assert f"{name} cannot pay" in of_kind(world, "ballot.verdict").text
    clara.click(world.dms("Clara")[-1], "Choose an owner")
    yield None
    clara.fill(clara.view, {"owner": "UOWNER", "due_on": "2026-12-04", "promise": f"Half the queue of {name}"})
    clara.submit()
    yield None
    world.settle()
    olga.click(world.dms("Olga")[-1], "Accept")
    yield REMINDED
    assert "in 2 days" in world.dms("Olga")[-1].text
    olga.click(world.dms("Olga")[-1], "Done")
    yield None
    olga.submit()
    yield None
    world.settle()
    clara.click(world.dms("Clara")[-1], "Confirm it is done")
    clara.open_home()
    yield DIGEST
    assert f"Half the queue of {name}" in clara.messages("CDIGEST")[-1].text


def both(towns: Towns) -> None:
    """Live the story in both towns, turn and turn about."""
    lives = [story(world, name) for name, world in towns.worlds.items()]
    for turns in zip_longest(*lives, fillvalue=None):
        moment = max((turn for turn in turns if turn), default=None)
        if moment is not None:
            towns.settle()
            towns.advance(seconds=(moment - towns.clock.now()).total_seconds())


def texts(world: World, name: str) -> Counter[str]:
    """All that was said in a town, its own name and ids left out."""
    said = (f"{message.channel}: {message.text}" for message in world.slack.messages.everything())
    return Counter(one.replace(name, "TOWN") for one in said)


def everything(world: World) -> str:
    """All that went over a town's wire, both ways."""
    return repr([(one.name, one.request, one.response) for one in world.slack.wire.records])


def rows(session: Session, kinds: list[Any]) -> dict[str, list[Any]]:
    """The rows of a town as they stand."""
    return {
        kind.__name__: [
            [getattr(row, column.key) for column in sa.inspect(kind).column_attrs]
            for row in session.scalars(sa.select(kind).order_by(kind.id))
        ]
        for kind in kinds
    }


def standing(world: World, kinds: list[Any]) -> dict[str, list[Any]]:
    with world.session() as session:
        return rows(session, kinds)


@pytest.fixture(scope="module", params=BOTH)
def lived(request: pytest.FixtureRequest) -> Iterator[Towns]:
    """Both towns at the end of the story, for all tests here: none of them may change anything."""
    databases = {"sqlite": "sqlite_databases", "postgresql": "postgres_databases"}[request.param]
    with request.getfixturevalue(databases).new() as url, open_engine(url) as engine, open_towns(engine) as towns:
        install(towns)
        both(towns)
        yield towns


def test_two_towns_live_the_same_story_and_neither_hears_of_the_other(lived: Towns) -> None:
    aachen, bergen = (lived[name] for name in NAMES)
    assert "Bergen" not in everything(aachen)
    assert "Aachen" not in everything(bergen)
    assert texts(aachen, "Aachen") == texts(bergen, "Bergen")
    assert [world.waiting() for world in lived.worlds.values()] == [[], []]
    assert [world.problems() for world in lived.worlds.values()] == [[], []]
    assert all(one.response["ok"] for world in lived.worlds.values() for one in world.slack.wire.calls())


def test_every_row_and_every_message_is_where_it_belongs(lived: Towns) -> None:
    there = {name: standing(world, OWNED) for name, world in lived.worlds.items()}
    for kind in OWNED:
        here, other = (there[name][kind.__name__] for name in NAMES)
        assert len(here) == len(other), kind
    assert "Bergen" not in repr(there["Aachen"])
    assert "Aachen" not in repr(there["Bergen"])
    assert all(there["Aachen"][kind.__name__] for kind in (Idea, Ballot, Intervention, Notice))
    for name, world in lived.worlds.items():
        with world.session() as session:
            own = set(session.scalars(sa.select(Notice.id)))
            assert set(session.scalars(sa.select(Idea.number))) == {1}
            assert set(session.scalars(sa.select(Notice.workspace_id))) == {team(name)}
        posted = [message.metadata or {} for message in world.slack.messages.everything()]
        told = {data["event_payload"]["notice"] for data in posted if data.get("event_type") == EVENT_TYPE}
        assert told
        assert told <= own


def forged(payload: dict[str, Any], world: World, n: int) -> dict[str, Any]:
    """A gesture of the other town, made in this one: the same people and channels, and the other's ids of rows."""
    ours = json.loads(json.dumps(payload).replace(team("Bergen"), world.team))
    return {**ours, "trigger_id": f"1.{n}.forged", "token": world.slack.app.verification_token}


def names_rows(payload: dict[str, Any]) -> bool:
    """Whether a button's value or a form's metadata names rows by their ids."""
    carried = [action.get("value") for action in payload.get("actions", [])]
    carried.append((payload.get("view") or {}).get("private_metadata"))
    data = [json.loads(one) for one in carried if one and one.startswith("{")]
    return any(isinstance(value, int) and name != "v" for one in data for name, value in one.items())


def test_a_gesture_that_names_rows_of_the_other_town_is_refused(lived: Towns) -> None:
    aachen, bergen = (lived[name] for name in NAMES)
    gestures = [
        one.request
        for kind in ("block_actions", "view_submission")
        for one in bergen.slack.wire.deliveries(kind)
        if names_rows(one.request)
    ]
    assert len(gestures) > 8
    before = standing(aachen, UNTOUCHED), standing(bergen, OWNED)
    for n, payload in enumerate(gestures):
        body = urlencode({"payload": json.dumps(forged(payload, aachen, n))}).encode()
        reply = post(lived.bot.wsgi(), body, signed(aachen.slack.app.signing_secret, body, kind=FORM))
        assert reply.status == 200
        assert "Bergen" not in reply.text.replace(json.dumps(payload), "")
    lived.settle()
    assert standing(aachen, UNTOUCHED) == before[0]
    assert standing(bergen, OWNED) == before[1]


@pytest.mark.parametrize("place", ["team", "user"])
def test_a_gesture_of_somebody_from_the_other_town_is_refused(lived: Towns, place: str) -> None:
    aachen = lived["Aachen"]
    before = standing(aachen, UNTOUCHED)
    for n, one in enumerate(aachen.slack.wire.deliveries("block_actions")):
        payload = forged(one.request, aachen, n)
        if place == "team":
            payload["team"] = {"id": "T0NOBODY", "domain": "nobody"}
            payload.pop("view", None)
        else:
            payload["user"]["team_id"] = team("Bergen")
        body = urlencode({"payload": json.dumps(payload)}).encode()
        assert post(lived.bot.wsgi(), body, signed(aachen.slack.app.signing_secret, body, kind=FORM)).status == 200
    assert standing(aachen, UNTOUCHED) == before
