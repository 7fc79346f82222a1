"""The renderer of Block Kit on its own, over layouts others wrote: nothing throws, is dropped, or comes alive."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from playground.contract.shape import BLOCK_TYPES
from tests.browser.conftest import Tabs
from tests.playground.recorded import layouts

NOT_SLACKS = {"unknown_type", "rich_text_unknown_type", "mystery_cell", "scatter", "bogus", "team"}
"""Types that stand in the recordings to be refused, or that are no block of an app's."""

RENDER = """async (list) => {
  const { blocks } = await import("/static/blocks.js");
  const box = document.createElement("div");
  document.body.append(box);
  const none = () => null;
  const ctx = { press: none, change: none, enter: none, search: none, state: none, people: [], channels: [],
                errors: {}, localTime: () => "2026-01-01T00:00", seconds: () => 0 };
  const runs = (it) => /^on/i.test(it.name)
    || (["href", "src", "action"].includes(it.name) && !/^(https?|mailto|tel):/.test(it.value));
  const result = [];
  for (const layout of list) {
    try {
      box.replaceChildren(...blocks(layout, ctx));
      const all = [...box.querySelectorAll("*")];
      result.push({
        unknown: [...box.querySelectorAll(".unknown")].map((it) => it.textContent),
        alive: all.flatMap((node) => [...node.attributes].filter(runs).map((it) => it.name)),
        loading: box.querySelectorAll("img, script, iframe, object, embed, video, audio, style, link").length,
      });
    } catch (trouble) {
      result.push({ thrown: String(trouble.stack) });
    }
  }
  box.remove();
  return result;
}"""


@pytest.fixture
def page(tabs: Tabs) -> Page:
    return tabs.open("UANN")


def test_every_recorded_layout_is_drawn_and_nothing_known_is_shown_as_unknown(page: Page) -> None:
    samples = [one for one in layouts(BLOCK_TYPES) if not NOT_SLACKS & set(_types(one.value))]
    lists = [one.value["blocks"] if isinstance(one.value, dict) else one.value for one in samples]
    results = page.evaluate(RENDER, lists)
    wrong = [
        (sample.source, found.get("thrown") or found["unknown"])
        for sample, found in zip(samples, results, strict=True)
        if found.get("thrown") or found["unknown"] or found["alive"] or found["loading"]
    ]
    assert wrong == []
    assert len(results) > 200


def _types(node: object) -> list[str]:
    """Every `type` in a layout."""
    if isinstance(node, list):
        return [name for one in node for name in _types(one)]
    if not isinstance(node, dict):
        return []
    own = [node["type"]] if isinstance(node.get("type"), str) else []
    return own + [name for one in node.values() for name in _types(one)]


def test_what_is_unknown_is_shown_as_unknown(page: Page) -> None:
    strange = [
        [{"type": "hologram", "block_id": "a"}],
        [{"type": "actions", "block_id": "a", "elements": [{"type": "lever", "action_id": "b"}]}],
        [{"type": "rich_text", "block_id": "a", "elements": [{"type": "rich_text_poem"}]}],
    ]
    shown = [one["unknown"] for one in page.evaluate(RENDER, strange)]
    assert shown == [["Unknown block: hologram"], ["Unknown element: lever"], ["[rich_text_poem]"]]


CRUEL = (
    "<img src=x onerror=alert(1)>",
    "<javascript:alert(1)|press>",
    "<data:text/html,x|press>",
    "<!date^1392734382^{date}^javascript:alert(1)|then>",
    "*<script>alert(1)</script>*",
)


@pytest.mark.parametrize("text", CRUEL)
def test_no_text_comes_alive_wherever_it_stands(page: Page, text: str) -> None:
    plain, mrkdwn = {"type": "plain_text", "text": text}, {"type": "mrkdwn", "text": text}
    address = "javascript:alert(1)"
    image = {"type": "image", "image_url": address, "alt_text": text}
    lists = [
        [{"type": "section", "block_id": "a", "text": mrkdwn, "fields": [plain, mrkdwn]}],
        [{"type": "header", "block_id": "a", "text": plain}, {"type": "markdown", "text": f"[x]({address}) {text}"}],
        [{"type": "image", "block_id": "a", "image_url": address, "alt_text": text, "title": plain}],
        [{"type": "video", "block_id": "a", "title_url": address, "title": plain, "alt_text": text}],
        [{"type": "context", "block_id": "a", "elements": [mrkdwn, image]}],
        [{"type": "rich_text", "block_id": "a", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "link", "url": address, "text": text}]}]}],
        [{"type": "table", "block_id": "a", "rows": [[{"type": "raw_text", "text": text}]]}],
    ]  # fmt: skip
    results = page.evaluate(RENDER, lists)
    assert [json.dumps(one) for one in results if one.get("thrown") or one["alive"] or one["loading"]] == []
