"""What the database's absence held up, told to the admins once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.engine import Sessions
from db.models import Notice, NoticeState
from tests import builders
from tests.builders import NOW, WORKSPACE
from workflows import notices, troubles
from workflows.troubles import Absence, Delay

MINUTE = timedelta(minutes=1)
AWAY = Absence(NOW, NOW + 10 * MINUTE)


def shifted(by: timedelta) -> Absence:
    return Absence(AWAY.began + by, AWAY.ended + by)


def owed(session: Session, key: str, due_at: datetime, sent_at: datetime | None) -> None:
    """A message owed an hour before the outage."""
    before = NOW - timedelta(hours=1)
    notice = notices.owe(session, "test.note", key, channel="C1", due_at=due_at, now=before)
    assert notice is not None
    if sent_at:
        notice.state, notice.sent_at, notice.posted_ts = NoticeState.SENT, sent_at, "1.1"


def test_replicas_that_saw_the_same_outage_tell_each_admin_once(sessions: Sessions) -> None:
    with sessions.begin(WORKSPACE) as session:
        for name in ("Ada", "Ben"):
            builders.person(session, name, is_admin=True)
        builders.person(session, "Carl")
    for seen in (AWAY, shifted(MINUTE), shifted(-MINUTE)):
        with sessions.begin(WORKSPACE) as session:
            troubles.tell_of_outage(session, seen, NOW + 11 * MINUTE)
    with sessions.begin(WORKSPACE) as session:
        troubles.tell_of_outage(session, shifted(60 * MINUTE), NOW + 71 * MINUTE)
        assert session.scalar(sa.select(sa.func.count(Notice.id)).where(Notice.kind == troubles.OUTAGE)) == 2 * 2
        assert troubles.outages(session, NOW) == [AWAY, shifted(60 * MINUTE)]


@pytest.mark.parametrize(
    ("due", "sent", "wait"),
    [
        (-1, 0, None),  # gone out just as it began
        (-1, 11, 12),
        (5, 10, 5),
        (5, None, 7),  # still on its way
        (11, 12, None),  # due when all was well again
    ],
)
def test_what_was_due_before_the_end_and_came_after_it_was_late(
    sessions: Sessions, due: int, sent: int | None, wait: int | None
) -> None:
    with sessions.begin(WORKSPACE) as session:
        builders.workspace(session)
        owed(session, "a", NOW + due * MINUTE, None if sent is None else NOW + sent * MINUTE)
        found = troubles.delay(session, AWAY, NOW + 12 * MINUTE)
    assert found == (Delay(1, wait * MINUTE, 0) if wait else Delay(0, timedelta(0), 0))
