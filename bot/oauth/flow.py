"""The way through the browser: Bolt's OAuth flow with our stores, our clock and our pages, as a WSGI application."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy.exc import SQLAlchemyError

from bot import log
from bot.installation import new_client
from bot.oauth import pages
from bot.oauth.many import ManyInstallations
from bot.oauth.vault import NoKey
from bot.settings import Settings
from db.engine import why_away

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"
LOG = log.get(__name__)


class Flow(OAuthFlow):
    """`GET /slack/install` and `GET /slack/oauth_redirect`."""

    def __init__(self, settings: Settings, installations: ManyInstallations, scopes: list[str]) -> None:
        self.installations = installations
        oauth = OAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            scopes=scopes,
            user_scopes=[],
            redirect_uri=f"{settings.url.rstrip('/')}{REDIRECT}" if settings.url else None,
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            authorization_url=settings.authorize_url,
            callback_options=CallbackOptions(success=_welcome, failure=_failure),
            installation_store=installations.store,
            installation_store_bot_only=True,
            state_store=installations.states,
        )
        super().__init__(client=new_client(settings), settings=oauth)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = WsgiHttpRequest(environ)
        request = BoltRequest(body="", query=asked.query_string, headers=asked.get_headers())
        answer = self._answer(asked.path, request)
        body = (answer.body or "").encode()
        headers = [(name, value) for name, values in answer.headers.items() for value in values]
        status = HTTPStatus(answer.status)
        length = ("Content-Length", str(len(body)))
        start_response(f"{status.value} {status.phrase}", [*headers, length])
        return [body]

    def _answer(self, path: str, request: BoltRequest) -> BoltResponse:
        if not self.installations.vault.has_key:
            return _unable("no_key")
        try:
            answer = self.handle_installation(request) if path == INSTALL else self.handle_callback(request)
        except NoKey:
            return _unable("no_key")
        except SQLAlchemyError as error:
            away = why_away(error)
            LOG.error("install.database", away=away, exc_info=None if away else error)
            return _unable("storage_error")
        except OSError as error:
            LOG.warning("install.unanswered", error=repr(error))
            return _unable("no_answer")
        return _headed(answer)

    def build_authorize_url(self, state: str, request: BoltRequest) -> str:
        team = (request.query.get("team") or [""])[0]
        generate = self.settings.authorize_url_generator.generate
        return generate(state=state, team=quote(team, safe="") if team else None)

    def build_install_page_html(self, url: str, request: BoltRequest) -> str:
        return pages.invitation(url)

    def run_installation(self, code: str) -> Installation | None:
        """Exchange the code. Slack's lifetimes are counted from our clock, and a lost answer is not a refusal."""
        now = self.installations.clock()
        try:
            answer = self.client.oauth_v2_access(
                code=code,
                client_id=self.settings.client_id,
                client_secret=self.settings.client_secret,
                redirect_uri=self.settings.redirect_uri,
            )
            known = self.client.auth_test(token=answer["access_token"])
        except SlackApiError as error:
            LOG.warning("install.refused", error=error.response.get("error"))
            return None
        return _installation(answer.data, known.data, now)

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        self.installations.welcome(installation)


def _installation(answer: Any, known: Any, now: datetime) -> Installation:
    """What Slack answered, as slack_sdk keeps it. Of whoever installed it only the id is taken."""
    team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
    lives = answer.get("expires_in")
    return Installation(
        app_id=answer.get("app_id"),
        enterprise_id=enterprise.get("id"),
        enterprise_name=enterprise.get("name"),
        team_id=team.get("id"),
        team_name=team.get("name"),
        bot_token=answer["access_token"],
        bot_id=known.get("bot_id"),
        bot_user_id=answer.get("bot_user_id"),
        bot_scopes=answer.get("scope") or "",
        bot_refresh_token=answer.get("refresh_token"),
        bot_token_expires_at=now + timedelta(seconds=int(lives)) if lives else None,
        user_id=(answer.get("authed_user") or {}).get("id") or "",
        is_enterprise_install=bool(answer.get("is_enterprise_install")),
        token_type=answer.get("token_type"),
        installed_at=now,
    )


def _welcome(args: SuccessArgs) -> BoltResponse:
    made = args.installation
    where = (made.enterprise_name if made.is_enterprise_install else made.team_name) or "Slack"
    team = f"&team={made.team_id}" if made.team_id else ""
    home = f"https://slack.com/app_redirect?app={made.app_id}{team}"
    page = BoltResponse(status=200, body=pages.welcome(where, home))
    page.headers["set-cookie"] = [args.settings.state_utils.build_set_cookie_for_deletion()]
    return page


def _failure(args: FailureArgs) -> BoltResponse:
    LOG.info("install.failed", reason=args.reason)
    return _unable(args.reason)


def _unable(reason: str) -> BoltResponse:
    status, page = pages.failure(reason, INSTALL)
    return _headed(BoltResponse(status=status, body=page))


def _headed(answer: BoltResponse) -> BoltResponse:
    cookies = {name: values for name, values in answer.headers.items() if name.lower() == "set-cookie"}
    answer.headers = {**cookies, **{name: [value] for name, value in pages.HEADERS.items()}}
    return answer
