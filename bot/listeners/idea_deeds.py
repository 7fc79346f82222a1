"""What people do to an idea by its buttons: support it, and all that More offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from bot import forms, ids, payload
from bot.house import Gesture, House
from bot.keeping import keeping, kept
from bot.rendering.ideas import load
from bot.replies import show
from bot.views import blocks, idea_forms
from bot.views.idea_forms import FIELDS
from bot.views.ideas import stands
from bot.views.message import Message
from bot.views.text import idea_ref
from db.models import Idea, Person
from workflows import catalogue, ideas, lifecycle
from workflows.permissions import Action, may

Former = Callable[[Gesture, Idea], View]


def register(app: App, house: House) -> None:
    """Listen for the buttons of ideas and for the forms they open."""

    @app.action(ids.IDEA_SUPPORT)
    def support(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            idea = pressed(g, body)
            said = _supported(idea, ideas.support(g.session, g.actor, idea, now=g.now))
        house.tell(client, body, said)

    @app.action(ids.IDEA_REOPEN)
    def reopen(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            idea = pressed(g, body)
            ideas.reopen(g.session, g.actor, idea, now=g.now)
        said = f"*{idea_ref(idea)}* is back with the committee. Its author will hear from me."
        if body.get("view"):
            client.views_update(view_id=body["view"]["id"], view=blocks.note(said))
        else:
            house.tell(client, body, Message(said, [blocks.section(said)]))

    for action_id, former in FORMERS.items():
        app.action(action_id)(_opener(house, former))
    app.view(ids.IDEA_EDIT_FORM)(_taker(house, "edit", _edit))
    app.view(ids.IDEA_WITHDRAW_FORM)(_taker(house, "withdraw", _withdraw))
    app.view(ids.IDEA_DECLINE_FORM)(_taker(house, "decline", _decline))


def pressed(g: Gesture, body: Mapping[str, Any]) -> Idea:
    """The idea whose button was pressed. Raises `Gone` if there is none that this person may see."""
    idea = ideas.get(g.session, ids.number(ids.unpack(body["actions"][0].get("value")), "idea"))
    catalogue.require_visible(g.session, idea, g.actor, payload.channel_of(body))
    return idea


def _supported(idea: Idea, now_supported: bool) -> Message:
    if now_supported:
        text = f"You support *{idea_ref(idea)}*. Press Support again to take it back."
    else:
        text = f"You no longer support *{idea_ref(idea)}*."
    return Message(text, [blocks.section(text)])


def _opener(house: House, former: Former) -> Callable[..., None]:
    def listener(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            view = former(g, pressed(g, body))
        show(client, body, view)

    return listener


def _more(g: Gesture, idea: Idea) -> View:
    return idea_forms.more(idea, stands(load(g.session, idea, g.now)), [*deeds(g.session, g.actor, idea)])


def deeds(session: Session, actor: Person, idea: Idea) -> Iterator[str]:
    """The action ids of what this person may do with this idea as it stands."""
    yield ids.IDEA_SHOW
    if idea.state in ideas.EDITABLE and may(session, Action.EDIT, actor, idea=idea):
        yield ids.IDEA_EDIT
    if idea.state in ideas.OPEN and idea.author_id != actor.id and may(session, Action.ASK, actor, idea=idea):
        yield ids.IDEA_ASK
    moves = {
        "open_review": ids.REVIEW_OPEN,
        "decline": ids.IDEA_DECLINE,
        "withdraw": ids.IDEA_WITHDRAW,
        "reopen": ids.IDEA_REOPEN,
    }
    yield from (action_id for name, action_id in moves.items() if lifecycle.possible(session, idea, name, actor))


def _edit_form(g: Gesture, idea: Idea) -> View:
    ideas.check_editable(g.session, g.actor, idea)
    return idea_forms.edit(idea, {name: getattr(idea, name) for name in FIELDS} | kept(g, f"edit:{idea.id}"))


def _withdraw_form(g: Gesture, idea: Idea) -> View:
    lifecycle.check(g.session, idea, "withdraw", g.actor)
    return idea_forms.withdraw(idea, kept(g, f"withdraw:{idea.id}").get("why"))


def _decline_form(g: Gesture, idea: Idea) -> View:
    lifecycle.check(g.session, idea, "decline", g.actor)
    return idea_forms.decline(idea, kept(g, f"decline:{idea.id}").get("why"))


FORMERS: dict[str, Former] = {
    ids.IDEA_MORE: _more,
    ids.IDEA_EDIT: _edit_form,
    ids.IDEA_WITHDRAW: _withdraw_form,
    ids.IDEA_DECLINE: _decline_form,
}


def _taker(house: House, form: str, take: Callable[[Gesture, Idea, dict[str, Any]], None]) -> Callable[..., None]:
    def listener(ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        idea_id, typed = ids.number(ids.unpack(view.get("private_metadata")), "idea"), forms.texts(view)
        with keeping(house, body, f"{form}:{idea_id}", typed) as g:
            take(g, ideas.get(g.session, idea_id), typed)
        ack(response_action="clear")

    return listener


def _edit(g: Gesture, idea: Idea, typed: dict[str, Any]) -> None:
    proposal = ideas.Proposal.model_validate({name: typed.get(name) for name in FIELDS})
    ideas.edit(g.session, g.actor, idea, proposal, now=g.now)


def _withdraw(g: Gesture, idea: Idea, typed: dict[str, Any]) -> None:
    ideas.withdraw(g.session, g.actor, idea, typed.get("why"), now=g.now)


def _decline(g: Gesture, idea: Idea, typed: dict[str, Any]) -> None:
    ideas.decline(g.session, g.actor, idea, typed.get("why") or "", now=g.now)
