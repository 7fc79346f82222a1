"""Words for the screen: the one place where text from people is cleaned, escaped and clipped."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ELLIPSIS = "…"
AFTER_A_WORD = ",.;:!?)"
JOINER = "\u2060"  # invisible; keeps Slack from making a mention of what follows @ or #
SOMEBODY = "somebody"

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LIVE = re.compile(r"(?<!\w)([@#])(?=[^\W\d_])")
_LAST_WORD = re.compile(r"\S+$")
_ENTITY_CUT = re.compile(r"(<[^<>]*|&[a-z]{0,3})$")


class Named(Protocol):
    """Somebody with a Slack id and a name; both are empty once erased."""

    @property
    def slack_id(self) -> str | None: ...
    @property
    def name(self) -> str: ...


class Numbered(Protocol):
    """An idea, as people call it."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...


def clean(text: str) -> str:
    """Text without control characters and without marks that turn the writing direction of what follows."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clip(text: str, n: int) -> str:
    """At most `n` characters, an ellipsis among them if something was cut, at a word's end if one is near."""
    return text if len(text) <= n else _to_words_end(text, n - 1).rstrip() + ELLIPSIS


def _to_words_end(text: str, n: int) -> str:
    """The first `n` characters without the word they cut in two; words longer than half of it all are cut."""
    cut = text[:n]
    whole = cut if text[n].isspace() or text[n] in AFTER_A_WORD else _LAST_WORD.sub("", cut)
    return whole if len(whole.rstrip()) >= n / 2 else cut


def esc(text: str) -> str:
    """Text from a person, safe inside mrkdwn: it mentions nobody and links nowhere. Clip before, not after."""
    safe = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LIVE.sub(rf"\1{JOINER}", safe)


def short(text: str, n: int) -> str:
    """One line of at most `n` characters from a person's text, safe inside mrkdwn."""
    return esc(clip(" ".join(clean(text).split()), n))


def clip_mrkdwn(text: str, n: int) -> str:
    """At most `n` characters of mrkdwn, never cut inside a mention, a link, a date or an entity."""
    if len(text) <= n:
        return text
    whole = _ENTITY_CUT.sub("", _to_words_end(text, n - 1))
    return whole.rstrip() + ELLIPSIS


def mention(slack_id: str | None) -> str:
    """A mention; it notifies. Somebody erased is "somebody"."""
    return f"<@{slack_id}>" if slack_id else SOMEBODY


def person_name(person: Named | None) -> str:
    """A person's name, safe inside mrkdwn, notifying nobody."""
    return short(person.name, 80) if person is not None and person.name else SOMEBODY


def day(moment: date) -> str:
    """A day: "Fri 21 Nov 2025"."""
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def clock_time(moment: datetime, tz: str) -> str:
    """A moment as the clock of `tz` shows it: "Fri 21 Nov 2025, 17:00 CET"."""
    there = moment.astimezone(ZoneInfo(tz))
    return f"{day(there)}, {there:%H:%M %Z}"


def when(moment: datetime, tz: str) -> str:
    """A moment in mrkdwn: Slack shows it in the reader's zone, and in `tz` where it cannot."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} at {{time}}|{clock_time(moment, tz)}>"


def span(time: timedelta) -> str:
    """A stretch of time, roughly: "40 s", "11 min", "3 h"."""
    hours, minutes, seconds = (time.total_seconds() / size for size in (3600, 60, 1))
    return f"{hours:.0f} h" if round(hours) > 1 else f"{minutes:.0f} min" if round(minutes) > 1 else f"{seconds:.0f} s"


def plural(n: int, noun: str, many: str | None = None) -> str:
    """ "1 vote", "3 votes", "no votes"; `many` when an s is not enough."""
    return f"{n or 'no'} {noun if n == 1 else many or noun + 's'}"


def listed(items: list[str], word: str = "and") -> str:
    """ "Ada", "Ada and Ben", "Ada, Ben and Cy"."""
    return f" {word} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def idea_ref(idea: Numbered, n: int = 80) -> str:
    """What people call an idea, safe inside mrkdwn: "#12 Title". A full stop would end the sentence it stands in."""
    return f"#{idea.number} {short(idea.title.rstrip('. ') or idea.title, n)}"
