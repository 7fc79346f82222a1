"""`make screenshots`: the two pictures of the README, taken of the playground as its command opens it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bot.demo import cast
from tests.browser.finding import chromium

SIZE = {"width": 1280, "height": 800}
SHARP = 2
REST_MS, PATIENCE_MS = 900, 20_000
COMMAND = [sys.executable, "-m", "bot", "playground", "--port", "0", "--no-page", "--folder"]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def main(folder: Path) -> None:
    """Write `conversation.png` (light) and `home.png` (dark) into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="touchstone-screenshots-") as kept, _playground(kept) as url:
        _shoot(url, folder)


@contextmanager
def _playground(kept: str) -> Iterator[str]:
    """Its address, once the sample programme has been played and the bot is there."""
    with subprocess.Popen([*COMMAND, f"{kept}/playground"], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            found = next(filter(None, map(ADDRESS.search, process.stderr)), None)
            if found is None:
                sys.exit("The playground did not open; run `make playground` to see why.")
            yield found.group()
        finally:
            process.send_signal(signal.SIGINT)


def _shoot(url: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, at, scheme in (("conversation", cast.TABLE, "light"), ("home", "home", "dark")):
            context = browser.new_context(viewport=SIZE, device_scale_factor=SHARP, color_scheme=scheme)
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.goto(f"{url}/?as={cast.CHAIR}#{at}")
            page.wait_for_selector("body[data-ready]")
            _settle(page, name)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
        browser.close()


def _settle(page: Page, name: str) -> None:
    """Wait until all is drawn: the thread of a vote, or what waits for the chair."""
    if name == "conversation":
        page.locator("#place .replies").last.click()
        page.locator("#thread article").nth(1).wait_for()
        page.mouse.move(0, 0)
    else:
        page.get_by_role("heading", name=re.compile("^Waiting for you")).wait_for()
    page.wait_for_timeout(REST_MS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
