"""Whether a layout has the shape Slack takes: Block Kit as JSON Schema, read by `jsonschema`.

`blockkit.json` uses keywords beyond the standard: `kinds` picks the definition by `type`, so that a fault is
reported where it is and not as "matches none of twenty"; `surfaces` says where a block or element may stand;
`exactlyOne`, `atLeastOne` and `atMostOne` count given fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Literal

from jsonschema import Draft202012Validator, ValidationError, validators

from playground.contract import rules
from playground.contract.data import table
from playground.contract.problems import Fault, Path

Surface = Literal["message", "modal", "home"]
BLOCK_TYPES = frozenset(table("blockkit")["$defs"]["AnyBlock"]["kinds"])
PHRASES: dict[str, Callable[[Any], str]] = {
    "type": lambda kinds: f"must be of type {kinds}",
    "const": lambda value: f"must be {value}",
    "enum": lambda values: f"must be one of {', '.join(values)}",
    "minLength": lambda least: f"must be more than {least - 1} characters",
    "maxLength": lambda most: f"must be less than {most + 1} characters",
    "minItems": lambda least: f"at least {least} items required",
    "maxItems": lambda most: f"no more than {most} items allowed",
    "minimum": lambda least: f"must be {least} or more",
    "maximum": lambda most: f"must be {most} or less",
}

Validator = Any  # `descend` is public in jsonschema, but missing from its protocol class
Errors = Iterator[ValidationError]


def _kinds(validator: Validator, kinds: dict[str, str], instance: Any, _: Any) -> Errors:
    if not isinstance(instance, dict):
        yield ValidationError("must be: object")
    elif not isinstance(kind := instance.get("type"), str):
        yield ValidationError("missing required field: type")
    elif kind not in kinds:
        yield ValidationError(f"unsupported type here: {kind}", path=("type",))
    else:
        errors = list(validator.descend(instance, {"$ref": f"#/$defs/{kinds[kind]}"}))
        yield from errors or _rules(instance)


class RuleBroken(ValidationError):
    """Carries what a rule found out through `jsonschema`, which only adds the path."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message, path=fault.path)
        self.fault = fault


def _rules(node: dict[str, Any]) -> Errors:
    """Only a node of the right shape is reasoned about."""
    for fault in rules.faults(node):
        yield RuleBroken(fault)


def _additional(_v: Validator, _allowed: Any, instance: Any, schema: dict[str, Any]) -> Errors:
    if isinstance(instance, dict):
        for key in instance.keys() - schema["properties"].keys():
            yield ValidationError(f"invalid additional property: {key}", path=(key,))


def _required(_v: Validator, names: list[str], instance: Any, _: Any) -> Errors:
    if isinstance(instance, dict):
        for name in names:
            if name not in instance:
                yield ValidationError(f"missing required field: {name}")


def _count(names: list[str], instance: Any) -> int:
    return sum(instance.get(name) is not None for name in names) if isinstance(instance, dict) else 1


def _exactly_one(_v: Validator, names: list[str], instance: Any, _: Any) -> Errors:
    if _count(names, instance) != 1:
        yield ValidationError(f"needs exactly one of {', '.join(names)}")


def _at_least_one(_v: Validator, names: list[str], instance: Any, _: Any) -> Errors:
    if _count(names, instance) < 1:
        yield ValidationError(f"needs one of {', '.join(names)}")


def _at_most_one(_v: Validator, names: list[str], instance: Any, _: Any) -> Errors:
    if _count(names, instance) > 1:
        yield ValidationError(f"takes only one of {', '.join(names)}")


def _surfaces(surface: Surface, _v: Validator, allowed: list[str], instance: Any, _: Any) -> Errors:
    if surface not in allowed and isinstance(instance, dict):
        places = ", ".join(allowed) or "nothing an app sends"
        yield ValidationError(f"{instance.get('type')} is not supported in a {surface}; it belongs in: {places}")


@cache
def _validator(definition: str, surface: Surface) -> Validator:
    def surfaces(*keyword: Any) -> Errors:
        return _surfaces(surface, *keyword)

    reader: Validator = validators.extend(  # type: ignore[no-untyped-call]  # untyped in the stubs
        Draft202012Validator,
        {
            "kinds": _kinds,
            "additionalProperties": _additional,
            "required": _required,
            "exactlyOne": _exactly_one,
            "atLeastOne": _at_least_one,
            "atMostOne": _at_most_one,
            "surfaces": surfaces,
        },
    )
    return reader({**table("blockkit"), "$ref": f"#/$defs/{definition}"})


def _fault(error: ValidationError) -> Fault:
    path = tuple(error.absolute_path)
    if isinstance(error, RuleBroken):
        return replace(error.fault, path=path)
    keyword = str(error.validator)
    return Fault(path, PHRASES[keyword](error.validator_value) if keyword in PHRASES else error.message)


def faults(value: Any, definition: str, surface: Surface) -> list[Fault]:
    """What keeps `value` from being a `definition` of `blockkit.json` on `surface`; one fault a place and reason."""
    found: dict[tuple[Any, ...], Fault] = {}
    for error in _validator(definition, surface).iter_errors(value):
        fault = _fault(error)
        found.setdefault((fault.path, error.validator if error.validator in PHRASES else fault.message), fault)
    return list(found.values())


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object in `value` that has a `type`, outermost first, with its path."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield path, value
        for key, child in value.items():
            yield from walk(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from walk(child, (*path, index))
