"""Forms in a real browser: errors under their fields, what is typed survives, focus goes where it should."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Gallery, Tabs


@pytest.fixture
def ann(gallery: Gallery, tabs: Tabs) -> Iterator[Page]:
    yield tabs.open("UANN", "CGENERAL")
    gallery.slack.views.clear("UANN")


def open_form(page: Page) -> Locator:
    composer = page.get_by_role("combobox", name="Message #general")
    composer.fill("/form")
    composer.press("Enter")
    modal = page.get_by_role("dialog", name="All inputs")
    expect(modal).to_be_visible()
    return modal


def test_errors_stand_under_their_fields_and_the_first_has_the_focus(ann: Page) -> None:
    modal = open_form(ann)
    modal.get_by_role("button", name="Send").click()
    expect(modal.get_by_role("alert")).to_have_text(re.compile("“Title” must be filled in"))
    title = modal.get_by_label("Title")
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    title.fill("bad")
    title.press("Enter")
    expect(modal.get_by_role("alert")).to_have_text([re.compile("Say more than bad."), re.compile("And why.")])
    expect(modal.get_by_label("Title")).to_have_value("bad")
    expect(modal.get_by_label("Notes")).to_have_accessible_description(re.compile("And why."))


def test_every_kind_of_input_reaches_the_app(ann: Page, gallery: Gallery) -> None:
    modal = open_form(ann)
    for name, text in {"Title": "A tree", "Notes": "Two\nlines", "Rich": "Two *bold* words\n- one\n- _two_",
                       "Mail": "a@b.example",
                       "Web": "https://example.org", "Number": "7", "Day": "2026-05-04", "Hour": "09:30",
                       "Moment": "2026-05-04T09:00"}.items():  # fmt: skip
        modal.get_by_label(re.compile(f"^{name} ?(\\(|$)")).first.fill(text)
    for name, label in {"Tree": "Dill", "Person": "Ben Blue", "Place": "#general", "Channel": "#general"}.items():
        modal.get_by_role("combobox", name=re.compile(f"^{name} ")).select_option(label=label)
    modal.locator("[data-block=trees]").get_by_label("Cedar").check()
    modal.locator("[data-block=people]").get_by_label("Ann Amber").check()
    modal.locator("[data-block=one]").get_by_label("Birch").check()
    modal.locator("[data-block=some]").get_by_label("Ash").check()
    modal.get_by_role("searchbox", name="Search the choices").fill("oak")
    modal.get_by_role("combobox", name=re.compile("^Asked")).select_option(label="oak 2")
    expect(modal.locator(".look strong")).to_have_text("bold")
    modal.get_by_label("Rich").press("ControlOrMeta+End")
    modal.get_by_role("button", name="Numbered list").click()
    expect(modal.get_by_label("Rich")).to_be_focused()
    expect(modal.locator(".look ol")).to_be_visible()
    put_in_papers(modal)
    modal.get_by_role("button", name="Send").click()
    expect(modal).to_be_hidden()
    got = {name: row["it"] for name, row in gallery.app.seen[-1].items()}
    assert got["notes"]["value"] == "Two\nlines"
    section, _, numbered = got["rich"]["rich_text_value"]["elements"]
    assert section["elements"][1] == {"type": "text", "text": "bold", "style": {"bold": True}}
    assert numbered["style"] == "ordered"
    assert numbered["elements"][0]["elements"] == [{"type": "text", "text": "two", "style": {"italic": True}}]
    assert [(one["name"], one["size"], one["user"]) for one in got["papers"]["files"]] == [("b.txt", 4, "UANN")]
    assert got["number"]["value"] == "7"
    assert got["tree"]["selected_option"]["value"] == "dill"
    assert [one["value"] for one in got["trees"]["selected_options"]] == ["cedar"]
    assert got["asked"]["selected_option"]["value"] == "oak 2"
    assert (got["person"]["selected_user"], got["people"]["selected_users"]) == ("UBEN", ["UANN"])
    assert (got["place"]["selected_conversation"], got["channel"]["selected_channel"]) == ("CGENERAL", "CGENERAL")
    assert (got["day"]["selected_date"], got["hour"]["selected_time"]) == ("2026-05-04", "09:30")
    assert got["moment"]["selected_date_time"] == 1777878000  # nine o'clock in Paris
    assert got["one"]["selected_option"]["value"] == "birch"
    assert [one["value"] for one in got["some"]["selected_options"]] == ["ash"]


def put_in_papers(modal: Locator) -> None:
    """Two text files, of which one is taken out again."""
    files = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"text"} for name in "ab"]
    modal.get_by_label("Papers").set_input_files(files)
    expect(modal.locator(".files li")).to_have_text(["a.txt4 bytes", "b.txt4 bytes"])
    modal.get_by_role("button", name="Remove a.txt").click()
    expect(modal.locator(".files li")).to_have_count(1)


def test_what_was_typed_survives_the_app_changing_the_form(ann: Page) -> None:
    modal = open_form(ann)
    modal.get_by_label("Title").fill("Still here")
    modal.locator("[data-block=some]").get_by_label("Ash").check()
    put_in_papers(modal)
    modal.get_by_role("button", name="One more field").click()
    expect(modal.get_by_label("Extra")).to_be_visible()
    expect(modal.get_by_label("Title")).to_have_value("Still here")
    expect(modal.locator("[data-block=some]").get_by_label("Ash")).to_be_checked()
    expect(modal.locator(".files li")).to_have_text(["b.txt4 bytes"])
    expect(modal.get_by_role("button", name="One more field")).to_be_focused()


def test_forms_stack_and_each_way_of_closing_is_told(ann: Page, gallery: Gallery) -> None:
    modal = open_form(ann)
    modal.get_by_role("button", name="On top").click()
    upper = ann.get_by_role("dialog", name="On top")
    expect(upper).to_be_visible()
    ann.keyboard.press("Escape")
    expect(modal).to_be_visible()
    modal.get_by_role("button", name="Leave").click()
    expect(modal).to_be_hidden()
    assert gallery.app.seen[-1] == {"closed": False}
    expect(ann.get_by_role("combobox", name="Message #general")).to_be_focused()
    open_form(ann).get_by_role("button", name="Close").click()
    expect(modal).to_be_hidden()
    assert gallery.app.seen[-1] == {"closed": True}


def test_an_app_that_does_not_answer_is_said_to_and_the_text_is_kept(ann: Page) -> None:
    composer = ann.get_by_role("combobox", name="Message #general")
    composer.fill("/slow please")
    composer.press("Enter")
    expect(ann.locator("#toast")).to_contain_text("/slow failed")
    expect(composer).to_have_value("/slow please")


def test_shortcuts_open_forms_from_messages_and_from_the_composer(ann: Page, gallery: Gallery) -> None:
    gallery.slack.person("UBEN").say("general", "Something to turn")
    message = ann.locator("article", has_text="Something to turn").last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    ann.get_by_role("menuitem", name="Turn into a form").click()
    modal = ann.get_by_role("dialog", name="From a message")
    expect(modal).to_be_visible()
    ann.keyboard.press("Escape")
    expect(modal).to_be_hidden()
    expect(message.get_by_role("button", name="More actions")).to_be_focused()
    ann.locator("#place").get_by_role("button", name="Shortcuts and commands").click()
    ann.get_by_role("menuitem", name="A form").click()
    expect(ann.get_by_role("dialog", name="All inputs")).to_be_visible()
    ann.keyboard.press("Escape")
