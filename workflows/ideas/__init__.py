"""Ideas: submitted, found, edited, supported, withdrawn, declined and brought back."""

from workflows.ideas.changing import EDITABLE, check_editable, decline, edit, reopen, withdraw
from workflows.ideas.finding import by_number, get, imported, seated, thread_root
from workflows.ideas.history import happened
from workflows.ideas.proposal import TITLE_MAX, Proposal, Source
from workflows.ideas.submitting import submit
from workflows.ideas.supporting import OPEN, support, supporters, supports

__all__ = [
    "EDITABLE",
    "OPEN",
    "TITLE_MAX",
    "Proposal",
    "Source",
    "by_number",
    "check_editable",
    "decline",
    "edit",
    "get",
    "happened",
    "imported",
    "reopen",
    "seated",
    "submit",
    "support",
    "supporters",
    "supports",
    "thread_root",
    "withdraw",
]
