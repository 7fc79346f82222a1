"""What a person has typed and chosen: the state values of inputs, as Slack keeps and sends them."""

import re
from datetime import date, datetime, time
from typing import Any

from playground.errors import CannotSubmit, Impossible
from playground.layout import Place, inputs, label
from playground.values import Json

SELECTED = {
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}
TEXTUAL = ("value", "initial_value")
OPTIONAL_PARTS = ("timezone",)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
URL = re.compile(r"https?://\S+")
State = dict[str, dict[str, Json]]


def key(element: Json) -> str:
    """Where the value stands in the element's state: `value`, `selected_option` ..."""
    return SELECTED.get(element["type"], TEXTUAL)[0]


def initial(element: Json) -> Json:
    """The state of an element nobody has touched."""
    name, source = SELECTED.get(element["type"], TEXTUAL)
    nothing: Any = [] if name.endswith("s") and name != "value" else None
    value: Json = {"type": element["type"], name: element.get(source, nothing)}
    return value | {part: element[part] for part in OPTIONAL_PARTS if part in element}


def state(blocks: list[Json], before: State | None = None) -> State:
    """The state of a layout; values of the same block and action ids survive from `before`."""
    values: State = {}
    for place in inputs(blocks):
        kept = (before or {}).get(place.block_id, {}).get(place.action_id)
        same = kept is not None and kept["type"] == place.element["type"]
        values.setdefault(place.block_id, {})[place.action_id] = kept if same and kept else initial(place.element)
    return values


def chosen(element: Json, wanted: Any, options: list[Json] | None = None) -> Json:
    """The state after a person puts `wanted` into the element: text, an option's text or value, ids, a date.

    `options` are those offered by the app for an external select. Raises `Impossible` if it is not on offer.
    """
    name, kind = key(element), element["type"]
    if name in ("selected_option", "selected_options"):
        offered = options if options is not None else _options(element)
        many = name == "selected_options"
        value: Any = [_option(offered, one) for one in _list(wanted)] if many else _one_option(offered, wanted)
        _check_max_items(element, value)
    elif name.endswith("s") and name != "value":
        value = [_id(one) for one in _list(wanted)]
        _check_max_items(element, value)
    else:
        value = _scalar(kind, wanted)
    return initial(element) | {name: value}


def check(place: Place, value: Json) -> None:
    """Refuse what Slack's client refuses before it submits. Raises `CannotSubmit`."""
    filled = value.get(key(place.element))
    name = label(place) or place.block_id
    if filled in (None, "", []):
        if not place.block.get("optional"):
            raise CannotSubmit(f"“{name}” must be filled in before the form can be submitted.")
        return
    rule = _RULES.get(place.element["type"])
    if rule:
        rule(name, place.element, str(filled))


def _text_rule(name: str, element: Json, text: str) -> None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(text) < shortest:
        raise CannotSubmit(f"“{name}” needs at least {shortest} characters; {len(text)} were typed.")
    if len(text) > longest:
        raise CannotSubmit(f"“{name}” takes at most {longest} characters; {len(text)} were typed.")


def _number_rule(name: str, element: Json, text: str) -> None:
    try:
        number = float(text)
    except ValueError:
        raise CannotSubmit(f"“{name}” takes a number, not “{text}”.") from None
    if not element.get("is_decimal_allowed") and not number.is_integer():
        raise CannotSubmit(f"“{name}” takes whole numbers only.")
    low, high = element.get("min_value"), element.get("max_value")
    if (low is not None and number < float(low)) or (high is not None and number > float(high)):
        raise CannotSubmit(f"“{name}” must lie between {low} and {high}.")


def _email_rule(name: str, _element: Json, text: str) -> None:
    if not EMAIL.fullmatch(text):
        raise CannotSubmit(f"“{name}” takes an e-mail address, not “{text}”.")


def _url_rule(name: str, _element: Json, text: str) -> None:
    if not URL.fullmatch(text):
        raise CannotSubmit(f"“{name}” takes a web address, not “{text}”.")


_RULES = {
    "plain_text_input": _text_rule,
    "number_input": _number_rule,
    "email_text_input": _email_rule,
    "url_text_input": _url_rule,
}


def _options(element: Json) -> list[Json]:
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(one for group in groups for one in group["options"])]


def _one_option(offered: list[Json], wanted: Any) -> Json | None:
    return None if wanted is None else _option(offered, wanted)


def _option(offered: list[Json], wanted: Any) -> Json:
    for option in offered:
        if wanted in (option["text"]["text"], option.get("value")):
            return option
    names = ", ".join(f"“{one['text']['text']}”" for one in offered) or "nothing"
    raise Impossible(f"“{wanted}” is not on offer; {names} is.")


def _list(wanted: Any) -> list[Any]:
    if wanted is None:
        return []
    return list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]


def _id(wanted: Any) -> Any:
    return getattr(wanted, "id", wanted)


def _scalar(kind: str, wanted: Any) -> Any:
    if isinstance(wanted, datetime):
        return int(wanted.timestamp()) if kind == "datetimepicker" else wanted.date().isoformat()
    if isinstance(wanted, date):
        return wanted.isoformat()
    if isinstance(wanted, time):
        return wanted.strftime("%H:%M")
    if kind == "number_input" and wanted is not None:
        return str(wanted)
    return _id(wanted)


def _check_max_items(element: Json, value: Any) -> None:
    most = element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        raise Impossible(f"At most {most} can be chosen here.")
