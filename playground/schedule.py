"""Messages that wait for their time."""

from dataclasses import dataclass

from playground.messages import Message


@dataclass
class Scheduled:
    """A message to post at `post_at` (Unix seconds); it has no `ts` before that."""

    id: str
    post_at: int
    created: int
    message: Message
