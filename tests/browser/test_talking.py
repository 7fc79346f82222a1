"""Conversations in a real browser: said, edited, deleted, reacted to, whispered, unread, live."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, Gallery, Tabs


@pytest.fixture
def ann(gallery: Gallery, tabs: Tabs) -> Page:
    return tabs.open("UANN", "CGENERAL")


def say(page: Page, text: str) -> None:
    composer = page.get_by_role("combobox", name=re.compile("^(Message|Reply)")).last
    composer.fill(text)
    composer.press("Enter")


def menu(page: Page, text: str, item: str) -> None:
    message = page.locator("article", has_text=text).last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name=item).click()


def test_what_one_says_the_other_sees_and_what_is_unread_is_marked(ann: Page, tabs: Tabs) -> None:
    ben = tabs.open("UBEN", "CRANDOM")
    say(ann, "Good morning @ben")
    general = ben.get_by_role("button", name=re.compile(r"^general, \d+ unread"))
    general.click()
    expect(ben.locator("article", has_text="Good morning").locator(".mention.me")).to_have_text("@Ben Blue")
    expect(ben.get_by_role("button", name="general", exact=True)).to_be_visible()


def test_own_messages_are_edited_and_deleted(ann: Page) -> None:
    say(ann, "Frist")
    menu(ann, "Frist", "Edit message")
    field = ann.get_by_label("Edit the message")
    field.fill("First <b>& last")
    field.press("Enter")
    changed = ann.locator("article", has_text="First <b>& last")
    expect(changed).to_contain_text("(edited)")
    menu(ann, "First <b>& last", "Delete message")
    ann.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(changed).to_have_count(0)


def test_a_reaction_is_given_and_taken_back(ann: Page) -> None:
    say(ann, "React to me")
    message = ann.locator("article", has_text="React to me")
    message.hover()
    message.get_by_role("button", name="Add a reaction").click()
    ann.get_by_role("menuitem", name="tada").click()
    chip = message.get_by_role("button", name="tada, 1")
    expect(chip).to_have_attribute("aria-pressed", "true")
    chip.click()
    expect(chip).to_have_count(0)


def test_a_whisper_is_seen_by_one_and_dismissed(ann: Page, tabs: Tabs) -> None:
    ben = tabs.open("UBEN", "CGENERAL")
    say(ann, "/whisper")
    whisper = ann.locator("article", has_text="Between you and me.").last
    expect(whisper).to_contain_text("Only visible to you")
    say(ann, "after the whisper")
    expect(ben.locator("article", has_text="after the whisper")).to_be_visible()
    expect(ben.get_by_text("Between you and me.")).to_have_count(0)
    whisper.get_by_role("button", name="Dismiss").click()
    expect(ann.get_by_text("Between you and me.")).to_have_count(0)


def test_a_thread_is_opened_answered_and_counted(ann: Page) -> None:
    say(ann, "Start of a thread")
    menu(ann, "Start of a thread", "Reply in thread")
    expect(ann.locator("#thread").get_by_role("combobox", name="Reply")).to_be_focused()
    say(ann, "An answer")
    expect(ann.locator("#thread article")).to_have_count(2)
    expect(ann.locator("#place article", has_text="Start of a thread").locator(".replies")).to_contain_text("1 reply")
    ann.go_back()
    expect(ann.locator("#thread")).to_be_hidden()


def test_times_are_those_of_the_acting_person(ann: Page, gallery: Gallery, tabs: Tabs) -> None:
    gallery.slack.person("UANN").say("general", "What time is it?")
    ben = tabs.open("UBEN", "CGENERAL")
    shown = [
        page.locator("article", has_text="What time is it?").last.get_attribute("aria-label") for page in (ann, ben)
    ]
    hours = [int(one.split(", ")[1][:2]) for one in shown]
    assert (hours[0] - hours[1]) % 24 == 6  # Paris and New York in April


def test_the_clock_is_moved_by_hand_and_only_forward(ann: Page, gallery: Gallery) -> None:
    before = gallery.slack.now()
    ann.get_by_role("button", name="Move the clock").click()
    ann.get_by_role("menuitem", name="Custom…").click()
    field = ann.get_by_label(re.compile("Date and time in Europe/Paris"))
    field.fill("2020-01-01T09:00")
    field.press("Enter")
    expect(ann.locator("#toast")).to_contain_text("only moves forward")
    ann.get_by_role("button", name="Move the clock").click()
    ann.get_by_role("menuitem", name="Next morning").click()
    expect(ann.locator("#clock time")).to_contain_text("09:01")
    assert gallery.slack.now() > before


def test_the_wire_shows_both_directions_and_takes_faults(ann: Page, gallery: Gallery) -> None:
    ann.get_by_role("button", name="Behind the scenes").click()
    panel = ann.locator("#inspector")
    say(ann, "/blocks")
    told = panel.locator("summary", has_text="/blocks").first
    expect(told).to_contain_text("ms")
    told.click()
    expect(panel.locator("pre").first).to_contain_text("channel_name")
    expect(panel.locator("summary", has_text="chat.postMessage").first).to_contain_text("ok")
    panel.get_by_label("Fault").select_option("server_error")
    panel.get_by_role("button", name="Make it happen").click()
    expect(panel.get_by_role("status")).to_contain_text("Waiting: status chat.postMessage")
    panel.get_by_role("button", name="Call off").click()
    expect(panel.get_by_role("status")).to_be_empty()
    panel.get_by_label("Which exchanges").select_option("problems")
    assert gallery.slack.faults.waiting == []


def test_home_is_shown_and_its_buttons_work(ann: Page, gallery: Gallery) -> None:
    ann.locator("#sidebar").get_by_role("button", name="Gallery").click()
    ann.get_by_role("button", name="Do it").click()
    gallery.slack.wait_for(lambda: gallery.app.seen and gallery.app.seen[-1].get("action_id") == "menu")
    ann.get_by_role("button", name="Messages").click()
    expect(ann.get_by_role("combobox", name="Message Gallery")).to_be_visible()


def test_on_a_phone_one_pane_is_shown_at_a_time(gallery: Gallery, tabs: Tabs) -> None:
    gallery.slack.person("UBEN").say("general", "Seen on a phone")
    page = tabs.open("UANN", size=NARROW)
    expect(page.locator("#place")).to_be_hidden()
    page.get_by_role("button", name=re.compile("^general")).click()
    expect(page.locator("#sidebar")).to_be_hidden()
    page.locator("article", has_text="Seen on a phone").get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Reply in thread").click()
    expect(page.locator("#thread")).to_be_visible()
    expect(page.locator("#place")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Back to the conversation").click()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.locator("#sidebar")).to_be_visible()
