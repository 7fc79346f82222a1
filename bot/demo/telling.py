"""The demo told in a terminal: the last digest, three decisions as they stand in their threads, and the sum of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from rich.console import Console, Group, RenderableType
from rich.emoji import Emoji
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.demo import cast
from bot.demo.gestures import Gestures
from bot.demo.stage import Theatre
from bot.views.text import JOINER, clip
from db.models import (
    Ballot,
    BallotState,
    Base,
    Decision,
    Digest,
    Idea,
    Intervention,
    InterventionState,
    Notice,
    NoticeState,
    Score,
    Support,
    VoteRecord,
)
from playground.messages import Message
from playground.workspace import Workspace

WIDTH = 100
LONGEST_LINE, GIST = 400, 200
SHOWN = {
    "approved": "An approval, and what came of it",
    "declined": "A decline, with its dissent",
    "extended": "A vote with too few voices at first",
}
EMOJI = {"large_green_circle": "🟢", "large_yellow_circle": "🟡", "scales": "⚖", "checkered_flag": "🏁"}
"""Slack's names that Rich does not know."""

DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
PERSON = re.compile(r"<@([UW][A-Z0-9]+)>")
CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
LINK = re.compile(r"<https?://[^|>]*\|([^>]*)>")
BOLD = re.compile(r"(?<![\w*])\*(\S|\S[^*\n]*?\S)\*(?![\w*])")
ICON = re.compile(r":([a-z0-9_+-]+):")


@dataclass(frozen=True)
class Sum:
    """What there is at the end. `undelivered` are notices that should stand in Slack and do not."""

    counts: Mapping[str, int]
    problems: list[str]
    undelivered: list[str]

    @property
    def is_well(self) -> bool:
        return not (self.problems or self.undelivered)


def plain(slack: Workspace, mrkdwn: str) -> Text:
    """A message's words as Slack shows them: names for people and channels, bold, dates, signs."""
    text = DATE.sub(r"\1", mrkdwn.replace(JOINER, ""))
    text = PERSON.sub(lambda found: f"@{slack.people.users[found[1]].name}", text)
    text = CHANNEL.sub(lambda found: f"#{slack.channel(found[1]).name}", text)
    text = LINK.sub(r"\1", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    lines = (clip(line, LONGEST_LINE) for line in text.splitlines())
    marked = BOLD.sub(r"[bold]\1[/bold]", escape("\n".join(lines)))
    return Text.from_markup(ICON.sub(_icon, marked), emoji=False)


def _icon(found: re.Match[str]) -> str:
    name = found[1]
    return EMOJI.get(name) or Emoji.replace(f":{name}:")


def tell(console: Console, stage: Theatre, threads: Mapping[str, int]) -> None:
    """Print the last digest and the three threads."""
    slack = stage.slack
    digest = slack.person(cast.CHAIR).messages(cast.DIGEST)[-1]
    console.print(_panel("#digest, the last one", plain(slack, digest.text)))
    hands = Gestures(stage)
    for plot, title in SHOWN.items():
        told = [*_messages(slack, hands.thread(threads[plot]))]
        console.print(_panel(f"#committee: {title.lower()}", Group(*told)))


def _panel(title: str, inside: RenderableType) -> Panel:
    return Panel(inside, title=f"[bold]{title}[/bold]", title_align="left", width=WIDTH, padding=(1, 2))


def _messages(slack: Workspace, thread: list[Message]) -> Iterator[RenderableType]:
    for message in thread:
        indent = 3 if message.is_reply else 0
        yield Padding(_head(slack, message), (0, 0, 0, indent))
        text = message.text if message.is_reply else _gist(message.text)
        yield Padding(plain(slack, text), (0, 0, 1, indent))


def _gist(card: str) -> str:
    """A card in four lines: what it is, where it stands, the hassle it is about, and the reason of the decision."""
    lines = card.splitlines()
    return "\n".join([*lines[:2], *(clip(line, GIST) for line in lines[2:3]), *lines[3:][-1:]])


def _head(slack: Workspace, message: Message) -> Text:
    local = datetime.fromtimestamp(float(message.ts), ZoneInfo(cast.LONDON))
    moment = f"  {local:%a} {local.day} {local:%b %H:%M}{', as it stands now' if message.edited else ''}"
    return Text.assemble((slack.people.users[message.user].real_name, "cyan"), (moment, "dim"))


def summed(stage: Theatre) -> Sum:
    """Count what there is, and look for what should not be."""
    slack = stage.slack
    with stage.bot.house.sessions.everywhere() as session:

        def count(kind: type[Base], *where: sa.ColumnElement[bool]) -> int:
            return session.scalar(sa.select(sa.func.count()).select_from(kind).where(*where)) or 0

        counts = {
            "ideas": count(Idea),
            "of them imported": count(Idea, Idea.import_key.is_not(None)),
            "supports": count(Support),
            "scores": count(Score),
            "votes cast": count(VoteRecord),
            "ballots closed": count(Ballot, Ballot.state == BallotState.CLOSED),
            "decisions": count(Decision),
            "interventions": count(Intervention),
            "of them done": count(Intervention, Intervention.state == InterventionState.DONE),
            "digests": count(Digest, Digest.skipped.is_(False)),
            "reminders to owners": count(Notice, Notice.kind == "reminders.morning", _arrived()),
            "requests from Slack": len(slack.wire.deliveries()),
            "calls to Slack": len(slack.wire.calls()),
        }
        late = sa.select(Notice.key, Notice.state, Notice.error).where(_missing(slack.now())).order_by(Notice.id)
        undelivered = [" ".join(filter(None, map(str, row))) for row in session.execute(late)]
    problems = [f"{record.name}: {problem}" for record, problem in slack.wire.problems()]
    return Sum(counts, problems, undelivered)


def _arrived() -> sa.ColumnElement[bool]:
    return Notice.state == NoticeState.SENT


def _missing(now: datetime) -> sa.ColumnElement[bool]:
    owed = sa.and_(Notice.state == NoticeState.OWED, Notice.due_at <= now)
    stale = sa.and_(Notice.state == NoticeState.SENT, Notice.shown < Notice.wanted)
    return sa.or_(owed, stale, Notice.state == NoticeState.PARKED)


def summary(found: Sum) -> Table:
    """The counts as a table, problems last."""
    table = Table(show_header=False, box=None, padding=(0, 2))
    rows = {
        **found.counts,
        "contract problems": len(found.problems),
        "undelivered": len(found.undelivered),
    }
    for name, number in rows.items():
        style = "bold red" if number and name in ("contract problems", "undelivered") else ""
        table.add_row(Text(name, style), Text(f"{number:,}", style, justify="right"))
    return table
