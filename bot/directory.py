"""What Slack's directory says of people, taken over before anything is built on it. Never asks inside a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import log
from db.engine import Sessions
from workflows import leaving, people
from workflows.people import Profile
from workflows.writing import one_line

REMEMBERED = timedelta(minutes=5)
MOST_REMEMBERED = 20_000
AT_A_TIME = 8
SLACKBOT = "USLACKBOT"
LOG = log.get(__name__)


class Directory:
    """Knows people: asks Slack about those unknown or not heard of for a day."""

    def __init__(self, sessions: Sessions, clients: Callable[[str], WebClient]) -> None:
        self._sessions = sessions
        self._clients = clients
        self._known: dict[tuple[str, str], datetime] = {}

    def know(self, workspace_id: str, slack_ids: Iterable[str], now: datetime) -> None:
        """See to it that these people have rows which say what Slack says of them.

        Whoever Slack cannot be asked about keeps what was known, but is no admin until it answers.
        """
        asked = [who for who in dict.fromkeys(slack_ids) if not self._remembers(workspace_id, who, now)]
        if not asked:
            return
        with self._sessions.begin(workspace_id) as session:
            unknown = people.unknown(session, asked, now)
        answered = self._ask(workspace_id, unknown, now)
        for who in asked:
            if who not in unknown or who in answered:
                self._remember(workspace_id, who, now)

    def learn(self, workspace_id: str, user: Mapping[str, Any], now: datetime) -> None:
        """Take over a user object that Slack sent by itself. Whoever is not known yet, or forgotten, stays so."""
        with self._sessions.begin(workspace_id) as session:
            person = people.of(session, user["id"])
            if person is not None:
                leaving.refresh(session, person, profile_of(user, workspace_id), now)

    def refresh_due(self, now: datetime, limit: int = 50) -> int:
        """Ask about the longest unheard-of; how many were."""
        with self._sessions.everywhere() as session:
            due = [
                (person.workspace_id, str(person.slack_id)) for person in people.due_for_refresh(session, now, limit)
            ]
        by_workspace = groupby(sorted(due), key=itemgetter(0))
        return sum(len(self._ask(place, [who for _, who in rows], now)) for place, rows in by_workspace)

    def forget(self, workspace_id: str, slack_id: str) -> bool:
        """Ask about this person anew next time; whether they were remembered."""
        return self._known.pop((workspace_id, slack_id), None) is not None

    def _remembers(self, workspace_id: str, slack_id: str, now: datetime) -> bool:
        since = self._known.get((workspace_id, slack_id))
        return since is not None and timedelta(0) <= now - since < REMEMBERED

    def _remember(self, workspace_id: str, slack_id: str, now: datetime) -> None:
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        self._known[workspace_id, slack_id] = now

    def _ask(self, workspace_id: str, slack_ids: Sequence[str], now: datetime) -> set[str]:
        """Ask about several at a time, for a form waits for the answer; who Slack could tell of."""
        if not slack_ids:
            return set()
        with ThreadPoolExecutor(min(AT_A_TIME, len(slack_ids)), thread_name_prefix="directory") as pool:
            profiles = list(pool.map(lambda who: self._profile(workspace_id, who), slack_ids))
        with self._sessions.begin(workspace_id) as session:
            for who, profile in zip(slack_ids, profiles, strict=True):
                person = people.seen(session, workspace_id, who, now=now)
                if profile is None:
                    person.is_admin = False
                else:
                    leaving.refresh(session, person, profile, now)
        return {profile.slack_id for profile in profiles if profile is not None}

    def _profile(self, workspace_id: str, slack_id: str) -> Profile | None:
        try:
            answer = self._clients(workspace_id).users_info(user=slack_id, include_locale=True)
        except SlackApiError as error:
            if error.response.get("error") == "user_not_found":
                return Profile(slack_id, active=False)
            LOG.warning("person.unknown", slack_id=slack_id, error=error.response.get("error"))
            return None
        except OSError as error:  # no answer, or none in time
            LOG.warning("person.unknown", slack_id=slack_id, error=repr(error))
            return None
        return profile_of(answer["user"], workspace_id)


def profile_of(user: Mapping[str, Any], workspace_id: str) -> Profile:
    """Slack's user object in our words."""
    shown = user.get("profile") or {}
    return Profile(
        slack_id=user["id"],
        name=one_line(shown.get("display_name") or shown.get("real_name") or user.get("real_name") or user.get("name")),
        tz=user.get("tz") or "UTC",
        locale=user.get("locale"),
        is_admin=any(user.get(flag) for flag in ("is_admin", "is_owner", "is_primary_owner")),
        is_guest=any(user.get(flag) for flag in ("is_restricted", "is_ultra_restricted")),
        is_bot=bool(user.get("is_bot") or user.get("is_workflow_bot")) or user["id"] == SLACKBOT,
        is_stranger=_is_stranger(user, workspace_id),
        active=not user.get("deleted", False),
    )


def _is_stranger(user: Mapping[str, Any], workspace_id: str) -> bool:
    own = user.get("team_id") or workspace_id
    teams = (user.get("enterprise_user") or {}).get("teams") or [own]
    return bool(user.get("is_stranger")) or workspace_id not in teams
