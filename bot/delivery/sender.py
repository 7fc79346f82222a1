"""Sending: one notice from claim to mark, and what each of Slack's answers means for it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import log
from bot.delivery import claims, marks, repair
from bot.delivery.claims import LONGEST_HOLD, Claim
from bot.delivery.parcel import POST, Nothing, Parcel, pack
from bot.metrics import Metrics
from bot.slack_errors import Fate, is_known, refusal
from db.engine import Sessions, why_away

TRIES = 8
"""After so many, what fails for an unknown reason is parked."""

TOO_MANY = 429
SERVER_ERROR = 500
LATE = timedelta(minutes=5)
"""A message that comes so long after its time is reported."""

NO_ANSWER = "no_answer"
NOT_RENDERED = "not_rendered"
LEASE_ENDED = "lease_ended"
"""This process stood still for so long that another one may be sending it."""

MAY_HAVE_WORKED = frozenset({NO_ANSWER, "internal_error", "fatal_error", "service_unavailable"})
"""After these Slack promises nothing either way."""

LOG = log.get(__name__)


class Unsearchable(Exception):
    """Whether another try arrived, or will, cannot be found out at the moment."""


def _go_on(_step: str) -> None:
    """What is done at each step of a delivery: nothing."""


class Sender:
    """Delivers notices one at a time; any number of threads may call it. `clients` makes a client for a workspace.

    `at` is called at every step of a delivery with its name: claiming, claimed, preparing, prepared, sent, marking,
    marked. Those in -ing are inside a transaction, just before its commit.
    """

    def __init__(
        self,
        sessions: Sessions,
        clients: Callable[[str], WebClient],
        clock: Callable[[], datetime],
        name: str = "",
        at: Callable[[str], None] = _go_on,
        metrics: Metrics | None = None,
    ) -> None:
        self.name = name or f"sender-{secrets.token_hex(4)}"
        self._sessions = sessions
        self._clients = clients
        self._clock = clock
        self._at = at
        self._metrics = metrics or Metrics()
        self._pauses: dict[tuple[str, str], datetime] = {}
        self._at_hand: set[int] = set()
        self._lock = threading.Lock()

    def deliver_next(self) -> bool:
        """Deliver the next notice that may go; False if there is none."""
        claim = self.claim()
        if claim is not None:
            self.deliver(claim)
        return claim is not None

    def drain(self) -> int:
        """Deliver all that may go now; how many."""
        count = 0
        while self.deliver_next():
            count += 1
        return count

    def claim(self) -> Claim | None:
        """Take the next notice that may go."""
        with self._lock, self._sessions.everywhere() as session:
            found = claims.claim(session, self._clock(), self.name, without=self._at_hand)
            if found is not None:
                self._at("claiming")
                self._at_hand.add(found.notice_id)
            return found

    def deliver(self, claim: Claim) -> None:
        """Render, send and mark a claimed notice. What cannot be delivered waits or is parked.

        Raises `SQLAlchemyError` if the database goes away meanwhile: the lease ends by itself.
        """
        with log.trace(workspace=claim.workspace_id, notice=claim.notice_id):
            try:
                self._at("claimed")
                self._deliver(claim)
            except Exception as error:  # one bad notice may not stop the others
                if why_away(error):
                    raise
                LOG.exception("notice.failed")
                self._fail(claim)
            finally:
                self._at_hand.discard(claim.notice_id)

    def _deliver(self, claim: Claim) -> None:
        parcel = self.prepare(claim)
        if parcel is None:
            return
        with log.trace(parcel.trace):
            try:
                where = self.find_or_send(parcel)
            except Unsearchable as error:
                self._retry(parcel, str(error), happened=True)
            except SlackApiError as error:
                self._refused(parcel, error)
            except (OSError, HTTPException) as error:
                self._failed(parcel.method, NO_ANSWER, Fate.TRANSIENT)
                LOG.warning("notice.unanswered", method=parcel.method, error=repr(error))
                self._retry(parcel, NO_ANSWER, happened=True)
            else:
                self._at("sent")
                self.mark(parcel, *where)
                self._report(parcel)
                self._at("marked")

    def _report(self, parcel: Parcel) -> None:
        LOG.info("notice.sent", method=parcel.method, tries=parcel.attempts)
        self._metrics.deliveries.labels(parcel.method, "sent").inc()
        late = self._clock() - parcel.since
        if parcel.method == POST:
            self._metrics.waits.observe(max(0.0, late.total_seconds()))
        if parcel.method == POST and late > LATE:
            LOG.warning("notice.late", late_s=round(late.total_seconds()), tries=parcel.attempts)

    def prepare(self, claim: Claim) -> Parcel | None:
        """Render a claimed notice; None if there is nothing to send, or not yet."""
        now = self._clock()
        with self._sessions.begin(claim.workspace_id) as session:
            packed = pack(session, claim, now)
            if isinstance(packed, Nothing):
                marks.dropped(session, claim, packed.why)
                LOG.info("notice.dropped", why=packed.why)
                return None
            pause = self._pauses.get((claim.workspace_id, packed.method))
            if pause is not None and now < pause <= now + LONGEST_HOLD:
                marks.postponed(session, claim, pause, happened=packed.doubtful)
                return None
            self._at("preparing")
        self._at("prepared")
        return packed

    def find_or_send(self, parcel: Parcel) -> tuple[str | None, str | None]:
        """Send, unless an earlier try is found to have arrived; the channel and ts of the message."""
        client = self._clients(parcel.claim.workspace_id)
        if self._clock() >= parcel.until:
            raise Unsearchable(LEASE_ENDED)
        found = self._found(client, parcel) if parcel.doubtful and parcel.method == POST else None
        if found is not None:
            LOG.info("notice.found")
            return found
        with self._metrics.calling(parcel.method):
            answer = client.api_call(parcel.method, json=parcel.arguments)
        return answer.get("channel"), answer.get("ts")

    def mark(self, parcel: Parcel, channel: str | None, ts: str | None) -> None:
        """Write down that it stands in Slack."""
        with self._sessions.begin(parcel.claim.workspace_id) as session:
            marks.sent(session, parcel, self._clock(), channel, ts)
            self._at("marking")

    def _found(self, client: WebClient, parcel: Parcel) -> tuple[str, str] | None:
        try:
            return repair.find(client, parcel)
        except SlackApiError as error:
            if _is_transient(error):
                raise Unsearchable(str(error.response.get("error"))) from error
            LOG.warning("notice.unsearchable", error=error.response.get("error"))
            return None  # where we may not look, twice is better than never

    def _refused(self, parcel: Parcel, error: SlackApiError) -> None:
        status, headers = error.response.status_code, error.response.headers
        code = str(error.response.get("error", "")) if status < SERVER_ERROR else NO_ANSWER
        fate = refusal(code).fate
        self._failed(parcel.method, code, fate)
        LOG.warning("notice.refused", method=parcel.method, error=code, fate=str(fate), tries=parcel.attempts)
        if status == TOO_MANY:
            return self._pause(parcel, int(_header(headers, "retry-after") or 1))
        if fate is Fate.TRANSIENT:
            if is_known(code) or parcel.attempts < TRIES:
                return self._retry(parcel, code, happened=code in MAY_HAVE_WORKED)
            fate = Fate.PERMANENT
        with self._sessions.begin(parcel.claim.workspace_id) as session:
            if fate is Fate.REVOKED:
                marks.stopped(session, parcel.claim, code, self._clock())
            elif fate is Fate.DELETED:
                marks.deleted(session, parcel, code, self._clock())
            else:
                marks.parked(session, parcel.claim, code, self._clock())
        return None

    def _failed(self, method: str, code: str, fate: Fate) -> None:
        self._metrics.refused(method, code)
        self._metrics.deliveries.labels(method, str(fate)).inc()

    def _pause(self, parcel: Parcel, seconds: int) -> None:
        until = self._clock() + min(timedelta(seconds=seconds), LONGEST_HOLD)
        self._pauses[parcel.claim.workspace_id, parcel.method] = until
        with self._sessions.begin(parcel.claim.workspace_id) as session:
            marks.postponed(session, parcel.claim, until, error="ratelimited", happened=False)

    def _retry(self, parcel: Parcel, code: str, *, happened: bool) -> None:
        until = self._clock() + marks.wait_for(parcel.attempts)
        with self._sessions.begin(parcel.claim.workspace_id) as session:
            marks.postponed(session, parcel.claim, until, error=code, happened=happened)

    def _fail(self, claim: Claim) -> None:
        with self._sessions.begin(claim.workspace_id) as session:
            marks.failed(session, claim, NOT_RENDERED, self._clock(), most=TRIES)


def _is_transient(error: SlackApiError) -> bool:
    code = str(error.response.get("error", ""))
    return error.response.status_code >= SERVER_ERROR or (is_known(code) and refusal(code).fate is Fate.TRANSIENT)


def _header(headers: dict[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)
