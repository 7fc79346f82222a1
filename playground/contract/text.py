"""Text that Slack parses: escaping, control sequences, and what people could smuggle in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from playground.contract.problems import Problem, warning

SEQUENCE = re.compile(r"<([^<>\n]*)>")
KNOWN_SEQUENCE = re.compile(
    r"""
      @[UWB][A-Z0-9]+ (\|.*)?                    # a person
    | \#[CGD][A-Z0-9]+ (\|.*)?                   # a channel
    | !subteam\^S[A-Z0-9]+ (\|.*)?               # a user group
    | !(here|channel|everyone|group) (\|.*)?     # everybody
    | !date\^-?\d+\^[^|^]+ (\^[^|]+)? \|.+       # a date, with its fallback
    | [a-zA-Z][a-zA-Z0-9+.-]*:[^|\s]+ (\|.*)?    # an address
    | [\w-]+(\.[\w-]+)+ (/[^|\s]*)? (\|.*)?      # a host without a scheme
    """,
    re.VERBOSE,
)
BROADCAST = re.compile(r"<!(here|channel|everyone|group)\b[^>]*>")
LIVE_MARKDOWN = re.compile(r"<[@#!][^<>\n]+>|\[[^\]\n]*\]\([^)\s]+\)")
PLAIN_BROADCAST = re.compile(r"(?<![\w<!])@(?:here|channel|everyone)\b")
QUOTE_MARK = re.compile(r"^\s*(>>>|>)", re.MULTILINE)
RAW_AMPERSAND = re.compile(r"&(?!(amp|lt|gt);)")
TWICE_ESCAPED = re.compile(r"&amp;(amp|lt|gt);")
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def check_text(mrkdwn: str, untrusted: Sequence[str] = (), *, auto_parsed: bool = False, at: str = "") -> list[Problem]:
    """Warnings about one mrkdwn text that stands at the pointer `at`.

    `untrusted` are texts that people wrote and that may be part of it. `auto_parsed` says that Slack makes live
    what only looks like a mention, as it does in a text object without `verbatim`.
    """
    found = [warning(code, at, message) for code, message in _markup(mrkdwn)]
    for source in untrusted:
        found += [warning(code, at, message) for code, message in _injected(mrkdwn, source, auto_parsed)]
    return found


def check_markdown(markdown: str, untrusted: Sequence[str] = (), *, at: str = "") -> list[Problem]:
    """Warnings about standard Markdown, in which `& < >` are ordinary but mentions and links are live."""
    found = [warning("broadcast_mention", at, message) for message in _broadcasts(markdown)]
    for source in untrusted:
        for live in LIVE_MARKDOWN.finditer(source):
            if live.group() in markdown:
                found.append(warning("mention_injection", at, f"{live.group()!r} is live and a person wrote it"))
    return found


def _broadcasts(text: str) -> Iterator[str]:
    if mention := BROADCAST.search(text):
        yield f"{mention.group()} notifies everyone there"


def _markup(text: str) -> Iterator[tuple[str, str]]:
    for message in _broadcasts(text):
        yield "broadcast_mention", message
    for sequence in SEQUENCE.finditer(text):
        if not KNOWN_SEQUENCE.fullmatch(sequence.group(1)):
            yield "bad_control_sequence", f"{sequence.group()!r} is no link, mention or date; escape < and >"
    rest = SEQUENCE.sub("", text)
    if re.search(r"[<>]", QUOTE_MARK.sub("", rest)):
        yield "unescaped_angle", "a raw < or >; write &lt; or &gt;"
    if RAW_AMPERSAND.search(rest):
        yield "unescaped_ampersand", "a raw &; write &amp;"
    if twice := TWICE_ESCAPED.search(text):
        yield "double_escaped", f"{twice.group()!r} shows the reader the entity itself"


def _injected(text: str, source: str, auto_parsed: bool) -> Iterator[tuple[str, str]]:
    escaped = source.translate(ENTITIES)
    live = next((part.group() for part in SEQUENCE.finditer(source) if part.group() in text), None)
    if live:
        yield "mention_injection", f"{live!r} is live and a person wrote it; escape it"
    elif escaped != source and source in text.replace(escaped, ""):
        yield "unescaped_user_text", f"{source[:60]!r} stands as the person typed it; escape it"
    word = PLAIN_BROADCAST.search(source) if auto_parsed else None
    if word and word.group() in text:
        yield "auto_parsed_mention", f"{word.group()!r} can become a mention; set verbatim, or drop link_names"
