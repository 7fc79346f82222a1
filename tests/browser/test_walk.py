"""The first minute, from first to last, by three people in three browsers, with the real bot."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Tabs, Town

TITLE = "Shorter queues at the gate"


def go(page: Page, name: str) -> None:
    page.locator("#sidebar").get_by_role("button", name=re.compile(rf"^{name}")).click()


def card(page: Page, text: str = TITLE):
    return page.locator("#place article.message", has_text=text).last


def become(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("^Acting as")).click()
    page.get_by_role("dialog", name="Act as").get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=f"Acting as {name}; switch")).to_be_visible()


def move(page: Page, jump: str) -> None:
    page.get_by_role("button", name="Move the clock").click()
    page.get_by_role("menuitem", name=jump).click()


def done(page: Page, step: str) -> None:
    expect(page.locator(".guide li.done", has_text=step)).to_be_visible()


def test_three_people_walk_the_checklist_from_first_to_last(town: Town, tabs_of: Callable[[str], Tabs]) -> None:
    tabs = tabs_of(town.url)
    starts = {"UALICE": "CIDEAS", "UCLARA": "CIDEAS", "UMIA": "CTABLE"}
    alice, clara, third = (tabs.open(who, at, own=True) for who, at in starts.items())

    submit_by_keyboard(alice)
    done(alice, "Submit an idea")
    expect(card(clara)).to_be_visible()

    card(clara).get_by_role("button", name="Support").click()
    expect(card(alice)).to_contain_text("1 supporter")
    done(alice, "Support another")

    go(clara, "committee")
    card(clara).get_by_role("button", name="Open a vote").click()
    clara.locator("#modal [type=submit]").click()
    expect(clara.locator("#modal")).to_be_hidden()
    done(clara, "Open a vote")

    vote_by_keyboard(third)
    for name in ("Max Doyle", "Mona Reyes"):
        become(third, name)
        third.locator("#thread").get_by_role("button", name="Approve").click()
        expect(third.locator("#thread")).to_contain_text(re.compile(rf"Voted:.*{name.split()[0]}"))
    done(third, "Vote as three members")

    for _ in range(2):
        move(clara, "+3 days")
    done(clara, "Let the deadline pass")

    go(clara, "Touchstone")
    clara.get_by_role("button", name="Choose an owner").last.click()
    choose_owner(clara)
    become(third, "Olga Petrenko")
    go(third, "Touchstone")
    third.locator("#place").get_by_role("button", name="Accept").last.click()
    done(third, "Accept as the owner")

    move(third, "Friday digest")  # Olga's clock is an hour ahead of the committee's
    done(alice, "Read the digest")
    go(alice, "digest")
    expect(alice.locator("#place")).to_contain_text("1 new idea")
    expect(alice.locator(".guide")).to_contain_text("All done")
    assert town.slack.wire.problems() == []


def submit_by_keyboard(page: Page) -> None:
    """From the composer to the card without touching the mouse."""
    page.get_by_role("combobox", name="Message #ideas").focus()
    page.keyboard.type("/id")
    expect(page.get_by_role("option", name="/idea")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    modal = page.get_by_role("dialog", name="Your idea")
    expect(modal.get_by_label("Title")).to_be_focused()
    page.keyboard.type(TITLE)
    page.keyboard.press("Tab")
    page.keyboard.type("People wait for half an hour.")
    modal.get_by_role("button", name="Put it in").focus()
    page.keyboard.press("Enter")
    expect(modal).to_be_hidden()
    expect(page.get_by_role("combobox", name="Message #ideas")).to_be_focused()
    expect(card(page)).to_be_visible()


def vote_by_keyboard(page: Page) -> None:
    page.locator("#place .replies").last.focus()
    page.keyboard.press("Enter")
    approve = page.locator("#thread").get_by_role("button", name="Approve")
    approve.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_contain_text(re.compile("Voted:.*Mia"))


def choose_owner(page: Page) -> None:
    modal = page.get_by_role("dialog", name="Give it an owner")
    modal.get_by_label("What is to be done").fill("Two gates more")
    modal.get_by_label("Owner").select_option(label="Olga Petrenko")
    modal.get_by_label("Due").fill("2026-03-27")
    modal.get_by_label("By how much, or how one will see it").fill("Half the queue")
    modal.get_by_role("button", name="Ask the owner").click()
    expect(modal).to_be_hidden()
