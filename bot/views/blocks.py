"""The blocks that views are made of. Section and context text is verbatim: nothing in it comes alive by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import BlockElement, InteractiveElement
from slack_sdk.models.views import View

from bot import ids
from bot.views.text import clean, clip, clip_mrkdwn

SECTION = 3000
HEADER = 150
BUTTON = 75
TITLE = 24


def mrkdwn(text: str, n: int = SECTION) -> MarkdownTextObject:
    """A text object of mrkdwn that is never parsed for bare mentions or links."""
    return MarkdownTextObject(text=clip_mrkdwn(text, n), verbatim=True)


def words(text: str, n: int = SECTION) -> PlainTextObject:
    """A text object without markup: for text from people as it is."""
    return PlainTextObject(text=clip(clean(text).strip(), n) or "–", emoji=True)


def section(text: str, *, accessory: BlockElement | None = None, block_id: str | None = None) -> SectionBlock:
    """A paragraph of mrkdwn; text from people goes through `esc` first."""
    return SectionBlock(text=mrkdwn(text), accessory=accessory, block_id=block_id)


def plain(text: str, *, accessory: BlockElement | None = None) -> SectionBlock:
    """A paragraph of text from a person, shown as typed."""
    return SectionBlock(text=words(text), accessory=accessory)


def header(text: str) -> HeaderBlock:
    """A heading, without markup."""
    return HeaderBlock(text=words(text, HEADER))


def context(*texts: str) -> ContextBlock:
    """Small print in mrkdwn: up to ten pieces on a line."""
    return ContextBlock(elements=[mrkdwn(text, 2000) for text in texts])


def divider() -> DividerBlock:
    """A line across."""
    return DividerBlock()


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> ConfirmObject:
    """The question asked before a button acts."""
    return ConfirmObject(title=words(title, 100), text=words(text, 300), confirm=words(yes, 30), deny=words(no, 30))


def button(
    text: str,
    action_id: str,
    value: str | None = None,
    *,
    style: str | None = None,
    confirm: ConfirmObject | None = None,
    label: str | None = None,
) -> ButtonElement:
    """A button; `value` comes from `ids.pack`, `style` is "primary" or "danger", `label` is for screen readers."""
    return ButtonElement(
        text=words(text, BUTTON),
        action_id=action_id,
        value=value,
        style=style,
        confirm=confirm,
        accessibility_label=clip(label, BUTTON) if label else None,
    )


def buttons(*elements: InteractiveElement, block_id: str | None = None) -> ActionsBlock:
    """A row of buttons and menus."""
    return ActionsBlock(elements=list(elements), block_id=block_id)


def option(text: str, value: str, description: str | None = None) -> Option:
    """A choice in a menu; `value` has at most 150 characters."""
    return Option(text=words(text, 75), value=value, description=words(description, 75) if description else None)


def overflow(action_id: str, options: Sequence[Option]) -> OverflowMenuElement:
    """The "..." menu: one to five choices."""
    return OverflowMenuElement(action_id=action_id, options=list(options))


def pager(action_id: str, page: int, pages: int, **data: Any) -> list[Block]:
    """Where one is and the buttons to turn pages, counted from 1; nothing when there is one page.

    The buttons' action ids are `<action_id>.previous` and `.next` (listen with `ids.family`); their value carries
    `page`, the page to show, and `data`.
    """
    if pages <= 1:
        return []
    turns = [("previous", "Previous", page - 1), ("next", "Next", page + 1)]
    row = [
        button(text, f"{action_id}.{way}", ids.pack(**data, page=target))
        for way, text, target in turns
        if 1 <= target <= pages
    ]
    return [context(f"Page {page} of {pages}"), buttons(*row)]


def modal(
    title: str,
    blocks: Sequence[Block | dict[str, Any]],
    *,
    callback_id: str | None = None,
    submit: str | None = None,
    close: str = "Cancel",
    private_metadata: str | None = None,
    notify_on_close: bool = False,
) -> View:
    """A form, or without `submit` a page to read; titles and button texts have at most 24 characters."""
    return View(
        type="modal",
        title=words(title, TITLE),
        callback_id=callback_id,
        submit=words(submit, TITLE) if submit else None,
        close=words(close, TITLE),
        private_metadata=private_metadata,
        notify_on_close=notify_on_close or None,
        blocks=list(blocks),
    )


def note(text: str, title: str = "Touchstone") -> View:
    """A small page with one paragraph of mrkdwn and a button to close it."""
    return modal(title, [section(text)], close="OK")
