"""Somebody's Home: what waits for them with buttons that work in place, their ideas, their committees, set-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from bot import ids
from bot.views import blocks, committee, setup, waiting
from bot.views.committee import Glance
from bot.views.ideas import STANDS
from bot.views.message import Home
from bot.views.next_step import next_step
from bot.views.text import clean, clip, idea_ref
from db.models import Channel, Committee, Idea, Person
from workflows.outlook import Outlook
from workflows.pages import Page
from workflows.waiting import Waiting

WAITING = "waiting"
IDEAS = "ideas"
NAMED = 5
"""Committees shown by name; further ones are a `/committee` away."""
WELCOME = (
    "Touchstone helps a committee collect ideas, compare them, decide by rules it chose itself, and see things "
    "through. Set up the first committee here: it takes a minute, and every field has a default. Typing "
    "`/committee setup` in the channel where ideas should come in chooses that channel for you."
)


@dataclass(frozen=True)
class MyIdea:
    """One of somebody's ideas, and what happens to it next."""

    idea: Idea
    tz: str
    outlook: Outlook


@dataclass(frozen=True)
class Desk:
    """What somebody who sets committees up sees besides: channels in trouble, and what could not be delivered."""

    changeable: Sequence[Committee] = ()
    founds: bool = False
    troubled: Sequence[tuple[Channel, Committee]] = ()
    parked: Sequence[Block] = ()


@dataclass(frozen=True)
class HomePage:
    """All that a Home shows; `today` is the viewer's. `begun`: there is a committee, whether or not one may see it."""

    viewer: Person
    today: date
    waiting: Page[Waiting]
    ideas: Page[MyIdea]
    glances: Sequence[Glance]
    desk: Desk
    begun: bool = True


def home(it: HomePage) -> Home:
    """The whole tab, well under Slack's 100 blocks."""
    new = blocks.button("New idea", ids.IDEA_OPEN, ids.pack(), style="primary")
    if not it.begun:
        return Home([*_desk(it.desk, first=True), *([] if it.desk.founds else [blocks.section(committee.NOBODY)])])
    return Home([blocks.buttons(new), *_waiting(it), *_ideas(it), *_committees(it.glances), *_desk(it.desk)])


def _waiting(it: HomePage) -> list[Block]:
    page = it.waiting
    if not page.items:
        return [blocks.header("Waiting for you"), blocks.section("Nothing is waiting for you just now.")]
    shown: list[Block] = [blocks.header(f"Waiting for you ({page.total})")]
    for one in page.items:
        shown.append(blocks.section(waiting.sentence(one, it.today, it.viewer.tz)))
        shown += waiting.deeds(one)
    return [*shown, *blocks.pager(ids.HOME_PAGE, page.number, page.pages, list=WAITING)]


def _ideas(it: HomePage) -> list[Block]:
    page = it.ideas
    if not page.items:
        nothing = "You have not put in an idea yet. A title and the hassle are enough to start."
        return [blocks.header("Your ideas"), blocks.section(nothing)]
    shown: list[Block] = [blocks.header(f"Your ideas ({page.total})")]
    for mine in page.items:
        look = blocks.button("Show", ids.IDEA_SHOW, ids.pack(idea=mine.idea.id), label=f"Show idea {mine.idea.number}")
        shown.append(blocks.section(_my_idea(mine), accessory=look))
    return [*shown, *blocks.pager(ids.HOME_PAGE, page.number, page.pages, list=IDEAS)]


def _my_idea(it: MyIdea) -> str:
    ahead = next_step(it.outlook, it.tz, it.idea.state)
    head = f"*{idea_ref(it.idea)}* – {STANDS[it.idea.state]}"
    return f"{head}\n{ahead}" if ahead else head


def _committees(glances: Sequence[Glance]) -> list[Block]:
    if not glances:
        return []
    shown: list[Block] = [blocks.header("Your committee" if len(glances) == 1 else "Committees")]
    for glance in glances[:NAMED]:
        shown += [blocks.section(committee.lines(glance)), blocks.context(committee.rule(glance.status))]
    return shown


def _desk(it: Desk, *, first: bool = False) -> list[Block]:
    row = [setup.change_button(one, f"Change {clip(clean(one.name), 40)}") for one in it.changeable[:NAMED]]
    if it.founds:
        text = "Set up a committee" if first else "Set up another committee"
        row.append(blocks.button(text, ids.SETUP_OPEN, ids.pack(), style="primary" if first else None))
    if not row and not it.troubled:
        return []
    shown: list[Block] = [blocks.header("Set-up")]
    shown += [blocks.section(WELCOME)] if first and it.founds else []
    shown += [blocks.section(f":warning: {setup.trouble_line(*one)}") for one in it.troubled[:NAMED]]
    return [*shown, *([blocks.buttons(*row)] if row else []), *it.parked]
