"""Committee law, pure: charter + frozen electorate + votes + clock -> verdict. No database, no Slack, no wall clock.

`case` is the format and what it refuses, `tally` says who counts and how they voted, `law` gives the verdict,
`words` says rules and verdicts in words, `presets` are the charters a committee can start from.

Two readings where the law leaves room:

- A vote dated after `now` counts like any other made before closing: replicas' clocks differ a little, and a vote
  that was recorded must not vanish for that. It keeps an early closing waiting until its grace has passed.
- "The members still to vote" are all who may vote and have not done so in person; someone represented by a proxy is
  among them, because voting in person overrides the proxy.
"""

from workflows.charter.case import Case, CaseError, Charter, Member, Vote, charter_from, read_case
from workflows.charter.law import judge, presiding
from workflows.charter.presets import PRESETS, Preset
from workflows.charter.verdict import Counts, PassNumbers, QuorumNumbers, Verdict
from workflows.charter.words import describe, needs

__all__ = [
    "PRESETS",
    "Case",
    "CaseError",
    "Charter",
    "Counts",
    "Member",
    "PassNumbers",
    "Preset",
    "QuorumNumbers",
    "Verdict",
    "Vote",
    "charter_from",
    "describe",
    "judge",
    "needs",
    "presiding",
    "read_case",
]
