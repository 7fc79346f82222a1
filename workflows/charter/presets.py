"""The charters a committee can start from, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from workflows.charter.case import Charter, charter_from


@dataclass(frozen=True)
class Preset:
    """A ready-made charter: its name on the set-up form and its rules in the case format."""

    key: str
    name: str
    rules: Mapping[str, Any]

    @property
    def charter(self) -> Charter:
        return charter_from(dict(self.rules))


_COMMON: dict[str, Any] = {
    "quorum": {"of": "eligible", "at_least": "1/2"},
    "no_quorum": "extend",
    "extensions": 1,
    "close_early": True,
    "grace_minutes": 10,
}


def _preset(key: str, name: str, **rules: Any) -> Preset:
    return Preset(key, name, MappingProxyType({**_COMMON, **rules}))


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.key: preset
        for preset in (
            _preset("simple_majority", "Simple majority", **{"pass": {"of": "decisive", "more_than": "1/2"}}),
            _preset("two_thirds", "Two thirds", **{"pass": {"of": "decisive", "at_least": "2/3"}}),
            # Under consent the pass rule decides nothing; one approval is what the law asks for.
            _preset("consent", "Consent", method="consent", **{"pass": {"of": "decisive", "at_least": 1}}),
            _preset("unanimous", "Unanimous", **{"pass": {"of": "decisive", "at_least": "1/1"}}),
        )
    }
)
"""By key, in the order the form shows them."""
