"""Many people at the same moment: the same act in many transactions at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy.orm import Session

from db.engine import Sessions
from tests.builders import WORKSPACE


def at_once(sessions: Sessions, times: int, act: Callable[[Session, int], Any]) -> list[Any]:
    """What `act` returns in so many transactions at the same moment."""

    def one(n: int) -> Any:
        with sessions.begin(WORKSPACE) as session:
            return act(session, n)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
