"""The tables, one file a family."""

from sqlalchemy.orm import configure_mappers

from db.models.ballots import (
    Ballot,
    BallotState,
    Choice,
    Decision,
    DecisionOutcome,
    Elector,
    Vote,
    VoteRecord,
)
from db.models.base import Base, Owned, tables_on, tie_to_workspaces
from db.models.ideas import Event, Idea, IdeaState, Question, Score, Support
from db.models.installations import BOTS, OAUTH_STATES
from db.models.interventions import (
    Health,
    Intervention,
    InterventionKind,
    InterventionState,
    Milestone,
    Progress,
)
from db.models.notices import Digest, Notice, NoticeState, Reminder
from db.models.people import Channel, Committee, Draft, Member, Person, Receipt, Role, Workspace

configure_mappers()
tie_to_workspaces(Base.metadata)

__all__ = [
    "BOTS",
    "OAUTH_STATES",
    "Ballot",
    "BallotState",
    "Base",
    "Channel",
    "Choice",
    "Committee",
    "Decision",
    "DecisionOutcome",
    "Digest",
    "Draft",
    "Elector",
    "Event",
    "Health",
    "Idea",
    "IdeaState",
    "Intervention",
    "InterventionKind",
    "InterventionState",
    "Member",
    "Milestone",
    "Notice",
    "NoticeState",
    "Owned",
    "Person",
    "Progress",
    "Question",
    "Receipt",
    "Reminder",
    "Role",
    "Score",
    "Support",
    "Vote",
    "VoteRecord",
    "Workspace",
    "tables_on",
]
