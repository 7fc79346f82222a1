"""What a view makes: a message, or somebody's Home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.models.blocks import Block

Blocks = Sequence[Block | dict[str, Any]]


@dataclass(frozen=True)
class Message:
    """`text` reads well alone (screen readers and mobile notifications see nothing else); `blocks` show the same."""

    text: str
    blocks: Blocks = ()


@dataclass(frozen=True)
class Home:
    """Somebody's Home tab."""

    blocks: Blocks = field(default_factory=list)
