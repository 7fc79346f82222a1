"""Finding what a person points at, and acting on it: clicks, choices, forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from playground import inputs, layout
from playground.delivery import Answer
from playground.errors import CannotSubmit, Impossible, NoAnswer, SlackError
from playground.interactions import untouched
from playground.layout import Place
from playground.messages import Message
from playground.people import User
from playground.views import View

if TYPE_CHECKING:
    from playground.workspace import Workspace

Where = Message | View
Options = list[dict[str, Any]] | None
EXTERNAL = frozenset({"external_select", "multi_external_select"})
TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"})


def blocks(where: Where) -> list[dict[str, Any]]:
    """All blocks of a message or view, those in attachments too."""
    if isinstance(where, View):
        return where.blocks
    return [*where.blocks, *(block for one in where.attachments for block in one.get("blocks") or [])]


def find(where: Where, which: str, value: str | None = None, types: Iterable[str] = ()) -> Place:
    """The one element called `which` (action id, block id or what it says). Raises `Impossible`."""
    wanted = set(types)
    offered = [one for one in layout.places(blocks(where)) if not wanted or one.element["type"] in wanted]
    found = [one for one in offered if which in (one.action_id, one.block_id, layout.label(one))]
    if value is not None:
        found = [one for one in found if one.element.get("value") == value]
    if not found:
        names = ", ".join(f"“{layout.label(one)}” ({one.action_id})" for one in offered) or "nothing of the kind"
        raise Impossible(f"There is no “{which}” here. There is: {names}.")
    if len(found) > 1:
        raise Impossible(f"There are {len(found)} “{which}” here; say which by value=... or by its block id.")
    return found[0]


def present(slack: Workspace, user: User, where: Where) -> None:
    """Raises `Impossible` unless the thing is still there and this person sees it."""
    if user.deleted:
        raise Impossible(f"{user.name} is deactivated and cannot act.")
    if isinstance(where, View):
        if where.user != user.id or slack.views.all.get(where.id) is not where:
            raise Impossible(f"{user.name} does not see this view: it was closed, or it is another person's.")
        return
    if where.visible_to:
        seen = where.visible_to == user.id and slack.messages.ephemerals.get((where.channel, where.ts)) is where
    else:
        seen = _sees(slack, user, where)
    if not seen:
        raise Impossible(f"{user.name} does not see this message: it was deleted, or is in a place they are not in.")


def _sees(slack: Workspace, user: User, message: Message) -> bool:
    try:
        slack.channels.visible(message.channel, user.id)
        return slack.messages.get(message.channel, message.ts) is message
    except SlackError:
        return False


def click(slack: Workspace, user: User, where: Where, place: Place, *, confirm: bool) -> Answer | None:
    """Press a button; its confirm dialog is accepted, or declined with `confirm=False` (then nothing is sent)."""
    if not confirm:
        if "confirm" not in place.element:
            raise Impossible(f"“{layout.label(place)}” asks nothing before it acts, so there is nothing to decline.")
        return None
    return _send(slack, user, where, place, {})


def choose(
    slack: Workspace, user: User, where: Where, place: Place, wanted: Any, offered: Options = None
) -> Answer | None:
    """Set an element's value; returns the app's answer if Slack tells the app at once.

    `offered` is what an external select may hold; without it the app is asked.
    """
    if place.element["type"] == "overflow":
        option = inputs.chosen(place.element | {"type": "static_select"}, wanted)["selected_option"]
        return _send(slack, user, where, place, {"selected_option": option})
    on_offer = _on_offer(slack, user, where, place, wanted) if offered is None else offered
    value = put(slack, user, where, place, wanted, on_offer)
    return _send(slack, user, where, place, value) if dispatches(place) else None


def put(
    slack: Workspace, user: User, where: Where, place: Place, wanted: Any, offered: Options = None
) -> dict[str, Any]:
    """Set an element's value and tell nobody yet; returns the value. Files go by their ids."""
    if place.element["type"] == "file_input":
        wanted = slack.files.for_form(place.element, user.id, wanted or [])
    value = inputs.chosen(place.element, wanted, offered)
    state_of(slack, user, where).setdefault(place.block_id, {})[place.action_id] = value
    slack.feed.publish("typed", viewers=(user.id,), block_id=place.block_id, action_id=place.action_id)
    return value


def dispatches(place: Place) -> bool:
    """Whether a change tells the app at once: always outside input blocks, inside only if it asked for it."""
    if not place.is_input:
        return True
    if not place.block.get("dispatch_action"):
        return False
    triggers = (place.element.get("dispatch_action_config") or {}).get("trigger_actions_on") or ["on_enter_pressed"]
    return place.element["type"] not in TYPED or "on_character_entered" in triggers


def press_enter(slack: Workspace, user: User, where: Where, place: Place) -> Answer:
    """Press Enter in a field that dispatches. Raises `Impossible` if it does not."""
    if not place.block.get("dispatch_action"):
        raise Impossible(f"Enter in “{layout.label(place)}” tells the app nothing: it has no dispatch_action.")
    return _send(slack, user, where, place, state_of(slack, user, where)[place.block_id][place.action_id])


def state_of(slack: Workspace, user: User, where: Where) -> inputs.State:
    """What this person has put into the inputs of a message or view."""
    if isinstance(where, View):
        return where.values
    key = (user.id, where.channel, where.ts)
    fresh = untouched(blocks(where))
    kept = slack.typed.get(key, {})
    slack.typed[key] = {block: {action: kept.get(block, {}).get(action, value) for action, value in row.items()}
                        for block, row in fresh.items()}  # fmt: skip
    return slack.typed[key]


def options(slack: Workspace, user: User, where: Where, place: Place, typed: str) -> list[dict[str, Any]]:
    """What the app offers for an external select when this is typed. Raises `Impossible` if too little is typed."""
    least = place.element.get("min_query_length", 3)
    if len(typed) < least:
        raise Impossible(f"“{layout.label(place)}” searches only from {least} characters on; “{typed}” is too short.")
    view, message = (where, None) if isinstance(where, View) else (None, where)
    return slack.interactions.options(user, place, typed, view=view, message=message)


def submit(slack: Workspace, user: User, view: View) -> Answer:
    """Submit a modal as Slack's client does, and do what the app answers. Raises `CannotSubmit`, `NoAnswer`."""
    if not view.body.get("submit"):
        raise CannotSubmit(f"The form “{view.title}” has no submit button.")
    if view.body.get("submit_disabled"):
        raise CannotSubmit(f"The submit button of “{view.title}” is disabled.")
    for place in layout.inputs(view.blocks):
        if place.is_input:
            inputs.check(place, view.values[place.block_id][place.action_id])
    answer = slack.interactions.submit(user, view)
    with slack.acting():
        _obey(slack, view, answer.body if isinstance(answer.body, dict) else {})
    return answer


def close(slack: Workspace, user: User, view: View, *, everything: bool) -> None:
    """Close the top modal, or with the × all of them; the app hears of it if it asked to."""
    views = slack.views
    closed = views.stack(user.id)[0] if everything or view.body.get("clear_on_close") else view
    cleared = closed is not view or everything
    with slack.acting():
        if cleared:
            views.clear(user.id)
        else:
            views.pop(user.id)
    if closed.body.get("notify_on_close"):
        slack.interactions.closed(user, closed, cleared=cleared)


def _obey(slack: Workspace, view: View, answer: dict[str, Any]) -> None:
    views, action = slack.views, answer.get("response_action")
    try:
        if action == "errors":
            views.refuse(view, answer["errors"])
        elif action == "update":
            views.update(view, answer["view"])
        elif action == "push":
            views.push(view.user, answer["view"])
        elif action == "clear":
            views.clear(view.user)
        elif view.id in views.all and views.top(view.user) is view:
            views.pop(view.user)
    except SlackError as refusal:
        raise NoAnswer(refusal.code, f"Slack cannot {action} the view: {refusal.code}.") from None


def _on_offer(slack: Workspace, user: User, where: Where, place: Place, wanted: Any) -> list[dict[str, Any]] | None:
    if place.element["type"] not in EXTERNAL or wanted is None:
        return None
    many = list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]
    return [option for one in many for option in options(slack, user, where, place, str(one))]


def _send(slack: Workspace, user: User, where: Where, place: Place, value: dict[str, Any]) -> Answer:
    if isinstance(where, View):
        return slack.interactions.act_on_view(user, where, place, value)
    return slack.interactions.act_on_message(user, where, place, value, state_of(slack, user, where))
