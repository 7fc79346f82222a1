"""Payloads bent out of shape: a field dropped, swapped, blown up, nested, retyped. The same seed bends alike."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Json = Any
Path = tuple[str | int, ...]

STRINGS = (
    "", " ", "\x00", "A" * 20_000, "\ud800", "<!channel>", "null", "0", "-1", "9" * 40, "true", "{}", "[]", "\u202e",
    '{"v":1}', '{"v":1,"idea":1}', '{"v":1,"idea":-1}', '{"v":1,"idea":true}', '{"v":1,"idea":"1"}', '{"v":2,"idea":1}',
    '{"v":1,"ballot":99999999999999999999}', '{"v":1,"work":1.5}', '{"v":1,"draft":{}}', '{"v":1,"page":1e99}',
    '{"v":1,"committee":[1]}', "[" * 2000, "' OR 1=1 --", "U0NOBODY", "T0OTHER", "C0NOWHERE", "2026-02-30", "25:61",
)  # fmt: skip
ODDITIES: tuple[Json, ...] = (None, True, False, 0, -1, 2**31, 2**70, 1.5, 1e300, [], {}, [None], {"id": None}, [[[]]])


DECORATION = frozenset({"message", "blocks"})


def deep(levels: int) -> Json:
    nested: Json = None
    for _ in range(levels):
        nested = {"x": [nested]}
    return nested


def paths(node: Json, here: Path = ()) -> Iterator[Path]:
    """Every place in a payload but the root."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*here, key)
            yield from paths(value, (*here, key))
    if isinstance(node, list):
        for index, value in enumerate(node):
            yield (*here, index)
            yield from paths(value, (*here, index))


def mutants(payload: Json, count: int, chance: random.Random) -> Iterator[Json]:
    """So many variants of a payload, each bent in one to three places."""
    whole = json.dumps(payload)
    for _ in range(count):
        bent = json.loads(whole)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            places = _likely(bent, chance)
            if places:
                _bend(bent, chance.choice(places), chance)
        yield bent


def _likely(bent: Json, chance: random.Random) -> list[Path]:
    """Mostly a place that bots read, for most of a payload is decoration."""
    if not isinstance(bent, dict) or chance.random() < 0.2:
        return list(paths(bent))
    read = {key: value for key, value in bent.items() if key not in DECORATION}
    if isinstance(view := read.get("view"), dict):
        read["view"] = {key: value for key, value in view.items() if key not in DECORATION}
    return list(paths(read)) or list(paths(bent))


def _bend(root: Json, path: Path, chance: random.Random) -> None:
    *way, last = path
    holder = root
    for step in way:
        holder = holder[step]
    chance.choice(BENDS)(root, holder, last, chance)


def _drop(root: Json, holder: Json, last: Any, chance: random.Random) -> None:
    del holder[last]


def _odd(root: Json, holder: Json, last: Any, chance: random.Random) -> None:
    holder[last] = copy.deepcopy(chance.choice(ODDITIES))


def _text(root: Json, holder: Json, last: Any, chance: random.Random) -> None:
    holder[last] = chance.choice(STRINGS)


def _nest(root: Json, holder: Json, last: Any, chance: random.Random) -> None:
    holder[last] = chance.choice((lambda it: [it], lambda it: {"value": it}, lambda it: deep(60)))(holder[last])


def _swap(root: Json, holder: Json, last: Any, chance: random.Random) -> None:
    """Something from elsewhere in the same payload."""
    found = root
    for step in chance.choice(list(paths(root))):
        found = found[step]
    holder[last] = copy.deepcopy(found)


def _twice(root: Json, holder: Json, last: Any, chance: random.Random) -> None:
    value = holder[last]
    holder[last] = value * 3 if isinstance(value, str | list) else [value, value]


Bend = Callable[[Json, Json, Any, random.Random], None]
BENDS: tuple[Bend, ...] = (_drop, _odd, _odd, _text, _text, _nest, _swap, _twice)
