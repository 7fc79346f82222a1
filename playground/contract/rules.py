"""Rules between the fields of one block or element, which its schema cannot say.

A rule gets a node whose shape is already known to be right and yields faults with paths relative to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from playground.contract.problems import Fault

Node = dict[str, Any]
Rule = Callable[[Node], Iterator[Fault]]


def _options(node: Node) -> list[Node]:
    grouped = [option for group in node.get("option_groups", []) for option in group["options"]]
    return [*node.get("options", []), *grouped]


def _chosen(node: Node) -> Iterator[tuple[str, Node]]:
    if "initial_option" in node:
        yield "initial_option", node["initial_option"]
    for option in node.get("initial_options", []):
        yield "initial_options", option


def initial_options(node: Node) -> Iterator[Fault]:
    offered = _options(node)
    for key, option in _chosen(node):
        if option not in offered:
            yield Fault((key,), "must equal one of the options, field by field")


def unique_values(node: Node) -> Iterator[Fault]:
    values = [option["value"] for option in _options(node)]
    if len(set(values)) < len(values):
        yield Fault(
            (), "two options have the same value; the app cannot tell them apart", "warning", "duplicate_option_value"
        )


def selected_at_most(node: Node) -> Iterator[Fault]:
    most = node.get("max_selected_items")
    if most is not None and len(node.get("initial_options", [])) > most:
        yield Fault(("initial_options",), f"more than max_selected_items ({most})")


def _written_as(node: Node, key: str, pattern: str, length: int, what: str) -> Iterator[Fault]:
    value = node.get(key)
    if value is None:
        return
    try:
        right = bool(datetime.strptime(value, pattern)) and len(value) == length  # noqa: DTZ007 - only the format
    except ValueError:
        right = False
    if not right:
        yield Fault((key,), f"must be {what}")


def real_date(node: Node) -> Iterator[Fault]:
    yield from _written_as(node, "initial_date", "%Y-%m-%d", 10, "a date written YYYY-MM-DD")


@cache
def _zones() -> set[str]:
    return available_timezones()  # walks a directory tree


def real_time(node: Node) -> Iterator[Fault]:
    yield from _written_as(node, "initial_time", "%H:%M", 5, "a time written HH:mm")
    if "timezone" in node and node["timezone"] not in _zones():
        yield Fault(("timezone",), "must be an IANA time zone")


def unix_time(node: Node) -> Iterator[Fault]:
    if "initial_date_time" in node and len(str(node["initial_date_time"])) != 10:  # noqa: PLR2004 - Slack's number
        yield Fault(("initial_date_time",), "must be a Unix time of 10 digits")


def length_range(node: Node) -> Iterator[Fault]:
    least, most = node.get("min_length"), node.get("max_length")
    if least is not None and most is not None and least > most:
        yield Fault(("min_length",), "must not exceed max_length")


def value_range(node: Node) -> Iterator[Fault]:
    try:
        bounds = [float(node[key]) for key in ("min_value", "max_value") if key in node]
    except ValueError:
        yield Fault((), "min_value and max_value must be numbers, written as strings")
        return
    if bounds != sorted(bounds):
        yield Fault(("min_value",), "must not exceed max_value")


def no_dispatched_files(node: Node) -> Iterator[Fault]:
    if node.get("dispatch_action") and node["element"]["type"] == "file_input":
        yield Fault(("dispatch_action",), "does not go with a file_input")


def collapsing(node: Node) -> Iterator[Fault]:
    if node.get("default_collapsed") and not node.get("is_collapsible"):
        yield Fault(("default_collapsed",), "needs is_collapsible")
    if node.get("has_header_divider") and node.get("is_collapsible"):
        yield Fault(("has_header_divider",), "is ignored on a container that collapses", "warning", "field_ignored")


def even_rows(node: Node) -> Iterator[Fault]:
    rows = node["rows"]
    if len({len(row) for row in rows}) > 1:
        yield Fault(("rows",), "every row needs the same number of cells")
    if any(cell["type"] == "rich_text" for cell in rows[0]):
        yield Fault(("rows", 0), "header cells cannot be rich_text")
    if node.get("row_header_column_index", 0) >= len(rows[0]):
        yield Fault(("row_header_column_index",), f"there are only {len(rows[0])} columns")


def positive_segments(node: Node) -> Iterator[Fault]:
    for index, segment in enumerate(node["segments"]):
        if segment["value"] <= 0:
            yield Fault(("segments", index, "value"), "must be greater than 0")


def one_point_a_category(node: Node) -> Iterator[Fault]:
    names = [series["name"] for series in node["series"]]
    if len(set(names)) < len(names):
        yield Fault(("series",), "series names must be unique")
    expected = sorted(node["axis_config"]["categories"])
    for index, series in enumerate(node["series"]):
        if sorted(point["label"] for point in series["data"]) != expected:
            yield Fault(("series", index, "data"), "needs exactly one point for every category")


RULES: dict[str, tuple[Rule, ...]] = {
    "static_select": (initial_options, unique_values),
    "multi_static_select": (initial_options, unique_values, selected_at_most),
    "checkboxes": (initial_options, unique_values),
    "radio_buttons": (initial_options, unique_values),
    "overflow": (unique_values,),
    "datepicker": (real_date,),
    "timepicker": (real_time,),
    "datetimepicker": (unix_time,),
    "plain_text_input": (length_range,),
    "number_input": (value_range,),
    "input": (no_dispatched_files,),
    "container": (collapsing,),
    "data_table": (even_rows,),
    "pie": (positive_segments,),
    "bar": (one_point_a_category,),
    "area": (one_point_a_category,),
    "line": (one_point_a_category,),
}


def faults(node: Node) -> Iterator[Fault]:
    """What is wrong between the fields of `node`."""
    for rule in RULES.get(node["type"], ()):
        yield from rule(node)
