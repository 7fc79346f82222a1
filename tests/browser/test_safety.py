"""What a page must never do: ask outside, run what it was told, shut out whoever uses no mouse or sees little."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Gallery, Tabs, Town
from tests.browser.gallery import form, message_blocks

CRUEL = "<img src=x onerror='window.hurt=1'> <javascript:window.hurt=2|press> <script>window.hurt=3</script>"
SERIOUS = {"serious", "critical"}


def serious(page: Page) -> list[str]:
    """What axe-core finds that shuts people out."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found if one["impact"] in SERIOUS for node in one["nodes"]]


def test_nothing_is_asked_of_anybody_else_and_no_inline_script_runs(gallery: Gallery, tabs: Tabs) -> None:
    page = tabs.open("UANN", "CGENERAL")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    picture = {"type": "image", "image_url": "https://pictures.example/a.png", "alt_text": "A tree"}
    post(gallery, CRUEL, [{"type": "section", "text": {"type": "mrkdwn", "text": CRUEL}}, picture])
    expect(page.get_by_role("img", name="A tree").last).to_be_visible()
    page.evaluate(
        """() => {
          document.addEventListener("securitypolicyviolation", (event) => (window.refused = event.violatedDirective));
          const script = document.createElement("script");
          script.textContent = "window.hurt = 4";
          document.head.append(script);
        }"""
    )
    page.wait_for_function("window.refused !== undefined")
    assert page.evaluate("[window.hurt, window.refused]") == [None, "script-src-elem"]
    assert page.locator("a[href^='javascript']").count() == 0
    assert all(one.startswith(gallery.url) for one in asked)
    tabs.troubles.clear()  # the refusal of the script is said on the console, as it should be


def post(gallery: Gallery, text: str, blocks: list[dict]) -> None:
    gallery.app.client.chat_postMessage(channel="CGENERAL", text=text, blocks=blocks)


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"])
def test_axe_finds_nothing_serious_on_the_gallery(
    gallery: Gallery, tabs: Tabs, size: dict[str, int], scheme: str
) -> None:
    post(gallery, "One of everything", message_blocks())
    page = tabs.open("UANN", "CGENERAL", size=size, scheme=scheme)
    expect(page.get_by_text("By day").first).to_be_visible()
    assert serious(page) == []
    gallery.slack.views.open("UANN", form())
    expect(page.locator("#modal")).to_be_visible()
    page.locator("#modal [type=submit]").click()
    expect(page.locator("#modal .error")).to_be_visible()
    assert serious(page) == []
    gallery.slack.views.clear("UANN")
    expect(page.locator("#modal")).to_be_hidden()
    page.locator("#inspect").click()
    page.locator("#inspector summary").first.click()
    assert serious(page) == []


@pytest.mark.parametrize("at", ["CIDEAS", "home"])
def test_axe_finds_nothing_serious_on_the_bots_screens(town: Town, tabs_of: Callable[[str], Tabs], at: str) -> None:
    page = tabs_of(town.url).open("UCLARA", at)
    expect(page.locator(".guide")).to_be_visible()
    assert serious(page) == []


def test_dark_and_light_follow_the_system(tabs: Tabs) -> None:
    grounds = [
        tabs.open("UANN", "CGENERAL", scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert grounds == ["rgb(255, 255, 255)", "rgb(20, 25, 27)"]
