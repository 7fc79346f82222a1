"""Whether a layout has the shape Slack takes: Block Kit as JSON Schema.

`blockkit.json` uses keywords beyond the standard: `kinds` picks the definition by `type`, so that a fault is
reported where it is and not as "matches none of twenty"; `surfaces` says where a block or element may stand;
`exactlyOne`, `atLeastOne` and `atMostOne` count given fields. They are read here, and not by `jsonschema`, because
every message passes through: this is five times faster. A test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from playground.contract import rules
from playground.contract.data import table
from playground.contract.problems import Fault, Path

Surface = Literal["message", "modal", "home"]
Schema = dict[str, Any]

DEFINITIONS: dict[str, Schema] = table("blockkit")["$defs"]
BLOCK_TYPES = frozenset(DEFINITIONS["AnyBlock"]["kinds"])


def faults(value: Any, definition: str, surface: Surface) -> list[Fault]:
    """What keeps `value` from being a `definition` of `blockkit.json` on `surface`; one fault a place and reason."""
    reader = _Reader(surface)
    reader.read(DEFINITIONS[definition], value, ())
    return list(dict.fromkeys(reader.found))


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object in `value` that has a `type`, outermost first, with its path."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield path, value
        for key, child in value.items():
            if isinstance(child, dict | list):
                yield from walk(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from walk(child, (*path, index))


class _Reader:
    """Goes through a value and its schema side by side and collects faults."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.found: list[Fault] = []

    def read(self, schema: Schema, value: Any, path: Path) -> None:
        for keyword, expected in schema.items():
            if keyword in PLAIN:
                concerns, holds, phrase = PLAIN[keyword]
                if isinstance(value, concerns) and not holds(value, expected):
                    self.found.append(Fault(path, phrase(expected)))
            elif keyword in NESTED:
                NESTED[keyword](self, expected, value, path)
        if schema.get("additionalProperties") is False and isinstance(value, dict):
            for key in value.keys() - schema["properties"].keys():
                self.found.append(Fault((*path, key), f"invalid additional property: {key}"))

    def reference(self, target: str, value: Any, path: Path) -> None:
        self.read(DEFINITIONS[target.rpartition("/")[2]], value, path)

    def properties(self, schemas: dict[str, Schema], value: Any, path: Path) -> None:
        if isinstance(value, dict):
            for key, child in value.items():
                if key in schemas:
                    self.read(schemas[key], child, (*path, key))

    def items(self, schema: Schema, value: Any, path: Path) -> None:
        if isinstance(value, list):
            for index, child in enumerate(value):
                self.read(schema, child, (*path, index))

    def required(self, names: list[str], value: Any, path: Path) -> None:
        if isinstance(value, dict):
            missing = [name for name in names if name not in value]
            self.found += [Fault(path, f"missing required field: {name}") for name in missing]

    def kinds(self, definitions: dict[str, str], value: Any, path: Path) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            self.found.append(Fault(path, "must be of type object"))
        elif not isinstance(kind, str):
            self.found.append(Fault(path, "missing required field: type"))
        elif kind not in definitions:
            self.found.append(Fault((*path, "type"), f"unsupported type here: {kind}"))
        else:
            self._definition(DEFINITIONS[definitions[kind]], value, path)

    def _definition(self, schema: Schema, value: dict[str, Any], path: Path) -> None:
        """Only a node of the right shape is reasoned about."""
        before = len(self.found)
        self.read(schema, value, path)
        if len(self.found) == before:
            self.found += [fault.under(path) for fault in rules.faults(value)]

    def surfaces(self, allowed: list[str], value: Any, path: Path) -> None:
        if self.surface not in allowed and isinstance(value, dict):
            places = ", ".join(allowed) or "nothing an app sends"
            message = f"{value.get('type')} is not supported in a {self.surface}; it belongs in: {places}"
            self.found.append(Fault(path, message))


def _is(value: Any, kinds: str | list[str]) -> bool:
    return any(TYPES[kind](value) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _given(value: dict[str, Any], names: list[str]) -> int:
    return sum(value.get(name) is not None for name in names)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": _number,
    "integer": lambda value: _number(value) and value == value // 1,
    "null": lambda value: value is None,
}

# keyword: the values it concerns, whether it holds, and what is said when it does not
PLAIN: dict[str, tuple[Any, Callable[[Any, Any], bool], Callable[[Any], str]]] = {
    "type": (object, _is, lambda kinds: f"must be of type {kinds}"),
    "const": (object, lambda value, right: bool(value == right), lambda right: f"must be {right}"),
    "enum": (object, lambda value, right: value in right, lambda right: f"must be one of {', '.join(right)}"),
    "minLength": (str, lambda value, n: len(value) >= n, lambda n: f"must be more than {n - 1} characters"),
    "maxLength": (str, lambda value, n: len(value) <= n, lambda n: f"must be less than {n + 1} characters"),
    "minItems": (list, lambda value, n: len(value) >= n, lambda n: f"at least {n} items required"),
    "maxItems": (list, lambda value, n: len(value) <= n, lambda n: f"no more than {n} items allowed"),
    "minimum": (int | float, lambda value, n: bool(value >= n), lambda n: f"must be {n} or more"),
    "maximum": (int | float, lambda value, n: bool(value <= n), lambda n: f"must be {n} or less"),
    "exactlyOne": (dict, lambda v, names: _given(v, names) == 1, lambda n: f"needs exactly one of {', '.join(n)}"),
    "atLeastOne": (dict, lambda v, names: _given(v, names) >= 1, lambda n: f"needs one of {', '.join(n)}"),
    "atMostOne": (dict, lambda v, names: _given(v, names) <= 1, lambda n: f"takes only one of {', '.join(n)}"),
}
NESTED: dict[str, Callable[[_Reader, Any, Any, Path], None]] = {
    "$ref": _Reader.reference,
    "properties": _Reader.properties,
    "items": _Reader.items,
    "required": _Reader.required,
    "kinds": _Reader.kinds,
    "surfaces": _Reader.surfaces,
}
