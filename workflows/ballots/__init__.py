"""Ballots: one vote on one idea, in the idea's thread, under a charter frozen when it was opened.

`opening` freezes rules and electorate, `voting` takes votes and recusals, `spoken` reads votes as people type them,
`closing` follows the verdict of `workflows.charter`, `calling_off` takes a vote back, `casting` hears whoever presides,
`reminding` asks those who have not voted, `reading` looks.
Nothing here tells what anybody chose in a secret ballot; who may see what is settled in `reading.said`.
"""

from workflows.ballots.calling_off import call_off, check_call_off
from workflows.ballots.casting import Word, cast, check_word, words_for
from workflows.ballots.closing import ask_anew, close_if_due, due, started
from workflows.ballots.opening import Terms, open_review, terms
from workflows.ballots.reading import (
    NEEDS_REASON,
    OUTCOMES,
    Said,
    awaited,
    awaiting_vote_of,
    awaits,
    by_id,
    case,
    committee_of,
    elector,
    electors,
    idea_of_thread,
    is_open,
    of_idea,
    recused,
    rules,
    said,
    taken_part,
    verdict,
    vote_of,
    votes,
)
from workflows.ballots.reminding import remind, to_remind
from workflows.ballots.spoken import Spoken
from workflows.ballots.spoken import read as spoken
from workflows.ballots.voting import LONGEST_REASON, admit, check_recuse, recuse, vote

__all__ = [
    "LONGEST_REASON",
    "NEEDS_REASON",
    "OUTCOMES",
    "Said",
    "Spoken",
    "Terms",
    "Word",
    "admit",
    "ask_anew",
    "awaited",
    "awaiting_vote_of",
    "awaits",
    "by_id",
    "call_off",
    "case",
    "cast",
    "check_call_off",
    "check_recuse",
    "check_word",
    "close_if_due",
    "committee_of",
    "due",
    "elector",
    "electors",
    "idea_of_thread",
    "is_open",
    "of_idea",
    "open_review",
    "recuse",
    "recused",
    "remind",
    "rules",
    "said",
    "spoken",
    "started",
    "taken_part",
    "terms",
    "to_remind",
    "verdict",
    "vote",
    "vote_of",
    "votes",
    "words_for",
]
