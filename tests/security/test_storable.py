"""What no database keeps comes by every way in, on both engines: NUL, half a surrogate pair, marks of direction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from structlog.testing import capture_logs

from bot import ids
from db.models import Draft, Idea, Vote
from playground.delivery import COMMANDS, Request
from playground.http_delivery import encode
from tests.bot.ballot_world import idea_at
from tests.bot.wsgi import post, signed
from tests.security.laboratory import Laboratory
from tests.world import World

ODD = "odd\x00\ud800\u202e words"


def sent(world: World, request: Request) -> list[Any]:
    """Send it, signed; the errors it left in the log."""
    body, kind = encode(request)
    with capture_logs() as lines:
        reply = post(world.bot.wsgi(), body.encode(), signed(world.slack.app.signing_secret, body.encode(), kind=kind))
    assert reply.status == 200
    return [line for line in lines if line["log_level"] == "error"]


def ways_in(world: World, lab: Laboratory, card: Any) -> Iterator[Request]:
    """A message made an idea, words after a command, a form, a mention in a vote's thread, a reason typed."""
    alice, mia = world.person("Alice"), world.person("Mia")
    said = alice.say("random", "words")
    request = lab.catch(lambda: alice.message_shortcut(said, ids.IDEA_FROM_MESSAGE))
    yield Request(request.kind, {**request.payload, "message": {**request.payload["message"], "text": ODD}})
    request = lab.catch(lambda: alice.command("/idea", "words", "CIDEAS"))
    assert request.kind == COMMANDS
    yield Request(request.kind, {**request.payload, "text": ODD.replace("\ud800", "")})
    alice.fill(alice.view, {"title": "words", "problem": "words"})
    request = lab.catch(alice.submit)
    yield Request(request.kind, json.loads(json.dumps(request.payload).replace('"words"', json.dumps(ODD))))
    mention = f"<@{world.slack.bot.user_id}> decline {ODD}"
    request = lab.catch(
        lambda: (mia.say("committee", f"<@{world.slack.bot.user_id}> help", card), world.slack.settle())
    )
    yield Request(request.kind, {**request.payload, "event": {**request.payload["event"], "text": mention}})


def test_what_cannot_be_stored_is_left_out_of_what_can(world: World) -> None:
    vote = idea_at(world).open()
    lab = Laboratory(world)
    for request in ways_in(world, lab, vote.root):
        assert sent(world, request) == [], request.payload
    with world.session() as session:
        title = session.scalars(sa.select(Idea.title).order_by(Idea.id.desc()).limit(1)).one()
        reason = session.scalars(sa.select(Vote.reason)).one()
        kept = json.dumps([one.content for one in session.scalars(sa.select(Draft))])
    assert {title, reason} == {"odd\u202e words"}
    assert "\\u0000" not in kept
    assert "\\ud800" not in kept
    world.settle()
    assert world.problems() == []
