"""What a form can offer for a time zone and for a country with known public holidays."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from zoneinfo import available_timezones

from holidays.registry import COUNTRIES

SHOWN = 100
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Time zones by the places that name them, Europe/Berlin and the like, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return ("UTC", *sorted(places))


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """ISO code -> name of the countries whose public holidays are known, by name."""
    named = ((entry[1], _HUMP.sub(" ", entry[0])) for entry in COUNTRIES.values())
    return dict(sorted(named, key=lambda pair: pair[1]))


def zones_like(query: str) -> list[str]:
    """Zones in whose name a part begins with each of these words, at most 100."""
    return _matching({name: re.split("[/_]", name) for name in zones()}, query)


def countries_like(query: str) -> list[str]:
    """Codes of the countries in whose name, or code, a word begins with each of these, at most 100."""
    return _matching({code: [*name.split(), code] for code, name in countries().items()}, query)


def _matching(named: dict[str, list[str]], query: str) -> list[str]:
    words = re.split(r"[\s/_]+", query.strip().lower())
    fits = (key for key, parts in named.items() if all(_begins(word, parts) for word in words))
    return list(islice(fits, SHOWN))


def _begins(word: str, parts: list[str]) -> bool:
    return any(part.lower().startswith(word) for part in parts)
