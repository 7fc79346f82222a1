"""Lists that people leaf through: one page of rows, and how many pages there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of page `number`, counted from 1, out of `pages` (at least 1); `total` counts all rows."""

    items: list[T]
    number: int
    pages: int
    total: int

    def map(self, change: Callable[[T], U]) -> Page[U]:
        """The same page with every item changed."""
        return Page([change(item) for item in self.items], self.number, self.pages, self.total)


def page_of(session: Session, query: sa.Select[T], number: int, size: int) -> Page[T]:
    """Page `number` of an ordered query; beyond the last page it is the last, before the first the first."""
    total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    chosen: Any = query.limit(size).offset((number - 1) * size)
    return Page(list(session.scalars(chosen)), number, pages, total)


def sliced(items: Sequence[U], number: int, size: int) -> Page[U]:
    """Page `number` of a list that is all here, chosen as `page_of` does."""
    pages = max(1, -(-len(items) // size))
    number = min(max(number, 1), pages)
    return Page(list(items[(number - 1) * size : number * size]), number, pages, len(items))
