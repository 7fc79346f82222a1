"""Ballots: the form that opens one, the buttons that vote, stepping back, and the word of whoever presides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.views import View

from bot import forms, ids, payload
from bot.house import Gesture, House
from bot.keeping import keeping, kept
from bot.replies import show
from bot.views import ballot_forms as views
from bot.views import ballots as looks
from bot.views.message import Message
from bot.views.text import esc
from db.models import Ballot, Choice
from workflows import ballots, committees, ideas, people
from workflows.ballots import Word
from workflows.errors import Gone, WorkflowError

Body = dict[str, Any]
W = TypeVar("W", Choice, Word)


def register(app: App, house: House) -> None:
    """Listen for everything about ballots but mentions."""
    _voting(app, house)
    _opening(app, house)
    _recusing(app, house)
    _calling_off(app, house)
    _casting(app, house)


def _value(body: Body) -> dict[str, Any]:
    action = body["actions"][0]
    return ids.unpack(action.get("value") or (action.get("selected_option") or {}).get("value"))


def _ballot(g: Gesture, data: Mapping[str, Any]) -> Ballot:
    return ballots.by_id(g.session, ids.number(dict(data), "ballot"))


def _word(kind: type[W], text: object) -> W:
    try:
        return kind(str(text).rpartition(".")[2])
    except ValueError:
        raise Gone(
            "This button is from an older message. The card in the idea's thread shows the current ones."
        ) from None


def _opening(app: App, house: House) -> None:
    @app.action(ids.REVIEW_OPEN)
    def asked(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            idea = ideas.get(g.session, ids.number(_value(body), "idea"))
            terms = ballots.terms(g.session, g.actor, idea, g.now)
            view = views.review(idea, terms, esc(committees.rule(terms.committee)))
        show(client, body, view)

    @app.view(ids.REVIEW_FORM)
    def opened(ack: Ack, body: Body, view: Body) -> None:
        typed = forms.read(view, closes_at=datetime | None, secret=str)
        if typed["closes_at"] is None:
            raise WorkflowError("Choose until when the vote is open.", "closes_at")
        with house.gesture(body) as g:
            idea = ideas.get(g.session, ids.number(ids.unpack(view.get("private_metadata")), "idea"))
            secret = typed["secret"] == views.SECRET
            ballots.open_review(g.session, g.actor, idea, closes_at=typed["closes_at"], secret=secret, now=g.now)
        ack(response_action="clear")


def _voting(app: App, house: House) -> None:
    @app.action(ids.family(ids.BALLOT_VOTE))
    def pressed(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        choice = _word(Choice, body["actions"][0]["action_id"])
        if choice in ballots.NEEDS_REASON:
            return show(client, body, _reason_form(house, body, choice))
        with house.gesture(body) as g:
            it = ballots.vote(g.session, g.actor, ids.number(_value(body), "ballot"), choice, None, now=g.now)
            said = looks.thanks(it, it.closes_at, it.tz, choice)
        return _confirm(house, client, body, said)

    @app.view(ids.BALLOT_REASON_FORM)
    def said_why(ack: Ack, body: Body, view: Body) -> None:
        data = ids.unpack(view.get("private_metadata"))
        choice, typed = _word(Choice, data.get("choice")), forms.read(view, reason=str | None)
        ballot_id = ids.number(data, "ballot")
        with keeping(house, body, f"vote:{ballot_id}", typed) as g:
            ballots.vote(g.session, g.actor, ballot_id, choice, typed["reason"], now=g.now)
        ack(response_action="clear")


def _reason_form(house: House, body: Body, choice: Choice) -> View:
    with house.gesture(body) as g:
        ballot = _ballot(g, _value(body))
        ballots.admit(g.session, g.actor, ballot.id, g.now)
        before = ballots.vote_of(g.session, ballot, g.actor)
        typed = kept(g, f"vote:{ballot.id}").get("reason")
        return views.reason(ballot, choice, typed or (before.reason if before else None))


def _confirm(house: House, client: WebClient, body: Body, said: Message) -> None:
    """Say it where nothing else will: a Home and a direct message show the vote by themselves in a moment."""
    channel = payload.channel_of(body)
    if channel is not None and not channel.startswith("D"):
        house.tell(client, body, said, replace=bool((body.get("container") or {}).get("is_ephemeral")))


def _recusing(app: App, house: House) -> None:
    @app.action(ids.BALLOT_RECUSE)
    def asked(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        data = _value(body)
        with house.gesture(body) as g:
            view = _call_off_form(g, data) if "off" in data else _recuse_form(g, data)
        show(client, body, view)

    @app.view(ids.BALLOT_RECUSE_FORM)
    def stepped_back(ack: Ack, body: Body, view: Body) -> None:
        data, typed = ids.unpack(view.get("private_metadata")), forms.read(view, why=str | None, person=str | None)
        with keeping(house, body, f"recuse:{ids.number(data, 'ballot')}", typed) as g:
            ballot, who = _ballot(g, data), g.actor
            if "other" in data:
                found = people.of(g.session, typed.get("person") or "")
                if found is None:
                    raise WorkflowError("That person does not vote on this idea.", "person")
                who = found
            ballots.recuse(g.session, g.actor, ballot, who, typed.get("why"), now=g.now)
        ack(response_action="clear")


def _recuse_form(g: Gesture, data: Mapping[str, Any]) -> View:
    ballot = _ballot(g, data)
    ballots.check_recuse(g.session, g.actor, ballot, g.now, other="other" in data)
    typed = kept(g, f"recuse:{ballot.id}")
    return views.recuse(ballot, typed) if "other" in data else views.step_back(ballot)


def _call_off_form(g: Gesture, data: Mapping[str, Any]) -> View:
    ballot = _ballot(g, data)
    ballots.check_call_off(g.session, g.actor, ballot, g.now)
    return views.call_off(ballot, kept(g, f"call_off:{ballot.id}").get("why"))


def _calling_off(app: App, house: House) -> None:
    @app.view(ids.BALLOT_CALL_OFF_FORM)
    def called_off(ack: Ack, body: Body, view: Body) -> None:
        data, typed = ids.unpack(view.get("private_metadata")), forms.read(view, why=str | None)
        with keeping(house, body, f"call_off:{ids.number(data, 'ballot')}", typed) as g:
            ballots.call_off(g.session, g.actor, _ballot(g, data), typed["why"], now=g.now)
        ack(response_action="clear")


def _casting(app: App, house: House) -> None:
    @app.action(ids.family(ids.BALLOT_CAST))
    def pressed(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        word = _word(Word, body["actions"][0]["action_id"])
        with house.gesture(body) as g:
            ballot = _ballot(g, _value(body))
            ballots.check_word(g.session, g.actor, ballot)
            view = views.word(ballot, word, kept(g, f"cast:{ballot.id}").get("reason"))
        show(client, body, view)

    @app.view(ids.BALLOT_CAST_FORM)
    def given(ack: Ack, body: Body, view: Body) -> None:
        data, typed = ids.unpack(view.get("private_metadata")), forms.read(view, reason=str | None)
        with keeping(house, body, f"cast:{ids.number(data, 'ballot')}", typed) as g:
            word = _word(Word, data.get("word"))
            ballots.cast(g.session, g.actor, _ballot(g, data), word, typed.get("reason"), now=g.now)
        ack(response_action="clear")
