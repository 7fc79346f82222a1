"""Work: its buttons and forms, and `/cx`, the list of what came out of ideas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from bot import commands, forms, ids
from bot.commands import Call
from bot.house import Gesture, House
from bot.views import work as views
from bot.views import work_forms
from bot.views.message import Message
from bot.views.text import when
from db.models import Committee, Health, Intervention, InterventionKind, Person
from workflows import calendar, committees, ideas, interventions, people, portfolio, progress, reminders
from workflows.plan import Plan, steps_from

Body = dict[str, Any]
Check = Callable[[Session, Person, Intervention], None]
Former = Callable[[Intervention], View]
ASSIGNED: dict[str, Any] = {
    "title": str,
    "owner": str,
    "due_on": date,
    "kind": str,
    "milestones": str | None,
    "kpi": str | None,
    "promise": str | None,
}
DUE_IN = 20
"""Working days until the due date that the form suggests."""


def register(app: App, house: House) -> None:
    """Listen for everything about work."""
    _buttons(app, house)
    _forms(app, house)
    _more_buttons(app, house)
    commands.otherwise("/cx", _all, "the work that came out of ideas")
    commands.on("/cx", "mine", "the work you own")(_mine)


def _work(g: Gesture, data: str | None) -> Intervention:
    return interventions.find(g.session, ids.number(ids.unpack(data), "work"), lock=True)


def _value(body: Body) -> str | None:
    action = body["actions"][0]
    value: str | None = action.get("value") or (action.get("selected_option") or {}).get("value")
    return value


def _buttons(app: App, house: House) -> None:
    """Buttons that act at once: what they do, what is said, and the texts on them that the verb is to hear."""

    def act(action_id: str, verb: Callable[..., None], said: str, *carried: str) -> None:
        @app.action(action_id)
        def pressed(ack: Ack, body: Body, client: WebClient) -> None:
            ack()
            with house.gesture(body) as g:
                data = ids.unpack(_value(body))
                told = {name: ids.text(data, name) for name in carried}
                verb(g.session, g.actor, _work(g, _value(body)), now=g.now, **told)
            house.tell(client, body, Message(said))

    act(ids.WORK_ACCEPT, interventions.accept, "Thank you: it is yours. You will be reminded before it is due.")
    act(ids.WORK_COUNTER_AGREE, interventions.agree, "Agreed. The owner and the thread see the new date.", "to")
    act(ids.WORK_INSIST, interventions.insist, "The date stays. The owner is asked again.")
    act(ids.WORK_CONFIRM, progress.confirm, "Confirmed. Thank you for looking.")


def _more_buttons(app: App, house: House) -> None:
    @app.action(ids.family(ids.WORK_UPDATE))
    def updated(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        health = ids.choice(Health, ids.unpack(_value(body)).get("health"))
        if health is not Health.ON_TRACK:
            return _open(house, body, client, progress.check_report, lambda work: work_forms.update(work, health))
        with house.gesture(body) as g:
            progress.report(g.session, g.actor, _work(g, _value(body)), health, now=g.now, key=g.key)
        return house.tell(client, body, Message("Noted: on track."))

    @app.action(ids.WORK_MILESTONE_DONE)
    def ticked(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            step = ids.number(ids.unpack(_value(body)), "milestone")
            progress.milestone_done(g.session, g.actor, _work(g, _value(body)), step, now=g.now)
        house.tell(client, body, Message("Ticked off."))

    @app.action(ids.WORK_SNOOZE)
    def snoozed(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            days = ids.number(ids.unpack(_value(body)), "days")
            moment = reminders.snooze(g.session, g.actor, _work(g, _value(body)), days, now=g.now)
            zone = g.actor.tz
        house.tell(client, body, Message(f"You will be reminded once more {when(moment, zone)}."))

    @app.action(ids.WORK_ASSIGN)
    def asked_for_owner(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            idea = ideas.get(g.session, ids.number(ids.unpack(_value(body)), "idea"))
            interventions.check_assign(g.session, g.actor, idea)
            committee = g.session.get_one(Committee, idea.committee_id)
            today = calendar.local_day(g.now, committee.tz)
            view = work_forms.assign(idea, calendar.add_working_days(today, DUE_IN, committees.week(committee)))
        client.views_open(trigger_id=body["trigger_id"], view=view)


def _open(house: House, body: Body, client: WebClient, check: Check, form: Former) -> None:
    with house.gesture(body) as g:
        work = _work(g, _value(body))
        check(g.session, g.actor, work)
        view = form(work)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def _forms(app: App, house: House) -> None:
    def opens(action_id: str, check: Check, form: Former) -> None:
        @app.action(action_id)
        def pressed(ack: Ack, body: Body, client: WebClient) -> None:
            ack()
            _open(house, body, client, check, form)

    def takes(callback_id: str, verb: Callable[[Gesture, Intervention, dict[str, Any]], None], **fields: Any) -> None:
        @app.view(callback_id)
        def submitted(ack: Ack, body: Body, view: Body) -> None:
            typed = forms.read(view, **fields)
            house.know(body, [typed["owner"]] if "owner" in fields else [])
            with house.gesture(body) as g:
                verb(g, _work(g, view.get("private_metadata")), typed)
            ack()

    opens(ids.WORK_COUNTER, interventions.check_owner, work_forms.counter)
    takes(ids.WORK_COUNTER_FORM, _counter, due_on=date)
    opens(ids.WORK_HAND_BACK, interventions.check_owner, work_forms.hand_back)
    takes(ids.WORK_HAND_BACK_FORM, _hand_back, why=str | None)
    opens(ids.WORK_CLAIM, progress.check_report, work_forms.claim)
    takes(ids.WORK_CLAIM_FORM, _claim, line=str | None)
    opens(ids.WORK_SEND_BACK, progress.check_send_back, work_forms.send_back)
    takes(ids.WORK_SEND_BACK_FORM, _send_back, why=str | None)
    opens(ids.WORK_REASSIGN, interventions.check_reassign, work_forms.reassign)
    takes(ids.WORK_REASSIGN_FORM, _reassign, owner=str, due_on=date)
    takes(ids.WORK_UPDATE_FORM, _report, health=str, line=str | None)
    app.view(ids.WORK_ASSIGN_FORM)(_assigner(house))


def _counter(g: Gesture, work: Intervention, it: dict[str, Any]) -> None:
    interventions.counter(g.session, g.actor, work, it["due_on"], now=g.now)


def _claim(g: Gesture, work: Intervention, it: dict[str, Any]) -> None:
    progress.claim(g.session, g.actor, work, it["line"], now=g.now)


def _send_back(g: Gesture, work: Intervention, it: dict[str, Any]) -> None:
    progress.send_back(g.session, g.actor, work, it["why"], now=g.now)


def _hand_back(g: Gesture, work: Intervention, it: dict[str, Any]) -> None:
    interventions.hand_back(g.session, g.actor, work, it["why"], now=g.now)


def _reassign(g: Gesture, work: Intervention, it: dict[str, Any]) -> None:
    owner = people.seen(g.session, work.workspace_id, it["owner"], now=g.now)
    interventions.reassign(g.session, g.actor, work, owner, it["due_on"], now=g.now)


def _report(g: Gesture, work: Intervention, it: dict[str, Any]) -> None:
    progress.report(g.session, g.actor, work, ids.choice(Health, it["health"]), it["line"], now=g.now, key=g.key)


def _assigner(house: House) -> Callable[..., None]:
    def assigned(ack: Ack, body: Body, view: Body) -> None:
        typed = forms.read(view, **ASSIGNED)
        house.know(body, [typed["owner"]])
        with house.gesture(body) as g:
            idea = ideas.get(g.session, ids.number(ids.unpack(view.get("private_metadata")), "idea"), lock=True)
            owner = people.seen(g.session, idea.workspace_id, typed["owner"], now=g.now)
            interventions.assign(g.session, g.actor, idea, _plan(typed), owner, now=g.now, key=g.key)
        ack()

    return assigned


def _plan(typed: dict[str, Any]) -> Plan:
    return Plan(
        title=typed["title"],
        kind=ids.choice(InterventionKind, typed["kind"]),
        due_on=typed["due_on"],
        milestones=steps_from(typed["milestones"] or ""),
        kpi=typed["kpi"],
        promise=typed["promise"],
    )


def _all(call: Call) -> None:
    """`/cx`: the open work of the committees one may see, soonest due first."""
    with call.house.gesture(call.body) as g:
        found = portfolio.open_work(g.session, g.actor)
        today = calendar.local_day(g.now, g.actor.tz)
        said = views.listing(found, "Work underway", today)
    call.answer(said)


def _mine(call: Call) -> None:
    with call.house.gesture(call.body) as g:
        found = portfolio.owned_by(g.session, g.actor)
        said = views.listing(found, "Your work", calendar.local_day(g.now, g.actor.tz))
    call.answer(said)
