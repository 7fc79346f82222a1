"""A vote as people type it: "approve because ...", "yes if we can afford it", "-1, too dear".

What could be meant otherwise is no vote: better to ask than to count what nobody said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from db.models import Choice

C = Choice


@dataclass(frozen=True)
class Spoken:
    """A vote somebody typed; `reason` is empty if they gave none."""

    choice: Choice
    reason: str


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?!\w)", re.IGNORECASE)


_OPENING = re.compile(
    r"(?:(?:hi|hey|hello|please|well|i|i['’]d|i['’]m|id|would|will|like|to|vote|voting|my|is|say|am|an?)[:,]?\s+)*",
    re.IGNORECASE,
)
_PLAIN: tuple[tuple[re.Pattern[str], Choice], ...] = (
    (_words(r"(?:approve )?with (?:the |these |some |following )*conditions?|conditional(?:ly)?(?: approv(?:e|al))?"),
     C.APPROVE_WITH_CONDITIONS),
    (_words(r"approv(?:e|es|ed|al|ing)"), C.APPROVE),
    (_words(r"declin(?:e|es|ed|ing)|reject(?:s|ed)?|disapprov(?:e|es|ed)|vote against"), C.DECLINE),
    (_words(r"object(?:s|ed|ion|ing)?|veto|block"), C.OBJECT),
    (_words(r"abstain(?:s|ed|ing)?|abstention"), C.ABSTAIN),
)  # fmt: skip
"""Words that are a vote whatever follows."""
_LOOSE: tuple[tuple[re.Pattern[str], Choice], ...] = (
    (_words(r"yes|yep|aye|ok|okay|agree|agreed|in favou?r|for|\+1|:\+1:|:thumbsup:|👍"), C.APPROVE),
    (_words(r"no|nope|nay|against|-1|:-1:|:thumbsdown:|👎"), C.DECLINE),
)
"""Words that are a vote only if nothing, a stop, or a reason follows: "no" is, "no idea" is not."""

_IT = re.compile(r"\s+(?:it|this|that|(?:this|the) (?:idea|one|proposal)|#\d+)(?!\w)", re.IGNORECASE)
_STOP = re.compile(r"\s*(?:$|[.,;:!–—-])")
_SINCE = re.compile(r"(?:because(?: of)?|since|as|cause|cos|bc|due to)(?!\w)[\s,:]*", re.IGNORECASE)
_CONDITION = re.compile(
    r"(?:(?:only |but )?(?:if|unless|provided|providing|as long as|subject to|(?:up)?on (?:the )?condition)|but)(?!\w)",
    re.IGNORECASE,
)
_CONDITIONS = re.compile(r"(?:with|under|on) (?:the |these |some |following |an? )*conditions?(?!\w)", re.IGNORECASE)
_NO_VOTE = re.compile(r"\?|(?:to|or|nothing|not|nor)(?!\w)", re.IGNORECASE)
_EDGES = " \t\n.,;:!–—-"


def read(text: str) -> Spoken | None:
    """The vote in a text, or None if there is none that is beyond doubt."""
    said = text[_end(_OPENING, text) :].strip()
    for words, loose in ((_PLAIN, False), (_LOOSE, True)):
        for word, choice in words:
            if found := word.match(said):
                return _with_rest(choice, said[found.end() :], loose=loose)
    return None


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _with_rest(choice: Choice, rest: str, *, loose: bool) -> Spoken | None:
    rest = rest[_end(_IT, rest) :]
    told = rest.strip(_EDGES)
    if _NO_VOTE.match(rest.strip()) and not (choice is Choice.OBJECT and _to_something(told)):
        return None
    if choice is Choice.APPROVE and (condition := _conditions(told)) is not None:
        return Spoken(Choice.APPROVE_WITH_CONDITIONS, condition)
    because = _SINCE.match(told)
    if loose and not (because or _STOP.match(rest)):
        return None
    reason = (told[because.end() :] if because else told).strip()
    second = read(reason)
    return None if second and second.choice is not choice else Spoken(choice, reason)


def _to_something(told: str) -> bool:
    return told.lower().startswith("to ")


def _conditions(told: str) -> str | None:
    """The conditions that follow an approval; None if it has none."""
    if named := _CONDITIONS.match(told):
        return told[named.end() :].strip(_EDGES)
    return told if _CONDITION.match(told) else None
