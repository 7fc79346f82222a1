"""What a form can offer for a time zone and for a country with known public holidays."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from zoneinfo import available_timezones

from holidays import country_holidays
from holidays.registry import COUNTRIES

SHOWN = 100
FEW = 3
"""Countries whose regions are looked at in one search: each has to be loaded first."""
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


@lru_cache(maxsize=64)
def regions(country: str) -> dict[str, str]:
    """Code ("DE-BE") -> name ("Germany, Berlin") of a country's regions with holidays of their own, by name."""
    known = country_holidays(country).get_subdivision_aliases()
    named = {f"{country}-{code}": max(names, key=len, default=code) for code, names in known.items()}
    return {code: f"{countries()[country]}, {name}" for code, name in sorted(named.items(), key=lambda pair: pair[1])}


def holidays_of(code: str) -> str | None:
    """The name of a country or region by its code; None if its holidays are not known."""
    country = code.partition("-")[0]
    return countries().get(code) or (regions(country).get(code) if country in countries() else None)


def zones_like(query: str) -> list[str]:
    """Zones in whose name a part begins with each of these words, at most 100."""
    return _matching({name: re.split("[/_]", name) for name in zones()}, query)


def countries_like(query: str) -> list[str]:
    """Codes of the countries, and after them of regions, in whose name or code a word begins with each of these.

    At most 100. Regions are found by their country first: "germany berlin".
    """
    query = query.replace("-", " ")
    named = {code: [*name.split(), code] for code, name in countries().items()}
    nearest = _matching(named, query.split(maxsplit=1)[0])[:FEW] if query.strip() else []
    inside = {code: name for country in nearest for code, name in regions(country).items()}
    parts = {code: [*re.split(r"[,\s-]+", name), *code.split("-")] for code, name in inside.items()}
    return [*_matching(named, query), *_matching(parts, query)][:SHOWN]


def _matching(named: dict[str, list[str]], query: str) -> list[str]:
    words = re.split(r"[\s/_]+", query.strip().lower())
    fits = (key for key, parts in named.items() if all(_begins(word, parts) for word in words))
    return list(islice(fits, SHOWN))


def _begins(word: str, parts: list[str]) -> bool:
    return any(part.lower().startswith(word) for part in parts)
