"""Setting a committee up, and keeping it in step with people and channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from db.engine import Sessions
from db.models import Channel, Committee, Event, Member, Notice, Role
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import committees
from workflows.committees import Place
from workflows.errors import NotAllowed, WorkflowError


def test_an_admin_sets_a_committee_up_and_is_welcomed_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        ada = builders.admin(session)
        drawn = builders.blueprint(session, name="  Service  ", chair=ada.slack_id, members=[ada.slack_id])
        made = committees.set_up(session, ada, drawn, now=NOW)
        again = committees.set_up(session, ada, drawn, now=NOW)
        assert made is again
        assert made.name == "Service"
        assert [(seat.person_id, seat.role) for seat in committees.members(session, made)] == [(ada.id, Role.CHAIR)]
        assert committees.of_channel(session, drawn.intake_channel) is made
        assert session.scalars(sa.select(Notice.kind)).all() == ["setup.welcome"]
