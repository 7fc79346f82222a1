"""Work: offered, accepted, countered, handed back, reported on, claimed and confirmed by a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.views import digest
from db.engine import Sessions
from db.models import Event, Health, IdeaState, InterventionState, Notice, Progress, Reminder
from tests import builders
from tests.builders import WORKSPACE
from tests.workflows.work_scene import DUE, NOW, Work, accepted, approved, offered, plan
from workflows import erasure, gathering, interventions, leaving, portfolio, progress, reminders
from workflows.errors import Gone, NotAllowed, WorkflowError
from workflows.people import Profile
from workflows.plan import Step, steps_from

S = InterventionState


def owed(work: Work, kind: str) -> list[Notice]:
    return list(work.session.scalars(sa.select(Notice).where(Notice.kind == kind, Notice.about_id == work.it.id)))


def test_an_approved_idea_becomes_work_that_waits_for_its_owner(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = offered(session)
        assert work.it.state is S.OFFERED
        assert [notice.person_id for notice in owed(work, "work.offer")] == [work.owner.id]
        assert owed(work, "work.card")[0].in_thread
        assert portfolio.owned_by(session, work.owner) == [work.it]


def test_the_same_form_submitted_twice_gives_one_piece_of_work(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        chair, owner, idea = builders.chair(session, committee), builders.person(session), approved(session, committee)
        first = interventions.assign(session, chair, idea, plan(), owner, now=NOW, key="view-1")
        assert interventions.assign(session, chair, idea, plan(), owner, now=NOW, key="view-1") is first


def test_only_the_chair_or_deputy_gives_work(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        idea, member = approved(session, committee), builders.plain_members(session, committee)[0]
        with pytest.raises(NotAllowed, match="the chair or the deputy"):
            interventions.assign(session, member, idea, plan(), member, now=NOW)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"due_on": date(2026, 11, 17)}, "due_on"),
        ({"milestones": (Step(title="Later", due_on=DUE + timedelta(days=1)),)}, "milestones"),
        ({"title": "\u200b"}, "title"),
        ({"title": "A" * 151}, "title"),
        ({"kpi": "A" * 151}, "kpi"),
        ({"promise": "A" * 501}, "promise"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_at_its_field(
    sessions: Sessions, wanted: dict[str, object], field: str
) -> None:
    with sessions.begin(WORKSPACE) as session, pytest.raises(WorkflowError) as refused:
        offered(session, **wanted)
    assert refused.value.field == field


@pytest.mark.parametrize("known", [{"is_bot": True}, {"active": False}, {"is_stranger": True}])
def test_nobody_who_is_not_here_can_own_work(sessions: Sessions, known: dict[str, bool]) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        chair, nobody = builders.chair(session, committee), builders.person(session, **known)
        with pytest.raises(WorkflowError, match="colleague who is here"):
            interventions.assign(session, chair, approved(session, committee), plan(), nobody, now=NOW)


def test_work_is_given_only_on_ideas_that_were_approved(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        committee = builders.committee(session)
        chair, idea = builders.chair(session, committee), builders.idea(session, committee)
        with pytest.raises(Gone, match="is with the committee"):
            interventions.assign(session, chair, idea, plan(), chair, now=NOW)


def test_the_idea_is_underway_from_the_first_yes_and_a_second_yes_changes_nothing(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        interventions.accept(session, work.owner, work.it, now=NOW)
        assert (work.it.state, work.it.health, work.idea.state) == (S.ACCEPTED, Health.ON_TRACK, IdeaState.UNDERWAY)
        said = session.scalars(sa.select(Event).where(Event.kind == "work.accepted")).all()
        assert len(said) == 1


def test_nobody_accepts_for_the_owner(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = offered(session)
        with pytest.raises(NotAllowed, match="Only the owner"):
            interventions.accept(session, work.chair, work.it, now=NOW)


def test_another_date_is_asked_of_the_sponsor_and_counts_once_agreed(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = offered(session)
        later = DUE + timedelta(days=7)
        interventions.counter(session, work.owner, work.it, later, now=NOW)
        assert [notice.person_id for notice in owed(work, "work.countered")] == [work.chair.id]
        interventions.agree(session, work.chair, work.it, now=NOW)
        assert (work.it.state, work.it.due_on, work.it.revision) == (S.ACCEPTED, later, 2)


def test_the_sponsor_may_keep_the_date_and_the_owner_is_asked_again(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = offered(session)
        interventions.counter(session, work.owner, work.it, DUE + timedelta(days=7), now=NOW)
        interventions.insist(session, work.chair, work.it, now=NOW)
        assert (work.it.state, work.it.due_on) == (S.OFFERED, DUE)
        assert len(owed(work, "work.offer")) == 2


def test_handing_back_needs_a_reason_and_the_sponsor_finds_another_owner(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        with pytest.raises(WorkflowError) as refused:
            interventions.hand_back(session, work.owner, work.it, "  ", now=NOW)
        assert refused.value.field == "why"
        interventions.hand_back(session, work.owner, work.it, "I am moving teams.", now=NOW)
        assert [notice.person_id for notice in owed(work, "work.handed_back")] == [work.chair.id]
        successor = builders.person(session)
        interventions.reassign(session, work.chair, work.it, successor, DUE, now=NOW)
        assert (work.it.state, work.it.owner_id, work.it.handed_back_why) == (S.OFFERED, successor.id, None)


def test_work_whose_owner_leaves_goes_back_at_once_to_its_sponsor_else_to_whoever_presides(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session, milestones=steps_from("2026-12-01 Text agreed"))
        gone, deputy = Profile(slack_id="", active=False), builders.deputy(session, work.committee)
        for _ in range(2):
            leaving.refresh(session, work.owner, gone, NOW)
        assert (work.it.state, work.it.handed_back_why) == (S.HANDED_BACK, interventions.LEFT)
        assert [notice.person_id for notice in owed(work, "work.handed_back")] == [work.chair.id]
        reminders.owe_to(session, work.owner.id, NOW + timedelta(days=40))
        assert session.scalars(sa.select(Reminder.id)).all() == []
        week = gathering.gather(session, work.committee, NOW, NOW + timedelta(days=40))
        assert (week.work.total, week.work.without_owner) == (1, 1)
        assert "1 without an owner" in digest.message(week).text
        leaving.refresh(session, work.chair, gone, NOW)
        assert [notice.person_id for notice in owed(work, "work.handed_back")] == [work.chair.id, deputy.id]
        assert portfolio.to_settle_by(session, deputy) == [work.it]
        leaving.refresh(session, deputy, gone, NOW)
        assert [notice.channel for notice in owed(work, "work.handed_back")][2:] == [work.committee.committee_channel]


def test_what_is_not_quite_done_when_its_owner_has_left_needs_another_owner(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        progress.claim(session, work.owner, work.it, now=NOW)
        leaving.refresh(session, work.owner, Profile(slack_id="", active=False), NOW)
        assert work.it.state is S.CLAIMED
        progress.send_back(session, work.chair, work.it, "Gate 7 has none", now=NOW)
        assert (work.it.state, work.it.handed_back_why) == (S.HANDED_BACK, interventions.LEFT)


def test_the_work_and_the_office_of_somebody_who_is_forgotten_go_to_others(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        deputy = builders.deputy(session, work.committee)
        for person in (work.chair, work.owner):
            erasure.erase(session, person, now=NOW)
        assert (work.it.state, work.it.sponsor_id) == (S.HANDED_BACK, deputy.id)
        told = sa.select(Notice.person_id).where(Notice.kind == "committee.office", Notice.state == "owed")
        assert session.scalars(told.order_by(Notice.id)).all() == [deputy.id, deputy.id]


def test_an_update_is_kept_once_with_its_line(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        for _ in range(2):
            progress.report(session, work.owner, work.it, Health.AT_RISK, "Waiting for the printer", now=NOW, key="k")
        kept = session.scalars(sa.select(Progress)).all()
        assert [(one.health, one.line) for one in kept] == [(Health.AT_RISK, "Waiting for the printer")]
        assert work.it.health is Health.AT_RISK


def test_done_is_a_claim_that_a_second_person_confirms(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        progress.claim(session, work.owner, work.it, "All gates have signs", now=NOW)
        with pytest.raises(NotAllowed, match="somebody else"):
            progress.confirm(session, work.owner, work.it, now=NOW)
        progress.confirm(session, work.chair, work.it, now=NOW)
        assert (work.it.state, work.idea.state) == (S.DONE, IdeaState.DONE)
        assert len(owed(work, "work.confirmed")) == 1


def test_an_idea_is_done_when_all_its_work_is(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        other = interventions.assign(session, work.chair, work.idea, plan(title="Train staff"), work.owner, now=NOW)
        progress.claim(session, work.owner, work.it, now=NOW)
        progress.confirm(session, work.chair, work.it, now=NOW)
        assert work.idea.state is IdeaState.UNDERWAY
        interventions.accept(session, work.owner, other, now=NOW)
        progress.claim(session, work.owner, other, now=NOW)
        progress.confirm(session, work.chair, other, now=NOW)
        assert work.idea.state is IdeaState.DONE


def test_a_claim_can_be_sent_back_with_what_is_missing(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        progress.claim(session, work.owner, work.it, now=NOW)
        progress.send_back(session, work.chair, work.it, "Gate 7 has none", now=NOW)
        assert (work.it.state, work.it.claimed_by_id) == (S.ACCEPTED, None)
        assert [(notice.detail or {})["why"] for notice in owed(work, "work.sent_back")] == ["Gate 7 has none"]


@pytest.mark.parametrize(
    "late_verb",
    [
        lambda w: interventions.counter(w.session, w.owner, w.it, DUE + timedelta(days=1), now=NOW),
        lambda w: interventions.hand_back(w.session, w.owner, w.it, "no", now=NOW),
        lambda w: progress.report(w.session, w.owner, w.it, Health.LATE, now=NOW),
        lambda w: progress.send_back(w.session, w.chair, w.it, "no", now=NOW),
        lambda w: interventions.reassign(w.session, w.chair, w.it, w.owner, DUE, now=NOW),
    ],
)
def test_what_is_done_and_confirmed_stays_so(sessions: Sessions, late_verb: Callable[[Work], None]) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session)
        progress.claim(session, work.owner, work.it, now=NOW)
        progress.confirm(session, work.chair, work.it, now=NOW)
        with pytest.raises(Gone, match="is done"):
            late_verb(work)


def test_milestones_are_typed_a_line_each_and_ticked_off_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        work = accepted(session, milestones=steps_from("2026-12-01 Text agreed\n\n2026-12-09 - Printed"))
        card = interventions.find(session, work.it.id)
        session.refresh(card, ["milestones"])
        first = card.milestones[0]
        assert [(step.due_on.day, step.title) for step in card.milestones] == [(1, "Text agreed"), (9, "Printed")]
        for _ in range(2):
            progress.milestone_done(session, work.owner, work.it, first.id, now=NOW)
        assert len(session.scalars(sa.select(Event).where(Event.kind == "work.milestone_done")).all()) == 1


@pytest.mark.parametrize("line", ["tomorrow Text agreed", "2026-12-01", "31/12/2026 Printed"])
def test_a_line_that_is_no_milestone_is_refused_and_quoted(line: str) -> None:
    with pytest.raises(WorkflowError, match="is not a milestone") as refused:
        steps_from(line)
    assert refused.value.field == "milestones"
