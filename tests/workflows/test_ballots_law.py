"""The database tells the law the same story as a case written down by hand, whatever people do in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Ballot, Choice, Member
from tests import builders
from tests.builders import WORKSPACE
from tests.nightly import examples
from tests.workflows.ballot_scene import CLOSING, NOW, rules, vote_in
from workflows import ballots, committees
from workflows.charter import Case, judge, read_case
from workflows.errors import NotAllowed

FUNCTIONS = ["marketing", "operations"]
SIZE = 5
MINUTE = timedelta(minutes=1)

shares = st.sampled_from(["0/1", "1/3", "1/2", "2/3", "1/1"])
charters = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["majority", "consent"]),
        "quorum": st.fixed_dictionaries({"of": st.sampled_from(["eligible", "seats"]), "at_least": shares}),
        "pass": st.fixed_dictionaries(
            {"of": st.sampled_from(["decisive", "cast", "eligible", "seats"]), "more_than": shares}
        ),
        "present": st.dictionaries(st.sampled_from(FUNCTIONS), st.integers(0, 2), max_size=1),
        "assent": st.lists(st.sampled_from(FUNCTIONS), unique=True, max_size=1),
        "objections": st.none() | st.integers(0, 2),
        "tie": st.sampled_from(["status_quo", "chair", "revote"]),
        "no_quorum": st.sampled_from(["extend", "adjourn", "lapse", "chair"]),
        "silence": st.sampled_from(["nothing", "consent"]),
        "proxies": st.integers(0, 2),
        "close_early": st.booleans(),
        "grace_minutes": st.sampled_from([0, 3]),
    }
)
members = st.lists(
    st.tuples(st.lists(st.sampled_from(FUNCTIONS), unique=True), st.none() | st.integers(0, SIZE - 1)),
    min_size=SIZE,
    max_size=SIZE,
)
acts = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.sampled_from([*Choice, "recuse"]), st.integers(0, 4)), max_size=12
)


@dataclass
class Told:
    """A case written down by hand while the verbs do the same."""

    charter: dict[str, Any]
    seats: int
    members: list[dict[str, Any]]
    secret: bool
    votes: list[dict[str, Any]] = field(default_factory=list)

    def case(self, now: datetime) -> Case:
        return read_case(
            {
                "charter": self.charter,
                "seats": self.seats,
                "members": self.members,
                "votes": self.votes,
                "secret": self.secret,
                "closes_at": CLOSING.isoformat(),
                "now": now.isoformat(),
            }
        )


@examples(10, HealthCheck.function_scoped_fixture)
@given(chosen=charters, seated=members, acted=acts, secret=st.booleans(), vacant=st.integers(0, 2))
def test_the_case_in_the_database_and_the_case_by_hand_get_one_verdict(
    sessions: Sessions,
    chosen: dict[str, Any],
    seated: list[tuple[list[str], int | None]],
    acted: list[tuple[int, Choice | str, int]],
    secret: bool,
    vacant: int,
) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        seats = committees.members(session, committee)
        for seat, (functions, holder) in zip(seats, seated, strict=True):
            seat.functions = functions
            seat.proxy_id = None if holder is None or seats[holder] is seat else seats[holder].person_id
        committee.seats = SIZE + vacant
        scene = vote_in(session, committee, secret=secret, **chosen)
        told = Told(rules(**chosen), SIZE + vacant, [_member(it, chosen) for it in seats], secret)
        now = NOW
        for who, act, minutes in acted:
            now += minutes * MINUTE
            _do(session, scene.ballot, seats[who], act, told, now)
        for moment in (now, now + 5 * MINUTE, CLOSING):
            assert ballots.verdict(session, scene.again(), moment) == judge(told.case(moment))


def _member(seat: Member, chosen: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(seat.person_id),
        "role": seat.role.value,
        "functions": seat.functions,
        "recused": False,
        "proxy": str(seat.proxy_id) if seat.proxy_id and chosen["proxies"] else None,
    }


def _do(session: Session, ballot: Ballot, seat: Member, act: Choice | str, told: Told, now: datetime) -> None:
    place = next(it for it in told.members if it["id"] == str(seat.person_id))
    if act == "recuse":
        ballots.recuse(session, seat.person, ballot, seat.person, None, now=now)
        place["recused"] = True
    elif place["recused"]:
        with pytest.raises(NotAllowed):
            ballots.vote(session, seat.person, ballot.id, Choice(act), "because", now=now)
    else:
        ballots.vote(session, seat.person, ballot.id, Choice(act), "because", now=now)
        mine = [it for it in told.votes if it["voter"] == place["id"]]
        if not mine or mine[-1]["choice"] != act:  # the same vote again is no new vote
            told.votes.append({"voter": place["id"], "choice": str(act), "at": now.isoformat()})
