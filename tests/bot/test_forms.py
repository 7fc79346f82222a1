"""Forms: what was typed comes out as what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot import forms
from bot.views import blocks
from playground import contract
from workflows.errors import WorkflowError

ONE, TWO = blocks.option("One", "1"), blocks.option("Two", "2")
CASES: list[tuple[dict[str, Any], Any]] = [
    ({"type": "plain_text_input", "value": "  words "}, "words"),
    ({"type": "plain_text_input", "value": "   "}, None),
    ({"type": "plain_text_input", "value": None}, None),
    ({"type": "number_input", "value": "4.5"}, "4.5"),
    ({"type": "static_select", "selected_option": {"value": "1"}}, "1"),
    ({"type": "static_select", "selected_option": None}, None),
    ({"type": "external_select", "selected_option": {"value": "x"}}, "x"),
    ({"type": "radio_buttons", "selected_option": {"value": "2"}}, "2"),
    ({"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "2"}]}, ["1", "2"]),
    ({"type": "checkboxes", "selected_options": []}, []),
    ({"type": "multi_static_select", "selected_options": [{"value": "2"}]}, ["2"]),
    ({"type": "users_select", "selected_user": "U1"}, "U1"),
    ({"type": "users_select", "selected_user": None}, None),
    ({"type": "multi_users_select", "selected_users": ["U1", "U2"]}, ["U1", "U2"]),
    ({"type": "conversations_select", "selected_conversation": "C1"}, "C1"),
    ({"type": "multi_conversations_select", "selected_conversations": []}, []),
    ({"type": "channels_select", "selected_channel": "C1"}, "C1"),
    ({"type": "datepicker", "selected_date": "2026-02-28"}, date(2026, 2, 28)),
    ({"type": "datepicker", "selected_date": None}, None),
    ({"type": "timepicker", "selected_time": "09:30"}, time(9, 30)),
    ({"type": "datetimepicker", "selected_date_time": 1774747800}, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
]


def view(element: dict[str, Any]) -> dict[str, Any]:
    return {"state": {"values": {"field": {"field": element}}}}


@pytest.mark.parametrize(("element", "value"), CASES, ids=lambda it: str(it)[:50])
def test_every_kind_of_input_is_read_as_what_it_is(element: dict[str, Any], value: Any) -> None:
    assert forms.read(view(element)) == {"field": value}


@pytest.mark.parametrize(
    "element",
    [{"type": "datepicker", "selected_date": "2026-02-31"}, {"type": "timepicker", "selected_time": "25:00"}],
)
def test_a_day_or_hour_that_does_not_exist_is_refused_at_its_field(element: dict[str, Any]) -> None:
    with pytest.raises(WorkflowError, match="another") as refused:
        forms.read(view(element))
    assert refused.value.field == "field"


def test_a_view_without_inputs_reads_as_nothing() -> None:
    assert forms.read({}) == {}


def test_slack_takes_every_input() -> None:
    inputs = [
        forms.input_text("a", "A", hint="h", initial="x" * 5000, multiline=True, placeholder="p", focus=True),
        forms.input_number("b", "B", decimals=True, least="0", most="10", initial="5"),
        forms.input_select("c", "C", [ONE, TWO], initial="2"),
        forms.input_select("d", "D", [ONE, TWO], initial="1", dispatch=True, in_sight=True),
        forms.input_checkboxes("f", "F", [ONE, TWO], initial=["1", "2"]),
        forms.input_user("g", "G", initial="U0000001"),
        forms.input_users("h", "H", initial=["U0000001"]),
        forms.input_channel("i", "I", initial="C0000001"),
        forms.input_date("k", "K", initial=date(2026, 1, 1)),
    ]
    made = blocks.modal("A form", inputs, callback_id="x", submit="Send").to_dict()
    assert [problem for problem in contract.check_view(made) if problem.severity == "error"] == []
