"""The verdict and its numbers, as `touchstone rehearse` prints them."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["open", "approved", "declined", "blocked", "tied", "no_quorum"]


@dataclass(frozen=True)
class Counts:
    """Members by what they chose; proxies, conditions and consent by silence included. `silent` is who remains."""

    approve: int
    decline: int
    object: int
    abstain: int
    silent: int


@dataclass(frozen=True)
class QuorumNumbers:
    """How many took part, how many must, and the functions that are missing."""

    have: int
    needed: int
    met: bool
    missing: tuple[str, ...]


@dataclass(frozen=True)
class PassNumbers:
    """How many approve, how many must, and the functions that have not assented."""

    have: int
    needed: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What the law says of a case at its `now`. While `open`, the numbers are those of the moment."""

    outcome: Outcome
    next: str | None
    eligible: int
    base: int
    counts: Counts
    quorum: QuorumNumbers
    passing: PassNumbers
    reason: str
    short: int | None
    """Further approvals that would carry it as the votes stand; None when approvals alone cannot. Not part of the
    printed format: `passing.needed` moves with every decisive vote, so the difference would mislead."""

    def as_dict(self) -> dict[str, Any]:
        """The verdict in the printed format, ready for `json.dumps`."""
        printed = asdict(self)
        del printed["short"]
        for part in ("quorum", "passing"):
            printed[part]["missing"] = list(printed[part]["missing"])
        return {("pass" if key == "passing" else key): value for key, value in printed.items()}
