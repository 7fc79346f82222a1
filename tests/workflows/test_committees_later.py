"""A committee as time goes by: its group, who leaves, its channels, how it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from db.engine import Sessions
from db.models import Ballot, Channel, Committee, Elector, IdeaState, Notice, NoticeState, Role
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import committees
from workflows.committees import Place
from workflows.errors import WorkflowError

LATER = NOW + timedelta(days=3)


def names(session: Any, committee: Committee) -> list[str]:
    return [f"{seat.person.name} {seat.role}" for seat in committees.members(session, committee)]


def test_a_committee_that_takes_ideas_in_private_is_known_to_its_members_only(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        ada = builders.admin(session)
        places = {"CSECRET": Place(slack_id="CSECRET", is_private=True)}
        builders.committee(session, name="Open", intake_channel="COPEN")
        hidden = builders.committee(session, name="Hidden", intake_channel="CSECRET", places=places)
        assert [c.name for c in committees.known_to(session, ada)] == ["Open"]
        assert [c.name for c in committees.known_to(session, builders.chair(session, hidden))] == ["Hidden", "Open"]


def test_the_user_group_brings_members_and_takes_only_those_it_brought(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        chosen, brought = builders.person(session, "Chosen"), builders.person(session, "Brought")
        group = [str(chosen.slack_id), str(brought.slack_id)]
        drawn = builders.blueprint(session, members=[chosen.slack_id], usergroup="S1", group=group)
        made = committees.set_up(session, builders.admin(session), drawn, now=NOW)
        assert names(session, made) == ["Clara chair", "Chosen member", "Brought member"]
        committees.sync_group(session, made, ["UNEWCOMER"], LATER)
        committees.sync_group(session, made, ["UNEWCOMER"], LATER)
        assert [seat.person.slack_id for seat in committees.members(session, made)][1:] == [*group[:1], "UNEWCOMER"]
        kept = drawn.model_copy(update={"group": None})
        committees.set_up(session, builders.admin(session), kept, now=LATER, committee=made)
        assert len(committees.members(session, made)) == 3
        without = drawn.model_copy(update={"usergroup": None, "group": None})
        committees.set_up(session, builders.admin(session), without, now=LATER, committee=made)
        assert names(session, made) == ["Clara chair", "Chosen member"]


def test_a_group_nobody_can_look_into_is_refused_when_chosen_and_kept_when_followed(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        ada = builders.admin(session)
        blind = builders.blueprint(session, usergroup="S1", group=None)
        with pytest.raises(WorkflowError, match="cannot see who is in that group") as refused:
            committees.set_up(session, ada, blind, now=NOW)
        assert refused.value.field == "usergroup"
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, members=0, deputy=None, usergroup="S1", group=["UBROUGHT"])
        drawn = committees.blueprint_of(session, made)
        committees.set_up(session, builders.chair(session, made), drawn, now=LATER, committee=made)
        assert len(committees.members(session, made)) == 2


def test_the_committee_meant_is_that_of_the_channel_then_ones_own_then_the_only_one(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        someone = builders.person(session)
        assert committees.meant(session, someone) is None
        first = builders.committee(session, intake_channel="CFIRST")
        assert committees.meant(session, someone) is first
        second = builders.committee(session)
        assert committees.meant(session, someone) is None
        assert committees.meant(session, someone, "CFIRST") is first
        assert committees.meant(session, builders.chair(session, second), "CELSEWHERE") is second


def test_somebody_who_left_is_not_offered_again_when_the_committee_is_changed(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, members=1)
        chair, gone = builders.chair(session, made), builders.plain_members(session, made)[0]
        gone.active = False
        session.flush()
        drawn = committees.blueprint_of(session, made)
        assert gone.slack_id not in drawn.members
        committees.set_up(session, chair, drawn, now=LATER, committee=made)
        assert len(committees.taken(session, made)) == 2


def test_a_change_of_members_leaves_an_open_ballots_electorate(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, members=1)
        chair, member = builders.chair(session, made), builders.plain_members(session, made)[0]
        idea = builders.idea(session, made, state=IdeaState.IN_REVIEW)
        ballot = Ballot(
            idea_id=idea.id,
            committee_id=made.id,
            charter=made.charter,
            seats=1,
            opened_by_id=chair.id,
            opened_at=NOW,
            closes_at=LATER,
        )
        session.add(ballot)
        session.flush()
        session.add(Elector(ballot_id=ballot.id, person_id=member.id, position=0, role=Role.MEMBER))
        committees.set_up(session, chair, builders.blueprint(session, chair=chair.slack_id), now=NOW, committee=made)
        assert names(session, made) == ["Clara chair"]
        assert session.scalars(sa.select(Elector.person_id)).all() == [member.id]


def test_a_member_who_left_the_company_does_not_act_and_the_deputy_presides(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, members=0)
        assert getattr(committees.presiding(session, made), "name", None) == "Clara"
        builders.chair(session, made).active = False
        session.flush()
        assert names(session, made) == ["Dev deputy"]
        assert getattr(committees.presiding(session, made), "name", None) == "Dev"
        assert committees.chair(session, made) is None
        assert len(committees.taken(session, made)) == 2


def test_a_channel_that_got_a_new_id_is_followed_everywhere(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, intake_channel="COLD", digest_channel="COLD")
        session.add(
            Notice(
                kind="idea.card",
                key="k",
                channel="COLD",
                posted_channel="COLD",
                posted_ts="1.1",
                state=NoticeState.SENT,
                sent_at=NOW,
                owed_at=NOW,
                due_at=NOW,
            )
        )
        session.flush()
        committees.renumbered(session, "COLD", "CNEW")
        committees.renumbered(session, "COLD", "CNEW")
    with sessions.begin(WORKSPACE) as session:
        made = session.get_one(Committee, made.id)
        assert (made.intake_channel, made.digest_channel) == ("CNEW", "CNEW")
        assert committees.of_channel(session, "CNEW") is made
        card = session.scalars(sa.select(Notice).where(Notice.kind == "idea.card")).one()
        assert (card.channel, card.posted_channel) == ("CNEW", "CNEW")


def test_trouble_with_a_channel_is_told_once_to_those_who_can_help(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, intake_channel="CIN")
        for trouble in ("archived", "archived", None, "archived"):
            committees.trouble(session, "CIN", trouble, now=NOW)
        committees.trouble(session, "CUNKNOWN", "archived", now=NOW)
        told = session.scalars(sa.select(Notice.person_id).where(Notice.kind == "setup.trouble")).all()
        assert set(told) == {made.created_by_id, builders.chair(session, made).id}
        assert len(told) == 2
        assert session.scalars(sa.select(Channel.trouble).where(Channel.slack_id == "CIN")).one() == "archived"


def test_status_counts_what_is_open_and_says_the_rule(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        made = builders.committee(session, members=3, preset="two_thirds")
        builders.idea(session, made)
        builders.idea(session, made, state=IdeaState.WITHDRAWN)
        builders.idea(session, builders.committee(session))
        found = committees.status(session, made, NOW)
        assert (found.members, found.waiting, found.ballots, found.work) == (5, 1, 0, 0)
        assert found.rule.startswith("Passes with at least two thirds of the votes for or against")
        assert found.preset == "Two thirds"
        assert found.next_digest == datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


@given(moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_next_digest_is_ahead_within_a_week_at_its_hour(moment: datetime) -> None:
    made = Committee(tz="America/New_York", digest_weekday=1, digest_hour=8)
    due = committees.next_digest(made, moment)
    assert timedelta(0) < due - moment <= timedelta(days=7, hours=1)
    assert f"{due.astimezone(ZoneInfo(made.tz)):%A %H:%M}" == "Monday 08:00"


@pytest.mark.parametrize("field", ["committee_channel", "digest_channel"])
def test_ideas_from_a_private_channel_are_not_told_in_a_public_one(sessions: Sessions, field: str) -> None:
    with sessions.begin(WORKSPACE) as session:
        hidden = {name: Place(slack_id=name, is_private=True, bot_inside=True) for name in ("CIN", "CVOTES", "CNEWS")}
        channels = {"intake_channel": "CIN", "committee_channel": "CVOTES", "digest_channel": "CNEWS"}
        open_place = {"COPEN": Place(slack_id="COPEN", bot_inside=True)}
        with pytest.raises(WorkflowError, match="Choose a private channel here") as refused:
            builders.committee(session, places=hidden | open_place, **(channels | {field: "COPEN"}))
        assert refused.value.field == field
        assert builders.committee(session, places=hidden, **channels).intake_channel == "CIN"
