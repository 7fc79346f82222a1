"""Forms: the input blocks they are made of, and what was typed into them.

One element a block; the block's id, the element's id and the `field` of a `WorkflowError` are the same word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from slack_sdk.models.blocks import (
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    InputBlock,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot.views.blocks import words
from workflows.errors import Gone, WorkflowError
from workflows.writing import tidy

LABEL = 2000
PLACEHOLDER = 150
TEXT = 3000
Reading = Callable[[Mapping[str, Any]], Any]


OLD_FORM = "This form is from an older version of Touchstone. Close it and open it again, please."


def read(view: Mapping[str, Any], **expected: Any) -> dict[str, Any]:
    """What stands in a form: field -> text, list, date, time, datetime or None. Texts are stripped, empty ones None.

    `expected` names the fields that the caller reads, each with its type (`due_on=date`, `line=str | None`).
    Raises `WorkflowError` for a day or an hour that does not exist, and for a field left empty that must not be;
    `Gone` for a field that holds something else.
    """
    values = (view.get("state") or {}).get("values", {})
    found = {field: _value(field, element) for field, block in values.items() for element in list(block.values())[:1]}
    return found | {field: _expected(field, found.get(field), kind) for field, kind in expected.items()}


def texts(view: Mapping[str, Any]) -> dict[str, str | None]:
    """What stands in a form that has nothing but text in it."""
    found = read(view)
    return {field: _expected(field, value, str | None) for field, value in found.items()}


def _expected(field: str, value: Any, kind: Any) -> Any:
    if isinstance(value, kind) and not (kind is date and isinstance(value, datetime)):
        return value
    if value is None:
        raise WorkflowError("Please fill this in.", field)
    raise Gone(OLD_FORM)


def _value(field: str, element: Mapping[str, Any]) -> Any:
    reading: Reading = _READINGS.get(element.get("type", ""), _text)
    try:
        return reading(element)
    except (ValueError, OverflowError, OSError):
        raise WorkflowError("That is not a day or time that exists. Please pick another.", field) from None


def _text(element: Mapping[str, Any]) -> str | None:
    return tidy(element.get("value")) or None


def _chosen(element: Mapping[str, Any]) -> str | None:
    option = element.get("selected_option")
    return option["value"] if option else None


def _ticked(element: Mapping[str, Any]) -> list[str]:
    return [option["value"] for option in element.get("selected_options") or []]


def _plucked(name: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda element: element.get(name) or None


def _listed(name: str) -> Callable[[Mapping[str, Any]], list[str]]:
    return lambda element: list(element.get(name) or [])


def _date(element: Mapping[str, Any]) -> date | None:
    text = element.get("selected_date")
    return date.fromisoformat(text) if text else None


def _time(element: Mapping[str, Any]) -> time | None:
    text = element.get("selected_time")
    return time.fromisoformat(text) if text else None


def _moment(element: Mapping[str, Any]) -> datetime | None:
    stamp = element.get("selected_date_time")
    return datetime.fromtimestamp(int(stamp), UTC) if stamp else None


_READINGS: dict[str, Reading] = {
    "static_select": _chosen,
    "external_select": _chosen,
    "radio_buttons": _chosen,
    "multi_static_select": _ticked,
    "multi_external_select": _ticked,
    "checkboxes": _ticked,
    "users_select": _plucked("selected_user"),
    "conversations_select": _plucked("selected_conversation"),
    "channels_select": _plucked("selected_channel"),
    "multi_users_select": _listed("selected_users"),
    "multi_conversations_select": _listed("selected_conversations"),
    "multi_channels_select": _listed("selected_channels"),
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _moment,
    "file_input": _plucked("files"),
    "rich_text_input": _plucked("rich_text_value"),
}


def wrap(
    field: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> InputBlock:
    """An input block around any element whose action id is `field`; `dispatch` tells the bot of every change."""
    return InputBlock(
        block_id=field,
        label=words(label, LABEL),
        element=element,
        hint=words(hint, LABEL) if hint else None,
        optional=optional,
        dispatch_action=dispatch or None,
    )


def input_text(
    field: str,
    label: str,
    *,
    hint: str | None = None,
    optional: bool = False,
    multiline: bool = False,
    initial: str | None = None,
    max_length: int = TEXT,
    placeholder: str | None = None,
    focus: bool = False,
) -> InputBlock:
    """Text; `initial` is cut to what the field can hold."""
    element = PlainTextInputElement(
        action_id=field,
        multiline=multiline,
        initial_value=initial[:max_length] if initial else None,
        max_length=max_length,
        placeholder=words(placeholder, PLACEHOLDER) if placeholder else None,
        focus_on_load=focus or None,
    )
    return wrap(field, label, element, hint=hint, optional=optional)


def input_number(
    field: str,
    label: str,
    *,
    hint: str | None = None,
    optional: bool = False,
    decimals: bool = False,
    initial: str | None = None,
    least: str | None = None,
    most: str | None = None,
) -> InputBlock:
    """A number; it arrives as text."""
    element = NumberInputElement(
        action_id=field, is_decimal_allowed=decimals, initial_value=initial, min_value=least, max_value=most
    )
    return wrap(field, label, element, hint=hint, optional=optional)


def input_select(
    field: str,
    label: str,
    options: Sequence[Option],
    *,
    hint: str | None = None,
    optional: bool = False,
    initial: str | None = None,
    dispatch: bool = False,
    in_sight: bool = False,
) -> InputBlock:
    """One of up to 100 options, or of up to 10 that are all `in_sight`; `initial` is an option's value."""
    kind = RadioButtonsElement if in_sight else StaticSelectElement
    element = kind(action_id=field, options=options, initial_option=_initial(options, initial))
    return wrap(field, label, element, hint=hint, optional=optional, dispatch=dispatch)


def _initial(options: Sequence[Option], value: str | None) -> Option | None:
    return next((option for option in options if option.value == value), None)


def input_checkboxes(
    field: str,
    label: str,
    options: Sequence[Option],
    *,
    hint: str | None = None,
    optional: bool = True,
    initial: Sequence[str] = (),
) -> InputBlock:
    """Several of up to 10 options, all in sight."""
    element = CheckboxesElement(action_id=field, options=options, initial_options=_several(options, initial))
    return wrap(field, label, element, hint=hint, optional=optional)


def _several(options: Sequence[Option], values: Sequence[str]) -> list[Option] | None:
    return [option for option in options if option.value in values] or None


def input_user(
    field: str, label: str, *, hint: str | None = None, optional: bool = False, initial: str | None = None
) -> InputBlock:
    """A person, as a Slack id."""
    return wrap(field, label, UserSelectElement(action_id=field, initial_user=initial), hint=hint, optional=optional)


def input_users(
    field: str, label: str, *, hint: str | None = None, optional: bool = False, initial: Sequence[str] = ()
) -> InputBlock:
    """Some people, as Slack ids."""
    element = UserMultiSelectElement(action_id=field, initial_users=list(initial) or None)
    return wrap(field, label, element, hint=hint, optional=optional)


def input_channel(
    field: str,
    label: str,
    *,
    hint: str | None = None,
    optional: bool = False,
    initial: str | None = None,
    private: bool = True,
) -> InputBlock:
    """A channel of this workspace, as a Slack id; with `private` also one only its members see."""
    include = ["public", "private"] if private else ["public"]
    element = ConversationSelectElement(
        action_id=field,
        initial_conversation=initial,
        filter=ConversationFilter(include=include, exclude_bot_users=True, exclude_external_shared_channels=True),
    )
    return wrap(field, label, element, hint=hint, optional=optional)


def input_date(
    field: str, label: str, *, hint: str | None = None, optional: bool = False, initial: date | None = None
) -> InputBlock:
    """A day; it arrives as a date."""
    element = DatePickerElement(action_id=field, initial_date=initial.isoformat() if initial else None)
    return wrap(field, label, element, hint=hint, optional=optional)
