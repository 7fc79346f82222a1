"""The doctor: looks at everything an installation depends on, and says of each trouble what to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import manifest, schedule
from bot.delivery import claims
from bot.delivery.sender import LATE
from bot.main import Touchstone
from bot.oauth.flow import INSTALL
from bot.oauth.vault import UnreadableToken
from bot.settings import Settings
from bot.slack_errors import refusal
from bot.views.text import span
from bot.views.trouble import delayed
from db import migrate
from db.models import Committee, Notice, NoticeState, Workspace
from workflows import troubles

SKEW = timedelta(seconds=60)
LAG = timedelta(seconds=30)
DAY = timedelta(days=1)
SAMPLE = 5


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    about: str
    says: str
    well: bool = True
    remedy: str = ""


def examine(touchstone: Touchstone) -> list[Finding]:
    """Look at everything. What one thing hides (no database, no Slack) the others do not stumble over."""
    found = list(_safely(touchstone, "database", _database))
    usable = all(finding.well for finding in found)
    if usable:
        found += _safely(touchstone, "delivery", _delivery)
    found += _settings(touchstone.settings)
    slack = list(_safely(touchstone, "Slack", _slack))
    if usable and any(finding.about == "token" for finding in slack):
        slack += _safely(touchstone, "channels", _channels)
    return found + slack


def _settings(settings: Settings) -> Iterator[Finding]:
    if not (settings.signing_secret.get_secret_value() or settings.app_token.get_secret_value()):
        remedy = "Copy them from the app's page: `serve` needs the first, `socket` the second."
        yield Finding("settings", "neither SLACK_SIGNING_SECRET nor SLACK_APP_TOKEN is set", False, remedy)


def _safely(touchstone: Touchstone, about: str, look: Callable[[Touchstone], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look(touchstone)
    except SQLAlchemyError as error:
        remedy = "Check DATABASE_URL and that the database runs, then `touchstone migrate`."
        yield Finding(about, f"the database does not answer ({type(error).__name__})", False, remedy)
    except SlackApiError as error:
        known = refusal(str(error.response.get("error")))
        yield Finding(about, f"{known.meaning} ({known.code})", False, known.remedy)
    except UnreadableToken as error:
        yield Finding(about, str(error), False, "Put the key back, or let the workspace install the app again.")
    except OSError as error:
        remedy = "Check SLACK_API_URL and this machine's way to the internet."
        yield Finding(about, f"Slack does not answer ({error})", False, remedy)


def _database(touchstone: Touchstone) -> Iterator[Finding]:
    url = touchstone.engine.url
    at, head = migrate.current(url.render_as_string(hide_password=False)), migrate.head()
    yield Finding("database", f"{url.get_backend_name()} answers")
    if at == head:
        yield Finding("migrations", f"at {head}, as this version needs")
    elif migrate.newer(at):
        remedy = "That is well if this version is the one just before; otherwise install the newer one."
        yield Finding("migrations", f"at {at}, which a newer version brought; this one needs {head}", True, remedy)
    else:
        yield Finding(
            "migrations", f"at {at or 'nothing'}, this version needs {head}", False, "Run `touchstone migrate`."
        )


def _delivery(touchstone: Touchstone) -> Iterator[Finding]:
    now = touchstone.house.clock()
    with touchstone.house.sessions.everywhere() as session:
        lag = claims.lag(session, now)
        parked = list(session.scalars(sa.select(Notice).where(Notice.state == NoticeState.PARKED).limit(100)))
        stopped = list(session.scalars(sa.select(Workspace).where(Workspace.stopped_at.is_not(None))))
    remedy = "" if lag < LAG else "See that `serve` or `socket` runs, and what it logs about Slack."
    yield Finding("delivery", f"the oldest message waits {lag.total_seconds():.0f} s", lag < LAG, remedy)
    yield _delays(touchstone, now)
    yield from _outages(touchstone, now)
    for workspace in stopped:
        known = refusal(workspace.stopped_why or "")
        yield Finding(f"workspace {workspace.id}", f"nothing is sent: {known.meaning}", False, known.remedy)
    if not parked:
        yield Finding("undeliverable", "none")
    for notice in parked[:SAMPLE]:
        known = refusal(notice.error or "")
        place = notice.channel or f"person {notice.person_id}"
        yield Finding(f"undeliverable {notice.key}", f"to {place}: {known.meaning} ({known.code})", False, known.remedy)
    if len(parked) > SAMPLE:
        yield Finding(
            "undeliverable", f"and {len(parked) - SAMPLE} more", False, "Settle the first ones, then look again."
        )


def _delays(touchstone: Touchstone, now: datetime) -> Finding:
    """What came late in the last day, although it may all be well by now."""
    with touchstone.house.sessions.everywhere() as session:
        lately = sa.select(Notice.kind, Notice.sent_at, Notice.due_at, Notice.owed_at).where(Notice.sent_at > now - DAY)
        took = [(sent - max(due, owed), kind) for kind, sent, due, owed in session.execute(lately) if sent]
    late = sorted(it for it in took if it[0] > LATE)
    if not late:
        return Finding("delays", f"no message of the last day came more than {span(LATE)} late")
    longest, kind = late[-1]
    says = f"{len(late)} messages of the last day came late, the latest by {span(longest)} ({kind})"
    return Finding("delays", says, True, "The log says why: notice.late, notice.refused, job.failed.")


def _outages(touchstone: Touchstone, now: datetime) -> Iterator[Finding]:
    """When the database was away in the last day, and what was late because of it."""
    with touchstone.house.sessions.everywhere() as session:
        told = [(one, troubles.delay(session, one, now)) for one in troubles.outages(session, now - DAY)]
    for absence, delay in told:
        says = f"the database was away from {absence.began:%H:%M:%S} to {absence.ended:%H:%M:%S UTC}."
        yield Finding("outage", f"{says} {delayed(delay)}", True, "The log says why: database.away.")
    if not told:
        yield Finding("outages", "the database was not away in the last day")


def _slack(touchstone: Touchstone) -> Iterator[Finding]:
    places = schedule.serving(touchstone.house) if touchstone.settings.many else [""]
    if not places:
        where = f"{touchstone.settings.url.rstrip('/')}{INSTALL}"
        yield Finding("installations", "none yet", True, f"Open {where} in a browser to install the app.")
    for place in places:
        yield from _safely(touchstone, f"token {place}" if place else "Slack", partial(_token, place=place))


def _token(touchstone: Touchstone, place: str) -> Iterator[Finding]:
    client = touchstone.installations.client(place)
    began = time.time()
    answer = client.auth_test()
    yield Finding("token", f"{answer['user']} in {answer['team']} ({answer['team_id']})")
    yield clock(_header(answer.headers, "date"), began)
    yield _scopes(answer.headers)


def clock(stamp: str, began: float) -> Finding:
    """This machine's clock (`began`, in seconds since 1970) beside what Slack put into its `Date`."""
    if not stamp:
        return Finding("clock", "Slack did not say what time it is")
    skew = abs(parsedate_to_datetime(stamp) - datetime.fromtimestamp(began, UTC))
    remedy = "" if skew < SKEW else "Set this machine's clock (NTP): Slack's signatures are refused after five minutes."
    return Finding("clock", f"{skew.total_seconds():.0f} s from Slack's", skew < SKEW, remedy)


def _scopes(headers: dict[str, Any]) -> Finding:
    granted = {scope.strip() for scope in _header(headers, "x-oauth-scopes").split(",")}
    missing = [scope for scope in manifest.build()["oauth_config"]["scopes"]["bot"] if scope not in granted]
    if missing:
        remedy = "Put the output of `touchstone manifest` into the app's page and install the app again."
        return Finding("scopes", f"missing {', '.join(missing)}", False, remedy)
    return Finding("scopes", "all granted")


def _channels(touchstone: Touchstone) -> Iterator[Finding]:
    with touchstone.house.sessions.everywhere() as session:
        served = sa.select(Workspace.id).where(Workspace.stopped_at.is_(None))
        here = sa.select(Committee).where(Committee.dissolved_at.is_(None), Committee.workspace_id.in_(served))
        standing = list(session.scalars(here))
    if not standing:
        yield Finding("committees", "none yet", True, "Open Touchstone's Home in Slack, or type /committee setup.")
    for committee in standing:
        client = touchstone.installations.client(committee.workspace_id)
        uses = {committee.intake_channel, committee.committee_channel, committee.digest_channel}
        for channel in sorted(uses):
            yield _channel(client, committee, channel)


def _channel(client: WebClient, committee: Committee, channel: str) -> Finding:
    about = f"{committee.name}, channel {channel}"
    try:
        seen = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        known = refusal(str(error.response.get("error")))
        return Finding(about, f"{known.meaning} ({known.code})", False, known.remedy)
    code = "is_archived" if seen.get("is_archived") else "" if seen.get("is_member") else "not_in_channel"
    if code:
        return Finding(about, refusal(code).meaning, False, refusal(code).remedy)
    return Finding(about, f"#{seen['name']}, Touchstone is in it")


def _header(headers: dict[str, Any], name: str) -> str:
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")
