"""Setting a committee up: `/committee setup`, the button on Home, the form and its searches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot import commands, forms, ids, places
from bot.commands import Call
from bot.house import House
from bot.views import setup
from db.models import Committee
from workflows import ballots, committees
from workflows.committees import Blueprint
from workflows.errors import NotAllowed
from workflows.permissions import Action, may, require

Body = dict[str, Any]
TEXTS = (
    "name",
    "intake_channel",
    "committee_channel",
    "digest_channel",
    "chair",
    "tz",
    "preset",
    "framework",
    "criteria",
)
CHOSEN = ("usergroup", "holidays_country", "digest_weekday", "digest_hour", "answer_days")
LATER = ("review_days", "review_hour", "reminder_hour")
"""Asked since then: a form that was open before has none of them, and leaves them as they usually are."""
LISTS = ("deputy", "members", "week_days", "secret")
FIELDS: dict[str, Any] = {**dict.fromkeys((*TEXTS, *CHOSEN, *LATER), str | None), **dict.fromkeys(LISTS, list | None)}
ASKED_ABOUT = 12
"""Slack waits three seconds for the form; members beyond so many are asked about in the background."""


def register(app: App, house: House) -> None:
    """Listen for the form and what opens it."""

    @app.action(ids.family(ids.SETUP_OPEN))
    def open_pressed(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        data = ids.unpack(body["actions"][0].get("value"))
        chosen = ids.number(data, "committee") if "committee" in data else None
        show(house, body, client, committee_id=chosen)

    @app.action({"block_id": "preset", "action_id": "preset"})
    @app.action({"block_id": "framework", "action_id": "framework"})
    def chosen_anew(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        view = body["view"]
        groups = setup.options_in(view, "usergroup")
        shown = setup.form(blueprint(forms.read(view, **FIELDS)), groups, _committee_id(view))
        client.views_update(view_id=view["id"], view=shown)

    @app.options({"block_id": "tz", "action_id": "tz"})
    def zones(ack: Ack, payload: Body) -> None:
        ack(options=[option.to_dict() for option in setup.zone_options(payload.get("value") or "")])

    @app.options({"block_id": "holidays_country", "action_id": "holidays_country"})
    def countries(ack: Ack, payload: Body) -> None:
        ack(options=[option.to_dict() for option in setup.country_options(payload.get("value") or "")])

    @app.view(ids.SETUP_FORM)
    def saved(ack: Ack, body: Body, view: Body, client: WebClient) -> None:
        save(house, body, blueprint(forms.read(view, **FIELDS)), client, _committee_id(view))
        ack()

    commands.on("/committee", "setup", "set a committee up, or change it")(command)


def command(call: Call) -> None:
    """`/committee setup`: this channel's committee, else a new one here, else one's own."""
    here = call.body["channel_id"]
    with call.house.gesture(call.body) as g:
        found = committees.of_channel(g.session, here)
        own = committees.of_person(g.session, g.actor)
        mine = [it for it in own if may(g.session, Action.SET_UP, g.actor, committee_id=it.id)]
        founds = may(g.session, Action.SET_UP, g.actor)
    if found is None and not founds and not mine:
        raise NotAllowed("Only a workspace admin can set up a committee. Ask one to type `/committee setup` here.")
    if found is None and not founds and len(mine) > 1:
        return call.answer(setup.pick(mine))
    chosen = found or (None if founds else mine[0])
    return show(call.house, call.body, call.client, committee_id=chosen.id if chosen else None, here=here)


def show(
    house: House, body: Body, client: WebClient, *, committee_id: int | None = None, here: str | None = None
) -> None:
    """Open the form: of a committee as it is, or of a new one, `here` if that is a channel."""
    with house.gesture(body) as g:
        committee = committees.get(g.session, committee_id) if committee_id else None
        require(g.session, Action.SET_UP, g.actor, committee=committee)
        drawn = committees.blueprint_of(g.session, committee) if committee else None
    if drawn is None:
        channels = [here] if here and _is_channel(body) else places.likely(client)
        with house.gesture(body) as g:
            drawn = committees.first_draft(g.session, g.actor, channels)
    groups = setup.group_options(places.groups(client), drawn.usergroup)
    client.views_open(trigger_id=body["trigger_id"], view=setup.form(drawn, groups, committee_id))


def _is_channel(body: Body) -> bool:
    """Whether a command was typed in a channel that can be chosen, not in a direct message."""
    name = body.get("channel_name") or ""
    return body["channel_id"].startswith(("C", "G")) and name != "directmessage" and not name.startswith("mpdm-")


def save(house: House, body: Body, drawn: Blueprint, client: WebClient, committee_id: int | None) -> None:
    """Look at what the form names in Slack, then set the committee up."""
    with house.gesture(body) as g:  # before anything is done for somebody who may not
        require(g.session, Action.SET_UP, g.actor, committee=_chosen(g.session, committee_id))
    house.know(body, [it for it in (drawn.chair, drawn.deputy, *drawn.members[:ASKED_ABOUT]) if it])
    found = {
        "places": places.look_at(client, drawn.channels.values()),
        "group": places.group_members(client, drawn.usergroup) if drawn.usergroup else [],
    }
    with house.gesture(body) as g:
        known = drawn.model_copy(update=found)
        made = committees.set_up(g.session, g.actor, known, now=g.now, committee=_chosen(g.session, committee_id))
        ballots.ask_anew(g.session, made, g.now)


def _chosen(session: Session, committee_id: int | None) -> Committee | None:
    return committees.get(session, committee_id) if committee_id else None


def _committee_id(view: Body) -> int | None:
    data = ids.unpack(view.get("private_metadata"))
    return ids.number(data, "committee") if "committee" in data else None


def blueprint(values: Mapping[str, Any]) -> Blueprint:
    """What stands in the form; what is missing is left to `set_up` to name."""
    text = {name: values.get(name) or "" for name in TEXTS}
    return Blueprint(
        **text,
        **{name: _whole(values[name]) for name in LATER if values.get(name) is not None},
        deputy=next(iter(values.get("deputy") or ()), None),
        members=values.get("members") or [],
        usergroup=_unless_none(values.get("usergroup")),
        week_days="".join(sorted(values.get("week_days") or ())),
        holidays_country=_unless_none(values.get("holidays_country")),
        digest_weekday=_whole(values.get("digest_weekday")),
        digest_hour=_whole(values.get("digest_hour")),
        answer_days=_whole(values.get("answer_days")),
        secret=setup.SECRET in (values.get("secret") or ()),
    )


def _unless_none(value: str | None) -> str | None:
    return None if value == setup.NONE else value


def _whole(value: str | None) -> int:
    """A number typed or chosen; what is none is -1, which no field accepts."""
    return int(value) if value and value.isdecimal() and value.isascii() else -1
