"""Who may do what: one table, asked by the verbs, never by the buttons."""

from __future__ import annotations

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Committee, Idea, Intervention, Member, Person, Role
from workflows.errors import NotAllowed


class Standing(enum.StrEnum):
    """What somebody is to the thing they act on."""

    COLLEAGUE = "a colleague who is not a guest here"
    GUEST = "a guest of this workspace"
    AUTHOR = "the author"
    MEMBER = "a member of the committee"
    CHAIR = "the chair or the deputy"
    ADMIN = "a workspace admin"
    OWNER = "the owner"
    SPONSOR = "the sponsor"


class Action(enum.StrEnum):
    SET_UP = "set up a committee"
    CLOSE = "close a committee"
    SEE_STATUS = "see how the committee stands"
    SUBMIT = "submit an idea"
    SUPPORT = "support an idea"
    EDIT = "edit this idea"
    WITHDRAW = "withdraw this idea"
    ASK = "ask the author"
    ANSWER = "answer a question about this idea"
    DECLINE = "decline this idea"
    REOPEN = "bring this idea back"
    SCORE = "score this idea"
    OPEN_REVIEW = "open a vote"
    CALL_OFF = "call off a vote"
    RECUSE = "recuse a member"
    VOTE = "vote"
    CHAIR_DECIDES = "decide for the committee"
    ASSIGN = "give this work to somebody"
    ACCEPT = "accept this work"
    REPORT = "report on this work"
    CONFIRM = "confirm that this work is done"
    PREVIEW_DIGEST = "preview the digest"
    SEE_TROUBLE = "see what could not be delivered"
    FORGET = "have somebody forgotten"


S = Standing
ALLOWED: dict[Action, frozenset[Standing]] = {
    Action.SET_UP: frozenset({S.ADMIN, S.CHAIR}),
    Action.CLOSE: frozenset({S.ADMIN}),
    Action.SEE_STATUS: frozenset({S.COLLEAGUE, S.MEMBER, S.CHAIR}),
    Action.SUBMIT: frozenset({S.COLLEAGUE, S.GUEST}),
    Action.SUPPORT: frozenset({S.COLLEAGUE, S.GUEST}),
    Action.EDIT: frozenset({S.AUTHOR}),
    Action.WITHDRAW: frozenset({S.AUTHOR}),
    Action.ASK: frozenset({S.MEMBER, S.CHAIR}),
    Action.ANSWER: frozenset({S.AUTHOR}),
    Action.DECLINE: frozenset({S.CHAIR}),
    Action.REOPEN: frozenset({S.CHAIR}),
    Action.SCORE: frozenset({S.MEMBER, S.CHAIR}),
    Action.OPEN_REVIEW: frozenset({S.CHAIR}),
    Action.CALL_OFF: frozenset({S.CHAIR}),
    Action.RECUSE: frozenset({S.MEMBER, S.CHAIR}),
    Action.VOTE: frozenset({S.MEMBER, S.CHAIR}),
    Action.CHAIR_DECIDES: frozenset({S.CHAIR}),
    Action.ASSIGN: frozenset({S.CHAIR}),
    Action.ACCEPT: frozenset({S.OWNER}),
    Action.REPORT: frozenset({S.OWNER, S.SPONSOR, S.CHAIR}),
    Action.CONFIRM: frozenset({S.OWNER, S.SPONSOR, S.MEMBER, S.CHAIR}),
    Action.PREVIEW_DIGEST: frozenset({S.MEMBER, S.CHAIR, S.ADMIN}),
    Action.SEE_TROUBLE: frozenset({S.ADMIN}),
    Action.FORGET: frozenset({S.ADMIN}),
}


def standings(
    session: Session,
    actor: Person,
    *,
    committee_id: int | None = None,
    idea: Idea | None = None,
    work: Intervention | None = None,
) -> frozenset[Standing]:
    """Everything that `actor` is to this committee, idea and work. Bots, strangers and the departed are nothing."""
    if not actor.active or actor.is_bot or actor.is_stranger:
        return frozenset()
    found = {S.GUEST if actor.is_guest else S.COLLEAGUE}
    if actor.is_admin:
        found.add(S.ADMIN)
    if idea is not None and idea.author_id == actor.id:
        found.add(S.AUTHOR)
    if work is not None:
        found |= {s for s, who in ((S.OWNER, work.owner_id), (S.SPONSOR, work.sponsor_id)) if who == actor.id}
    home = committee_id or (work.committee_id if work else None) or (idea.committee_id if idea else None)
    return frozenset(found | _seat(session, actor, home))


def _seat(session: Session, actor: Person, committee_id: int | None) -> set[Standing]:
    if committee_id is None:
        return set()
    role = session.scalar(
        sa.select(Member.role).where(
            Member.committee_id == committee_id, Member.person_id == actor.id, Member.until.is_(None)
        )
    )
    if role is None:
        return set()
    return {S.MEMBER} if role == Role.MEMBER else {S.MEMBER, S.CHAIR}


def may(session: Session, action: Action, actor: Person, **of: object) -> bool:
    """Whether `actor` may; takes the keywords of `standings`."""
    return bool(ALLOWED[action] & standings(session, actor, **of))  # type: ignore[arg-type]  # same keywords


def require(
    session: Session,
    action: Action,
    actor: Person,
    *,
    committee: Committee | None = None,
    idea: Idea | None = None,
    work: Intervention | None = None,
) -> None:
    """Raise `NotAllowed`, saying who may, unless `actor` may."""
    committee_id = committee.id if committee else None
    if ALLOWED[action] & standings(session, actor, committee_id=committee_id, idea=idea, work=work):
        return
    raise NotAllowed(f"Only {_who_may(action)} can {action.value}.")


def _who_may(action: Action) -> str:
    """Those allowed, in words: the chair is a member, so where members may, nothing more is said of the chair."""
    left_out = {S.GUEST} | ({S.CHAIR} if S.MEMBER in ALLOWED[action] else set())
    named = [name for it in sorted(ALLOWED[action] - left_out) for name in it.value.split(" or ")]
    return " or ".join(filter(None, (", ".join(named[:-1]), named[-1])))
